# SPDX-License-Identifier: MIT
#
# story_tests.awk - the second part of the story: the suites, what failed, the replay's report
#
#	is_of_tests(line)	is it a plan, a result, or a count?
#	tests_line(line)	takes such a line
#	remark_line(line)	takes another line between them, or returns 0
#	flush_held()		shows remarks whose case has no result yet
#	end_tests(bailed)	tells what failed, and the report
#
# A suite is an entry "NAME  CASES ok", and as many stand side by side as there is room for. Its name
# comes when it begins. If only one suite runs, each case is an entry. What a failed case says is
# kept, so that it stands at the end.

function begin_tests()
{
	suites_plan = suite = ""
	plan_entries(26)
	nr_held = nr_failed = nr_said = nr_skipped = nr_replays = 0
	split("events|pools|objects|cleanups|frees|peak asked for|peak used|held by all pools|asked for|" \
	      "lost to alignment|lost to node tails|lost to headers|allocate small|allocate large|free|" \
	      "decline to free|add a cleanup|create|reset|destroy|mean|zeroing, in addition", known_labels, "|")
	end_used = end_peak = end_runs = ""
}

function is_of_tests(line)
{
	return line == "    KTAP version 1" || line ~ /^(    )?1\.\.[0-9]+$/ || line ~ /^    # Subtest: [^ ]+$/ ||
	       line ~ /^(    )?(not )?ok [0-9]+ [^ ]+( # SKIP.*)?$/ ||
	       line ~ /^# [^ ]+: pass:[0-9]+ fail:[0-9]+ skip:[0-9]+ total:[0-9]+$/
}

# Text in the row of entries. If it does not fit, it goes to the next row.
function put(text, colour)
{
	if (column && column + length(text) > width) {
		print ""
		sub(/^ +/, "", text)
		text = "  " text
		column = 0
	}
	if (length(text) > width) {
		lay_out(text, 2)
		return
	}
	printf "%s%s%s", colour, text, (colour == "" ? "" : plain)
	column += length(text)
}

# An entry begins, with its name.
function begin_entry(name,	at)
{
	at = column ? int((column + wide + 1) / wide) * wide : 0
	if (at && at + wide > width) {
		fresh()
		at = 0
	}
	put(blanks(at - column) name)
	entry_at = at
	entry_shown = 1
}

# The number and the result stand at the right edge of the entry.
function end_entry(name, number, result, colour,	from)
{
	if (!entry_shown)
		begin_entry(name)
	from = entry_at + wide - 5 - length(number)
	put(blanks(from - column > 1 ? from - column : 1) number)
	put(result, colour)
	entry_shown = 0
}

# The columns of entries: as many as fit.
function plan_entries(need)
{
	wide = int(width / (int(width / need) ? int(width / need) : 1))
}

function case_ends(line,	failing, skipping, word, i)
{
	failing = sub(/^not /, "", line)
	split(line, word, " ")
	cases++
	skipping = line ~ / # SKIP/
	if (skipping) {
		cases_skipped++
		sub(/^[^#]*# SKIP ?/, "", line)
		skipped[++nr_skipped] = suite "." word[3] (line == "" ? "" : ": " line)
	}
	if (failing) {
		cases_failed++
		nr_failed++
		said[++nr_said] = suite "." word[3] " FAILED:"
		for (i = 1; i <= nr_held; i++)
			said[++nr_said] = held[i]
		nr_held = 0
	}
	flush_held()
	if (suites_plan == 1)
		end_entry(word[3], "", failing ? "FAILED" : skipping ? "skipped" : "ok",
			  failing ? red : green)
}

function suite_ends(failing,	result)
{
	result = " ok"
	if (cases_failed)
		result = " ok, " cases_failed " FAILED"
	else if (failing)
		result = " FAILED"
	if (cases_skipped)
		result = result ", " cases_skipped " skipped"
	flush_held()
	if (suites_plan != 1)
		end_entry(suite, cases - cases_failed - cases_skipped, result, failing ? red : green)
	suite = ""
}

function tests_line(line)
{
	if (part != "tests") {
		flush_boot()
		end_demo()
		part = "tests"
	}
	if (line ~ /^1\.\./) {
		suites_plan = substr(line, 4) + 0
		tell("")
		if (suites_plan != 1)
			tell(several(suites_plan, "suite") " of tests, each with the number of its cases:")
		plan_entries(suites_plan == 1 ? 40 : 26)
	} else if (line ~ /^    # Subtest: /) {
		suite = substr(line, 16)
		cases = cases_failed = cases_skipped = 0
		if (suites_plan == 1)
			tell("The suite " suite ":")
		else
			begin_entry(suite)
	} else if (line ~ /^    (not )?ok /)
		case_ends(substr(line, 5))
	else if (line ~ /^(not )?ok /)
		suite_ends(line ~ /^not /)
}

# A line of a replay's report: "#   allocate small                 22.6 x 18101".
function replay_line(line,	label, word, n, i)
{
	if (line ~ /^# replay of [^ ]+$/) {
		replays[++nr_replays] = substr(line, 13)
		return 1
	}
	if (!nr_replays)
		return 0
	if (line == "# instructions per event, checks and zeroing not counted")
		return 1
	if (line !~ /^#   +[a-z][a-z, ]*  +[0-9.]+( .*)?$/)
		return 0
	label = line
	sub(/^# +/, "", label)
	sub(/  +[0-9.].*/, "", label)
	for (i in known_labels)
		if (known_labels[i] == label) {
			n = split(substr(line, index(line, label) + length(label)), word, " ")
			value[nr_replays, label] = word[1]
			percent[nr_replays, label] = word[n - 1]
			return 1
		}
	return 0
}

# A comment among the tests belongs to the case whose result follows.
function remark_line(line)
{
	if (suite == "replay" && replay_line(line))
		return 1
	if (line ~ /^# model: seed=[0-9]+ rounds=[0-9]+, [0-9]+ operations each$/)
		return 1
	if (suite == "")
		return 0
	held[++nr_held] = line
	return 1
}

function flush_held(	i)
{
	for (i = 1; i <= nr_held; i++)
		tell(held[i])
	nr_held = 0
}

# " small 22.6", if the replay has that number.
function cost(n, label, name)
{
	return (n, label) in value ? ", " name " " value[n, label] : ""
}

function tell_replay(n,	costs)
{
	tell("Replay of " replays[n] ": " several(value[n, "events"], "event") ", " several(value[n, "pools"], "pool") \
	     ", " several(value[n, "objects"], "object") ".")
	tell("  At one time at most " commas(value[n, "peak asked for"]) " bytes were asked for, in " \
	     several(value[n, "peak used"], "page") ".")
	tell("  All bytes held: " percent[n, "asked for"] " % asked for, the rest lost to alignment " \
	     percent[n, "lost to alignment"] " %, node tails " percent[n, "lost to node tails"] " %, headers " \
	     percent[n, "lost to headers"] " %.")
	costs = cost(n, "allocate small", "allocate small") cost(n, "allocate large", "allocate large") \
		cost(n, "free", "free") cost(n, "create", "create a pool") cost(n, "reset", "reset it") \
		cost(n, "destroy", "destroy it")
	if (costs != "")
		tell("  Instructions: " substr(costs, 3) "; mean " value[n, "mean"] " an event.")
}

function end_tests(bailed,	i)
{
	if (nr_replays && !bailed)
		tell("")
	for (i = 1; i <= nr_replays && !bailed; i++)
		if ((i, "events") in value)
			tell_replay(i)
	if (end_used != "" && !bailed)
		tell("After the tests " several(end_used, "page") " are used; at most it was " commas(end_peak) \
		     "; the heap holds " (end_runs + 0 ? several(end_runs, "run") " of them" : "none") ".")
	for (i = 1; i <= nr_skipped; i++)
		tell("skipped: " skipped[i])
	for (i = 1; i <= nr_said; i++)
		tell(said[i])
}
