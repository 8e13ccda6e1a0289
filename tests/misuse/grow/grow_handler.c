// SPDX-License-Identifier: MIT
/*
 * grow_handler.c - handlers that resize, name, limit and count while their pool is being undone
 *
 *	pool (LIMIT) --> child --> grandchild
 *
 * One of them has a handler, as its newest record. While that runs, it makes one call. The row's
 * words are what came of it. If the pool is alive afterwards, its limit must be what was set, and
 * what is left of it must fit what is held.
 */
#include <tests/misuse/grow/grow.h>

enum action {
	NO_ACTION,
	LIMIT_POOL,
	UNLIMIT_POOL,
	LIMIT_CHILD,
	UNLIMIT_CHILD,
	LIMIT_GRANDCHILD,
	LARGE_IN_GRANDCHILD,
	TOO_MUCH_IN_CHILD,
	TOO_MUCH_IN_GRANDCHILD,
	DESTROY_POOL,
	DESTROY_GRANDCHILD,
	RESIZE_OLDER,
	RESIZE_YOUNGER,
	GIVE_BACK,
	NAME_CHILD,
	PRINT_POOL,
	PRINT_CHILD,
	PRINTF_IN_CHILD,
	CREATE_BELOW_CHILD,
	WRECK_PARENT,
	WRECK_BOUNDED,
};

static const char *wreck(unsigned char *p, size_t n)
{
	memset(p, 'A', n);
	return NULL;
}

/* In the child, of which mem.q is an older block and mem.other a younger one. */
static const char *resize_in_child(unsigned char *p, size_t n)
{
	return success(mp_realloc(as_pool(mem.child), p, LARGE * 5, n));
}

static const char *give_back_in_child(unsigned char *p, size_t n)
{
	return mp_give_back(as_pool(mem.child), p, n) == -EBUSY ? BUSY : "= another result";
}

static const struct misuse_call actions[] = {
	[LIMIT_POOL] = { limit_of, &mem.pool, 0, 2 * LIMIT },
	[UNLIMIT_POOL] = { limit_of, &mem.pool, 0, 0 },
	[LIMIT_CHILD] = { limit_of, &mem.child, 0, 2 * LIMIT },
	[UNLIMIT_CHILD] = { limit_of, &mem.child, 0, 0 },
	[LIMIT_GRANDCHILD] = { limit_of, &mem.grandchild, 0, 2 * LIMIT },
	[LARGE_IN_GRANDCHILD] = { aligned, &mem.grandchild, 0, LARGE * 5 },
	[TOO_MUCH_IN_CHILD] = { aligned, &mem.child, 0, LIMIT },
	[TOO_MUCH_IN_GRANDCHILD] = { aligned, &mem.grandchild, 0, LIMIT },
	[DESTROY_POOL] = { destroy, &mem.pool },
	[DESTROY_GRANDCHILD] = { destroy, &mem.grandchild },
	[RESIZE_OLDER] = { resize_in_child, &mem.q, 0, LARGE * 6 },
	[RESIZE_YOUNGER] = { resize_in_child, &mem.other, 0, LARGE * 6 },
	[GIVE_BACK] = { give_back_in_child, &mem.small, 0, 64 },
	[NAME_CHILD] = { name_of, &mem.child },
	[PRINT_POOL] = { tree_of, &mem.pool },
	[PRINT_CHILD] = { tree_of, &mem.child },
	[PRINTF_IN_CHILD] = { printf_of, &mem.child },
	[CREATE_BELOW_CHILD] = { create_below, &mem.child },
	[WRECK_PARENT] = { wreck, &mem.pool, POOL(parent), 8 },
	[WRECK_BOUNDED] = { wreck, &mem.pool, POOL(bounded), 8 },
};

static enum action action;
static bool has_run;
static const char *said;

static void act(void *data)
{
	(void)data;
	has_run = true;
	if (action != NO_ACTION)
		said = misuse_call(&actions[action]);
}

static void add_actor(unsigned char *pool)
{
	add_handler(pool);
	as_cleanup(mem.cleanup)->handler = act;
}

static void act_in_pool(void)
{
	bounded();
	add_actor(mem.pool);
}

static void act_in_child(void)
{
	bounded();
	add_actor(mem.child);
	mem.other = mp_alloc(as_pool(mem.child), LARGE * 5);
}

static void act_in_grandchild(void)
{
	bounded();
	add_actor(mem.grandchild);
}

/* The grandchild has a limit of its own. */
static void two_limits(void)
{
	act_in_grandchild();
	if (mp_set_limit(as_pool(mem.grandchild), LIMIT / 2))
		panic("the scene needs a second limit");
}

