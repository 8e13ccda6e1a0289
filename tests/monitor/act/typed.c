// SPDX-License-Identifier: MIT
/*
 * typed.c - commands that are operations: is what they name alive? Then they are done
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/monitor/monitor.h>

#define DEFAULT_SIZE 1024 /* bytes of a pool's nodes: so that a screen shows all of them */

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
