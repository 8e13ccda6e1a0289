# SPDX-License-Identifier: MIT
#
# calls.awk - makes the data of four pictures of what kernels printed: "make plot-bench"
#
#	dir=FOLDER awk -f numbers.awk -f calls.awk LOG...
#
# Of the lines "# plot-objects:", "# plot-large:", "# plot-ram:" and "# boot:", and "# tune:" it makes objects.dat,
# large.dat, ram.dat and nodes.dat, and prints their titles. A log of a boot with N MiB of RAM is given
# as mib=N LOG. Without any line of a kind, no such file is written.

/^# plot-objects: / { note("objects", $3 " " $4 " " $5) }
/^# plot-large: / { note("large", $3 " " $4 " " $5) }
/^# plot-ram: / {
	split($3 "=" $4 "=" $5, part, "=")
	calls = part[2] " " part[4] " " part[6]
}
/^# boot: / && calls != "" {
	note("ram", mib " " $3 " " $10 " " calls)
	calls = ""
}
/^# tune: align=/ {
	for (i = 3; i <= NF; i++) {
		split($i, pair, "=")
		figure[pair[1]] = pair[2]
	}
	# With size=0, each pool has the size that the trace says.
	if (!(figure["size"] + 0))
		next
	events = figure["events"]
	node = figure["size"] SUBSEP figure["doubles"]
	if (!figure["doubles"])
		sizes[++nr_sizes] = figure["size"]
	cost[node] = figure["cut"] + 0 ? "?" : sprintf("%.2f", figure["instructions"] / events)
	pages[node] = figure["cut"] + 0 ? "?" : figure["pages"]
}
/^# tune: trace=/ {
	trace = $3
	sub(/^trace=/, "", trace)
}

function note(name, text) {
	line[name, ++nr[name]] = text
}

# extremes NAME COLUMN: sets least and most.
function extremes(name, column,	i, word) {
	for (i = 1; i <= nr[name]; i++) {
		split(line[name, i], word, " ")
		if (i == 1 || word[column] + 0 < least)
			least = word[column] + 0
		if (i == 1 || word[column] + 0 > most)
			most = word[column] + 0
	}
}
function span(name, column) {
	extremes(name, column)
	return range(least, most)
}

function write(name, title, columns,	i, file) {
	if (!nr[name])
		return
	file = ENVIRON["dir"] "/" name ".dat"
	print "# SPDX-License-Identifier: MIT" >file
	print "# title: " title >file
	if (name == "nodes")
		print "# trace: " trace ", " count(events, "event") ", MP_ALIGNMENT 32" >file
	print "# " columns >file
	for (i = 1; i <= nr[name]; i++)
		print line[name, i] >file
	close(file)
	print "  " title
}

function alive(name, what, does) {
	return "With " span(name, 1) " " what " alive, the pool " does " in " span(name, 2) \
		" instructions; the text's algorithm in " span(name, 3)
}

# 12 MiB, 900 GiB
function ram(mib) {
	return mib % 1024 ? mib " MiB" : mib / 1024 " GiB"
}

function ram_title(	from) {
	extremes("ram", 1)
	from = "With " ram(least) " to " ram(most) " of RAM, "
	return from "a boot takes " span("ram", 2) " instructions; its page tables take " \
		span("ram", 3) ", and a pool " span("ram", 4)
}

# The size with the least, of nodes of a constant size and of those that double.
function best(value,	i, doubles, node, found) {
	found = ""
	for (i = 1; i <= nr_sizes; i++)
		for (doubles = 0; doubles < 2; doubles++) {
			node = sizes[i] SUBSEP doubles
			if (value[node] != "?" && (found == "" || value[node] + 0 < value[found] + 0))
				found = node
		}
	return found
}
function nodes_of(node,	part) {
	split(node, part, SUBSEP)
	return number(part[1]) " bytes" (part[2] ? ", doubling" : "")
}
function nodes_title(	i, fast, small) {
	for (i = 1; i <= nr_sizes; i++)
		note("nodes", sizes[i] " " cost[sizes[i], 0] " " pages[sizes[i], 0] " " cost[sizes[i], 1] " " pages[sizes[i], 1])
	fast = best(cost)
	small = best(pages)
	if (fast == "")
		return "No size of nodes fits: the trace needs more than 800 MiB"
	return "Fewest instructions, " sprintf("%.1f", cost[fast]) " per event: nodes of " nodes_of(fast) "; fewest pages, " \
		number(pages[small]) ": " nodes_of(small)
}

END {
	if (nr["objects"])
		write("objects", alive("objects", "objects", "allocates one"), "objects instructions_ours instructions_text")
	if (nr["large"])
		write("large", alive("large", "large blocks", "frees one"), "blocks instructions_ours instructions_text")
	if (nr["ram"])
		write("ram", ram_title(), "MiB boot_instructions tables_instructions pool_instructions block_instructions page_instructions")
	if (nr_sizes)
		write("nodes", nodes_title(), "node_bytes instructions_constant pages_constant instructions_doubling pages_doubling")
}
