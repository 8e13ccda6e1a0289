# SPDX-License-Identifier: MIT
#
# trace.awk - makes the data of three pictures of the lines "# plot: ..." that a kernel printed
#
#	dir=FOLDER awk -f numbers.awk -f trace.awk LOG
#
# It writes memory.dat, waste.dat and cost.dat to the folder, and a table of the main figures to
# stdout. Each title is made of the figures. If memory was out, it says so and fails.

BEGIN { n = 0 }

/^# plot: / {
	delete_figures()
	for (i = 3; i <= NF; i++) {
		split($i, pair, "=")
		figure[pair[1]] = pair[2]
	}
	if ("cut" in figure)
		cut = 1
	else if ("trace" in figure)
		for (name in figure)
			all[name] = figure[name]
	else if ("fault" in figure) {
		fault = $0
		sub(/.*fault=/, "", fault)
	} else if ("event" in figure) {
		for (name in figure)
			sample[n, name] = figure[name]
		n++
	}
}

function delete_figures(	name) {
	for (name in figure)
		delete figure[name]
}

# How many % more than was asked for, at most, are held at most.
function more(pages) {
	return number(sprintf("%.0f", 100 * (pages * 4096 / all["asked"] - 1)))
}

function memory_title(	ours, other) {
	if (!all["asked"])
		return "The pool holds " count(all["pages"], "page") " for no bytes; the text's algorithm holds " \
			all["other_pages"]
	ours = more(all["pages"])
	other = more(all["other_pages"])
	if (ours == other)
		return "Peak memory: " ours " % above the peak of what is asked for; with the text's algorithm, the same"
	return "Peak memory: the pool takes " ours " % more than the peak of what is asked for; the text's algorithm, " other " %"
}

# The sample in which most pages are held, and of several the one in which most is asked for.
function peak(column,	i, best) {
	best = 0
	for (i = 1; i < n; i++)
		if (sample[i, column] + 0 > sample[best, column] + 0 || (sample[i, column] == sample[best, column] && \
		    sample[i, "asked"] + 0 > sample[best, "asked"] + 0))
			best = i
	return best
}

# What part of the pages was not asked for then, in %.
function waste(column,	row) {
	row = peak(column)
	return sprintf("%.0f", 100 - 100 * sample[row, "asked"] / (sample[row, column] * 4096))
}

function waste_title(	i, kind, most, row) {
	row = peak("pages")
	for (i = 1; i <= KINDS; i++)
		if (sample[row, kinds[i]] + 0 > most) {
			most = sample[row, kinds[i]] + 0
			kind = words[i]
		}
	return "Most pages are held at event " number(sample[row, "event"]) ": " waste("pages") " % is waste, most of it " \
		kind "; at the text's peak, " waste("other_pages") " %"
}

function cost_title(	ours, other) {
	ours = sprintf("%.0f", all["instructions"] / all["events"])
	other = sprintf("%.0f", all["other"] / all["events"])
	return "An event takes " number(ours) " instructions in the mean; with the text's algorithm, " number(other)
}

# start NAME TITLE COLUMNS: begins a file.
function start(name, title, columns) {
	file = ENVIRON["dir"] "/" name ".dat"
	print "# SPDX-License-Identifier: MIT" >file
	print "# title: " title >file
	print "# trace: " all["trace"] ", " count(all["events"], "event") ", MP_ALIGNMENT " all["align"] >file
	print "# " columns >file
}

function write_memory(	i) {
	start("memory", memory_title(), "event asked_bytes pages_ours pages_text")
	for (i = 0; i < n; i++)
		print sample[i, "event"], sample[i, "asked"], sample[i, "pages"], sample[i, "other_pages"] >file
	close(file)
}

# The heap's own bytes are those of its pages that no pool has.
function write_waste(	i, k, line) {
	start("waste", waste_title(), "event tails_bytes padding_bytes headers_bytes heap_bytes text_bytes")
	for (i = 0; i < n; i++) {
		line = sample[i, "event"]
		for (k = 1; k <= KINDS; k++)
			line = line " " sample[i, kinds[k]]
		printf "%s %.0f\n", line, sample[i, "other_pages"] * 4096 - sample[i, "asked"] >file
	}
	close(file)
}

# The mean of up to 99 intervals: more would hide the line behind the peaks of the calls that free
# much. A row ends an interval; the row of event 0 is there for the line to begin at.
function write_cost(	i, last, events, regular, every, means) {
	start("cost", cost_title(), "event instructions_ours instructions_text")
	for (i = 1; i < n; i++)
		regular += sample[i, "regular"]
	every = int((regular + 98) / 99)
	last = regular = 0
	for (i = 1; i < n; i++) {
		if (!sample[i, "regular"] || (++regular % every && i < n - 1))
			continue
		events = sample[i, "event"] - sample[last, "event"]
		means = sprintf("%.2f %.2f", (sample[i, "instructions"] - sample[last, "instructions"]) / events, \
			(sample[i, "other"] - sample[last, "other"]) / events)
		if (!last)
			print 0, means >file
		print sample[i, "event"], means >file
		last = i
	}
	close(file)
}

function row(what, ours, other) {
	printf "  %-30s %12s %12s\n", what, ours, other
}

function table(	mib) {
	print all["trace"] ": " count(all["events"], "event")
	row("", "mp_pool", "the text's")
	row("asked for at most, bytes", number(all["asked"]), number(all["asked"]))
	row("pages held at most", number(all["pages"]), number(all["other_pages"]))
	if (all["asked"])
		row("  more than asked for", more(all["pages"]) " %", more(all["other_pages"]) " %")
	row("  not asked for at that moment", waste("pages") " %", waste("other_pages") " %")
	row("instructions per event", sprintf("%.1f", all["instructions"] / all["events"]), \
		sprintf("%.1f", all["other"] / all["events"]))
	if (fault != "")
		print "  with the text's algorithm, this program would not end well: " fault
}

END {
	if (cut) {
		print "the trace needs more than 800 MiB of memory, so it cannot be drawn"
		exit 1
	}
	if (!("events" in all) || n != all["samples"]) {
		print "the log holds " n + 0 " of " all["samples"] + 0 " samples"
		exit 1
	}
	KINDS = split("tails padding headers heap", kinds, " ")
	split("the free tails of nodes|padding|headers|the heap's free bytes", words, "|")
	write_memory()
	write_waste()
	write_cost()
	table()
}
