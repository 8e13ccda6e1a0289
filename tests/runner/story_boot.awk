# SPDX-License-Identifier: MIT
#
# story_boot.awk - the first part of the story: memory, the layers on it, the pictures
#
#	boot_line(line)		takes a line of the boot, or returns 0
#	flush_boot()		tells what was taken
#	demo_line(line)		takes a line of the demonstration
#	end_demo()		shows two of its pictures
#	cut_demo()		the log ends in it: shows its last lines

function begin_boot()
{
	nr_map = nr_taken = nr_best = nr_picture = nr_lists = nr_last = 0
	firmware = usable = layer_pages = layer_heap = layer_pool = cell = ""
}

# A row of the memory map: "#   000000100000-000007fdffff   126.8 MiB  RAM". Sets start, size, what.
function is_row(line,	word, n)
{
	if (line !~ /^#   [0-9a-f]+-[0-9a-f]+ +[0-9.]+ [KMGTPE]?i?B  [^ ]/)
		return 0
	n = split(line, word, " ")
	start = word[2]
	sub(/-.*/, "", start)
	sub(/^0+/, "", start)
	if (start == "")
		start = "0"
	size = word[3] " " word[4]
	what = line
	sub(/^#   [^ ]+ +[^ ]+ [^ ]+  /, "", what)
	if (what ~ /^(reserved|-) +[^ ]/) # the name of the place says more
		sub(/^[^ ]+ +/, "", what)
	else if (what == "-")
		what = "nothing"
	return 1
}

# The layers: "#   heap    1 page(s) for its first block, aligned to 32".
function is_layer(line)
{
	return line ~ /^#   pages   [0-9]+, used [0-9]+(: the page tables|, at most [0-9]+)$/ ||
	       line ~ /^#   heap    [0-9]+ page\(s\) for its first block, aligned to [0-9]+$/ ||
	       line ~ /^#   heap    holds [0-9]+ run\(s\) of pages$/ ||
	       line ~ /^#   pool    [0-9]+ bytes of the heap for [0-9]+ bytes of objects$/
}

function layer_line(line,	word)
{
	split(line, word, /[^0-9]+/)
	if (line ~ /page tables$/) {
		layer_pages = word[2]
		tables = word[3]
	} else if (line ~ /first block/) {
		layer_heap = word[2]
		heap_align = word[3]
	} else if (line ~ /^#   pool/) {
		layer_pool = word[2]
		pool_bytes = word[3]
	} else if (line ~ /at most/) {
		end_used = word[3]
		end_peak = word[4]
	} else
		end_runs = word[2]
}

function boot_line(line)
{
	if (part == "boot" && line ~ /^# command line:/) {
		sub(/^# command line:/, "", line)
		tell("mp_pool boots. The words on its command line:" (line == "" ? " none" : line))
	} else if (part == "boot" && line ~ /^# memory map, as [^ ]+ gave it:$/) {
		split(line, rows, " ")
		firmware = rows[5]
		rows_go = "map"
	} else if (part == "boot" && line == "# what the loader put there:") {
		rows_go = "taken"
	} else if (part == "boot" && rows_go != "" && is_row(line)) {
		if (rows_go == "map")
			map[++nr_map] = sprintf("%10s  %9s  %s", start, size, what)
		else
			taken[++nr_taken] = what " " size " at " start
	} else if (part == "boot" && line ~ /^# usable RAM: [0-9.]+ [KMGTPE]?i?B in [0-9]+ ranges?, [0-9]+ pages$/) {
		usable = line
		sub(/^# usable RAM: /, "", usable)
	} else if (line ~ /^# the layers, after the (boot|tests):$/) {
		;
	} else if (is_layer(line)) {
		layer_line(line)
	} else if (part == "boot" && line ~ /^# The life of a pool\. One character in a picture is [0-9]+ bytes?\.$/) {
		flush_boot()
		split(line, rows, " ")
		cell = rows[13]
		part = "demo"
	} else
		return 0
	return 1
}

# The rows of the map, in as many columns as there is room for, to be read downwards.
function tell_map(	i, row, columns, rows_of, wide, text, at)
{
	tell("")
	tell("Memory, as " firmware " reports it: address, size, what is there.")
	for (i = 1; i <= nr_map; i++)
		if (length(map[i]) > wide)
			wide = length(map[i])
	columns = int((width + 2) / (wide + 2))
	if (columns > 3)
		columns = 3
	if (columns < 1)
		columns = 1
	rows_of = int((nr_map + columns - 1) / columns)
	for (row = 1; row <= rows_of; row++) {
		text = ""
		for (i = 0; row + i * rows_of <= nr_map; i++) {
			at = i * (wide + 2)
			text = text blanks(at - length(text)) map[row + i * rows_of]
		}
		tell(text)
	}
	nr_map = 0
}

# A sentence behind a word of seven characters.
function tell_layer(text)
{
	fresh()
	lay_out(text, 7)
}

# Tells what is known so far, once.
function flush_boot(	i, text)
{
	if (nr_map)
		tell_map()
	for (i = 1; i <= nr_taken; i++)
		text = text (i > 1 ? ", " : "Taken: ") taken[i]
	if (layer_pages != "")
		text = text (text == "" ? "Taken: " : ", ") "page tables " several(tables, "page")
	if (text != "")
		tell_layer(text ".")
	nr_taken = 0
	if (usable != "") {
		sub(/, [0-9]+ pages$/, "", usable)
		tell_layer("Pages: " usable (layer_pages == "" ? "" : ", " several(layer_pages, "page") " of 4 KiB") \
			   ", given out by moving a frontier.")
	}
	if (layer_heap != "")
		tell_layer("Heap:  blocks of any size, aligned to " heap_align ", cut from pages; the first took " \
			   several(layer_heap, "page") ".")
	if (layer_pool != "")
		tell_layer("Pool:  objects, bumped out of blocks; " commas(pool_bytes) " bytes take " \
			   commas(layer_pool) " bytes of heap.")
	usable = layer_pages = layer_heap = layer_pool = ""
}

# Keeps the picture that has the most nodes.
function keep_picture(	i)
{
	if (nr_picture > nr_best) {
		for (i = 1; i <= nr_picture; i++)
			best[i] = picture[i]
		nr_best = nr_picture
	}
	nr_picture = 0
}

function demo_line(line,	text)
{
	text = line
	sub(/^# ?/, "", text)
	last[nr_last++ % 8] = line
	if (text ~ /^  node window / || (nr_picture && is_node(text))) {
		if (text ~ /^  node window /)
			keep_picture()
		picture[++nr_picture] = text
		return
	}
	keep_picture()
	if (text == "records, newest first:")
		nr_list[++nr_lists] = 0
	else if (nr_lists && !closed[nr_lists] && text ~ /^  [a-z]/)
		list[nr_lists, ++nr_list[nr_lists]] = text
	else if (nr_lists)
		closed[nr_lists] = 1
	if (line ~ /^# The demonstration has checked [0-9]+ claims\. All of them hold\.$/) {
		split(line, demo_words, " ")
		claims = demo_words[6]
		end_demo()
	} else if (line !~ /^#/ || is_alarm(line))
		tell(line)
}

# The first list of things to undo. What is not in the second was undone by mp_release().
function tell_stack(	i, undone)
{
	undone = nr_lists > 1 ? nr_list[1] - nr_list[2] : 0
	for (i = 1; undone > 0 && i <= nr_list[2]; i++)
		if (list[1, undone + i] != list[2, i])
			undone = 0
	tell("")
	say("This pool is also a stack of things to undo, newest first. mp_reset_pool() undoes all" \
	    (undone > 0 ? ", mp_release() what is younger than a mark: * here." : "."))
	for (i = 1; i <= nr_list[1]; i++)
		tell((i <= undone ? "  * " : "    ") substr(list[1, i], 3))
}

function end_demo(	i)
{
	if (part != "demo")
		return
	part = "boot"
	if (nr_best > 1) {
		tell("")
		say("A pool of " several(nr_best - 1, "node") ". Capitals are aligned objects, small letters packed " \
		    "ones, \"-\" is padding, dots are free, \"~\" is lost. One character is " several(cell, "byte") ".")
		for (i = 1; i <= nr_best; i++)
			tell(best[i])
	}
	if (nr_lists)
		tell_stack()
	nr_best = nr_lists = 0
	if (claims)
		say("All " commas(claims) " claims of the demonstration hold. \"make demo\" shows it step by step.")
	claims = 0
}

# The machine stopped in the demonstration: where?
function cut_demo(	i)
{
	tell("The demonstration ends in the middle. Its last lines:")
	for (i = nr_last > 8 ? nr_last - 8 : 0; i < nr_last; i++)
		tell(last[i % 8])
}
