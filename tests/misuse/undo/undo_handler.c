// SPDX-License-Identifier: MIT
/*
 * undo_handler.c - what a handler must not do while its pool is being undone
 *
 *	pool->records --> mark --> child --> old_mark --> NULL
 *	                  child->records --> grandchild --> a mark --> NULL
 *
 * One of the three pools has a handler, as its newest record. While that runs, it makes one
 * call. The row's words are what came of that call.
 */
#include <tests/misuse/undo/undo.h>

/* The calls that handlers make. */
enum action {
	NO_ACTION,
	RUN_ITSELF,
	REMOVE_ITSELF,
	DESTROY_POOL,
	RESET_POOL,
	RELEASE_OLD,
	RELEASE_MARK,
	RELEASE_CHILD_MARK,
	DESTROY_CHILD,
	RESET_CHILD,
	DESTROY_GRANDCHILD,
	ALLOC_IN_CHILD,
	PARENT_OF_CHILD,
	FREE_YOUNGER,
	FREE_OWN_BLOCK,
	FREE_POOL_BLOCK,
	FREE_CHILD_BLOCK,
	WRECK_POOL_HEAP,
	WRECK_POOL_RECORDS,
	WRECK_POOL_UNDOING,
	WRECK_POOL_PARENT,
	WRECK_POOL_COOKIE,
	WRECK_CHILD_HEAP,
	WRECK_CHILD_RECORDS,
	WRECK_CHILD_UNDOING,
	WRECK_CHILD_PARENT,
	WRECK_CHILD_COOKIE,
	WRECK_OWN_RECORD,
	WRECK_MARK,
	WRECK_MARK_WINDOW,
};

static const char *wreck(unsigned char *p, size_t n)
{
	memset(p, 'A', n);
	return NULL;
}

static const struct misuse_call actions[] = {
	[RUN_ITSELF] = { run_cleanup, &mem.cleanup },
	[REMOVE_ITSELF] = { remove_cleanup, &mem.cleanup },
	[DESTROY_POOL] = { destroy, &mem.pool },
	[RESET_POOL] = { reset, &mem.pool },
	[RELEASE_OLD] = { release_mark, &mem.old_mark, 0, OLD_MARK },
	[RELEASE_MARK] = { release_mark, &mem.mark, 0, MARK },
	[RELEASE_CHILD_MARK] = { release_child, &mem.other, 0, CHILD_MARK },
	[DESTROY_CHILD] = { destroy, &mem.child },
	[RESET_CHILD] = { reset, &mem.child },
	[DESTROY_GRANDCHILD] = { destroy, &mem.grandchild },
	[ALLOC_IN_CHILD] = { aligned, &mem.child, 0, 24 },
	[PARENT_OF_CHILD] = { parent_of, &mem.child },
	[FREE_YOUNGER] = { release, &mem.p },
	[FREE_OWN_BLOCK] = { free_block, &mem.cleanup },
	[FREE_POOL_BLOCK] = { free_block, &mem.pool },
	[FREE_CHILD_BLOCK] = { free_block, &mem.child },
	[WRECK_POOL_HEAP] = { wreck, &mem.pool, POOL(heap), 8 },
	[WRECK_POOL_RECORDS] = { wreck, &mem.pool, POOL(records), 8 },
	[WRECK_POOL_UNDOING] = { wreck, &mem.pool, POOL(undoing), 8 },
	[WRECK_POOL_PARENT] = { wreck, &mem.pool, POOL(parent), 8 },
	[WRECK_POOL_COOKIE] = { wreck, &mem.pool, POOL(entry.cookie), 8 },
	[WRECK_CHILD_HEAP] = { wreck, &mem.child, POOL(heap), 8 },
	[WRECK_CHILD_RECORDS] = { wreck, &mem.child, POOL(records), 8 },
	[WRECK_CHILD_UNDOING] = { wreck, &mem.child, POOL(undoing), 8 },
	[WRECK_CHILD_PARENT] = { wreck, &mem.child, POOL(parent), 8 },
	[WRECK_CHILD_COOKIE] = { wreck, &mem.child, POOL(entry.cookie), 8 },
	[WRECK_OWN_RECORD] = { wreck, &mem.cleanup, -16, 32 },
	[WRECK_MARK] = { wreck, &mem.mark, 0, MARK_BYTES },
	[WRECK_MARK_WINDOW] = { wreck, &mem.mark, MARK_CURRENT, MARK_SUM - MARK_CURRENT },
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
	family();
	add_actor(mem.pool);
}

