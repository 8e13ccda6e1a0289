// SPDX-License-Identifier: MIT
/*
 * misuse_heap.c - wrong arguments to the heap and to pools; heaps made again, or never made
 */
#include <mm/env.h>
#include <tests/misuse/misuse.h>

/* In a build with red zones, heap_trim() frees what waits in quarantine. */
static void hole_for_good(void)
{
	hole();
	heap_trim(mem.heap);
}

static void blocks_of_zeros(void)
{
	blocks();
	memset(mem.b, 0, SIZE);
}

/* A heap of zeros: heap_init() was not called. */
static void zero_heap(void)
{
	static struct heap none;

	memset(&none, 0, sizeof(none));
	mem.heap = &none;
}

/* heap_init() on a heap that holds blocks: it forgets them. */
static void heap_made_again(void)
{
	blocks();
	heap_init(mem.heap, mem.pages);
}

static void pool_and_heap_made_again(void)
{
	nodes();
	heap_init(mem.heap, mem.pages);
}

static const char *set_secret(unsigned char *p, size_t n)
{
	(void)p;
	heap_set_secret(mem.heap, n);
	return "= set";
}

static const char *create(unsigned char *p, size_t n)
{
	(void)p;
	return success(mp_create_pool_on(mem.heap, n));
}

/* @p: the offset, @n: the alignment. */
static const char *alloc_at_aligned(unsigned char *p, size_t n)
{
	return success(heap_alloc_at(mem.heap, n, (size_t)p, SIZE));
}

