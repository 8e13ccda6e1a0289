# SPDX-License-Identifier: MIT
#
# table.awk - makes tables of the lines "# tune: ..." that kernels printed, one table for each MP_ALIGNMENT
#
#	trace=FILE awk -f table.awk LOG...

/^# tune: align=/ {
	delete_figures()
	for (i = 3; i <= NF; i++) {
		split($i, pair, "=")
		figure[pair[1]] = pair[2]
	}
	align = figure["align"]
	if (!(align in seen)) {
		seen[align] = 1
		aligns[++nr_aligns] = align
		nr_sizes = 0
	}
	if (!figure["doubles"])
		sizes[++nr_sizes] = figure["size"]
	key = align SUBSEP figure["doubles"] SUBSEP figure["size"]
	if (figure["cut"] + 0) {
		cut[key] = 1
		nr_cut++
		next
	}
	rows[++n] = key
	events = figure["events"]
	value[key, 1] = figure["instructions"] / events
	value[key, 2] = figure["pages"]
	value[key, 3] = figure["tails"]
	value[key, 4] = figure["headers"]
	value[key, 5] = figure["padding"]
	value[key, 6] = figure["heap"]
	for (c = 3; c <= COLUMNS; c++)
		if (value[key, c] > most)
			most = value[key, c]
}

BEGIN {
	COLUMNS = split("instr. pages tails headers padding heap", title, " ")
	split("8 7 7 8 8 6", wide, " ")
	heads = " "
	for (c = 1; c <= COLUMNS; c++)
		heads = heads right(title[c] " ", wide[c])
}

# Right-aligned text. Not every awk knows "%*s".
function right(text, width) {
	while (length(text) < width)
		text = " " text
	return text
}

function delete_figures(	name) {
	for (name in figure)
		delete figure[name]
}

# What a column shows of a figure. The mark goes to rows that look alike.
function shown(key, c) {
	if (c == 1)
		return sprintf("%.1f", value[key, c])
	if (c == 2)
		return value[key, c] ""
	return sprintf("%.0f", value[key, c] / unit)
}

# The least of a column that is shown: of one alignment, of constant or of doubling nodes.
function least(align, doubles, c,	i, key, best, text) {
	best = ""
	for (i = 1; i <= nr_sizes; i++) {
		key = align SUBSEP doubles SUBSEP sizes[i]
		if (key in cut)
			continue
		text = shown(key, c)
		if (best == "" || text + 0 < best + 0)
			best = text
	}
	return best
}

function half(align, doubles, size,	key, c, line, text) {
	key = align SUBSEP doubles SUBSEP size
	if (key in cut)
		return sprintf("   %-42s", "   no room: it needs more than 800 MiB")
	line = " "
	for (c = 1; c <= COLUMNS; c++) {
		text = shown(key, c)
		line = line right(text (text == best[doubles, c] ? "*" : " "), wide[c])
	}
	return line
}

function table(align,	doubles, c, i, line) {
	for (doubles = 0; doubles < 2; doubles++)
		for (c = 1; c <= COLUMNS; c++)
			best[doubles, c] = least(align, doubles, c)
	printf "\nMP_ALIGNMENT %-5d%-42s   %s\n", align, "nodes of a constant size", "each node twice the one before, up to 64 KiB"
	line = sprintf("%-6s%s%s", "size", heads, heads)
	sub(/ +$/, "", line)
	print line
	for (i = 1; i <= nr_sizes; i++) {
		line = sprintf("%-6s%s%s", name(sizes[i]), half(align, 0, sizes[i]), half(align, 1, sizes[i]))
		sub(/ +$/, "", line)
		print line
	}
}

function name(size) {
	return size + 0 ? size : "as is"
}

# A row in words.
function words(key,	part) {
	split(key, part, SUBSEP)
	return sprintf("%s, %s, MP_ALIGNMENT %d", \
		part[3] + 0 ? part[3] " bytes" : "sizes as is", \
		part[2] + 0 ? "doubling" : "constant", part[1])
}

# The row with the least in column @c; of those alike, with the least in @other. Rows with more than
# @limit instructions do not count.
function best_row(c, other, limit,	i, key, found) {
	found = ""
	for (i = 1; i <= n; i++) {
		key = rows[i]
		if (value[key, 1] > limit)
			continue
		if (found == "" || value[key, c] < value[found, c] || \
		    (value[key, c] == value[found, c] && value[key, other] < value[found, other]))
			found = key
	}
	return found
}

function answer(text, key) {
	printf "%-44s %7.1f instr. %6d pages   %s\n", text, value[key, 1], value[key, 2], words(key)
}

END {
	if (!n) {
		print "no replay reached its end: the trace needs more than 800 MiB of memory"
		exit 1
	}
	unit = most > 99999 ? 1024 : 1
	printf "%s: %d events, replayed with nodes of each size\n\n", ENVIRON["trace"], events
	print "  instr.   instructions per event, without zeroing memory"
	print "  pages    the most pages of 4096 bytes that the heap held; at that moment were lost,"
	print "           in " (unit == 1 ? "bytes" : "KiB") ":"
	print "  tails    free bytes of nodes"
	print "  headers  of blocks of the heap, of pools, nodes, large blocks and handlers"
	print "  padding  what sizes are rounded up by"
	print "  heap     bytes of its pages that no pool had"
	print "  *        the least of the column"
	print "  as is    each pool has the size that the trace says"
	for (i = 1; i <= nr_aligns; i++)
		table(aligns[i])
	fast = best_row(1, 2, 1e18)
	small = best_row(2, 1, 1e18)
	both = best_row(2, 1, value[fast, 1] * 1.1)
	print ""
	answer("fewest instructions:", fast)
	answer("fewest pages:", small)
	answer("fewest pages for 10 % more instructions:", both)
	if (fast == small)
		print "Nothing is traded here: the fastest nodes also need the fewest pages."
	else
		printf "Memory is traded for time: the first of these needs %.0f %% fewer instructions than the second, and %.0f %% more pages.\n", \
			100 - 100 * value[fast, 1] / value[small, 1], 100 * value[fast, 2] / value[small, 2] - 100
}