static void act_in_child(void)
{
	family();
	add_actor(mem.child);
}

static void act_in_grandchild(void)
{
	family();
	add_actor(mem.grandchild);
}

/* The handler is the oldest record: all others are gone when it runs. */
static void act_at_last(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	add_actor(mem.pool);
	mem.child = (unsigned char *)mp_create_child(as_pool(mem.pool), NODE);
	mem.mark = (unsigned char *)mp_mark(as_pool(mem.pool)).savepoint;
	mem.number = mem.heap->marks - MARK;
	mem.p = mp_alloc(as_pool(mem.pool), LARGE);
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

static void prepare(size_t n)
{
	action = (enum action)n;
	has_run = false;
	said = NULL;
}

/* @result: of the call that was to run the handler. */
static const char *what_came(const char *result)
{
	if (!has_run)
		return "= the handler was not called";
	return said ? said : result;
}

/* The handler does action @n while @p is ended in one of these ways. */
static const char *destroying(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(destroy(p, 0));
}

static const char *resetting(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(reset(p, 0));
}

static const char *releasing_old(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(release_mark(p, OLD_MARK));
}

static const char *releasing(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(release_mark(p, MARK));
}

static const char *releasing_child(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(release_child(p, CHILD_MARK));
}

static const char *running(unsigned char *p, size_t n)
{
	prepare(n);
	return what_came(run_cleanup(p, 0));
}

/* Such calls take many steps. */
#define ROW(name, words, scene, ...)                                     \
	{                                                                \
		name, words, scene, {}, { __VA_ARGS__ }, .is_long = true \
	}
/* The handler of the pool itself: what it may not do, however its pool is being undone. */
#define OWN_POOL(how, call, base)                                                                 \
	ROW(how ": runs itself", NOENT, act_in_pool, call, base, 0, RUN_ITSELF),                  \
		ROW(how ": removes itself", NOENT, act_in_pool, call, base, 0, REMOVE_ITSELF),    \
		ROW(how ": destroys it", BEING_UNDONE, act_in_pool, call, base, 0, DESTROY_POOL), \
		ROW(how ": resets it", BEING_UNDONE, act_in_pool, call, base, 0, RESET_POOL),     \
		ROW(how ": releases the oldest mark", BUSY, act_in_pool, call, base, 0,           \
		    RELEASE_OLD),                                                                 \
		ROW(how ": releases the newest mark", BUSY, act_in_pool, call, base, 0,           \
		    RELEASE_MARK)

/* A handler in a pool below, while all of it is being undone: nobody may be ended again. */
#define BELOW(how, scene, call, base)                                                           \
	ROW(how ": destroys the pool", BEING_UNDONE, scene, call, base, 0, DESTROY_POOL),       \
		ROW(how ": resets the pool", BEING_UNDONE, scene, call, base, 0, RESET_POOL),   \
		ROW(how ": destroys the child", BEING_UNDONE, scene, call, base, 0,             \
		    DESTROY_CHILD),                                                             \
		ROW(how ": resets the child", BEING_UNDONE, scene, call, base, 0, RESET_CHILD), \
		ROW(how ": releases the child's mark", BUSY, scene, call, base, 0,              \
		    RELEASE_CHILD_MARK),                                                        \
		ROW(how ": releases the pool's oldest mark", BUSY, scene, call, base, 0,        \
		    RELEASE_OLD)

/* A handler of the child, and only the child is being undone: who is above would end it. */
#define ABOVE(how, scene, call, base)                                                              \
	ROW(how ": destroys the pool", BEING_UNDONE, scene, call, base, 0, DESTROY_POOL),          \
		ROW(how ": resets the pool", BEING_UNDONE, scene, call, base, 0, RESET_POOL),      \
		ROW(how ": releases a mark older than the child", BEING_UNDONE, scene, call, base, \
		    0, RELEASE_OLD),                                                               \
		ROW(how ": releases a mark younger than the child: works", "= 0", scene, call,     \
		    base, 0, RELEASE_MARK),                                                        \
		ROW(how ": destroys the child", BEING_UNDONE, scene, call, base, 0,                \
		    DESTROY_CHILD),                                                                \
		ROW(how ": resets the child", BEING_UNDONE, scene, call, base, 0, RESET_CHILD)

const struct misuse_row undo_handler[] = {
	OWN_POOL("of the pool, destroyed", destroying, &mem.pool),
	OWN_POOL("of the pool, reset", resetting, &mem.pool),
	OWN_POOL("of the pool, the oldest mark released", releasing_old, &mem.old_mark),
	OWN_POOL("of the pool, the newest mark released", releasing, &mem.mark),
	ROW("of the pool, run early: runs itself", NOENT, act_in_pool, running, &mem.cleanup, 0,
	    RUN_ITSELF),
	ROW("of the pool, run early: removes itself", NOENT, act_in_pool, running, &mem.cleanup, 0,
	    REMOVE_ITSELF),
	ROW("of the pool, run early: destroys it, works", "= destroyed", act_in_pool, running,
	    &mem.cleanup, 0, DESTROY_POOL),
	ROW("of the pool, run early: resets it, works", "= reset", act_in_pool, running,
	    &mem.cleanup, 0, RESET_POOL),
	ROW("of the pool, run early: releases a mark, works", "= 0", act_in_pool, running,
	    &mem.cleanup, 0, RELEASE_OLD),
	ROW("of the pool, run early: frees its own block", "freed already", act_in_pool, running,
	    &mem.cleanup, 0, FREE_OWN_BLOCK),

	BELOW("of the child, the pool destroyed", act_in_child, destroying, &mem.pool),
	BELOW("of the child, the pool reset", act_in_child, resetting, &mem.pool),
	BELOW("of the child, the pool released", act_in_child, releasing_old, &mem.old_mark),
	BELOW("of the grandchild, the pool destroyed", act_in_grandchild, destroying, &mem.pool),
	BELOW("of the grandchild, the pool reset", act_in_grandchild, resetting, &mem.pool),
	BELOW("of the grandchild, the pool released", act_in_grandchild, releasing_old,
	      &mem.old_mark),
	ROW("of the grandchild, the pool destroyed: destroys it", BEING_UNDONE, act_in_grandchild,
	    destroying, &mem.pool, 0, DESTROY_GRANDCHILD),

	ABOVE("of the child, it is reset", act_in_child, resetting, &mem.child),
	ABOVE("of the child, it is released", act_in_child, releasing_child, &mem.other),
	ABOVE("of the grandchild, the child is reset", act_in_grandchild, resetting, &mem.child),
	ABOVE("of the grandchild, the child is released", act_in_grandchild, releasing_child,
	      &mem.other),
	ABOVE("of the grandchild, it is reset", act_in_grandchild, resetting, &mem.grandchild),

	ROW("of the child, it is destroyed: destroys it again", BEING_UNDONE, act_in_child,
	    destroying, &mem.child, 0, DESTROY_CHILD),
	ROW("of the child, it is destroyed: resets it", BEING_UNDONE, act_in_child, destroying,
	    &mem.child, 0, RESET_CHILD),
	ROW("of the child, it is destroyed: has no parent", "= NULL", act_in_child, destroying,
	    &mem.child, 0, PARENT_OF_CHILD),
	ROW("of the child, the pool destroyed: has a parent", "= a pool", act_in_child, destroying,
	    &mem.pool, 0, PARENT_OF_CHILD),
	ROW("of the child, it is destroyed: destroys the pool, works", "= destroyed", act_in_child,
	    destroying, &mem.child, 0, DESTROY_POOL),
	ROW("of the child, it is destroyed: resets the pool, works", "= reset", act_in_child,
	    destroying, &mem.child, 0, RESET_POOL),
	ROW("of the grandchild, it is destroyed: destroys the child, works", "= destroyed",
	    act_in_grandchild, destroying, &mem.grandchild, 0, DESTROY_CHILD),
	ROW("of the pool, destroyed: destroys the child, works", "= destroyed", act_in_pool,
	    destroying, &mem.pool, 0, DESTROY_CHILD),
	ROW("of the pool, destroyed: destroys the grandchild, works", "= destroyed", act_in_pool,
	    destroying, &mem.pool, 0, DESTROY_GRANDCHILD),

	ROW("the oldest record: a younger child is gone", NO_POOL, act_at_last, destroying,
	    &mem.pool, 0, ALLOC_IN_CHILD),
	ROW("the oldest record: a younger child is destroyed again", NO_POOL, act_at_last,
	    destroying, &mem.pool, 0, DESTROY_CHILD),
	ROW("the oldest record: a younger block is freed again", NOENT, act_at_last, destroying,
	    &mem.pool, 0, FREE_YOUNGER),
	ROW("the oldest record: a younger mark is released", INVAL, act_at_last, destroying,
	    &mem.pool, 0, RELEASE_MARK),
	ROW("the oldest record, a reset: a younger child is gone", NO_POOL, act_at_last, resetting,
	    &mem.pool, 0, ALLOC_IN_CHILD),
	{},
};

/* Memory of mm/ that a handler overwrites or frees, while the list is walked. */
const struct misuse_row undo_wreck[] = {
#define WRECK(how, scene, call, base, pool, POOL)                                               \
	ROW(how ": heap of the " pool, OVERWRITTEN, scene, call, base, 0, WRECK_##POOL##_HEAP), \
		ROW(how ": records of the " pool, OVERWRITTEN, scene, call, base, 0,            \
		    WRECK_##POOL##_RECORDS),                                                    \
		ROW(how ": undoing of the " pool, OVERWRITTEN, scene, call, base, 0,            \
		    WRECK_##POOL##_UNDOING),                                                    \
		ROW(how ": parent of the " pool, OVERWRITTEN, scene, call, base, 0,             \
		    WRECK_##POOL##_PARENT),                                                     \
		ROW(how ": cookie of the " pool, OVERWRITTEN, scene, call, base, 0,             \
		    WRECK_##POOL##_COOKIE)
	WRECK("of the pool, destroyed", act_in_pool, destroying, &mem.pool, "pool", POOL),
	WRECK("of the pool, reset", act_in_pool, resetting, &mem.pool, "pool", POOL),
	WRECK("of the pool, released", act_in_pool, releasing, &mem.mark, "pool", POOL),
	WRECK("the oldest record, destroyed", act_at_last, destroying, &mem.pool, "pool", POOL),
	WRECK("the oldest record, reset", act_at_last, resetting, &mem.pool, "pool", POOL),
	WRECK("of the pool, destroyed", act_in_pool, destroying, &mem.pool, "child", CHILD),
	WRECK("of the child, the pool destroyed", act_in_child, destroying, &mem.pool, "child",
	      CHILD),
	WRECK("of the child, the pool destroyed", act_in_child, destroying, &mem.pool, "pool",
	      POOL),
	WRECK("of the child, it is reset", act_in_child, resetting, &mem.child, "child", CHILD),
	WRECK("of the grandchild, the pool destroyed", act_in_grandchild, destroying, &mem.pool,
	      "child", CHILD),
	WRECK("of the grandchild, the pool destroyed", act_in_grandchild, destroying, &mem.pool,
	      "pool", POOL),
	WRECK("of the grandchild, the child is reset", act_in_grandchild, resetting, &mem.child,
	      "child", CHILD),
	ROW("of the pool, destroyed: its own block", OVERWRITTEN, act_in_pool, destroying,
	    &mem.pool, 0, WRECK_OWN_RECORD),
	ROW("of the pool, run early: its own block", OVERWRITTEN, act_in_pool, running,
	    &mem.cleanup, 0, WRECK_OWN_RECORD),
	ROW("of the pool, destroyed: the next record, a mark", OVERWRITTEN, act_in_pool, destroying,
	    &mem.pool, 0, WRECK_MARK),
	ROW("of the pool, the newest mark released: the mark", OVERWRITTEN, act_in_pool, releasing,
	    &mem.mark, 0, WRECK_MARK),
	ROW("of the pool, the newest mark released: its window", OVERWRITTEN, act_in_pool,
	    releasing, &mem.mark, 0, WRECK_MARK_WINDOW),
	ROW("of the pool, destroyed: frees its own block", "freed already", act_in_pool, destroying,
	    &mem.pool, 0, FREE_OWN_BLOCK),
	ROW("of the pool, destroyed: frees the child's block", OVERWRITTEN, act_in_pool, destroying,
	    &mem.pool, 0, FREE_CHILD_BLOCK),
	ROW("of the pool, destroyed: frees the pool's block", OVERWRITTEN, act_in_pool, destroying,
	    &mem.pool, 0, FREE_POOL_BLOCK),
	ROW("of the child, the pool destroyed: frees the child's block", OVERWRITTEN, act_in_child,
	    destroying, &mem.pool, 0, FREE_CHILD_BLOCK),
	ROW("of the child, the pool destroyed: frees the pool's block", OVERWRITTEN, act_in_child,
	    destroying, &mem.pool, 0, FREE_POOL_BLOCK),
	ROW("of the grandchild, the pool destroyed: frees the child's block", OVERWRITTEN,
	    act_in_grandchild, destroying, &mem.pool, 0, FREE_CHILD_BLOCK),
	{},
};
