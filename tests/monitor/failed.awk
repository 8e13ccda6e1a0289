# SPDX-License-Identifier: MIT
#
# failed.awk - names the commands that failed in a log of the monitor: line, command, reason
#
# The monitor prints "# line 7 failed" behind what the command said. The last words before it are the
# reason.

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
/[^ ]/ {
	reason = $0
	sub(/^# /, "", reason)
}
END {
	if (n > 20)
		print n - 20 " more commands failed"
}