const struct misuse_row misuse_heap[] = {
	{ "alloc: alignment 0", "= NULL", blocks, {}, { alloc_aligned, NULL, 0, SIZE } },
	{ "alloc: alignment 3", "= NULL", blocks, {}, { alloc_aligned, NULL, 3, SIZE } },
	{ "alloc: alignment 96", "= NULL", blocks, {}, { alloc_aligned, NULL, 96, SIZE } },
	{ "alloc: alignment 2^47", "= NULL", blocks, {}, { alloc_aligned, NULL, 1l << 47, SIZE } },
	{ "alloc: alignment 2^63",
	  "= NULL",
	  blocks,
	  {},
	  { alloc_aligned, NULL, -0x7fffffffffffffff - 1, SIZE } },
	{ "alloc: the largest size", "= NULL", blocks, {}, { alloc, .n = SIZE_MAX } },
	{ "alloc: the header makes the size wrap",
	  "= NULL",
	  blocks,
	  {},
	  { alloc, .n = SIZE_MAX - 15 } },
	{ "alloc: HEAP_MAX_SIZE", "= NULL", blocks, {}, { alloc, .n = HEAP_MAX_SIZE } },
	{ "alloc: one page too many",
	  "= NULL",
	  blocks,
	  {},
	  { alloc, .n = MISUSE_PAGES * MM_PAGE_SIZE } },
	{ "alloc_at: offset 8", "= NULL", blocks, {}, { alloc_at, NULL, 8, SIZE } },
	{ "alloc_at: offset 1, alignment 2",
	  "= NULL",
	  blocks,
	  {},
	  { alloc_at_aligned, NULL, 1, 2 } },
	{ "alloc_at: alignment 0", "= NULL", blocks, {}, { alloc_at_aligned, NULL, 32, 0 } },
	{ "alloc_at: the largest size", "= NULL", blocks, {}, { alloc_at, NULL, 32, SIZE_MAX } },
	{ "no heap: alloc", "= NULL", zero_heap, {}, { alloc, .n = SIZE } },
	{ "no heap: alloc_at", "= NULL", zero_heap, {}, { alloc_at, NULL, 32, SIZE } },
	{ "no heap: free", "outside the heap", zero_heap, {}, { free_block, &mem.fake, 32 } },
	{ "no heap: trim", "= 0", zero_heap, {}, { trim } },
	{ "no heap: create a pool", "= NULL", zero_heap, {}, { create, .n = NODE } },
	{ "set_secret: in use", "is in use", blocks, {}, { set_secret } },
	{ "init: in use: free", "outside the heap", heap_made_again, {}, { free_block, &mem.b } },
	{ "init: in use: join two of its blocks",
	  "= false",
	  heap_made_again,
	  {},
	  { join, &mem.b, 0, SIZE + HEADER } },
	{ "init: in use: destroy a pool",
	  "overwritten",
	  pool_and_heap_made_again,
	  {},
	  { destroy, &mem.pool } },
	{ "init: in use: release",
	  "= -ENOENT",
	  pool_and_heap_made_again,
	  {},
	  { release, &mem.small } },
	{ "join: not side by side",
	  "= false",
	  blocks,
	  {},
	  { join, &mem.a, 0, 2 * (SIZE + HEADER) } },
	{ "join: high below low",
	  "= false",
	  blocks,
	  {},
	  { join, &mem.b, 0, -(size_t)(SIZE + HEADER) } },
	{ "join: with itself", "= false", blocks, {}, { join, &mem.b, 0, 0 } },
	{ "join: with the inside of it", "= false", blocks, {}, { join, &mem.b, 0, 32 } },
	{ "join: high is free", "freed already", hole, {}, { join, &mem.a, 0, SIZE + HEADER } },
	{ "join: low is free", "= false", hole, {}, { join, &mem.b, 0, SIZE + HEADER } },
	{ "join: with the top", "into free memory", last, {}, { join, &mem.c, 0, SIZE + HEADER } },
	{ "join: low lies inside a block", "= false", blocks, {}, { join, &mem.a, 32, SIZE - 16 } },
	{ "join: low is a variable", "= false", blocks, {}, { join, &mem.fake, 32, 32 } },
	{ "join: low is NULL", "= false", blocks, {}, { join, &mem.null, 0, 32 } },
	{ "join: across a span", "= false", spans, {}, { join, &mem.a, 0, 2 * MM_PAGE_SIZE } },
	{ "usable_size: NULL", "= 0", blocks, {}, { usable_size, &mem.null } },
	{ "usable_size: a free block", "= 0", hole_for_good, {}, { usable_size, &mem.b } },
	{ "usable_size: into a block", "= 0", blocks_of_zeros, {}, { usable_size, &mem.b, 32 } },
	{ "usable_size: an overwritten header",
	  "= 0",
	  blocks,
	  { &mem.b, -8, 8, 'A' },
	  { usable_size, &mem.b } },
	{ "create: 0 bytes", "= NULL", nothing, {}, { create } },
	{ "create: the largest size", "= NULL", nothing, {}, { create, .n = SIZE_MAX } },
	{ "create: more than there is",
	  "= NULL",
	  nothing,
	  {},
	  { create, .n = MISUSE_PAGES * MM_PAGE_SIZE } },
	{ "pool: alloc, the largest size there is",
	  "= NULL",
	  pool,
	  {},
	  { aligned, &mem.pool, 0, SIZE_MAX } },
	{ "pool: nalloc, rounding wraps",
	  "= NULL",
	  pool,
	  {},
	  { packed, &mem.pool, 0, SIZE_MAX - 30 } },
	{ "pool: calloc, the largest size there is",
	  "= NULL",
	  pool,
	  {},
	  { zeroed, &mem.pool, 0, SIZE_MAX } },
	{ "pool: memalign, alignment 0", "= NULL", pool, {}, { memaligned, &mem.pool, 0, 0 } },
	{ "pool: memalign, alignment 48", "= NULL", pool, {}, { memaligned, &mem.pool, 0, 48 } },
	{ "pool: memalign, alignment 2^63",
	  "= NULL",
	  pool,
	  {},
	  { memaligned, &mem.pool, 0, (size_t)1 << 63 } },
	{},
};
