// SPDX-License-Identifier: MIT
/*
 * act.c - commands that change something: operations on the session's world
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

#define DEFAULT_SIZE 1024 /* bytes of a pool's nodes: so that a screen shows all of them */

#define SAID_MAX 4u /* of many operations, so many are said */

static bool is_request(enum op_kind kind)
{
	return kind >= OP_ALLOC && kind <= OP_PRINTF;
}

/* Makes a mistake, in a world that is then made anew, and says what the allocator answered. */
static void try_mistake(struct monitor *monitor, const struct op *op, char letter)
{
	struct outcome outcome;
	enum session_result result = session_try(&monitor->session, *op, &outcome);
	int error = outcome.error;

	if (result == SESSION_PANICKED)
		fail(monitor, "%c%u has ended. The allocator panics: %s. All is as it was", letter,
		     op->name, monitor->session.reason);
	else
		fail(monitor, "%c%u has ended. The allocator %s. All is as it was", letter,
		     op->name,
		     error == -ENOENT ? "answers -ENOENT" :
		     error == -EINVAL ? "answers -EINVAL" :
					"does not notice, and damages what is there now");
}

/* May @op be done? Says why not. What it is done to must be alive. */
static bool may_act(struct monitor *monitor, const struct op *op)
{
	struct world *world = &monitor->session.world;
	enum thing_kind kind = op_types[op->kind].acts_on;
	const struct thing *thing;

	if (op->kind == OP_PBACK && !world->nr_runs) {
		fail(monitor, "pback: palloc has taken no pages that are not back");
		return false;
	}
	if (kind == THING_KINDS)
		return true;
	thing = world_thing(world, kind, op->name);
	if (!thing->ended)
		return true;
	if (op->kind == OP_FREE || op->kind == OP_HFREE || op->kind == OP_RELEASE ||
	    op->kind == OP_DESTROY || op->kind == OP_RESET)
		try_mistake(monitor, op, THING_LETTERS[kind]);
	else
		fail(monitor, "%c%u has ended", THING_LETTERS[kind], op->name);
	return false;
}

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

/**
 * act_run() - do a command that is an operation
 * @monitor: the monitor
 * @command: the command
 * @args: its arguments
 *
 * Return: as act_op().
 */
enum answer act_run(struct monitor *monitor, const struct command *command, const struct args *args)
{
	const struct world *world = &monitor->session.world;
	struct op op = {
		.kind = command->op,
		.name = args->name,
		.size = args->number[0],
		.align = HEAP_ALIGN,
		.text = args->text,
	};
	bool has_count = op.kind == OP_ALLOC || op.kind == OP_NALLOC || op.kind == OP_CALLOC;
	size_t times = has_count && args->nr > 1 ? args->number[1] : 1;

	if (!has_count && args->nr > 1)
		op.align = args->number[1];
	if (!may_act(monitor, &op))
		return ANSWER_FAILED;
	if (times < 1 || times > world->max[OBJECT])
		return fail(monitor, "%s: COUNT is 1 to %u", command->name, world->max[OBJECT]);
	if (op.kind == OP_CREATE && !args->nr)
		op.size = DEFAULT_SIZE;
	if (op.kind == OP_CHILD && !args->nr)
		op.size = world->of[POOL][op.name].size;
	if (op.kind == OP_PRINTF)
		op.size = strlen(op.text) + 1;
	if (monitor->predicts && is_request(op.kind))
		return predict_ask(monitor, &op, (uint32_t)times);
	return act_op(monitor, op, (uint32_t)times);
}
