# SPDX-License-Identifier: MIT
#
# steps.awk - prints one step of the demonstration, from the log of a kernel, for "make demo"
#
#	awk -v width=80 -v step=3 -f tests/runner/lay_out.awk -f tests/demo/steps.awk
#
# Step 0 is the number of steps. An empty line ends a step. The title, and the sentence at the end, have
# one, too, and belong to the first step and to the last.

# Prose is filled anew if a line of it is too wide. What is indented stays as it is, and so does the
# report of a bug.
function print_step(	i, text, too_wide)
{
	for (i = 1; i <= nr; i++)
		if (inside == 1 && line[i] !~ /^ / && length(line[i]) > width)
			too_wide = 1
	for (i = 1; i <= nr; i++) {
		if (line[i] ~ /^ +held +peak /) {
			for (nr_rows = 0; line[i] ~ /^ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[0-9a-z]+ +/; i++)
				table[++nr_rows] = line[i]
			lay_out_table()
		}
		if (i > nr)
			return
		if (too_wide && line[i] !~ /^ / && line[i] != "") {
			text = line[i]
			while (i < nr && line[i + 1] !~ /^ / && line[i + 1] != "")
				text = text " " line[++i]
			lay_out(text, 0)
		} else
			lay_out(line[i], 2)
	}
}

function end_step()
{
	if (nr && ++count == step)
		print_step()
	nr = ended = 0
}

/^# The life of a pool\./ {
	inside = 1
	title = 1
}

/^# The demonstration ends with a bug on purpose: / {
	end_step()
	inside = 2
}

inside {
	text = $0
	sub(/\r$/, "", text)
	sub(/^# ?/, "", text)
	if (ended && text != "") {
		if (text ~ /^The demonstration has checked /)
			line[++nr] = ""
		else
			end_step()
	}
	if (text != "")
		line[++nr] = text
	else if (inside == 1 && title) {
		title = 0
		line[++nr] = ""
	} else if (inside == 1)
		ended = 1
}

/^# The demonstration has checked / || /^# [A-Z]+ caught it, as it should\./ {
	end_step()
	inside = 0
}

END {
	end_step()
	if (step == 0)
		print count + 0
}
