# SPDX-License-Identifier: MIT
#
# ktap.awk - judges the log of a test run: is it complete, and did all tests pass?
#
#	awk -v status=33 [-v late=SECONDS] -f tests/kunit/ktap.awk LOG
#
# status is the exit status of QEMU or of the program; late is set if it had to be
# stopped after SECONDS. No single sign is enough: the status must be a known one,
# every result that the plan announces must be there, in order, and the totals must
# add up. Prints
#
#	verdict passed | failed | panicked | nothing | broken | off | halted | silent
#	counts PASSED FAILED SKIPPED
#	suite NAME PASSED FAILED SKIPPED	(one line for each suite)
#	why ONE PLAIN SENTENCE			(unless it passed)
#
# "off" and "halted" are for machines that cannot return a status: the log is complete
# and says that all passed; then the power went off ("off"), or the machine stopped and
# was killed after the time limit ("halted"). "silent" is for machines without a serial
# port: the status says that all passed, and the log is empty.
#
# Text before the first "KTAP version 1" is ignored: firmware writes there. But no comment of
# a run that passes may look like an alarm: a test takes the messages that it causes on
# purpose (KUNIT_EXPECT_MESSAGE). The environment variable "words" holds those that the
# whole run is expected to print, one a line. After the tests, a kernel with a sanitizer may
# show the report of a bug on purpose (tests/demo/bug.c), from the line that says so to the
# line that says that it was caught.

# Keeps the first fault only: later ones often follow from it.
function wrong(sentence)
{
	if (fault == "")
		fault = sentence " (line " NR ")"
}

# "7 cases", "1 case"
function many(n, noun)
{
	return n " " noun (n == 1 ? "" : "s")
}

