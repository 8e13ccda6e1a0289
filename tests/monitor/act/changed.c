// SPDX-License-Identifier: MIT
/*
 * changed.c - what an operation changed, in a line or two
 */
#include <kernel/lib/string.h>
#include <mm/mp_internal.h>
#include <tests/monitor/monitor.h>

static const char *const plurals[THING_KINDS] = { "pools", "objects", "marks", "blocks",
						  "handlers" };

/* The last of what was told that is @what; NULL: it was not told. */
static const struct told *find_told(const struct session *session, enum told_what what)
{
	const struct tale *told = &session->tale;
	const struct told *found = NULL;

	for (size_t i = 0; i < told->nr && i < TALE_MAX; i++)
		if (told->told[i].what == what)
			found = &told->told[i];
	return found;
}

/* Says where a new object is. */
static void say_object(struct monitor *monitor)
{
	const struct session *session = &monitor->session;
	const struct outcome *outcome = &session->world.outcome;
	const struct thing *object = &session->world.of[OBJECT][outcome->made];
	const struct told *told = find_told(session, TOLD_ALIGNED);
	const struct mp_node_s *node;

	say(monitor, "a%u: %zu bytes at %#lx", outcome->made, object->size, (uintptr_t)object->at);
	if (!told)
		told = find_told(session, TOLD_PACKED);
	if (!told)
		told = find_told(session, TOLD_RESIZED);
	if (!told) {
		say(monitor, ", a large block of p%u\n", object->pool);
		return;
	}
	node = (const void *)told->a;
	say(monitor, " in node %u of p%u%s, where %zu are left%s\n",
	    node_number(op_pool(session), node), object->pool,
	    told->what == TOLD_PACKED ? ", packed" : "", mp_node_room(node),
	    find_told(session, TOLD_NEW_NODE) ? "; the node is new" : "");
}

/* Says what ended, and in which order handlers ran. */
static void say_ended(struct monitor *monitor)
{
	const struct world *world = &monitor->session.world;
	const char *before = "Ended: ";
	uint32_t first = world->ran + 1;

	for (enum thing_kind kind = POOL; kind < THING_KINDS; kind++) {
		uint32_t nr = world->outcome.ended[kind];

		if (!nr)
			continue;
		say(monitor, "%s%u %.*s", before, nr, (int)strlen(plurals[kind]) - (nr == 1),
		    plurals[kind]);
		before = ", ";
	}
	if (*before == 'E')
		return;
	/* Handlers that ran now have the highest numbers; those that ran first, the lowest. */
	for (uint32_t i = 0; i < world->nr[HANDLER]; i++) {
		const struct thing *handler = &world->of[HANDLER][i];

		if (handler->ran && handler->ended == world->op && handler->ran < first)
			first = handler->ran;
	}
	before = "; they ran in this order: ";
	for (uint32_t order = first; order <= world->ran && order < first + 8; order++) {
		for (uint32_t i = world->nr[HANDLER]; i--;) {
			if (world->of[HANDLER][i].ran != order)
				continue;
			say(monitor, "%sc%u", before, i);
			break;
		}
		before = ", ";
	}
	say(monitor, world->ran >= first + 8 ? ", ...\n" : "\n");
}

/* Says that nothing was given. */
static void say_null(struct monitor *monitor, const struct op *op)
{
	const struct session *session = &monitor->session;

	if (find_told(session, TOLD_LIMIT))
		say(monitor, "NULL: a limit would be passed\n");
	else if (find_told(session, TOLD_REFUSED) || (op->kind == OP_PALLOC && op->size))
		say(monitor, "NULL: memory is out, or no block can be so large\n");
	else
		say(monitor, "NULL: such a size or alignment is refused\n");
}

/* $n: what it was done to; $m: what it made; $s: size asked for; $p: address; $u: usable bytes */
static const struct {
	const char *done;
	const char *refused; /* if the call returned an error */
} sentences[OP_KINDS] = {
	[OP_CREATE] = { "p$m: a pool at $P; its nodes hold $u bytes", NULL },
	[OP_CHILD] = { "p$m: a pool at $P; its nodes hold $u bytes; it ends with p$n", NULL },
	[OP_CLEANUP] = { "c$m: a handler of p$n; it runs when the pool ends", NULL },
	[OP_REALLOC] = { "a$n is given up", NULL },
	[OP_FREE] = { "a$n is free", "-ENOENT: a$n is a small object; it ends with its pool" },
	[OP_MARK] = { "m$m: a mark of p$n", NULL },
	[OP_RELEASE] = { "The pool is as it was when m$n was made", "-EINVAL: m$n is no mark" },
	[OP_RESET] = { "p$n is as new", NULL },
	[OP_DESTROY] = { "p$n is gone", NULL },
	[OP_LIMIT] = { "p$n, and the pools below, may hold $s bytes",
		       "-EINVAL: p$n holds more already" },
	[OP_HALLOC] = { "h$m: $s bytes at $P, of which $u may be used", NULL },
	[OP_HFREE] = { "h$n is free", NULL },
	[OP_PALLOC] = { "$s pages at $P", NULL },
	[OP_PBACK] = { "The pages at $P are back",
		       "-EBUSY: later pages are in use, by the heap perhaps" },
};

/* Does the operation return an address, which is NULL when it is refused? */
static bool gives_memory(const struct op *op)
{
	return op_types[op->kind].makes != THING_KINDS || op->kind == OP_PALLOC ||
	       (op->kind == OP_REALLOC && op->size);
}

/**
 * say_changed() - say what the newest operation changed
 * @monitor: where
 * @op: the operation
 */
void say_changed(struct monitor *monitor, const struct op *op)
{
	const struct outcome *outcome = &monitor->session.world.outcome;
	struct values values = { 0 };

	if (gives_memory(op) && !outcome->at) {
		say_null(monitor, op);
		return;
	}
	if (!sentences[op->kind].done || (op->kind == OP_REALLOC && op->size)) {
		say_object(monitor);
		return;
	}
	if (op->kind == OP_LIMIT && !op->size) {
		say(monitor, "p%u has no limit of its own\n", op->name);
		return;
	}
	values.of['n' - 'a'] = op->name;
	values.of['m' - 'a'] = outcome->made;
	values.of['s' - 'a'] = op->size;
	values.of['p' - 'a'] = (uintptr_t)outcome->at;
	if (op->kind == OP_HALLOC)
		values.of['u' - 'a'] = heap_usable_size(outcome->at);
	if (op->kind <= OP_CHILD)
		values.of['u' - 'a'] = ((const struct mp_pool_s *)outcome->at)->size;
	say_sentence(monitor,
		     outcome->error ? sentences[op->kind].refused : sentences[op->kind].done,
		     &values);
	if (op->kind != OP_FREE && op->kind != OP_HFREE)
		say_ended(monitor);
}
