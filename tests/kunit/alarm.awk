# SPDX-License-Identifier: MIT
#
# alarm.awk - finds the first comment of a log that looks like an alarm, for ktap.awk
#
#	alarm_begin()			before the first line
#	alarm_line(line, lines, tested)	for each line: its number, and whether the tests have ended
#
# The answer is in alarm ("": there is none) and alarmed, its line. No comment of a run that
# passes may look like an alarm: a test takes the messages that it causes on purpose
# (KUNIT_EXPECT_MESSAGE). The environment variable "words" holds those that the whole run is
# expected to print, one a line. After the tests, a kernel with a sanitizer may show the report
# of a bug on purpose (tests/demo/bug.c), from the line that says so to the line that says that
# it was caught.

# Does a comment look like an alarm that nobody expects? "# heap_check: pass:11 ..." are the
# totals of a suite.
function is_alarm(line,	i)
{
	if (line ~ /^# [^ ]+: pass:[0-9]+ fail:/)
		return 0
	for (i = 1; i <= nr_expected; i++)
		if (expected[i] != "" && index(line, expected[i]))
			return 0
	return line ~ /# (heap|page|mp)_[a-z_]+: |overwritten|[Ww]arning|WARNING|WRONG|FAILED|ERROR/ ||
	       line ~ /KASAN: |undefined behaviour|[Dd]amaged|[Cc]orrupt|leaked|exception [0-9]|backtrace/
}

function alarm_begin()
{
	nr_expected = split(ENVIRON["words"], expected, "\n")
	alarm = ""
	alarmed = shown = 0
}

function alarm_line(line, lines, tested)
{
	if (tested && alarm == "" && line ~ /^# The demonstration ends with a bug on purpose: /)
		shown = 1
	if (shown && line ~ /^# [A-Z]+ caught it, as it should\./) {
		shown = 0
		alarm = ""
	} else if (alarm == "" && line ~ /^ *#/ && is_alarm(line)) {
		alarm = line
		sub(/^ +/, "", alarm)
		alarmed = lines
	}
}
