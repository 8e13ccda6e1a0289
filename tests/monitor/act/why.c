// SPDX-License-Identifier: MIT
/*
 * why.c - why an operation did what it did: what mm/ told, in sentences
 *
 *	mm_tell(NO_ROOM, node, 40, 64)		Node 1 has 40 bytes left, 64 are needed: ...
 *	mm_tell(ALIGNED, p, node, 64)		Node 2 fits: its last moves from ... to ...
 *
 * The sentences are told in the order of the decisions. Nodes have numbers: 1 is the oldest.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap_list.h>
#include <mm/mp_record.h>
#include <tests/monitor/monitor.h>

/**
 * node_number() - the number of a node in its pool
 * @pool: the pool
 * @node: any address
 *
 * Return: 1 for the oldest; 0: it is no node of the pool.
 */
unsigned int node_number(const struct mp_pool_s *pool, const void *node)
{
	unsigned int newer = 0, nr = 1;

	if (node == pool->head)
		return 1;
	for (const struct mp_record_s *at = pool->records; at; at = at->next) {
		if (mp_said_kind(at) != MP_NODE)
			continue;
		nr++;
		if (at == node)
			newer = nr;
	}
	return newer ? nr - newer + 2 : 0;
}

/**
 * op_pool() - the pool that the newest operation was about
 * @session: the session
 *
 * Return: the pool; NULL: there was none, or it has ended.
 */
const struct mp_pool_s *op_pool(const struct session *session)
{
	const struct op *op = session->nr ? &session->log[session->nr - 1] : NULL;
	const struct world *world = &session->world;
	enum thing_kind kind = op ? op_types[op->kind].acts_on : THING_KINDS;
	uint32_t number = NO_THING;

	if (kind != THING_KINDS)
		number = kind == POOL ? op->name : world->of[kind][op->name].pool;
	else if (op && op->kind == OP_CREATE)
		number = op->made;
	return number == NO_THING || world->of[POOL][number].ended ? NULL :
								     world->of[POOL][number].at;
}

/*
 * What to say. $p is the address that was told, $a and $b the numbers (tell.h), $e = $p + $b; $n is
 * the node in question, $q the pool, $l the bytes that it has left, $f how often it failed;
 * [$x $y] is a free list, $k a number of pages. Capitals print addresses.
 */
static const char *const sentences[] = {
	[TOLD_ALIGNED] = "Node $n fits: last moves up from $P to $E, by $b bytes; $l are left.",
	[TOLD_PACKED] = "Node $n fits: end moves down from $E to $P, by $b bytes; $l are left.",
	[TOLD_NO_ROOM] = "Node $n is current: $a bytes left, $b needed: failed is now $f.",
	[TOLD_NEW_NODE] = "Node $n is new, and current.",
	[TOLD_LARGE] = "A block of its own, of $a bytes, at $P: more than max, $b.",
	[TOLD_REFUSED] = "So the request for a block of $a bytes is refused, and counted.",
	[TOLD_LIMIT] = "The limit of p$q has $a bytes left; $b are needed.",
	[TOLD_RESIZED] =
		"It is a newest object of node $n: there it gets $b bytes, at $P; $l are left.",
	[TOLD_GIVEN_BACK] = "A newest object of node $n: $b bytes go back; $l are left.",
	[TOLD_COPIED] = "It cannot be resized where it is: $b bytes are copied from $A to $P.",
	[TOLD_LARGE_RESIZED] = "A large block: it was at $A; now it has $b bytes, at $P.",
	[TOLD_LISTED] = "Heap: the free list [$x $y] has a block of $a bytes, at $P; $b are taken.",
	[TOLD_TOP] = "Heap: no free list has a block: top gives $b bytes, and moves up to $E.",
	[TOLD_FREED] = "Heap: the block of $a bytes at $P is free.",
	[TOLD_JOINED] = "Heap: it joins its free neighbour of $a bytes, at $P.",
	[TOLD_PAGES] = "Pages: the heap takes $k, at $P.",
	[TOLD_PAGES_BACK] = "Pages: much is free at the end of the heap: $k go back, from $P on.",
};

/* What is said of a record that is undone, by its kind. */
static const char *const undone[] = {
	[MP_NODE] = "Undone, a node, at $P.",
	[MP_LARGE] = "Undone, a large block, with the record at $P.",
	[MP_CLEANUP] = "Undone, a cleanup, at $P: its handler runs.",
	[MP_CHILD] = "Undone, a child, at $P: first all that it holds, newest first.",
	[MP_MARK] = "Undone, a mark, at $P.",
};

static bool is_about_node(enum told_what what)
{
	return what == TOLD_ALIGNED || what == TOLD_PACKED || what == TOLD_NO_ROOM ||
	       what == TOLD_NEW_NODE || what == TOLD_RESIZED || what == TOLD_GIVEN_BACK;
}