/* The limit that the pool must have now. */
static size_t expected_limit(void)
{
	bool is_set = said && said[0] == '=' && said[2] == '0';

	if (is_set && action == LIMIT_POOL)
		return 2 * LIMIT;
	return is_set && action == UNLIMIT_POOL ? 0 : LIMIT;
}

/* @result: of the call that was to run the handler. Is the pool alive? */
static const char *what_came(const char *result, bool is_alive)
{
	struct mp_stats_s stats;

	if (!has_run)
		return "= the handler was not called";
	if (heap_check(mem.heap))
		return "= a broken heap";
	if (!is_alive || action == DESTROY_POOL)
		return said ? said : result;
	mp_get_tree_stats(as_pool(mem.pool), &stats);
	if (stats.limit != expected_limit())
		return "= another limit";
	return said ? said : result;
}

static void prepare(size_t n)
{
	action = (enum action)n;
	has_run = false;
	said = NULL;
}

/* The handler does action @n while @p is ended in one of these ways. */
static const char *destroying(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(destroy(p, 0), p != mem.pool);
}

static const char *resetting(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(reset(p, 0), true);
}

static const char *releasing_child(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(release_child(p, 0), true);
}

/* @p: runs its handler; nothing is being undone. */
static const char *running(unsigned char *p, size_t n)
{
	prepare(n);
	mp_cleanup_run(as_pool(p), as_cleanup(mem.cleanup));
	return what_came("= run", true);
}

/* Such calls take many steps. */
#define ROW(name, words, scene, ...)                                     \
	{                                                                \
		name, words, scene, {}, { __VA_ARGS__ }, .is_long = true \
	}

