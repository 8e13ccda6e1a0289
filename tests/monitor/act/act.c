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

/* Which kind of thing an operation is done to; THING_KINDS: none. */
static enum thing_kind acts_on(enum op_kind kind)
{
	switch (kind) {
	case OP_CREATE:
	case OP_HALLOC:
	case OP_PALLOC:
	case OP_PBACK:
		return THING_KINDS;
	case OP_REALLOC:
	case OP_FREE:
		return OBJECT;
	case OP_RELEASE:
		return MARK;
	case OP_HFREE:
		return BLOCK;
	default:
		return POOL;
	}
}

static bool is_request(enum op_kind kind)
{
	return kind >= OP_ALLOC && kind <= OP_MEMALIGN;
}

/* Says what the allocator answered to a mistake, which was undone. */
static void say_refusal(struct monitor *monitor, enum session_result result, char letter,
			uint32_t number)
{
	int error = monitor->session.world.outcome.error;

	if (result == SESSION_PANICKED)
		fail(monitor, "%c%u has ended. The allocator panics: %s. All is as it was", letter,
		     number, monitor->session.reason);
	else
		fail(monitor, "%c%u has ended. The allocator %s. All is as it was", letter, number,
		     error == -ENOENT ? "answers -ENOENT" :
		     error == -EINVAL ? "answers -EINVAL" :
					"does not notice, and damages what is there now");
}

/* May @op be done? Says why not. What it is done to must be alive. */
static bool may_act(struct monitor *monitor, const struct op *op)
{
	struct world *world = &monitor->session.world;
	enum thing_kind kind = acts_on(op->kind);
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
	/* To see what comes of the mistake, it is made in a world that is then made anew. */
	if (op->kind == OP_FREE || op->kind == OP_HFREE || op->kind == OP_RELEASE ||
	    op->kind == OP_DESTROY || op->kind == OP_RESET)
		say_refusal(monitor, session_try(&monitor->session, *op), THING_LETTERS[kind],
			    op->name);
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

	op.command = session->command + 1;
	if (times > SAID_MAX)
		say(monitor, "%u times; the last %u:\n", times, SAID_MAX);
	while (times--) {
		switch (session_do(session, op)) {
		case SESSION_DONE:
			break;
		case SESSION_FULL:
			return fail(
				monitor,
				"the session is full: %u operations, %u objects; \"back\" and \"save\" help",
				session->nr, session->world.nr[OBJECT]);
		case SESSION_PANICKED:
			return fail(monitor, "the allocator panics: %s. All is as it was",
				    session->reason);
		}
		if (times < SAID_MAX)
			say_changed(monitor, &op);
	}
	text_follow(monitor);
	return ANSWER_DONE;
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
		.align = args->nr > 1 ? args->number[1] : HEAP_ALIGN,
		.text = args->text,
	};
	bool has_count = op.kind == OP_ALLOC || op.kind == OP_NALLOC || op.kind == OP_CALLOC;
	size_t times = has_count && args->nr > 1 ? args->number[1] : 1;

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
