// SPDX-License-Identifier: MIT
/*
 * play.c - does what a trace says, event by event
 *
 * The trace's pool 0 may be p3 here, if pools were there before: session->played says which.
 */
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

#define PICTURES_MAX 500 /* of one "play": so many are drawn in place, one over the other */

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
	switch (record->type) {
	case 'c':
		return record->nr_fields == 3 ? OP_CHILD : OP_CREATE;
	case 'a':
		return OP_ALLOC;
	case 'n':
		return OP_NALLOC;
	case 'z':
		return OP_CALLOC;
	case 'm':
		return OP_MEMALIGN;
	case 'k':
		return OP_CLEANUP;
	case 'f':
		return OP_FREE;
	case 'r':
		return OP_RESET;
	default:
		return OP_DESTROY;
	}
}

/* The operation that a record asks for. False: it names what is not there. */
static bool read_op(struct monitor *monitor, const struct trace_record *record, struct op *op)
{
	*op = (struct op){ .kind = kind_of(record),
			   .command = monitor->session.command + 1,
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

/* Does the next event, as part of @command. False: there is none, or it cannot be done. */
static bool play_event(struct monitor *monitor, uint32_t command)
{
	struct session *session = &monitor->session;
	struct trace_record record;
	struct op op;

	switch (trace_next(&monitor->trace, &record)) {
	case TRACE_END:
		say(monitor, "The trace ends here.\n");
		return false;
	case TRACE_ERROR:
		fail(monitor, "line %zu of the trace: %s", monitor->trace.line,
		     monitor->trace.error);
		return false;
	case TRACE_RECORD:
		break;
	}
	if (!read_op(monitor, &record, &op))
		return false;
	op.command = command;
	switch (session_do(session, op)) {
	case SESSION_DONE:
		return true;
	case SESSION_FULL:
		fail(monitor, "the session is full: %u operations; \"back\" helps", session->nr);
		return false;
	default:
		fail(monitor, "line %zu of the trace: the allocator panics: %s",
		     monitor->trace.line, session->reason);
		return false;
	}
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
static enum answer play(struct monitor *monitor, size_t count, bool draws)
{
	struct session *session = &monitor->session;
	uint32_t command = session->command + 1;
	size_t every = count / PICTURES_MAX + 1, done, before, lines = 0;

	if (!monitor->trace_data)
		return fail(monitor, "there is no trace; \"make monitor TRACE=FILE\" brings one");
	for (done = 0; done < count && play_event(monitor, command); done++) {
		if (!draws || !monitor->is_terminal || done % every)
			continue;
		before = monitor->lines;
		draw(monitor, lines);
		lines = monitor->lines - before;
	}
	if (!done)
		return monitor->trace.next == monitor->trace.end ? ANSWER_DONE : ANSWER_FAILED;
	draw(monitor, lines);
	say(monitor, "%zu event%s done, up to line %zu of the trace; the last: ", done,
	    done == 1 ? "" : "s", monitor->trace.line);
	say_changed(monitor, &session->log[session->nr - 1]);
	text_follow(monitor);
	return done == count || monitor->trace.next == monitor->trace.end ? ANSWER_DONE :
									    ANSWER_FAILED;
}

/**
 * cmd_play() - do events of the trace, and draw the pool after each
 * @monitor: the monitor
 * @args: how many; without a number, all that are left
 *
 * Return: ANSWER_FAILED if there is no trace, or it has a mistake.
 */
enum answer cmd_play(struct monitor *monitor, const struct args *args)
{
	return play(monitor, args->nr ? args->number[0] : SIZE_MAX, true);
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
	return play(monitor, 1, false);
}
