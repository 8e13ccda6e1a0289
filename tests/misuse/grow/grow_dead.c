// SPDX-License-Identifier: MIT
/*
 * grow_dead.c - calls that resize, name, limit and count, with what is no pool, or none any more
 *
 * A request for few bytes is a fast path, also in mp_strdup() and the like: it believes the pool
 * (misuse_dead.c). A dead pool has no room, so then it looks.
 */
#include <tests/misuse/grow/grow.h>

/* A row for each call that looks at the pool first: the pool is @base + @offset, after @scene. */
#define EACH_CALL(what, scene, base, offset)                                                      \
	{ what ": realloc", NO_POOL, scene, {}, { resize_of, base, offset, FROM_TO(64, 128) } },  \
		{ what ": realloc to 0",                                                          \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  {},                                                                             \
		  { resize_of, base, offset, FROM_TO(64, 0) } },                                  \
		{ what ": give_back", NO_POOL, scene, {}, { give_back_of, base, offset, 64 } },   \
		{ what ": append, a full array",                                                  \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  {},                                                                             \
		  { append_of, base, offset, 8 } },                                               \
		{ what ": alloc_aligned", NO_POOL, scene, {}, { aligned_to, base, offset, 64 } }, \
		{ what ": alloc_aligned, large",                                                  \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  {},                                                                             \
		  { aligned_to, base, offset, 8192 } },                                           \
		{ what ": new, wide", NO_POOL, scene, {}, { new_object, base, offset } },         \
		{ what ": printf", NO_POOL, scene, {}, { printf_of, base, offset } },             \
		{ what ": set_limit", NO_POOL, scene, {}, { limit_of, base, offset, 5000 } },     \
		{ what ": set_limit, none", NO_POOL, scene, {}, { limit_of, base, offset, 0 } },  \
		{ what ": set_name", NO_POOL, scene, {}, { name_of, base, offset } },             \
		{ what ": get_stats", NO_POOL, scene, {}, { stats_of, base, offset } },           \
		{ what ": get_tree_stats", NO_POOL, scene, {}, { tree_stats_of, base, offset } }, \
	{                                                                                         \
		what ": print_tree", NO_POOL, scene, {},                                          \
		{                                                                                 \
			tree_of, base, offset                                                     \
		}                                                                                 \
	}

/* A row for each that is a fast path at first: of a dead pool, that has no room. */
#define FAST(what, scene, base)                                                                  \
	{ what ": new_array", NO_POOL, scene, {}, { new_array, base, 0, 10 } },                  \
		{ what ": new_array, large", NO_POOL, scene, {}, { new_array, base, 0, 1000 } }, \
		{ what ": calloc_array", NO_POOL, scene, {}, { zeroed_array, base, 0, 1 } },     \
		{ what ": calloc_array, large",                                                  \
		  NO_POOL,                                                                       \
		  scene,                                                                         \
		  {},                                                                            \
		  { zeroed_array, base, 0, 100 } },                                              \
		{ what ": memdup", NO_POOL, scene, {}, { memdup_of, base, 0, 50 } },             \
		{ what ": memdup, large", NO_POOL, scene, {}, { memdup_of, base, 0, 5000 } },    \
		{ what ": strdup", NO_POOL, scene, {}, { strdup_of, base } },                    \
		{ what ": strndup, of 0 bytes", NO_POOL, scene, {}, { strndup_of, base } },      \
	{                                                                                        \
		what ": strcat", NO_POOL, scene, {},                                             \
		{                                                                                \
			strcat_of, base                                                          \
		}                                                                                \
	}

/* Calls with a parent. */
#define BELOW(what, scene, base, offset)                                               \
	{ what ": create_pool_with, the parent",                                       \
	  NO_POOL,                                                                     \
	  scene,                                                                       \
	  {},                                                                          \
	  { create_below, base, offset } },                                            \
	{                                                                              \
		what ": create_pool_with, the parent, and a heap", NO_POOL, scene, {}, \
		{                                                                      \
			create_below_on_heap, base, offset                             \
		}                                                                      \
	}

static void reused_for_letters(void)
{
	pool_reused();
	memset(mem.other, 'A', NODE);
}

static void freed_as_block(void)
{
	pool();
	/* MP_ALIGNMENT=64 may leave a gap of 32 bytes in front of the pool: fills it. */
	heap_alloc(mem.heap, HEAP_ALIGN, 0);
	heap_free(mem.heap, mem.pool);
}

static void bounded_dead(void)
{
	bounded();
	mp_destroy_pool(as_pool(mem.child));
}

const struct misuse_row grow_dead[] = {
	EACH_CALL("dead", pool_dead, &mem.pool, 0),
	BELOW("dead", pool_dead, &mem.pool, 0),
	FAST("dead", pool_dead, &mem.pool),
	EACH_CALL("dead in the top", pool_in_top, &mem.pool, 0),
	BELOW("dead in the top", pool_in_top, &mem.pool, 0),
	FAST("dead in the top", pool_in_top, &mem.pool),
	EACH_CALL("dead, pages gone", pool_trimmed, &mem.pool, 0),
	BELOW("dead, pages gone", pool_trimmed, &mem.pool, 0),
	FAST("dead, pages gone", pool_trimmed, &mem.pool),
	EACH_CALL("reused and then cleared", pool_reused, &mem.pool, 0),
	BELOW("reused and then cleared", pool_reused, &mem.pool, 0),
	EACH_CALL("reused for letters", reused_for_letters, &mem.pool, 0),
	BELOW("reused for letters", reused_for_letters, &mem.pool, 0),
	EACH_CALL("freed by heap_free()", freed_as_block, &mem.pool, 0),
	BELOW("freed by heap_free()", freed_as_block, &mem.pool, 0),
	EACH_CALL("copied", pool_copied, &mem.pool, 0),
	BELOW("copied", pool_copied, &mem.pool, 0),
	EACH_CALL("zeros", things, &mem.fake, 0),
	BELOW("zeros", things, &mem.fake, 0),
	EACH_CALL("a large block", things, &mem.q, 0),
	BELOW("a large block", things, &mem.q, 0),
	EACH_CALL("a cleanup", things, &mem.cleanup, 0),
	BELOW("a cleanup", things, &mem.cleanup, 0),
	EACH_CALL("a mark's record", things, &mem.mark, 0),
	BELOW("a mark's record", things, &mem.mark, 0),
	EACH_CALL("8 bytes into a pool", things, &mem.pool, 8),
	BELOW("8 bytes into a pool", things, &mem.pool, 8),
	EACH_CALL("a small number", things, NULL, 4064),
	BELOW("a small number", things, NULL, 4064),
	EACH_CALL("a dead child", bounded_dead, &mem.child, 0),
	BELOW("a dead child", bounded_dead, &mem.child, 0),
	FAST("a dead child", bounded_dead, &mem.child),
	EACH_CALL("a dead grandchild", bounded_dead, &mem.grandchild, 0),
	BELOW("a dead grandchild", bounded_dead, &mem.grandchild, 0),
	FAST("a dead grandchild", bounded_dead, &mem.grandchild),
	EACH_CALL("NULL", things, &mem.null, 0),
	{},
};
