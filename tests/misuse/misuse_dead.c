// SPDX-License-Identifier: MIT
/*
 * misuse_dead.c - pools that were destroyed, reused, copied, cleared, or that never were pools
 *
 * A fast path believes the pool and its current node (kinds 1 and 3). All other calls look
 * first.
 */
#include <mm/env.h>
#include <tests/misuse/misuse.h>

#define NO_POOL "is no pool"
#define WILD_POOL "which pages a pool lies in stands in the pool: it must be read first"

/* The pool was a block, and heap_free() freed it. */
static void pool_freed_as_block(void)
{
	pool();
	/* MP_ALIGNMENT=64 may leave a gap of 32 bytes in front of the pool: fills it. */
	heap_alloc(mem.heap, HEAP_ALIGN, 0);
	heap_free(mem.heap, mem.pool);
}

static void pool_freed_into_top(void)
{
	struct mp_pool_s *made = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)made;
	heap_free(mem.heap, made);
}

/* Its block joins the free block before it, so the heap writes nothing into the pool. */
static void pool_freed_behind_hole(void)
{
	mem.a = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	pool();
	heap_free(mem.heap, mem.a);
	heap_free(mem.heap, mem.pool);
}

static void pool_reused_for_letters(void)
{
	pool_reused();
	memset(mem.other, 'A', NODE);
}

static void unaligned_pool(void)
{
	pool();
	mem.pool += 8;
}

static void block_is_no_pool(void)
{
	blocks();
	memset(mem.b, 0, SIZE);
	mem.pool = mem.b;
}

/* Joined with its neighbour and freed. */
static void pool_joined_and_freed(void)
{
	struct mp_pool_s *made;

	mem.a = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	made = mp_create_pool_on(mem.heap, NODE);
	mem.pool = (unsigned char *)made;
	mem.small = mp_alloc(made, 64);
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	if (!heap_join(mem.heap, mem.a, made))
		heap_free(mem.heap, made);
	heap_free(mem.heap, mem.a);
}

