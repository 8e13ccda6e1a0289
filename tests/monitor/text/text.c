// SPDX-License-Identifier: MIT
/*
 * text.c - the commands "text" and "break": does the log with the text's pool, and tells about it
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

/* The letter of a request that the text's pool can serve; '-': it has no such function. */
static char letter_of(enum op_kind kind)
{
	bool has = op_types[kind].trace && kind != OP_CHILD && kind != OP_PRINTF;
	bool is_about_pool = kind <= OP_LIMIT;

	return has ? op_types[kind].trace : is_about_pool ? '-' : ' ';
}

/* Begins to do the log from its start: the first @sound operations without the fault. */
static void start(struct monitor *monitor, uint32_t sound)
{
	text_world_start(&monitor->text->world);
	world_plain.start(&monitor->session.plain);
	monitor->text->done = 0;
	monitor->text->sound = sound;
}

/* Does the next operation of the log. False: memory is damaged. */
static bool do_next(struct monitor *monitor)
{
	struct world *ours = &monitor->session.plain;
	struct text *text = monitor->text;
	const struct op *op = &monitor->session.log[text->done];
	struct text_request request = {
		letter_of(op->kind), op->name, op->name, op->made, op->size, op->align
	};

	if (text->done == text->told) {
		text->world.sum = (struct text_sum){ 0 };
		text->ours = 0;
	}
	/* Memory may be out earlier or later there. */
	if (ours->op == text->done && world_has(ours, op))
		world_plain.act(ours, op);
	text->ours += ours->outcome.instructions;
	reference_fault = text->done < text->sound ? 0 : text->fault;
	text->done++;
	if (request.type == '-' && !(text->spoken_of & 1u << op->kind)) {
		text->spoken_of |= 1u << op->kind;
		say(monitor, "The text has no \"%s\".\n", monitor->commands[op->kind].name);
	}
	if (op->kind == OP_CLEANUP && request.size < 2 * sizeof(void *))
		request.size = 2 * sizeof(void *); /* as ours: see add_cleanup() */
	return request.type < 'a' || text_world_do(&text->world, &request);
}

static void report(struct monitor *monitor)
{
	const struct session *session = &monitor->session;
	const struct text_sum *sum = &monitor->text->world.sum;
	const struct tale *tale = &session->tale;
	struct page_stats theirs, ours;
	unsigned int full = 0;

	for (size_t i = 0; i < tale->nr && i < TALE_MAX; i++)
		full += tale->told[i].what == TOLD_NO_ROOM;
	page_get_stats(&monitor->text->world.pages, &theirs);
	page_get_stats(&session->plain.pages, &ours);
	if (sum->requests > 1)
		say(monitor,
		    "The text's pool: %u requests; it tried %u nodes, and looked at %u records.\n",
		    sum->requests, sum->nodes, sum->records);
	else if (sum->nodes)
		say(monitor,
		    "The text's pool tried %u of its nodes; its node %u serves. Of our nodes, %u had no room.\n",
		    sum->nodes, sum->newest.node, full);
	else if (sum->records)
		say(monitor, "The text's pool searched %u records to free it.\n", sum->records);
	say(monitor, "The text's pool holds pages: %zu (ours: %zu)", theirs.used, ours.used);
	if (monitor->text->world.clock && !monitor->text->fault) /* faults have branches */
		say(monitor, "; it took instructions: %llu (ours: %llu)",
		    (unsigned long long)sum->instructions, (unsigned long long)monitor->text->ours);
	say(monitor, "\n");
}

static void say_fault(struct monitor *monitor)
{
	if (monitor->text->world.sum.shown)
		say(monitor, "Fault %u shows: %s.\n", monitor->text->fault,
		    monitor->text->world.sum.words);
}

/* Does the rest of the log, and tells about it, if it is not @quiet. */
static enum answer catch_up(struct monitor *monitor, bool quiet)
{
	struct text *text = monitor->text;

	text->told = quiet ? UINT32_MAX : text->done;
	text->world.sum.requests = 0;
	while (text->is_on && text->done < monitor->session.nr) {
		if (do_next(monitor))
			continue;
		say_fault(monitor);
		say(monitor, "  Memory is damaged there. It is made anew, without the fault.\n");
		text->is_on = reference_fault; /* without a fault, it would go on for ever */
		start(monitor, monitor->session.nr);
	}
	if (quiet || !text->is_on || !text->world.sum.requests)
		return ANSWER_DONE;
	report(monitor);
	say_fault(monitor);
	return ANSWER_DONE;
}

/**
 * text_follow() - after a command: do its operations with the text's pool, and tell about it
 * @monitor: the monitor
 */
void text_follow(struct monitor *monitor)
{
	if (monitor->text)
		(void)catch_up(monitor, false);
}

/**
 * text_redo() - after the log became shorter: do all of it again, and tell nothing
 * @monitor: the monitor
 */
void text_redo(struct monitor *monitor)
{
	if (!monitor->text)
		return;
	start(monitor, 0);
	(void)catch_up(monitor, true);
}

enum answer cmd_text(struct monitor *monitor, const struct args *args)
{
	bool on = !strcmp(args->text, "on");

	if (!on && strcmp(args->text, "off"))
		return fail(monitor, "text: on or off, not \"%s\"", args->text);
	if (!monitor->text)
		return fail(monitor, "text: there is no memory for it");
	monitor->text->is_on = on;
	if (!on)
		monitor->text->fault = 0;
	start(monitor, 0);
	return catch_up(monitor, false);
}

enum answer cmd_break(struct monitor *monitor, const struct args *args)
{
	unsigned int fault = args->text ? ref_fault_find(args->text) : 0;
	struct text *text = monitor->text;

	if (!text)
		return fail(monitor, "break: there is no memory for the text's pool");
	if (fault > REF_FAULTS)
		return fail(monitor, "break: 1 to %d, or off; \"break\" lists them", REF_FAULTS);
	if (args->text)
		text->fault = fault;
	for (unsigned int i = 0; i <= REF_FAULTS; i++)
		if (!args->text || i == fault)
			say(monitor, "%c%2u %-9s%s\n", i == text->fault ? '*' : ' ', i,
			    ref_faults[i].word, ref_faults[i].does);
	if (!args->text)
		return ANSWER_DONE;
	if (fault)
		say(monitor, "To see it: %s (P is the new pool, A its first object).\n",
		    ref_faults[fault].see);
	text->is_on = true;
	start(monitor, 0);
	return catch_up(monitor, false);
}