const struct misuse_row grow_handler[] = {
	ROW("of the pool, destroyed: set_limit", BUSY, act_in_pool, destroying, &mem.pool, 0,
	    LIMIT_POOL),
	ROW("of the pool, destroyed: set_limit, none", BUSY, act_in_pool, destroying, &mem.pool, 0,
	    UNLIMIT_POOL),
	ROW("of the pool, reset: set_limit", BUSY, act_in_pool, resetting, &mem.pool, 0,
	    LIMIT_POOL),
	ROW("of the pool, reset: set_limit of the child, works", "= 0", act_in_pool, resetting,
	    &mem.pool, 0, LIMIT_CHILD),
	ROW("of the pool, reset: the child passes the limit", "= NULL", act_in_pool, resetting,
	    &mem.pool, 0, TOO_MUCH_IN_CHILD),
	ROW("of the pool, run early: set_limit, works", "= 0", act_in_pool, running, &mem.pool, 0,
	    LIMIT_POOL),
	ROW("of the pool, run early: set_limit, none, works", "= 0", act_in_pool, running,
	    &mem.pool, 0, UNLIMIT_POOL),
	ROW("of the child, run early: set_limit of the pool, none, works", "= 0", act_in_child,
	    running, &mem.child, 0, UNLIMIT_POOL),
	ROW("of the child, the pool reset: set_limit of the pool", BUSY, act_in_child, resetting,
	    &mem.pool, 0, LIMIT_POOL),
	ROW("of the child, the pool destroyed: set_limit of it", BUSY, act_in_child, destroying,
	    &mem.pool, 0, LIMIT_CHILD),
	ROW("of the child, the pool destroyed: set_limit of it, none", BUSY, act_in_child,
	    destroying, &mem.pool, 0, UNLIMIT_CHILD),
	ROW("of the child, it is reset: set_limit of the pool", BUSY, act_in_child, resetting,
	    &mem.child, 0, LIMIT_POOL),
	ROW("of the child, it is reset: set_limit of the pool, none", BUSY, act_in_child, resetting,
	    &mem.child, 0, UNLIMIT_POOL),
	ROW("of the child, it is reset: set_limit of the grandchild, works", "= 0", act_in_child,
	    resetting, &mem.child, 0, LIMIT_GRANDCHILD),
	ROW("of the child, it is destroyed: set_limit of the pool, works", "= 0", act_in_child,
	    destroying, &mem.child, 0, LIMIT_POOL),
	ROW("of the child, it is destroyed: set_limit of the pool, none, works", "= 0",
	    act_in_child, destroying, &mem.child, 0, UNLIMIT_POOL),
	ROW("of the child, it is destroyed: set_limit of it", BUSY, act_in_child, destroying,
	    &mem.child, 0, LIMIT_CHILD),
	ROW("of the child, it is destroyed: is not bounded, works", "= memory", act_in_child,
	    destroying, &mem.child, 0, TOO_MUCH_IN_CHILD),
	ROW("of the child, it is destroyed: destroys the pool, works", "= destroyed", act_in_child,
	    destroying, &mem.child, 0, DESTROY_POOL),
	ROW("of the child, it is destroyed: destroys the grandchild, works", "= destroyed",
	    act_in_child, destroying, &mem.child, 0, DESTROY_GRANDCHILD),
	ROW("of the child, it is reset: destroys the pool", BEING_UNDONE, act_in_child, resetting,
	    &mem.child, 0, DESTROY_POOL),

	/* The grandchild is off the child's list while it ends: no walk from above meets it. */
	ROW("of the grandchild, the child is reset: set_limit of the pool", BUSY, act_in_grandchild,
	    resetting, &mem.child, 0, LIMIT_POOL),
	ROW("of the grandchild, the child is reset: set_limit of the pool, none", BUSY,
	    act_in_grandchild, resetting, &mem.child, 0, UNLIMIT_POOL),
	ROW("of the grandchild, the child is reset: set_limit of the child", BUSY,
	    act_in_grandchild, resetting, &mem.child, 0, LIMIT_CHILD),
	ROW("of the grandchild, the child is reset: it takes memory, works", "= memory",
	    act_in_grandchild, resetting, &mem.child, 0, LARGE_IN_GRANDCHILD),
	ROW("of the grandchild, the child is reset: it passes the limit", "= NULL",
	    act_in_grandchild, resetting, &mem.child, 0, TOO_MUCH_IN_GRANDCHILD),
	ROW("of the grandchild, the child is reset: print_tree, works", "= a tree",
	    act_in_grandchild, resetting, &mem.child, 0, PRINT_POOL),
	ROW("of the grandchild, the child is released: set_limit of the pool", BUSY,
	    act_in_grandchild, releasing_child, &mem.mark, 0, LIMIT_POOL),
	ROW("of the grandchild, the child is destroyed: set_limit of the pool, works", "= 0",
	    act_in_grandchild, destroying, &mem.child, 0, LIMIT_POOL),
	ROW("of the grandchild, the child is destroyed: destroys the pool, works", "= destroyed",
	    act_in_grandchild, destroying, &mem.child, 0, DESTROY_POOL),
	ROW("of the grandchild, it is destroyed: destroys the pool, works", "= destroyed",
	    act_in_grandchild, destroying, &mem.grandchild, 0, DESTROY_POOL),
	ROW("with a limit, it is destroyed: destroys the pool, works", "= destroyed", two_limits,
	    destroying, &mem.grandchild, 0, DESTROY_POOL),
	ROW("with a limit, the child is reset: set_limit of the pool", BUSY, two_limits, resetting,
	    &mem.child, 0, LIMIT_POOL),
	ROW("with a limit, the child is destroyed: passes its own", "= NULL", two_limits,
	    destroying, &mem.child, 0, TOO_MUCH_IN_GRANDCHILD),

	/* Other calls on a pool that is being undone. */
	ROW("of the child, it is reset: resizes an older block, works", "= memory", act_in_child,
	    resetting, &mem.child, 0, RESIZE_OLDER),
	ROW("of the child, it is reset: resizes a younger block", NOT_OF_POOL, act_in_child,
	    resetting, &mem.child, 0, RESIZE_YOUNGER),
	ROW("of the child, it is reset: gives back what is not its own", BUSY, act_in_child,
	    resetting, &mem.child, 0, GIVE_BACK),
	ROW("of the child, it is reset: set_name, works", "= named", act_in_child, resetting,
	    &mem.child, 0, NAME_CHILD),
	ROW("of the child, it is reset: printf, works", "= memory", act_in_child, resetting,
	    &mem.child, 0, PRINTF_IN_CHILD),
	ROW("of the child, it is reset: print_tree, works", "= a tree", act_in_child, resetting,
	    &mem.child, 0, PRINT_CHILD),
	ROW("of the child, it is reset: create_pool_with, works", "= memory", act_in_child,
	    resetting, &mem.child, 0, CREATE_BELOW_CHILD),
	ROW("of the child, it is reset: overwrites the pool's parent", OVERWRITTEN, act_in_child,
	    resetting, &mem.child, 0, WRECK_PARENT),
	ROW("of the child, it is reset: overwrites the pool's bounded", OVERWRITTEN, act_in_child,
	    resetting, &mem.child, 0, WRECK_BOUNDED),
	ROW("of the grandchild, the child is reset: overwrites the pool's parent", OVERWRITTEN,
	    act_in_grandchild, resetting, &mem.child, 0, WRECK_PARENT),
	{},
};
