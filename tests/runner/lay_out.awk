# SPDX-License-Identifier: MIT
#
# lay_out.awk - functions that print what the kernel says on a screen of any width
#
#	lay_out(line, hang)	prints a line. If it is too wide: a picture of a node gets more rows, all
#				else is broken between words, and what follows is indented by hang
#	lay_out_table()		prints the rows in table[1..nr_rows], the first of them names of columns;
#				if they are too wide, as sentences
#
# The variable width holds the columns of the screen. No line that is printed is wider.

# Not every awk knows "%*s".
function blanks(n,	text)
{
	while (n-- > 0)
		text = text " "
	return text
}

# Words of text, several on a line, none wider than the screen.
function wrap(text, hang,	indent, cut, more)
{
	match(text, /^ */)
	indent = RLENGTH < width / 2 ? RLENGTH : 0
	more = blanks(indent + hang)
	if (length(more) > width / 2)
		more = ""
	while (length(text) > width) {
		for (cut = width + 1; cut > length(more) + 1; cut--)
			if (substr(text, cut, 1) == " " && substr(text, 1, cut - 1) !~ /^ *$/)
				break
		if (cut > length(more) + 1) {
			print_line(substr(text, 1, cut - 1))
			text = substr(text, cut + 1)
			sub(/^ +/, "", text)
		} else {
			print_line(substr(text, 1, width))
			text = substr(text, width + 1)
		}
		text = more text
	}
	print_line(text)
}

function print_line(line)
{
	sub(/ +$/, "", line)
	print line
}

# A row of a picture, such as "   1 older   |AAAA----....ccc|   64      1".
function is_node(line)
{
	return line ~ /^ *[0-9]+ (current|older  |       ) \|[^|]+\| +[0-9]+ +[0-9]+$/
}

# How many of n cells stand in a row, if there is room for so many? All rows are equally long.
function cells_in_row(n, room,	rows)
{
	for (rows = 1; rows < n; rows++)
		if (n % rows == 0 && n / rows <= room)
			return n / rows
	return 1
}

# A node whose row is too wide gets several.
function draw_node(line,	part, label, blank, cells, per, i, word)
{
	split(line, part, "|")
	cells = part[2]
	per = cells_in_row(length(cells), width - length(part[1]) - length(part[3]) - 2)
	label = part[1]
	if (per < 12) { # the numbers get a line of their own
		split(part[3], word, " ")
		sub(/ +$/, "", label)
		wrap(label ": " word[1] " bytes free, " word[2] " failed", 2)
		label = "  "
		part[3] = ""
		per = cells_in_row(length(cells), width - 4)
	}
	blank = blanks(length(label))
	for (i = 1; i <= length(cells); i += per)
		print_line((i == 1 ? label : blank) "|" substr(cells, i, per) "|" (i == 1 ? part[3] : ""))
}

# The line above the nodes. Its arrows make no sense above nodes of several rows.
function draw_head(line)
{
	sub(/aligned ->.*<- packed/, "aligned ->, <- packed", line)
	gsub(/ +/, " ", line)
	wrap(" " line, 2)
}

function lay_out(line, hang)
{
	gsub(/\t/, " ", line)
	gsub(/[^ -~]/, "?", line) # nothing in a log may command a terminal
	if (length(line) <= width)
		print_line(line)
	else if (is_node(line))
		draw_node(line)
	else if (line ~ /^ *node window /)
		draw_head(line)
	else
		wrap(line, hang)
}

# Do all rows fit?
function table_fits(	i)
{
	for (i = 1; i <= nr_rows; i++)
		if (length(table[i]) > width)
			return 0
	return 1
}

# A row as a sentence: the last column is its subject.
function tell_row(names, line,	n, name, word, i, text, subject)
{
	n = split(names, name, " ")
	match(line, /^ */)
	subject = line
	for (i = 1; i < n; i++)
		sub(/^ *[^ ]+/, "", subject)
	sub(/^  /, "", subject)
	split(line, word, " ")
	for (i = 1; i < n; i++)
		text = text (i > 1 ? ", " : "") name[i] " " word[i]
	match(subject, /^ */)
	lay_out(blanks(RLENGTH + 2) substr(subject, RLENGTH + 1) ": " text, 2)
}

function lay_out_table(	i)
{
	for (i = table_fits() ? 1 : 2; i <= nr_rows; i++)
		if (table_fits())
			print_line(table[i])
		else
			tell_row(table[1], table[i])
	nr_rows = 0
}