/* The numbers for the sentence about a node of @pool. */
static void set_node(struct values *values, const struct mp_pool_s *pool, const struct told *told)
{
	bool is_at = told->what == TOLD_NO_ROOM || told->what == TOLD_NEW_NODE;
	const struct mp_node_s *node = (const void *)(is_at ? told->at : told->a);

	values->of['n' - 'a'] = node_number(pool, node);
	values->of['l' - 'a'] = mp_node_room(node);
	values->of['f' - 'a'] = node->failed;
}

/*
 * A new node has found two in the window: @current, which had no room, and an older one, which had
 * none, either. One of the two has left.
 */
static void say_window(struct monitor *monitor, const struct mp_pool_s *pool,
		       const struct told *told, const struct mp_node_s *current)
{
	const struct mp_node_s *older = (const void *)told->a;
	const struct mp_node_s *left = pool->older == current ? older : current;

	if (!older)
		return;
	say(monitor, "Node %u is the older one: %zu bytes left: failed is now %u.\n",
	    node_number(pool, older), told->b, older->failed);
	say(monitor, "Node %u leaves the window: %s.\n", node_number(pool, left),
	    older->failed == current->failed ? "both failed as often, and it is the older" :
					       "it failed more often");
}

/* Says one thing that was told. */
static void say_told(struct monitor *monitor, const struct mp_pool_s *pool, const struct told *told)
{
	const struct told *full = told; /* of a new node: what was told of the current one before */
	const struct mp_record_s record = { .tag = (uint32_t)told->a }; /* if it was undone */
	const struct world *world = &monitor->session.world;
	const char *sentence = sentences[told->what];
	struct values values = { 0 };
	struct heap_level level;

	if (is_about_node(told->what)) {
		if (!pool)
			return;
		set_node(&values, pool, told);
	}
	if (told->what == TOLD_NO_ROOM && !world->outcome.at)
		sentence = "Node $n is current: $a bytes left, $b needed.";
	if (told->what == TOLD_LARGE && told->a <= told->b)
		sentence = "A block of its own, of $a bytes, at $P: memalign always gets one.";
	if (told->what == TOLD_UNDONE)
		sentence = undone[mp_said_kind(&record)];
	if (told->what == TOLD_LISTED) {
		level = list_level(told->a);
		values.of['x' - 'a'] = level.fl;
		values.of['y' - 'a'] = level.sl;
	}
	for (uint32_t i = 0; i < world->nr[POOL]; i++)
		if (!world->of[POOL][i].ended && (uintptr_t)world->of[POOL][i].at == told->at)
			values.of['q' - 'a'] = i;
	values.of['p' - 'a'] = told->at;
	values.of['e' - 'a'] = told->at + told->b;
	values.of['a' - 'a'] = told->a;
	values.of['b' - 'a'] = told->b;
	values.of['k' - 'a'] = told->a / MM_PAGE_SIZE;
	while (told->what == TOLD_NEW_NODE && full->what != TOLD_NO_ROOM &&
	       full > monitor->session.tale.told)
		full--;
	if (told->what == TOLD_NEW_NODE)
		say_window(monitor, pool, told, (const void *)full->at);
	say_sentence(monitor, sentence, &values);
}

/* Why an operation had an outcome without any decision that mm/ tells. */
static const char *why_nothing_was_told(const struct session *session)
{
	enum op_kind kind = session->log[session->nr - 1].kind;

	if (kind == OP_PALLOC)
		return session->world.outcome.at ?
			       "The frontier of the pages moved up." :
			       "Behind the frontier there are not so many pages.";
	if (kind == OP_PBACK)
		return session->world.outcome.error ?
			       "They do not end at the frontier: pages behind them are in use." :
			       "They ended at the frontier of the pages, which moved down.";
	if (session->world.outcome.error == -ENOENT)
		return "What lies in front of it is no record of a large block.";
	return "No allocator had to decide anything.";
}

/**
 * cmd_why() - explain the newest operation
 * @monitor: the monitor
 * @args: none
 *
 * Return: ANSWER_FAILED if nothing was done yet.
 */
enum answer cmd_why(struct monitor *monitor, const struct args *args)
{
	const struct tale *told = &monitor->session.tale;
	const struct mp_pool_s *pool = op_pool(&monitor->session);

	(void)args;
	if (!monitor->session.nr)
		return fail(monitor, "why: nothing was done yet");
	if (!told->nr)
		say(monitor, "%s\n", why_nothing_was_told(&monitor->session));
	for (size_t i = 0; i < told->nr && i < TALE_MAX; i++)
		say_told(monitor, pool, &told->told[i]);
	if (told->nr > TALE_MAX)
		say(monitor, "... and %zu decisions more.\n", told->nr - TALE_MAX);
	return ANSWER_DONE;
}
