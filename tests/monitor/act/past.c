// SPDX-License-Identifier: MIT
/*
 * past.c - commands about what was done: cost, back, save
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

/**
 * cmd_cost() - say how many instructions the newest operation took
 * @monitor: the monitor
 * @args: none
 *
 * Return: ANSWER_FAILED if that cannot be counted.
 */
enum answer cmd_cost(struct monitor *monitor, const struct args *args)
{
	struct session *session = &monitor->session;

	(void)args;
	if (!session->nr)
		return fail(monitor, "cost: nothing was done yet");
	if (!session->plain.clock)
		return fail(monitor, "cost: no clock here counts instructions");
	say(monitor,
	    "The call took %lu instructions. They were counted in a copy of mm/ that nobody watches.\n",
	    (unsigned long)session_cost(session));
	return ANSWER_DONE;
}

/**
 * cmd_back() - make all as it was some commands ago
 * @monitor: the monitor
 * @args: how many; 1 without a number
 *
 * Return: ANSWER_FAILED if there is nothing to go back.
 */
enum answer cmd_back(struct monitor *monitor, const struct args *args)
{
	struct session *session = &monitor->session;
	size_t commands = args->nr ? args->number[0] : 1;

	if (!session->nr)
		return fail(monitor, "back: this is the beginning");
	session_back(session, commands < UINT32_MAX ? (uint32_t)commands : UINT32_MAX);
	text_redo(monitor);
	play_reopen(monitor);
	if (session->nr)
		say(monitor, "All is as it was after command %u; %u operations were done again.\n",
		    session->command, session->nr);
	else
		say(monitor, "This is the beginning.\n");
	return ANSWER_DONE;
}

/* Prints an operation as the command that does it. */
static void save_command(struct monitor *monitor, const struct op *op)
{
	const struct command *command = monitor->commands;
	enum thing_kind kind = op_types[op->kind].acts_on;

	while (command->op != op->kind)
		command++;
	say(monitor, "%s", command->name);
	if (kind != THING_KINDS)
		say(monitor, " %c%u", THING_LETTERS[kind], op->name);
	if (op->text)
		say(monitor, " %s", op->text);
	else if (strstr(command->usage, "SIZE") || strstr(command->usage, "BYTES") ||
		 op->kind == OP_PALLOC)
		say(monitor, " %zu", op->size);
	if (strstr(command->usage, "ALIGN"))
		say(monitor, " %zu", op->align);
	say(monitor, "\n");
}

/* Was the object of @op declined before? A trace may free it only once. */
static bool was_declined(const struct session *session, const struct op *op)
{
	for (const struct op *before = session->log; before < op; before++)
		if (before->kind == OP_FREE && before->name == op->name)
			return true;
	return false;
}

/* Prints an operation as a line of a trace, or says in a comment that there is none for it. */
static void save_record(struct monitor *monitor, const struct op *op, uint32_t pools)
{
	const struct world *world = &monitor->session.world;
	const struct op_type *type = &op_types[op->kind];
	char letter = type->trace;

	if (!letter || (type->makes != THING_KINDS && op->made == NO_THING) ||
	    (op->kind == OP_FREE && was_declined(&monitor->session, op))) {
		say(monitor, "# left out, for a trace cannot say it: ");
		save_command(monitor, op);
		return;
	}
	switch (letter) {
	case 'c':
		say(monitor, op->kind == OP_CHILD ? "c %u %zu %u\n" : "c %u %zu\n", pools, op->size,
		    op->name);
		break;
	case 'm':
		say(monitor, "m %u %zu %zu\n", op->name, op->size, op->align);
		break;
	case 'f':
		say(monitor, "f %u %u\n", world->of[OBJECT][op->name].pool, op->name);
		break;
	case 'r':
	case 'd':
		say(monitor, "%c %u\n", letter, op->name);
		break;
	default:
		say(monitor, "%c %u %zu\n", letter, op->name, op->size);
		break;
	}
}

/**
 * cmd_save() - print what was done: as commands, or as a trace
 * @monitor: the monitor
 * @args: "trace", or nothing
 *
 * Return: ANSWER_FAILED for another word.
 */
enum answer cmd_save(struct monitor *monitor, const struct args *args)
{
	const struct session *session = &monitor->session;
	unsigned int columns = monitor->columns;
	bool as_trace = args->text && !strcmp(args->text, "trace");
	uint32_t pools = 0;

	if (args->text && !as_trace)
		return fail(monitor, "save: it takes the word trace, or nothing, not \"%.40s\"",
			    args->text);
	monitor->columns = 0; /* a command that is broken would be two */
	say(monitor, as_trace ? "mptrace 1\n" : "# %u operations\n", session->nr);
	for (uint32_t i = 0; i < session->nr; i++) {
		const struct op *op = &session->log[i];

		if (as_trace)
			save_record(monitor, op, pools);
		else
			save_command(monitor, op);
		pools += op_types[op->kind].makes == POOL && op->made != NO_THING;
	}
	monitor->columns = columns;
	return ANSWER_DONE;
}
