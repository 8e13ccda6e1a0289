// SPDX-License-Identifier: MIT
/*
 * grow_limit.c - limits that are passed, or set wrongly; words of pools with limits overwritten
 *
 *	pool (LIMIT) --> child --> grandchild
 *
 * A request in one of the pools below reads the parent and the limit of the pool.
 */
#include <kernel/lib/string.h>
#include <tests/misuse/grow/grow.h>

static const char *resize_in_child(unsigned char *p, size_t n)
{
	return success(mp_realloc(as_pool(mem.child), p, LARGE * 5, n));
}

/* Asks for @n bytes in @p, which are refused: then all figures are what they were. */
static const char *refused(unsigned char *p, size_t n)
{
	struct mp_stats_s before, after;
	void *memory;

	mp_get_tree_stats(as_pool(mem.pool), &before);
	memory = mp_alloc(as_pool(p), n);
	mp_get_tree_stats(as_pool(mem.pool), &after);
	before.refused++;
	if (!memory && memcmp(&before, &after, sizeof(before)))
		return "= NULL, but other figures";
	return success(memory);
}

static const char *free_in_child(unsigned char *p, size_t n)
{
	(void)n;
	return mp_free(as_pool(mem.child), p) ? NOENT : "= 0";
}

/* A word of the pool whose limit bounds the others. Each call in them that reads it. */
#define ABOVE(what, ...)                                                            \
	{ what ": alloc in the child",                                              \
	  OVERWRITTEN,                                                              \
	  bounded,                                                                  \
	  { __VA_ARGS__ },                                                          \
	  { aligned, &mem.child, 0, 5000 } },                                       \
		{ what ": alloc in the grandchild",                                 \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { aligned, &mem.grandchild, 0, 5000 } },                          \
		{ what ": a mark of the child",                                     \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { make_mark, &mem.child } },                                      \
		{ what ": create below the child",                                  \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { make_child, &mem.child, 0, NODE } },                            \
		{ what ": free in the child",                                       \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { free_in_child, &mem.q } },                                      \
		{ what ": realloc in the child",                                    \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { resize_in_child, &mem.q, 0, 9000 } },                           \
		{ what ": destroy of the child",                                    \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { destroy, &mem.child } },                                        \
		{ what ": destroy of the grandchild",                               \
		  OVERWRITTEN,                                                      \
		  bounded,                                                          \
		  { __VA_ARGS__ },                                                  \
		  { destroy, &mem.grandchild } },                                   \
	{                                                                           \
		what ": reset of the child", OVERWRITTEN, bounded, { __VA_ARGS__ }, \
		{                                                                   \
			reset, &mem.child                                           \
		}                                                                   \
	}

const struct misuse_row grow_limit[] = {
	{ "passed by the pool", "= NULL", bounded, {}, { refused, &mem.pool, 0, LIMIT } },
	{ "passed by the grandchild",
	  "= NULL",
	  bounded,
	  {},
	  { refused, &mem.grandchild, 0, LIMIT } },
	{ "passed by SIZE_MAX / 2",
	  "= NULL",
	  bounded,
	  {},
	  { aligned, &mem.child, 0, SIZE_MAX / 2 } },
	{ "below what is held", INVAL, bounded, {}, { limit_of, &mem.pool, 0, 5000 } },
	{ "1 byte", INVAL, bounded, {}, { limit_of, &mem.pool, 0, 1 } },
	{ "1 byte, of the child", INVAL, bounded, {}, { limit_of, &mem.child, 0, 1 } },
	{ "create_pool_with: a limit below what it holds",
	  "= NULL",
	  bounded,
	  {},
	  { create_below, &mem.child, 0, 1 },
	  true },
	{ "create_pool_with: the limit above is passed",
	  "= NULL",
	  bounded,
	  {},
	  { make_child, &mem.grandchild, 0, LIMIT } },

	/* Words of the pool that has the limit. Pools below read its parent, bounded and left. */
	ABOVE("parent", &mem.pool, POOL(parent), 8, 'A'),
	ABOVE("parent is a variable", &mem.pool, POOL(parent), .put = &mem.fake),
	ABOVE("cookie", &mem.pool, POOL(entry.cookie), 8, 'A'),
	{ "left, more: passed",
	  OVERWRITTEN,
	  bounded,
	  { &mem.pool, POOL(left), 8, 0x41 },
	  { refused, &mem.child, 0, LIMIT },
	  .kind = 6 },
	{ "left, 0: a request that fits",
	  OVERWRITTEN,
	  bounded,
	  { &mem.pool, POOL(left), 8, 0 },
	  { aligned, &mem.child, 0, 5000 },
	  .kind = 6 },
	{ "held, more: a limit that would fit",
	  OVERWRITTEN,
	  bounded,
	  { &mem.pool, POOL(held), 7, 'A' },
	  { limit_of, &mem.pool, 0, 2 * LIMIT },
	  .kind = 6 },
	{ "held is 0: get_stats",
	  OVERWRITTEN,
	  pool,
	  { &mem.pool, POOL(held), 8, 0 },
	  { stats_of, &mem.pool },
	  .kind = 6 },
	{ "held is 0: print_tree, works",
	  "= a tree",
	  pool,
	  { &mem.pool, POOL(held), 8, 0 },
	  { tree_of, &mem.pool } },
	{ "held, more: print_tree, works",
	  "= a tree",
	  pool,
	  { &mem.pool, POOL(held), 8, 'A' },
	  { tree_of, &mem.pool } },
	{},
};
