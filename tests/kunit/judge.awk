# SPDX-License-Identifier: MIT
#
# judge.awk - judges one log, with the functions of ktap.awk and alarm.awk
#
#	[words=ALARMS] awk -v status=33 [-v late=SECONDS] -f tests/kunit/ktap.awk \
#		-f tests/kunit/alarm.awk -f tests/kunit/judge.awk LOG
#
# It prints
#
#	suite NAME PASSED FAILED SKIPPED	(one line for each suite)
#	verdict passed | failed | panicked | nothing | broken | off | halted | silent
#	counts PASSED FAILED SKIPPED
#	why ONE PLAIN SENTENCE			(unless it passed)

BEGIN { ktap_begin() }
{ ktap_line($0) }
END {
	ktap_end(status, late)
	printf "%s", ended
	print "verdict " verdict
	print "counts " all[1], all[2], all[3]
	if (verdict != "passed")
		print "why " why
}
