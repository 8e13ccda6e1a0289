# SPDX-License-Identifier: MIT
#
# story.awk - tells on one or two screens what the log of "make run" says
#
# tests/runner/story starts it; its variables are width, and green, red and plain for colours. It
# calls what lay_out.awk, story_boot.awk, story_tests.awk and alarm.awk (of kunit/) have.
#
# It knows the forms of all lines that a run prints when nothing is wrong, and tells them in fewer
# words. Any other line is shown as it is: a warning, a remark, the report of a panic. A log goes
# through these parts:
#
#	firmware	before "KTAP version 1"
#	boot		the memory map, what was taken from it, the layers: story_boot.awk
#	demo		the pictures, of which two are shown: story_boot.awk
#	tests		from the plan "1..68" to the end: story_tests.awk
#	report		a panic speaks: all is shown

# Ends a row of entries that stand side by side.
function fresh()
{
	if (column)
		print ""
	column = 0
	entry_shown = 0
}

# A line of the story.
function tell(text)
{
	fresh()
	lay_out(text, 2)
}

# A sentence of the story.
function say(text)
{
	fresh()
	lay_out(text, 0)
}

# A line that has no place in the story: it is shown as it is, behind all that came before.
function show(line)
{
	flush_boot()
	flush_held()
	tell(line)
}

# 12345678 becomes 12,345,678.
function commas(n,	text)
{
	text = n ""
	n = ""
	while (text ~ /^[0-9][0-9][0-9][0-9]/) {
		n = "," substr(text, length(text) - 2) n
		text = substr(text, 1, length(text) - 3)
	}
	return text n
}

# "1 page", "12,345 pages"
function several(n, noun)
{
	return commas(n) " " noun (n == 1 ? "" : "s")
}

function begin_report(line)
{
	flush_boot()
	end_demo()
	flush_held()
	part = "report"
	if (line != "")
		tell(line)
}

function story_line(line)
{
	sub(/\r$/, "", line)
	if (part == "firmware") {
		if (line == "KTAP version 1")
			part = "boot"
		else if (line !~ /^ *$/)
			tell(line)
	} else if (line ~ /^Bail out!/ || (line == "" && part != "report")) {
		begin_report(line)
	} else if (is_of_tests(line)) {
		tests_line(line)
	} else if (part == "report") {
		tell(line)
	} else if (line ~ /^# *$/) {
		if (part == "demo")
			demo_line(line)
	} else if (part == "demo") {
		demo_line(line)
	} else if (!boot_line(line) && !(part == "tests" && remark_line(line))) {
		show(line)
	}
}

BEGIN {
	alarm_begin()
	begin_boot()
	begin_tests()
	part = "firmware"
	column = 0
}

{
	story_line($0)
	fflush()
}

END {
	flush_boot()
	if (part == "demo")
		cut_demo()
	flush_held()
	fresh()
	end_tests(part == "report")
}
