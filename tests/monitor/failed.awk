# SPDX-License-Identifier: MIT
#
# failed.awk - names the commands that failed in a log of the monitor: line, command, reason
#
# The monitor prints "# line 7 failed" behind what the command said. The last words before it are the
# reason; but what is wrong with a line of a trace stands before what was done of it.

{
	gsub(/\033\[[0-9;]*m/, "")
	sub(/\r$/, "")
}
/^# line [0-9]+ failed$/ {
	if (++n <= 20)
		print "line " $3 ": " command ": " reason
	next
}
/^mp> / {
	command = substr($0, 5)
	reason = ""
	next
}
reason ~ /^line [0-9]+ of the trace: / {
	next
}
/[^ ]/ {
	reason = $0
	sub(/^# /, "", reason)
}
END {
	if (n > 20)
		print n - 20 " more commands failed"
}
