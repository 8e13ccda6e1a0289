// SPDX-License-Identifier: MIT
/*
 * play.c - does what a trace says, event by event
 *
 * The trace's pool 0 may be p3 here, if pools were there before: session->played says which.
 */
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

#define PICTURES 200 /* after so many, drawn in place, "play" draws half as often */

/**
 * play_reopen() - read the trace on from where the session is
 * @monitor: the monitor; "back" may have undone events
 */
void play_reopen(struct monitor *monitor)
{
	const struct session *session = &monitor->session;
	struct trace_record record;
	uint32_t line = 0;

	for (uint32_t i = session->nr; i-- && !line;)
		line = session->log[i].line;
	trace_open(&monitor->trace, monitor->trace_data, monitor->trace_size);
	while (monitor->trace.line < line && trace_next(&monitor->trace, &record) == TRACE_RECORD)
		;
}

/* The thing that the trace calls @number, if it is alive. Says what is wrong with it. */
static bool find_played(struct monitor *monitor, enum thing_kind kind, size_t number,
			uint32_t *name)
{
	const struct session *session = &monitor->session;
	const char *what = kind == POOL ? "pool" : "object";
	const struct thing *thing;

	if (number >= session->nr_played[kind]) {
		fail(monitor, "line %zu of the trace: there is no %s %zu", monitor->trace.line,
		     what, number);
		return false;
	}
	*name = session->played[kind][number];
	thing = world_thing(&session->world, kind, *name);
	if (!thing || thing->ended)
		fail(monitor, "line %zu of the trace: %s %zu has ended, or was never given",
		     monitor->trace.line, what, number);
	return thing && !thing->ended;
}

static enum op_kind kind_of(const struct trace_record *record)
{
	enum op_kind kind = OP_CREATE;

	if (record->type == 'c')
		return record->nr_fields == 3 ? OP_CHILD : OP_CREATE;
	while (op_types[kind].trace != record->type)
		kind++;
	return kind;
}

/* The operation that a record asks for. False: it names what is not there. */
static bool read_op(struct monitor *monitor, const struct trace_record *record, struct op *op)
{
	*op = (struct op){ .kind = kind_of(record),
			   .line = (uint32_t)monitor->trace.line,
			   .size = record->size,
			   .align = record->align };
	switch (op->kind) {
	case OP_CREATE:
		return true;
	case OP_CHILD:
		return find_played(monitor, POOL, record->parent, &op->name);
	case OP_FREE:
		return find_played(monitor, OBJECT, record->object, &op->name);
	default:
		return find_played(monitor, POOL, record->pool, &op->name);
	}
}

enum played { PLAYED, PLAY_END, PLAY_FAILED };

/* Does the next event, as part of @command. */
static enum played play_event(struct monitor *monitor, uint32_t command)
{
	struct session *session = &monitor->session;
	struct trace *trace = &monitor->trace;
	struct trace_record record;
	struct op op;

	switch (trace_next(trace, &record)) {
	case TRACE_END:
		return PLAY_END;
	case TRACE_ERROR:
		fail(monitor, "line %zu of the trace: %s", trace->line, trace->error);
		return PLAY_FAILED;
	case TRACE_RECORD:
		break;
	}
	if (!read_op(monitor, &record, &op))
		return PLAY_FAILED;
	op.command = command;
	if (session_do(session, op) == SESSION_DONE)
		return PLAYED;
	fail(monitor, "line %zu of the trace: %s", trace->line, session->reason);
	return PLAY_FAILED;
}

/* Draws the pool of the newest operation; over the picture before, if that has @lines lines. */
static void draw(struct monitor *monitor, size_t lines)
{
	const struct world *world = &monitor->session.world;
	const struct mp_pool_s *pool = op_pool(&monitor->session);
	struct args args = { .kind = POOL };

	if (lines)
		say(monitor, "\033[%zuA\033[J", lines);
	for (args.name = 0; args.name < world->nr[POOL]; args.name++)
		if (pool && world->of[POOL][args.name].at == pool &&
		    !world->of[POOL][args.name].ended)
			cmd_pool(monitor, &args);
}

/* Does up to @count events, and says what the last one changed. */
static enum answer play(struct monitor *monitor, size_t count)
{
	struct session *session = &monitor->session;
	uint32_t command = session->command + 1;
	size_t every = 1, drawn = 0, done, before, lines = 0;
	enum played played = PLAYED;

	if (!monitor->trace_data)
		return fail(monitor, "there is no trace; \"make monitor TRACE=FILE\" brings one");
	if (!count)
		return fail(monitor, "play: COUNT is at least 1");
	for (done = 0; done < count; done++) {
		played = play_event(monitor, command);
		if (played != PLAYED)
			break;
		if (!monitor->is_terminal || done % every)
			continue;
		before = monitor->lines;
		draw(monitor, lines);
		lines = monitor->lines - before;
		if (++drawn % PICTURES == 0)
			every *= 2;
	}
	if (played == PLAY_END)
		say(monitor, "The trace ends here.\n");
	if (played == PLAY_FAILED)
		play_reopen(monitor); /* the line that failed is the next one again */
	if (!done)
		return played == PLAY_FAILED ? ANSWER_FAILED : ANSWER_DONE;
	draw(monitor, lines);
	say(monitor, "%zu event%s done; the last: ", done, done == 1 ? "" : "s");
	say_changed(monitor, &session->log[session->nr - 1]);
	text_follow(monitor);
	return played == PLAY_FAILED ? ANSWER_FAILED : ANSWER_DONE;
}

/**
 * cmd_play() - do events of the trace, and draw the pool; on a terminal, again and again
 * @monitor: the monitor
 * @args: how many; without a number, all that are left
 *
 * Return: ANSWER_FAILED if there is no trace, or it has a mistake.
 */
enum answer cmd_play(struct monitor *monitor, const struct args *args)
{
	return play(monitor, args->nr ? args->number[0] : SIZE_MAX);
}

/**
 * cmd_step() - do one event of the trace
 * @monitor: the monitor
 * @args: none
 *
 * Return: as cmd_play().
 */
enum answer cmd_step(struct monitor *monitor, const struct args *args)
{
	(void)args;
	return play(monitor, 1);
}
