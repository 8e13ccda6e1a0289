# SPDX-License-Identifier: MIT
#
# legal.awk - is a file a trace (tests/traces/README.md)? Prints the first mistake, and fails, if not
#
#	open=yes awk -f legal.awk FILE	with "open", the last line has no newline
#
# The kernel says the same of the file, but "make tune" wants to know before it builds three kernels.

BEGIN {
	for (i = 1; i < 256; i++)
		code[sprintf("%c", i)] = i
	form["c"] = "c POOL SIZE [PARENT]"
	form["a"] = "a POOL SIZE"
	form["n"] = "n POOL SIZE"
	form["z"] = "z POOL SIZE"
	form["m"] = "m POOL SIZE ALIGN"
	form["k"] = "k POOL SIZE"
	form["f"] = "f POOL OBJECT"
	form["r"] = "r POOL"
	form["d"] = "d POOL"
	pools = objects = 0
}

# The first mistake ends the program.
function wrong(text) {
	print "line " NR ": " text
	said = 1
	exit 1
}

function quote(text,	i, one, line) {
	line = "\""
	for (i = 1; i <= length(text) && i <= 24; i++) {
		one = substr(text, i, 1)
		if (one == "\"" || one == "\\")
			one = "\\" one
		else if (one == "\r")
			one = "\\r"
		else if (one == "\t")
			one = "\\t"
		else if (code[one] < 32 || code[one] > 126)
			one = sprintf("\\x%02x", code[one])
		line = line one
	}
	return line "\"" (length(text) > 24 ? "..." : "")
}

function check_number(text) {
	if (text ~ /^-[0-9]+$/)
		wrong("negative number " quote(text))
	if (text !~ /^[0-9]+$/)
		wrong(quote(text) " is not a decimal number")
	if (text ~ /^0./)
		wrong("leading zero in " quote(text))
	if (length(text) > 20 || (length(text) == 20 && text "" > "18446744073709551615"))
		wrong("number too large: " quote(text) "; the limit is 18446744073709551615")
}

function is_power(number) {
	while (number > 1)
		number /= 2
	return number == 1
}

# Splits the line into word[1], word[2], ...
function read_words(	n, i, most, least) {
	n = split($0, word, / /)
	if (word[1] == "")
		wrong($0 == "" ? "empty line" : "blank at the start of the line")
	if (!(word[1] in form))
		wrong("unknown record " quote(word[1]))
	most = split(form[word[1]], unused, / /)
	least = most - (word[1] == "c")
	for (i = 2; i <= n; i++) {
		if (word[i] == "")
			wrong(i == n ? "blank at the end of the line" : "more than one blank between fields")
		if (i > most)
			wrong("extra field " quote(word[i]) ": the form is \"" form[word[1]] "\"")
		check_number(word[i])
	}
	if (n < least)
		wrong("missing field: the form is \"" form[word[1]] "\"")
	if (word[1] == "m" && !is_power(word[4]))
		wrong("alignment " word[4] " is not a power of two")
	return n
}

function check_pool(p, what) {
	if (p + 0 >= pools)
		wrong(what " " p " is unknown: there were " pools " so far")
	if (!(p in ended_in))
		return
	if (ended_with[p] == p)
		wrong(what " " p " was destroyed already, in line " ended_in[p])
	wrong(what " " p " ended with pool " ended_with[p] " in line " ended_in[p])
}

# All pools below @top end. Each is taken off the list of its parent.
function end_children(top,	p) {
	p = top
	while (p != top || child[p] != "") {
		if (child[p] != "") {
			p = child[p]
			continue
		}
		if (!(p in ended_in)) {
			ended_in[p] = NR
			ended_with[p] = top
		}
		p = parent[p]
		child[p] = sibling[child[p]]
	}
}

function create(n,	p, max) {
	p = word[2]
	if (p + 0 != pools)
		wrong("pool " p " is out of order: the next is " pools)
	if (word[3] == "0")
		wrong("a pool cannot hold 0 bytes")
	if (n == 4) {
		check_pool(word[4], "parent pool")
		parent[p] = word[4]
		sibling[p] = child[word[4]]
		child[word[4]] = p
	}
	# Of at most so many bytes are small objects: 4095, or what a node holds.
	max = word[3] + 31 - (word[3] + 31) % 32
	small[p] = max < 4095 ? max : 4095
	emptied[p] = 0
	pools++
}

function free(p, object) {
	if (object + 0 >= objects)
		wrong("object " object " is unknown: there were " objects " so far")
	if (owner[object] != p)
		wrong("object " object " belongs to pool " owner[object] ", not to pool " p)
	if (made_in[object] < emptied[p])
		wrong("object " object " is gone: pool " p " was reset in line " emptied[p])
	if (object in freed_in)
		wrong("object " object " was freed already" (is_large[object] ? ", in line " freed_in[object] : "; mp_free declined it"))
	freed_in[object] = NR
}

NR == 1 {
	if ($0 != "mptrace 1")
		wrong("the first line must be exactly \"mptrace 1\", not " quote($0))
	next
}
/\r$/ { wrong("carriage return before the newline") }
/^#/ {
	text = $0
	gsub(/\t/, "", text)
	if (match(text, /[\001-\037\177]/))
		wrong("control character " quote(substr(text, RSTART, 1)) " in a comment")
	next
}
{
	n = read_words()
	type = word[1]
	p = word[2]
	if (type == "c") {
		create(n)
		next
	}
	check_pool(p, "pool")
	if (type == "r" || type == "d") {
		end_children(p)
		emptied[p] = NR
	}
	if (type == "d") {
		ended_in[p] = NR
		ended_with[p] = p
	}
	if (type == "f")
		free(p, word[3])
	if (type ~ /[anzm]/) {
		owner[objects] = p
		made_in[objects] = NR
		is_large[objects] = type == "m" || word[3] > small[p]
		objects++
	}
}

END {
	if (said)
		exit 1
	if (!NR)
		print "line 1: the file is empty"
	else if (ENVIRON["open"] != "")
		print "line " NR ": the last line does not end with a newline"
	else
		exit 0
	exit 1
}