const struct misuse_row misuse_dead[] = {
	{ "dead: alloc", NO_POOL, pool_dead, {}, { aligned, &mem.pool, 0, 24 } },
	{ "dead: alloc, a node full", NO_POOL, pool_dead, {}, { aligned, &mem.pool, 0, NODE } },
	{ "dead: alloc, large", NO_POOL, pool_dead, {}, { aligned, &mem.pool, 0, 5000 } },
	{ "dead: nalloc", NO_POOL, pool_dead, {}, { packed, &mem.pool, 0, 24 } },
	{ "dead: nalloc, large", NO_POOL, pool_dead, {}, { packed, &mem.pool, 0, 5000 } },
	{ "dead: calloc", NO_POOL, pool_dead, {}, { zeroed, &mem.pool, 0, 24 } },
	{ "dead: memalign", NO_POOL, pool_dead, {}, { memaligned, &mem.pool, 0, 64 } },
	{ "dead: memalign, not a power of two",
	  NO_POOL,
	  pool_dead,
	  {},
	  { memaligned, &mem.pool, 0, 24 } },
	{ "dead: free", "= -ENOENT", pool_dead, {}, { release, &mem.small } },
	{ "dead: reset", NO_POOL, pool_dead, {}, { reset, &mem.pool } },
	{ "dead: destroy", NO_POOL, pool_dead, {}, { destroy, &mem.pool } },
	{ "dead in the top: alloc", NO_POOL, pool_in_top, {}, { aligned, &mem.pool, 0, 24 } },
	{ "dead in the top: nalloc", NO_POOL, pool_in_top, {}, { packed, &mem.pool, 0, 24 } },
	{ "dead in the top: calloc", NO_POOL, pool_in_top, {}, { zeroed, &mem.pool, 0, 24 } },
	{ "dead in the top: memalign", NO_POOL, pool_in_top, {}, { memaligned, &mem.pool, 0, 64 } },
	{ "dead in the top: free", "= -ENOENT", pool_in_top, {}, { release, &mem.small } },
	{ "dead in the top: reset", NO_POOL, pool_in_top, {}, { reset, &mem.pool } },
	{ "dead in the top: destroy", NO_POOL, pool_in_top, {}, { destroy, &mem.pool } },
	{ "dead, pages gone: alloc", NO_POOL, pool_trimmed, {}, { aligned, &mem.pool, 0, 24 } },
	{ "dead, pages gone: nalloc", NO_POOL, pool_trimmed, {}, { packed, &mem.pool, 0, 24 } },
	{ "dead, pages gone: free", "= -ENOENT", pool_trimmed, {}, { release, &mem.small } },
	{ "dead, pages gone: reset", NO_POOL, pool_trimmed, {}, { reset, &mem.pool } },
	{ "dead, pages gone: destroy", NO_POOL, pool_trimmed, {}, { destroy, &mem.pool } },
	{ "freed by heap_free(): destroy",
	  NO_POOL,
	  pool_freed_as_block,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by heap_free(): reset", NO_POOL, pool_freed_as_block, {}, { reset, &mem.pool } },
	{ "freed by heap_free(): memalign",
	  NO_POOL,
	  pool_freed_as_block,
	  {},
	  { memaligned, &mem.pool, 0, 64 } },
	{ "freed by heap_free(): alloc",
	  NO_POOL,
	  pool_freed_as_block,
	  {},
	  { aligned, &mem.pool, 0, 24 },
	  .kind = 1 },
	{ "freed by heap_free() into the top: destroy",
	  NO_POOL,
	  pool_freed_into_top,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by heap_free() into the top: reset",
	  NO_POOL,
	  pool_freed_into_top,
	  {},
	  { reset, &mem.pool } },
	{ "freed by heap_free() into the top: memalign",
	  NO_POOL,
	  pool_freed_into_top,
	  {},
	  { memaligned, &mem.pool, 0, 64 } },
	{ "freed by heap_free() behind a free block: reset",
	  NO_POOL,
	  pool_freed_behind_hole,
	  {},
	  { reset, &mem.pool } },
	{ "freed by heap_free() behind a free block: destroy",
	  NO_POOL,
	  pool_freed_behind_hole,
	  {},
	  { destroy, &mem.pool } },
	{ "reused and then cleared: alloc",
	  NO_POOL,
	  pool_reused,
	  {},
	  { aligned, &mem.pool, 0, 24 },
	  .kind = 1 },
	{ "reused and then cleared: nalloc",
	  NO_POOL,
	  pool_reused,
	  {},
	  { packed, &mem.pool, 0, 24 },
	  .kind = 1 },
	{ "reused and then cleared: memalign",
	  NO_POOL,
	  pool_reused,
	  {},
	  { memaligned, &mem.pool, 0, 64 } },
	{ "reused and then cleared: free", "= -ENOENT", pool_reused, {}, { release, &mem.other } },
	{ "reused and then cleared: reset", NO_POOL, pool_reused, {}, { reset, &mem.pool } },
	{ "reused and then cleared: destroy", NO_POOL, pool_reused, {}, { destroy, &mem.pool } },
	{ "reused for letters: alloc",
	  NO_POOL,
	  pool_reused_for_letters,
	  {},
	  { aligned, &mem.pool, 0, 24 },
	  .kind = 1 },
	{ "reused for letters: alloc, large",
	  NO_POOL,
	  pool_reused_for_letters,
	  {},
	  { aligned, &mem.pool, 0, 5000 },
	  .kind = 1 },
	{ "reused for letters: memalign",
	  NO_POOL,
	  pool_reused_for_letters,
	  {},
	  { memaligned, &mem.pool, 0, 64 } },
	{ "reused for letters: free",
	  "= -ENOENT",
	  pool_reused_for_letters,
	  {},
	  { release, &mem.other } },
	{ "reused for letters: reset", NO_POOL, pool_reused_for_letters, {}, { reset, &mem.pool } },
	{ "reused for letters: destroy",
	  NO_POOL,
	  pool_reused_for_letters,
	  {},
	  { destroy, &mem.pool } },
	{ "reused by a pool: alloc",
	  NO_POOL,
	  pool_reused_by_pool,
	  {},
	  { aligned, &mem.pool, 0, 24 },
	  .kind = 2 },
	{ "reused by a pool: destroy",
	  NO_POOL,
	  pool_reused_by_pool,
	  {},
	  { destroy, &mem.pool },
	  .kind = 2 },
	{ "copied: alloc", NO_POOL, pool_copied, {}, { aligned, &mem.pool, 0, 24 }, .kind = 3 },
	{ "copied: nalloc", NO_POOL, pool_copied, {}, { packed, &mem.pool, 0, 24 }, .kind = 3 },
	{ "copied: alloc, large", NO_POOL, pool_copied, {}, { aligned, &mem.pool, 0, 5000 } },
	{ "copied: nalloc, no room", NO_POOL, pool_copied, {}, { packed, &mem.pool, 0, NODE } },
	{ "copied: memalign", NO_POOL, pool_copied, {}, { memaligned, &mem.pool, 0, 64 } },
	{ "copied: free", "= -ENOENT", pool_copied, {}, { release, &mem.small } },
	{ "copied: reset", NO_POOL, pool_copied, {}, { reset, &mem.pool } },
	{ "copied: destroy", NO_POOL, pool_copied, {}, { destroy, &mem.pool } },
	{ "zeros: alloc", NO_POOL, pool_is_fake, {}, { aligned, &mem.pool, 0, 24 }, .kind = 1 },
	{ "zeros: memalign", NO_POOL, pool_is_fake, {}, { memaligned, &mem.pool, 0, 64 } },
	{ "zeros: free", "= -ENOENT", pool_is_fake, {}, { release, &mem.fake, 32 } },
	{ "zeros: reset", NO_POOL, pool_is_fake, {}, { reset, &mem.pool } },
	{ "zeros: destroy", NO_POOL, pool_is_fake, {}, { destroy, &mem.pool } },
	{ "a block that is no pool: reset", NO_POOL, block_is_no_pool, {}, { reset, &mem.pool } },
	{ "a block that is no pool: free", "= -ENOENT", block_is_no_pool, {}, { release, &mem.c } },
	{ "8 bytes into a pool: reset", NO_POOL, unaligned_pool, {}, { reset, &mem.pool } },
	{ "8 bytes into a pool: free", "= -ENOENT", unaligned_pool, {}, { release, &mem.small } },
	{ "8 bytes into a pool: destroy", NO_POOL, unaligned_pool, {}, { destroy, &mem.pool } },
	{ "NULL: destroy", "= destroyed", pool, {}, { destroy, &mem.null } },
	{ "NULL: alloc", NO_POOL, pool, {}, { aligned, &mem.null, 0, 24 }, .kind = 1 },
	{ "NULL: reset", NO_POOL, pool, {}, { reset, &mem.null } },
	{ "NULL: memalign, small", NO_POOL, pool, {}, { memaligned, &mem.null, 0, 64 } },
	{ "NULL: free", "= -ENOENT", nothing, {}, { release, &mem.fake } },
	{ "a small number: reset", NO_POOL, pool, {}, { reset, NULL, 64 } },
	{ "a small number: destroy", NO_POOL, pool, {}, { destroy, NULL, 4064 } },
	{ "an address without memory: destroy",
	  NO_POOL,
	  pool,
	  {},
	  { destroy, NULL, 0x7fffffff0000 },
	  .open = WILD_POOL },
	{ "joined and freed: reset", NO_POOL, pool_joined_and_freed, {}, { reset, &mem.pool } },
	{ "joined and freed: memalign",
	  NO_POOL,
	  pool_joined_and_freed,
	  {},
	  { memaligned, &mem.pool, 0, 64 } },
	{},
};
