# SPDX-License-Identifier: MIT
#
# ktap.awk - functions that judge the log of a test run: is it complete, did all tests pass?
#
#	ktap_begin()			before the first line
#	ktap_line(line)			for each line
#	ktap_end(status, late)		after the last line
#
# status is the exit status of QEMU or of the program; late is set if it had to be stopped
# after that many seconds. No single sign is enough: the status must be a known one, every
# result that the plan announces must be there, in order, the totals must add up, and no
# other line of the log may contradict, or be an alarm that no test expects (alarm.awk). The
# answer is in these variables:
#
#	verdict		passed, failed, panicked, nothing, broken, off, halted or silent
#	all[1..3]	how many cases passed, failed and were skipped
#	ended		a line "suite NAME PASSED FAILED SKIPPED" for each suite that ended
#	why		one plain sentence, unless it passed
#
# "nothing": no case ran, because none was chosen or because all were skipped. "off" and
# "halted" are for machines that cannot return a status: the log is complete and says that
# all passed; then the power went off ("off"), or the machine stopped and was killed after
# the time limit ("halted"). "silent" is for machines without a serial port: the status
# says that all passed, and the log is empty.
#
# A log goes through these stages, and each line has its place in one of them:
#
#	firmware	text of firmware and loader, which is ignored
#	boot		after "KTAP version 1": the kernel starts, in lines that begin with "#"
#	suites		after the plan "1..2", and after each result of a suite
#	suite		in a suite: header, name, plan, cases, totals
#	end		after the last totals

# Keeps the first fault only: later ones often follow from it.
function wrong(sentence)
{
	if (fault == "")
		fault = sentence " (line " lines ")"
}

