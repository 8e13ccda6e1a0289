// SPDX-License-Identifier: MIT
/*
 * act.c - does an operation on the session's world, and says what changed
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

#define SAID_MAX 4u /* of many operations, so many are said */

/**
 * act_op() - do an operation, once or several times, and say what changed
 * @monitor: the monitor
 * @op: the operation
 * @times: how often
 *
 * Return: ANSWER_FAILED if it could not be done. What the allocator refuses is an answer.
 */
enum answer act_op(struct monitor *monitor, struct op op, uint32_t times)
{
	struct session *session = &monitor->session;
	enum session_result result = SESSION_DONE;
	uint32_t done;

	op.command = session->command + 1;
	if (times > SAID_MAX)
		say(monitor, "%u times; the last %u:\n", times, SAID_MAX);
	for (done = 0; done < times; done++) {
		result = session_do(session, op);
		if (result != SESSION_DONE)
			break;
		if (times - done <= SAID_MAX)
			say_changed(monitor, &op);
	}
	if (done)
		text_follow(monitor);
	if (result == SESSION_DONE)
		return ANSWER_DONE;
	if (done)
		say(monitor, "%u of %u were done.\n", done, times);
	return fail(monitor,
		    result == SESSION_FULL ? "%s in this session; \"back\" and \"save\" help" :
					     "the allocator panics: %s. All is as it was before",
		    session->reason);
}
