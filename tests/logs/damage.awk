# SPDX-License-Identifier: MIT
#
# damage.awk - damages copies of logs, and has kunit/ktap.awk judge each
#
#	awk -v seed=N -v damages=N -v only=N -v files=NAMES -f tests/kunit/ktap.awk \
#		-f tests/kunit/alarm.awk -f tests/logs/facts.awk -f tests/logs/damage.awk LOG...
#
# Damage number N of a seed is the same in every awk. facts.awk tells what a log says:
#
#	if a fact changed, the verdict must not rest on it;
#	if none changed, the verdict and the counts must not change either.

# The next random number, 1 to n. The product stays below 2^53, so that it is exact.
function random(n)
{
	state = state * 16807 % 2147483647
	return state % n + 1
}

# A line for the next damage: in three of four draws one that states a fact.
function pick(	i, tries)
{
	i = random(size)
	if (random(4) > 1)
		for (tries = 0; fact(now[i]) == "" && tries < 20; tries++)
			i = random(size)
	return i
}

function remove(first, n,	i)
{
	for (i = first; i + n <= size; i++)
		now[i] = now[i + n]
	size -= n
}

# Puts a copy of lines first to first + n - 1 behind line at.
function copy(first, n, at,	i, block)
{
	for (i = 1; i <= n; i++)
		block[i] = now[first + i - 1]
	for (i = size; i > at; i--)
		now[i + n] = now[i]
	for (i = 1; i <= n; i++)
		now[at + i] = block[i]
	size += n
}

function note(what)
{
	story = story (story == "" ? "" : "; then ") what
}

# Replaces line i.
function edit(what, i, text)
{
	note(what " line " i ", \"" now[i] "\" is now \"" text "\"")
	now[i] = text
}

# Finds the k-th number in text: it begins at from and has digits digits.
function find_number(text, k,	at)
{
	for (at = 0; k > 0; k--) {
		if (!match(substr(text, at + 1), /[0-9]+/))
			return 0
		from = at + RSTART
		digits = RLENGTH
		at = from + digits - 1
	}
	return 1
}

function change_number(i,	n, number, other, way)
{
	for (n = 0; find_number(now[i], n + 1); n++)
		;
	if (!n)
		return
	find_number(now[i], random(n))
	number = substr(now[i], from, digits)
	way = random(6)
	if (way == 1)
		other = number + 1
	else if (way == 2)
		other = number > 0 ? number - 1 : 7
	else if (way == 3)
		other = "0" number
	else if (way == 4)
		other = number random(9)
	else if (way == 5)
		other = digits > 1 ? substr(number, 2) : ""
	else
		other = random(9)
	edit("a number changed in", i, substr(now[i], 1, from - 1) other substr(now[i], from + digits))
}

