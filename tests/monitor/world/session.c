// SPDX-License-Identifier: MIT
/*
 * session.c - does operations, keeps the log of them, and does it again
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/env.h>
#include <tests/monitor/world/session.h>

#define NAMES_SHARE 64 /* for each so many bytes of an arena, an object can have a name */
#define TEXT_ROOM 1024

struct tale *tale;

void tell(enum told_what what, uintptr_t at, size_t a, size_t b)
{
	if (!tale)
		return;
	if (tale->nr < TALE_MAX)
		tale->told[tale->nr] = (struct told){ what, at, a, b };
	tale->nr++;
}

/* Takes @bytes from the front of the memory at *@next. */
static void *cut(char **next, size_t bytes)
{
	char *at = *next;

	*next += mp_align(bytes, MM_PAGE_SIZE);
	return at;
}

static void place_world(struct world *world, char **next, size_t arena_bytes,
			uint64_t (*clock)(void))
{
	world->clock = clock;
	world->arena = cut(next, arena_bytes);
	world->arena_bytes = arena_bytes;
	world->pages.peak = arena_bytes / MM_PAGE_SIZE; /* all may hold leftovers */
	for (enum thing_kind kind = POOL; kind < THING_KINDS; kind++) {
		size_t share = kind == OBJECT ? NAMES_SHARE : 8 * NAMES_SHARE;

		world->max[kind] = (uint32_t)(arena_bytes / share);
		world->of[kind] = cut(next, world->max[kind] * sizeof(struct thing));
	}
}

/**
 * session_open() - begin a session, in which nothing was done yet
 * @session: the session
 * @memory: for its worlds and its log: whole pages
 * @bytes: how many; at least SESSION_MIN
 * @clock: counts instructions; or NULL
 *
 * Return: whether the memory suffices.
 */
bool session_open(struct session *session, void *memory, size_t bytes, uint64_t (*clock)(void))
{
	char *next = memory;
	size_t arena_bytes = bytes / 6 & -MM_PAGE_SIZE;

	memset(session, 0, sizeof(*session));
	if (bytes < SESSION_MIN)
		return false;
	place_world(&session->world, &next, arena_bytes, NULL);
	place_world(&session->plain, &next, arena_bytes, clock);
	session->texts = cut(&next, SESSION_TEXTS);
	for (enum thing_kind kind = POOL; kind <= OBJECT; kind++)
		session->played[kind] = cut(&next, session->world.max[kind] * sizeof(uint32_t));
	session->log = (struct op *)next;
	session->max = (uint32_t)(((char *)memory + bytes - next) / sizeof(*session->log));
	world_watched.start(&session->world);
	return true;
}

static void *caught[5];
static char *caught_reason;

static void jump_out(const char *reason)
{
	snprintf(caught_reason, SESSION_REASON, "%s", reason);
	__builtin_longjmp(caught, 1);
}

/* Does @op in the watched world. False: the allocator panicked, and the world is broken. */
__attribute__((noinline)) static bool act(struct session *session, const struct op *op)
{
	session->tale.nr = 0;
	caught_reason = session->reason;
	if (__builtin_setjmp(caught)) {
		tale = NULL;
		panic_notifier = NULL;
		return false;
	}
	panic_notifier = jump_out;
	tale = &session->tale;
	world_watched.act(&session->world, op);
	tale = NULL;
	panic_notifier = NULL;
	return true;
}

/* Notes what an operation of a trace made: later lines of the trace name it by number. */
static void note_played(struct session *session, const struct op *op)
{
	enum thing_kind kind = op_types[op->kind].makes;

	if (op->line && kind <= OBJECT)
		session->played[kind][session->nr_played[kind]++] = op->made;
}

/* Makes the watched world anew from the log. */
static void redo(struct session *session)
{
	world_watched.start(&session->world);
	session->nr_played[POOL] = 0;
	session->nr_played[OBJECT] = 0;
	for (uint32_t i = 0; i < session->nr; i++) {
		(void)act(session, &session->log[i]);
		note_played(session, &session->log[i]);
	}
}

/* What there is no room for, if @op is to be done; NULL: there is room. */
static const char *lacks_room(const struct session *session, const struct op *op)
{
	static const char *const words[] = { "pool", "object", "mark", "block of the heap",
					     "handler" };
	const struct world *world = &session->world;
	enum thing_kind makes = op_types[op->kind].makes;

	if (session->nr == session->max)
		return "operation";
	if (makes < THING_KINDS && world->nr[makes] == world->max[makes])
		return words[makes];
	if (makes <= OBJECT && session->nr_played[makes] == world->max[makes])
		return "request of a trace";
	if (op->kind == OP_PALLOC && world->nr_runs == WORLD_RUNS)
		return "run of pages";
	if (op->text && session->texts_used + TEXT_ROOM > SESSION_TEXTS)
		return "text";
	return NULL;
}

/**
 * session_do() - do an operation, and keep it in the log
 * @session: the session
 * @op: the operation; its names are alive, and the number of its command is not below that of
 *	the operation before; its text is copied
 *
 * Return: how it went.
 */
enum session_result session_do(struct session *session, struct op op)
{
	const char *lacking = lacks_room(session, &op);
	size_t texts_used = session->texts_used;

	if (lacking) {
		snprintf(session->reason, SESSION_REASON, "there is no room for another %s",
			 lacking);
		return SESSION_FULL;
	}
	if (op.text) {
		char *text = session->texts + session->texts_used;

		snprintf(text, TEXT_ROOM, "%s", op.text);
		op.text = text;
		session->texts_used += strlen(text) + 1;
	}
	if (!act(session, &op)) {
		session->texts_used = texts_used;
		redo(session);
		return SESSION_PANICKED;
	}
	op.made = session->world.outcome.made;
	session->log[session->nr++] = op;
	note_played(session, &op);
	session->command = op.command;
	return SESSION_DONE;
}

/**
 * session_try() - see what the allocator says to an operation, and undo it
 * @session: the session
 * @op: the operation; its names may have ended: it may be a mistake
 * @outcome: gets its outcome
 *
 * Return: how it went.
 */
enum session_result session_try(struct session *session, struct op op, struct outcome *outcome)
{
	bool answered = act(session, &op);

	*outcome = session->world.outcome;
	redo(session);
	return answered ? SESSION_DONE : SESSION_PANICKED;
}

/**
 * session_back() - make everything as it was some commands ago
 * @session: the session
 * @commands: how many; more than there were: to the beginning
 */
void session_back(struct session *session, uint32_t commands)
{
	while (commands-- && session->nr) {
		uint32_t command = session->log[session->nr - 1].command;

		while (session->nr && session->log[session->nr - 1].command == command) {
			const char *text = session->log[--session->nr].text;

			if (text) /* the texts of the log lie behind each other */
				session->texts_used = (size_t)(text - session->texts);
		}
	}
	session->command = session->nr ? session->log[session->nr - 1].command : 0;
	redo(session);
}

/**
 * session_cost() - count the instructions of the newest operation
 * @session: a session with a clock, in which something was done
 *
 * All is done again in the other world, whose mm/ tells nothing.
 *
 * Return: instructions that the call took.
 */
uint64_t session_cost(struct session *session)
{
	world_plain.start(&session->plain);
	for (uint32_t i = 0; i < session->nr; i++)
		if (world_has(&session->plain, &session->log[i]))
			world_plain.act(&session->plain, &session->log[i]);
	return session->plain.outcome.instructions;
}
