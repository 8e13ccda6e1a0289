// SPDX-License-Identifier: MIT
/*
 * undo_child.c - children used or destroyed after their end; children that are none
 *
 *	pool --> child --> grandchild		each ends with the one before it
 */
#include <tests/misuse/undo/undo.h>

static void child_destroyed(void)
{
	family();
	mp_destroy_pool(as_pool(mem.child));
}

static void parent_destroyed(void)
{
	family();
	mp_destroy_pool(as_pool(mem.pool));
}

static void parent_reset(void)
{
	family();
	mp_reset_pool(as_pool(mem.pool));
}

static void parent_released(void)
{
	family();
	release_mark(mem.old_mark, 0);
}

/* Its block goes back, but nobody tells its parent or its children. */
static void child_freed_as_block(void)
{
	family();
	heap_free(mem.heap, mem.child);
}

static void parent_freed_as_block(void)
{
	family();
	heap_free(mem.heap, mem.pool);
}

/* Another pool has the address of the parent, while the child lives. */
static void parent_replaced(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.child = (unsigned char *)mp_create_child(as_pool(mem.pool), NODE);
	heap_free(mem.heap, mem.pool);
	mem.other = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
}

/* Another pool has a child where this one's was freed by heap_free(). */
static void child_of_another(void)
{
	struct mp_pool_s *second = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.child = (unsigned char *)mp_create_child(as_pool(mem.pool), NODE);
	heap_free(mem.heap, mem.child);
	if (MP_REDZONE)
		heap_trim(mem.heap); /* out of quarantine */
	mem.child = (unsigned char *)mp_create_child(second, NODE);
}

static const char *destroy_parent_then_child(unsigned char *p, size_t n)
{
	destroy(p, n);
	return destroy(mem.child, n);
}

static const char *destroy_child_then_parent(unsigned char *p, size_t n)
{
	destroy(mem.child, n);
	return destroy(p, n);
}

/* A row for each call that a dead pool refuses; undo_dead.c has the others. */
#define EACH_USE(what, scene, base)                                                           \
	{ what ": alloc", NO_POOL, scene, {}, { aligned, base, 0, 24 } },                     \
		{ what ": nalloc", NO_POOL, scene, {}, { packed, base, 0, 24 } },             \
		{ what ": alloc, large", NO_POOL, scene, {}, { aligned, base, 0, 5000 } },    \
		{ what ": parent", NO_POOL, scene, {}, { parent_of, base } },                 \
		{ what ": is_ancestor", NO_POOL, scene, {}, { is_below, base } },             \
		{ what ": create_child", NO_POOL, scene, {}, { make_child, base, 0, NODE } }, \
		{ what ": reset", NO_POOL, scene, {}, { reset, base } },                      \
	{                                                                                     \
		what ": destroy", NO_POOL, scene, {},                                         \
		{                                                                             \
			destroy, base                                                         \
		}                                                                             \
	}

const struct misuse_row undo_child[] = {
	EACH_USE("destroyed", child_destroyed, &mem.child),
	EACH_USE("its parent destroyed", parent_destroyed, &mem.child),
	EACH_USE("its parent reset", parent_reset, &mem.child),
	EACH_USE("its parent released", parent_released, &mem.child),
	EACH_USE("a grandchild, its parent destroyed", child_destroyed, &mem.grandchild),
	EACH_USE("a grandchild, all above destroyed", parent_destroyed, &mem.grandchild),
	{ "parent, then child: destroy",
	  NO_POOL,
	  family,
	  {},
	  { destroy_parent_then_child, &mem.pool },
	  .is_long = true },
	{ "child, then parent: destroy works",
	  "= destroyed",
	  family,
	  {},
	  { destroy_child_then_parent, &mem.pool },
	  .is_long = true },
	{ "freed by heap_free(): destroy",
	  NO_POOL,
	  child_freed_as_block,
	  {},
	  { destroy, &mem.child } },
	{ "freed by heap_free(): reset", NO_POOL, child_freed_as_block, {}, { reset, &mem.child } },
	{ "freed by heap_free(): destroy of the parent",
	  OVERWRITTEN,
	  child_freed_as_block,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by heap_free(): reset of the parent",
	  OVERWRITTEN,
	  child_freed_as_block,
	  {},
	  { reset, &mem.pool } },
	{ "freed by heap_free(): release of the parent",
	  OVERWRITTEN,
	  child_freed_as_block,
	  {},
	  { release_mark, &mem.old_mark },
	  .is_long = true },
	{ "freed by heap_free(): destroy of the grandchild",
	  NO_POOL,
	  child_freed_as_block,
	  {},
	  { destroy, &mem.grandchild } },
	{ "freed by heap_free(): is_ancestor of the grandchild",
	  NO_POOL,
	  child_freed_as_block,
	  {},
	  { is_below, &mem.grandchild } },
	{ "parent freed by heap_free(): destroy of the child",
	  NO_POOL,
	  parent_freed_as_block,
	  {},
	  { destroy, &mem.child } },
	{ "parent freed by heap_free(): is_ancestor of the grandchild",
	  NO_POOL,
	  parent_freed_as_block,
	  {},
	  { is_below, &mem.grandchild } },
	{ "parent freed by heap_free(), another pool lives there: destroy",
	  OVERWRITTEN,
	  parent_replaced,
	  {},
	  { destroy, &mem.child } },
	{ "freed by heap_free(), another pool's child lives there: destroy of the parent",
	  OVERWRITTEN,
	  child_of_another,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by heap_free(), another pool's child lives there: create_child",
	  OVERWRITTEN,
	  child_of_another,
	  {},
	  { make_child, &mem.pool, 0, NODE } },
	{ "freed by mp_free()", NOENT, family, {}, { release, &mem.child } },
	{ "freed by mp_free(), 32 bytes into it",
	  NOENT,
	  family,
	  {},
	  { release, &mem.child, RECORD } },
	{ "its first object freed by mp_free()", NOENT, family, {}, { release, &mem.child, 128 } },
	{ "size 0", "= NULL", family, {}, { make_child, &mem.pool, 0, 0 } },
	{ "a size that wraps", "= NULL", family, {}, { make_child, &mem.pool, 0, SIZE_MAX } },
	{},
};