function change_status(i,	text)
{
	text = now[i]
	if (text !~ /^ *(not )?ok /)
		return
	if (text ~ /# SKIP/ && random(2) == 1)
		sub(/ *# SKIP.*/, "", text)
	else if (random(2) == 1)
		text = text " # SKIP no reason"
	else if (!sub(/not ok/, "ok", text))
		sub(/ok/, "not ok", text)
	edit("a status changed in", i, text)
}

# Adds a blank to line i, or takes one away.
function change_blank(i,	at, text)
{
	text = now[i]
	at = random(3)
	if (at == 1)
		sub(/^ /, "", text)
	else if (at == 2)
		text = (random(2) == 1 ? " " : "\t") text
	else {
		at = random(length(text) + 1)
		text = substr(text, 1, at - 1) (random(2) == 1 ? " " : "\t") substr(text, at)
	}
	edit("a blank changed in", i, text)
}

# One damage to now[1..size], of the first so many ways.
function damage(ways,	way, i, j, n, text)
{
	way = random(ways)
	i = pick()
	j = pick()
	n = 1 + random(9)
	if (i + n > size + 1)
		n = size + 1 - i
	if (way == 1) {
		note("line " i " lost, \"" now[i] "\"")
		remove(i, 1)
	} else if (way == 2) {
		note("lines " i " to " i + n - 1 " lost")
		remove(i, n)
	} else if (way == 3) {
		note("line " i " doubled, \"" now[i] "\"")
		copy(i, 1, i)
	} else if (way == 4) {
		note("line " i " copied behind line " j ", \"" now[i] "\"")
		copy(i, 1, j)
	} else if (way == 5) {
		note("lines " i " to " i + n - 1 " copied behind line " j)
		copy(i, n, j)
	} else if (way == 6) {
		if (random(2) == 1)
			j = i < size ? i + 1 : 1
		note("lines " i " and " j " swapped, \"" now[i] "\" and \"" now[j] "\"")
		text = now[i]
		now[i] = now[j]
		now[j] = text
	} else if (way == 7 && i < size) {
		edit("merged with the next", i, now[i] now[i + 1])
		remove(i + 1, 1)
	} else if (way == 8 && random(4) == 1) {
		note("all lost from line " i)
		size = i - 1
	} else if (way == 8 && random(4) == 1) {
		note("all lost before line " i)
		remove(1, i - 1)
	} else if (way == 8) {
		edit("cut", i, substr(now[i], 1, random(length(now[i]) + 1) - 1))
	} else if (way == 9 || way == 10)
		change_number(i)
	else if (way == 11)
		change_status(i)
	else
		change_blank(i)
}

function judge(status, late,	i)
{
	ktap_begin()
	for (i = 1; i <= size; i++)
		ktap_line(now[i])
	ktap_end(status, late)
	return verdict " " all[1] " " all[2] " " all[3]
}

# Damage number N: of one of the logs, as it ended or, if all passed, without a status, too.
function try(number,	which, status, late, i, n, before, after, bad)
{
	state = (seed * 100003 + number * 7919) % 2147483646 + 1
	random(2)
	which = number % nr_logs + 1
	status = ends[which] == "hang" ? 137 : ends[which] + 0
	if (status == 137)
		late = 1
	else if (status == 33 && random(4) == 1) {
		late = random(2) - 1
		status = late ? 137 : 0
	}
	size = length_of[which]
	for (i = 1; i <= size; i++)
		now[i] = line_of[which, i]
	split("", old)
	split("", new)
	nr_old = read_facts(now, size, old)
	firmware_old = firmware
	before = judge(status, late)
	if (verdict == "broken") {
		print ARGV[which] " is broken before it is damaged: " why
		exit 2
	}
	story = ""
	# One line is changed, or none: two changes could make up for each other.
	damage(12)
	for (n = random(6) > 4 ? random(2) : 0; n > 0 && size; n--)
		damage(6)
	nr_new = read_facts(now, size, new)
	after = judge(status, late)
	bad = lie(before, after)
	if (bad != "" || only) {
		print "damage " number " of seed " seed " to " ARGV[which] ": " \
			(story == "" ? "nothing" : story)
		print "    before: " before
		print "    after:  " after (why == "" ? "" : " (" why ")")
		if (bad != "")
			print "    wrong:  " bad
		print "    repeat with: tests/logs/damage -s " seed " -o " number (files == "" ? "" : " " files)
	}
	if (only)
		for (i = 1; i <= size; i++)
			print "| " now[i]
	return bad != ""
}

# Reads the logs: what stands above "---" says how QEMU ends.
function read_logs(	i, line, below)
{
	for (i = 1; i < ARGC; i++) {
		below = 0
		while ((getline line <ARGV[i]) > 0) {
			if (below)
				line_of[i, ++length_of[i]] = line
			else if (line ~ /^status /)
				ends[i] = substr(line, 8)
			else if (line == "---")
				below = 1
		}
		close(ARGV[i])
		if (!length_of[i]) {
			print ARGV[i] ": no such log"
			exit 2
		}
	}
	nr_logs = ARGC - 1
}

BEGIN {
	read_logs()
	changed = lies = 0
	if (only)
		exit try(only)
	for (nr = 1; nr <= damages; nr++)
		if (try(nr) && ++lies >= 10)
			break
	if (nr > damages)
		nr = damages
	print nr " damages: " changed " changed what a log says, " lies " got a wrong verdict"
	exit lies > 0 || changed * 2 < nr
}
