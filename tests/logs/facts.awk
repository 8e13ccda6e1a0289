# SPDX-License-Identifier: MIT
#
# facts.awk - what a log says, and whether a verdict on it can be right
#
# The facts of a log are its headers, names of suites, plans, results and totals. read_facts()
# lists them, with patterns of its own: a fault of the judge cannot hide itself. old[1..nr_old]
# are the facts of the log, new[1..nr_new] those of the damaged log.

# The fact in the line of a result. The name of a case is left out: no other line repeats it.
function result_fact(line,	word, failed, end)
{
	failed = sub(/not ok/, "ok", line)
	split(line, word, " ")
	end = failed ? " failed" : ""
	if (word[4] == "#")
		end = end " was skipped"
	end = end == "" ? " passed" : end
	return line ~ /^ / ? "case " word[2] end : "suite " word[2] end ": " word[3]
}

# The fact that a line states, "" if it states none, or "noise".
function fact(line,	word, n)
{
	n = "(0|[1-9][0-9]*)"
	if (line ~ /^ *$/)
		return ""
	if (line == "KTAP version 1")
		return "header"
	if (line == "    KTAP version 1")
		return "a suite begins"
	if (line ~ /^Bail out!/)
		return "panic"
	split(line, word, " ")
	if (line ~ /^    # Subtest: [A-Za-z0-9_.-]+$/)
		return "its name: " word[3]
	if (line ~ /^1\.\.[1-9][0-9]*$/)
		return "suites: " substr(word[1], 4)
	if (line ~ /^    1\.\.[1-9][0-9]*$/)
		return "its cases: " substr(word[1], 4)
	if (line ~ ("^# [A-Za-z0-9_.-]+: pass:" n " fail:" n " skip:" n " total:" n "$"))
		return line
	if (line ~ /^ *#/)
		return line ~ /Subtest:|Totals:|: pass:/ ? "noise" : ""
	if (line ~ /^(    )?(not )?ok [1-9][0-9]* [A-Za-z0-9_.-]+( # SKIP( .*)?)?$/)
		return result_fact(line)
	return "noise"
}

# Lists the facts of text[1..n] in list[], and returns how many they are. Firmware may print
# noise before the header: the number of these lines is in firmware.
function read_facts(text, n, list,	i, one, nr, began)
{
	nr = firmware = 0
	for (i = 1; i <= n; i++) {
		one = fact(text[i])
		if (one == "header")
			began = 1
		if (one == "noise" && !began) {
			firmware++
			continue
		}
		if (one == "")
			continue
		if (list[nr] ~ / pass:0 fail:0 /)	# then the suite may be called skipped
			sub(/ was skipped:/, " passed:", one)
		list[++nr] = one
	}
	return nr
}

# Do facts i to nr_new of the damaged log begin a suite, and end in a panic before its result?
function is_open_suite(i,	cases, word)
{
	if (new[i++] != "a suite begins")
		return 0
	if (new[i] ~ /^its name: /)
		i++
	if (new[i] ~ /^its cases: / && new[i - 1] ~ /^its name: /)
		i++
	for (cases = 0; new[i] ~ /^case / && new[i - 1] ~ /^(its cases: |case )/; i++) {
		split(new[i], word, " ")
		if (word[2] != ++cases)
			return 0
	}
	if (new[i] ~ /^# /)
		i++
	if (new[i] == "noise")
		i++
	return new[i] == "panic" && i == nr_new
}

# May the damaged log still say "panicked"? It may if it begins like the original, up to the end
# of some suite, and a panic follows there or in the next suite. Nobody can know that lines
# just before a panic got lost: they are in no totals yet.
function panic_is_so(	i, k, plan)
{
	for (i = 1; new[i] == old[i]; i++)
		if (i == nr_old)
			return i == nr_new
	if (old[i] ~ /^suites: / && new[i] ~ /^suites: /) {
		old[i] = new[i]		# this much is known of another plan: it is not too short
		split(new[i], plan, " ")
		for (k = 1; k <= nr_new; k++)
			plan[2] -= new[k] == "a suite begins"
		return plan[2] >= 0 && panic_is_so()
	}
	if (new[i] == "noise")
		i++
	if (new[i] == "panic")
		return i == nr_new
	while (i > 1 && new[i] != "a suite begins")
		i--
	return is_open_suite(i)
}

function is_empty(	i)
{
	for (i = 1; i <= size; i++)
		if (now[i] ~ /[^ ]/)
			return 0
	return 1
}

# What is wrong with the verdict on the damaged log? "" if it is right.
function lie(before, after,	i, same)
{
	same = nr_old == nr_new
	for (i = 1; same && i <= nr_old; i++)
		same = old[i] == new[i]
	changed += !same
	if (same && firmware > firmware_old)
		return ""	# a line that looks like one of the tests', or like one of the firmware
	if (same)
		return before == after ? "" : "the verdict changed, but no fact did: " why
	if (verdict == "broken")
		return ""
	if (verdict == "silent" && is_empty())
		return ""
	if (verdict == "nothing" && (!nr_new || (nr_new == 1 && new[1] == "header")))
		return ""		# a log of a kernel without tests
	if (verdict == "panicked" && panic_is_so())
		return ""
	for (i = 1; i <= nr_old && old[i] == new[i]; i++)
		;
	return "a fact changed: \"" (i > nr_old ? "the end" : old[i]) "\" is now \"" \
		(i > nr_new ? "the end" : new[i]) "\""
}