# A line that makes no sense. A panic may have cut it short: see bail_out().
function senseless(sentence)
{
	if (fault == "")
		cut_short = lines
	wrong(sentence)
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
	if (line !~ /^ok [1-9][0-9]* [A-Za-z0-9_.-]+( # SKIP( .*)?)?$/)
		return 0
	split(line, word, " ")
	number = word[2] + 0
	name = word[3]
	skipping = word[4] == "#"
	return 1
}

# Parses "pass:1 fail:0 skip:0 total:1" into sum[1..4].
function totals(text, line,	n)
{
	n = "(0|[1-9][0-9]*)"
	if (text !~ ("^pass:" n " fail:" n " skip:" n " total:" n "$")) {
		senseless("totals that make no sense: " line)
		return 0
	}
	gsub(/[a-z]+:/, "", text)
	split(text, sum, " ")
	if (sum[1] + sum[2] + sum[3] != sum[4])
		wrong("totals that do not add up: " line)
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

# How far the log has come, for messages about a machine that stopped.
function place()
{
	if (stage == "suite" && cases_plan == "")
		return "at the start of suite " suite
	if (stage == "suite")
		return "in suite " suite " after " many(cases, "case") " of " cases_plan
	if (stage == "suites")
		return "after " many(suites, "suite") " of " suites_plan
	if (stage == "end")
		return "after the last line of the tests"
	return "before the tests began"
}

# The line "    KTAP version 1": a suite begins.
function suite_begins()
{
	if (stage == "suite")
		wrong("a suite begins within suite " suite)
	else if (stage != "suites")
		wrong("a suite without a plan of suites")
	else if (suites == suites_plan)
		wrong("a suite begins after " many(suites, "suite") " of " suites_plan)
	stage = "suite"
	suite = "?"
	cases_plan = ""
	cases = summed = count[1] = count[2] = count[3] = 0
}

# The line "    # Subtest: page": the name of the suite.
function suite_name(line)
{
	if (stage != "suite")
		wrong("the name of a suite outside of a suite: " line)
	else if (line !~ /^    # Subtest: [A-Za-z0-9_.-]+$/)
		senseless("a name that makes no sense: " line)
	else if (suite != "?")
		wrong("suite " suite " is named again, " substr(line, 16))
	if (stage == "suite")
		suite = substr(line, 16)
}

# The line "1..2": how many suites will run.
function plan_of_suites(n)
{
	if (stage != "boot")
		wrong("a second plan of suites")
	else
		stage = "suites"
	suites_plan = n
}

# The line "    1..3": how many cases will run.
function plan_of_cases(n)
{
	if (stage != "suite")
		wrong("a plan of cases outside of a suite")
	else if (suite == "?")
		wrong("a plan of cases before the name of their suite")
	else if (cases_plan != "")
		wrong("a second plan in suite " suite)
	cases_plan = n
}

# The line "    ok 2 page_alloc_all": a case has ended.
function a_case(	kind)
{
	if (stage != "suite")
		wrong("case " name " outside of a suite")
	else if (cases_plan == "")
		wrong("a case without a plan in suite " suite)
	else if (summed)
		wrong("case " number " stands after the totals of suite " suite)
	else if (failing && skipping)
		wrong("case " number " was skipped, and failed")
	in_order("case", number, cases, cases_plan)
	cases = number
	kind = failing ? 2 : skipping ? 3 : 1
	count[kind]++
	all[kind]++
	if (failing)
		names = names (names == "" ? "" : ", ") suite "." name
}

# The line "ok 2 page": a suite has ended.
function a_suite()
{
	in_order("suite", number, suites, suites_plan)
	suites = number
	if (stage != "suite") {
		wrong("suite " name " has a result and no cases")
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
	if (skipping && count[1] + count[2])
		wrong("suite " suite " was skipped, but " many(count[1] + count[2], "case") " ran")
	ended = ended "suite " suite " " count[1] " " count[2] " " count[3] "\n"
	stage = "suites"
}

# The line "# page: pass:2 fail:0 skip:1 total:3".
function suite_totals(line)
{
	if (stage != "suite")
		wrong("totals of a suite outside of a suite: " line)
	else if (summed)
		wrong("suite " suite " has totals twice")
	else if (index(line, "# " suite ": ") != 1)
		senseless("totals that make no sense: " line)
	else if (totals(substr(line, length(suite) + 5), line) &&
		 (sum[1] != count[1] || sum[2] != count[2] || sum[3] != count[3]))
		wrong("suite " suite " says pass:" sum[1] " fail:" sum[2] " skip:" sum[3] \
		      ", its cases pass:" count[1] " fail:" count[2] " skip:" count[3])
	summed = 1
}

# The line "# Totals: pass:7 fail:0 skip:1 total:8".
function last_totals(line)
{
	if (totals(substr(line, 11), line) &&
	    (sum[1] != all[1] || sum[2] != all[2] || sum[3] != all[3]))
		wrong("the totals say pass:" sum[1] " fail:" sum[2] " skip:" sum[3] ", the cases pass:" \
		      all[1] " fail:" all[2] " skip:" all[3])
	if (stage != "suites" || suites != suites_plan)
		wrong("totals " place())
	stage = "end"
}

# The line "Bail out! why". A panic may come in the middle of a line, so the line before it is
# no fault if it makes no sense. A panic in a panic prints a second such line, and says so.
function bail_out(line)
{
	if (bailed) {
		if (line !~ /\(a panic in a panic\)$/)
			wrong("a second panic: " line)
		return
	}
	bailed = 1
	bail = substr(line, 11)
	sub(/^ +/, "", bail)
	if (cut_short && cut_short == last_fact)
		fault = ""
}

# Does a line look like one of the tests' own? Its place and its form may still be wrong.
function is_fact_in_comment(line)
{
	return line ~ /^ *#[ \t]*(Subtest:|Totals:|[^ \t]+:[ \t]*pass:)/
}

function is_fact(line)
{
	return line ~ /^ *((not )?ok [0-9]|1\.\.[0-9]+$|KTAP version)/ || is_fact_in_comment(line)
}

# A line of the tests: each kind of line, and its place.
function test_line(line)
{
	last_fact = lines
	if (bailed)
		wrong("more after the panic: " line)
	else if (stage == "end")
		wrong("more after the totals: " line)
	else if (line == "    KTAP version 1")
		suite_begins()
	else if (line ~ /^1\.\.[1-9][0-9]*$/)
		plan_of_suites(substr(line, 4) + 0)
	else if (line ~ /^    1\.\.[1-9][0-9]*$/)
		plan_of_cases(substr(line, 8) + 0)
	else if (line ~ /^ *#[ \t]*Subtest:/)
		suite_name(line)
	else if (line ~ /^ *#[ \t]*Totals:/)
		last_totals(line)
	else if (line ~ /^ *#/)
		suite_totals(line)
	else if (line ~ /^    / && result(substr(line, 5)))
		a_case()
	else if (result(line))
		a_suite()
	else
		senseless("a line that is neither a result nor a comment: " line)
}

function ktap_begin()
{
	stage = "firmware"
	lines = last_fact = cut_short = again = bailed = suites = cases = 0
	suites_plan = cases_plan = fault = names = bail = last = ended = ""
	all[1] = all[2] = all[3] = 0
	alarm_begin()
}

function ktap_line(line)
{
	lines++
	if (again || line ~ /^ *$/)
		return
	last = line
	alarm_line(line, lines, stage == "end")
	if (line == "KTAP version 1") {
		if (stage == "firmware" && !bailed)
			stage = "boot"
		else
			again = lines
	} else if (line ~ /^Bail out!/) {
		bail_out(line)
	} else if (stage == "firmware" && !bailed) {
		if (is_fact(line))
			wrong("a line of the tests before \"KTAP version 1\": " line)
	} else if (line !~ /^ *#/ || is_fact_in_comment(line)) {
		test_line(line)
	}
}

# "all 3 cases were skipped"
function all_skipped()
{
	return all[3] == 1 ? "the only case was skipped" : "all " all[3] " cases were skipped"
}

# A log that ended by itself, without a panic, with status 33, 35 or 39.
function judge_results(status)
{
	if (stage == "firmware" && (status != 39 || fault != ""))
		why = "status " status ", but no line is exactly \"KTAP version 1\""
	else if (status == 39 && all[1] + all[2])
		why = "status 39 says that nothing ran, but " many(all[1] + all[2], "case") " did"
	else if (fault != "")
		why = fault
	else if (status == 39 && (stage == "firmware" || stage == "boot")) {
		verdict = "nothing"
		why = "nothing ran (status 39)"
	} else if (stage != "end")
		why = "the log ends " place()
	else if (status == 39) {
		verdict = "nothing"
		why = "nothing ran (status 39): " all_skipped()
	} else if (status == 33 && all[2])
		why = many(all[2], "case") " failed, but status 33 says that all passed: " names
	else if (status == 35 && !all[2])
		why = "status 35 says that something failed, but no case did"
	else if (status == 33 && !all[1])
		why = "status 33 says that all passed, but " all_skipped()
	else if (status == 35) {
		verdict = "failed"
		why = all[2] " of " many(all[1] + all[2] + all[3], "case") " failed: " names
	} else
		verdict = "passed"
}

function ktap_end(status, late)
{
	verdict = "broken"
	why = ""
	status += 0		# a word of a file may be a string
	if (late)
		why = "no verdict within " many(late, "second") ", " place() \
		      (last == "" ? ": not a line was printed" : "; the last line is: " last)
	else if (again)
		why = "the machine started again half way: a second \"KTAP version 1\" (line " again ") " \
		      place()
	else if (bailed && status != 37)
		why = "the kernel panicked " place() ", yet the status is " status ", not 37: " bail
	else if (bailed && fault != "")
		why = "the kernel panicked " place() ": " bail "; and the log is damaged: " fault
	else if (bailed) {
		verdict = "panicked"
		why = "the kernel panicked " place() ": " bail
	} else if (status == 37)
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
	else
		judge_results(status)

	if ((status == 0 || late) && stage == "end" && !again && !bailed && fault == "" &&
	    all[1] && !all[2])
		verdict = late ? "halted" : "off"
	if (status == 33 && !late && last == "")
		verdict = "silent"
	if (alarm != "" && verdict ~ /^(passed|off|halted)$/) {
		verdict = "broken"
		why = "all tests passed, but an alarm is in the log that no test expects: " alarm \
		      " (line " alarmed ")"
	}
	gsub(/[^ -~]/, "?", why)	# no control characters from the log reach the terminal
}