# Parses "ok 3 name", "not ok 3 name" or "ok 3 name # SKIP why" into failing, number,
# name and skipping.
function result(line,	word)
{
	failing = sub(/^not /, "", line)
	if (line !~ /^ok [1-9][0-9]* [A-Za-z0-9_.-]+( # SKIP.*)?$/)
		return 0
	split(line, word, " ")
	number = word[2] + 0
	name = word[3]
	skipping = word[4] == "#"
	return 1
}

# Parses "pass:1 fail:0 skip:0 total:1" into sum[1..4].
function totals(text,	i)
{
	if (text !~ /^pass:[0-9]+ fail:[0-9]+ skip:[0-9]+ total:[0-9]+$/)
		return 0
	gsub(/[a-z]+:/, "", text)
	split(text, sum, " ")
	for (i = 1; i <= 4; i++)
		sum[i] += 0
	if (sum[1] + sum[2] + sum[3] != sum[4])
		wrong("totals that do not add up: " $0)
	return 1
}

# Result lines must be numbered 1, 2, 3 ... up to the plan.
function in_order(what, number, before, plan)
{
	if (number == before)
		wrong(what " " number " comes twice")
	else if (number != before + 1)
		wrong(what " " number " follows " what " " before)
	else if (number > plan)
		wrong(what " " number " of a plan of " plan)
}

# Does a comment look like an alarm that nobody expects? "# heap_check: pass:11 ..." are the
# totals of a suite.
function is_alarm(line,	i, n, words)
{
	if (line ~ /^# [^ ]+: pass:[0-9]+ fail:/)
		return 0
	n = split(ENVIRON["words"], words, "\n")
	for (i = 1; i <= n; i++)
		if (words[i] != "" && index(line, words[i]))
			return 0
	return line ~ /# (heap|page|mp)_[a-z_]+: |overwritten|[Ww]arning|WARNING|WRONG|FAILED|ERROR/ ||
	       line ~ /KASAN: |undefined behaviour|[Dd]amaged|[Cc]orrupt|leaked|exception [0-9]|backtrace/
}

# How far the log has come, for messages about a machine that stopped.
function place()
{
	if (level == 0 || (level == 1 && suites_plan == ""))
		return "before the tests began"
	if (level == 2)
		return "in suite " suite " after " many(cases, "case") " of " cases_plan
	if (level == 1)
		return "after " many(suites, "suite") " of " suites_plan
	return "after the last line of the tests"
}

# The line "    ok 2 page_alloc_all": a case has ended.
function a_case()
{
	if (cases_plan == "")
		wrong("a case without a plan in suite " suite)
	in_order("case", number, cases, cases_plan)
	cases = number
	if (failing) {
		count[2]++
		all[2]++
		names = names (names == "" ? "" : ", ") suite "." name
	} else if (skipping) {
		count[3]++
		all[3]++
	} else {
		count[1]++
		all[1]++
	}
}

# The line "ok 2 page": a suite has ended.
function a_suite()
{
	in_order("suite", number, suites, suites_plan)
	if (level != 2) {
		wrong("suite " name " has a result and no cases")
		suites = number
		return
	}
	if (name != suite)
		wrong("suite " suite " ends as " name)
	if (cases != cases_plan)
		wrong("suite " suite " has " many(cases, "case") " of " cases_plan)
	if (!summed)
		wrong("suite " suite " ends without totals")
	if (failing != (count[2] > 0))
		wrong("suite " suite " says " (failing ? "not ok" : "ok") " with " \
		      many(count[2], "failed case"))
	print "suite", suite, count[1], count[2], count[3]
	suites = number
	level = 1
}

BEGIN {
	level = 0		# 0 before the tests, 1 between suites, 2 in a suite, 3 after the totals
	suites = cases = 0
	suites_plan = cases_plan = fault = names = bail = last = alarm = ""
	all[1] = all[2] = all[3] = 0
}

/[^ ]/ { last = $0 }
/^Bail out!/ && bail == "" { bail = substr($0, 11); sub(/^ +/, "", bail); bailed = NR }
level == 3 && alarm == "" && /^# The demonstration ends with a bug on purpose: / { shown = 1 }
shown && /^# [A-Z]+ caught it, as it should\./ { shown = 0; alarm = ""; next }
/^ *#/ && alarm == "" && is_alarm($0) { alarm = $0; alarmed = NR; sub(/^ +/, "", alarm) }
bailed { next }			# the report after a panic is for people, not for this script
$0 == "KTAP version 1" && level == 0 { level = 1; next }
$0 == "KTAP version 1" { again = NR; exit }
level == 0 || /^ *$/ { next }
level == 3 { if (!/^#/) wrong("more after the totals: " $0); next }

$0 == "    KTAP version 1" {
	if (level == 2)
		wrong("a suite begins within suite " suite)
	if (suites_plan == "")
		wrong("a suite without a plan of suites")
	level = 2
	suite = "?"
	cases_plan = ""
	cases = summed = count[1] = count[2] = count[3] = 0
	next
}
/^    # Subtest: [^ ]+$/ && level == 2 {
	if (suite != "?")
		wrong("suite " suite " is named again, " $3)
	suite = $3
	next
}
/^1\.\.[0-9]+$/ {
	if (suites_plan != "")
		wrong("a second plan of suites")
	suites_plan = substr($0, 4) + 0
	next
}
/^    1\.\.[0-9]+$/ && level == 2 {
	if (cases_plan != "")
		wrong("a second plan in suite " suite)
	cases_plan = substr($0, 8) + 0
	next
}
/^# Totals: / {
	if (!totals(substr($0, 11)))
		wrong("totals that make no sense: " $0)
	else if (sum[1] != all[1] || sum[2] != all[2] || sum[3] != all[3])
		wrong("the totals say pass:" sum[1] " fail:" sum[2] " skip:" sum[3] ", the cases pass:" \
		      all[1] " fail:" all[2] " skip:" all[3])
	if (level == 2 || suites != suites_plan)
		wrong("totals " place())
	level = 3
	next
}
/^# [^ ]+: pass:/ && level == 2 {
	if (summed)
		wrong("suite " suite " has totals twice")
	if ($2 != suite ":" || !totals(substr($0, length(suite) + 5)))
		wrong("totals that make no sense: " $0)
	else if (sum[1] != count[1] || sum[2] != count[2] || sum[3] != count[3])
		wrong("suite " suite " says pass:" sum[1] " fail:" sum[2] " skip:" sum[3] \
		      ", its cases pass:" count[1] " fail:" count[2] " skip:" count[3])
	summed = 1
	next
}
/^ *#/ { next }
/^    / && level == 2 && result(substr($0, 5)) { a_case(); next }
result($0) { a_suite(); next }
{ wrong("a line that is neither a result nor a comment: " $0) }

END {
	verdict = "broken"
	if (late)
		why = "no verdict within " many(late, "second") ", " place() \
		      (last == "" ? ": not a line was printed" : "; the last line is: " last)
	else if (again)
		why = "the machine started again half way: a second \"KTAP version 1\" (line " again ") " \
		      place()
	else if (bailed && status == 37) {
		verdict = "panicked"
		why = "the kernel panicked " place() ": " bail
	} else if (bailed)
		why = "the kernel panicked " place() ", yet the status is " status ", not 37: " bail
	else if (status == 37)
		why = "status 37 says that the kernel panicked, but no line \"Bail out!\" says why"
	else if (status == 0)
		why = "the machine stopped without a verdict " place() \
		      " (status 0: a triple fault, or the power was switched off)"
	else if (status == 1)
		why = "QEMU gave up " place() " (status 1)"
	else if (status == 99)
		why = "a sanitizer stopped the program " place()
	else if (status > 128)
		why = "killed by signal " (status - 128) " " place()
	else if (status != 33 && status != 35 && status != 39)
		why = "a status that means nothing, " status ", " place()
	else if (last == "")
		why = "not a line was printed, and the status is " status
	else if (status == 39 && suites_plan == "") {
		verdict = "nothing"
		why = "nothing ran (status 39)"
	} else if (status == 39)
		why = "status 39 says that nothing ran, but " many(all[1] + all[2] + all[3], "case") " did"
	else if (level == 0)
		why = "status " status ", but no line is exactly \"KTAP version 1\""
	else if (fault != "")
		why = fault
	else if (level < 3)
		why = "the log ends " place()
	else if (status == 33 && all[2])
		why = many(all[2], "case") " failed, but status 33 says that all passed: " names
	else if (status == 35 && !all[2])
		why = "status 35 says that something failed, but no case did"
	else if (status == 33 && !all[1])
		why = "status 33 says that all passed, but no case did"
	else if (status == 35) {
		verdict = "failed"
		why = all[2] " of " many(all[1] + all[2] + all[3], "case") " failed: " names
	} else
		verdict = "passed"

	if ((status == 0 || late) && level == 3 && !again && !bailed && fault == "" && all[1] && !all[2])
		verdict = late ? "halted" : "off"
	if (status == 33 && !late && last == "")
		verdict = "silent"

	if (alarm != "" && verdict ~ /^(passed|off|halted)$/) {
		verdict = "broken"
		why = "all tests passed, but an alarm is in the log that no test expects: " alarm \
		      " (line " alarmed ")"
	}

	gsub(/[^ -~]/, "?", why)	# no control characters from the log reach the terminal
	print "verdict " verdict
	print "counts " all[1], all[2], all[3]
	if (verdict != "passed")
		print "why " why
}
