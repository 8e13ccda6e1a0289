// SPDX-License-Identifier: MIT
/*
 * misuse_freed.c - freed memory written to
 *
 *	hole	|##a##|next|prev|....|##c##|	a free block begins with its links
 *	holes	list --> d --> b		d was freed last
 */
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/misuse/misuse.h>

/* Writes a pointer. */
static void put(unsigned char *at, const unsigned char *p)
{
	memcpy(at, &p, sizeof(p));
}

/* Links that lead to a ring of two: as if fake were a free block whose neighbour is b. */
static void hole_with_fake_ring(void)
{
	hole();
	put(mem.fake + 8, mem.b);
	put(mem.fake, mem.b);
	put(mem.b, mem.fake);
	put(mem.b + 8, mem.fake);
}

/* An aligned address in given-out pages, which holds zeros. */
static void hole_and_zeros(void)
{
	hole();
	memset(mem.c, 0, SIZE);
}

/* Two free blocks of the largest power of two, and one that is asked for behind a smaller one. */
static void list_of_two_sizes(void)
{
	mem.a = heap_alloc(mem.heap, HEAP_ALIGN, 1104);
	mem.b = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	mem.c = heap_alloc(mem.heap, HEAP_ALIGN, 1072);
	mem.d = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	heap_free(mem.heap, mem.a);
	heap_free(mem.heap, mem.c);
}

/* What a list head in the freed object is initialised to. */
static void hole_of_one_ring(void)
{
	hole();
	put(mem.b, mem.b);
	put(mem.b + 8, mem.b);
}

/* Two freed objects are linked to each other. */
static void holes_of_one_ring(void)
{
	holes();
	put(mem.b, mem.d);
	put(mem.b + 8, mem.d);
	put(mem.d, mem.b);
	put(mem.d + 8, mem.b);
}

static void tail_of_one_ring(void)
{
	tail();
	page_put_back(mem.pages, mem.other, 1);
	put(mem.c, mem.c);
	put(mem.c + 8, mem.c);
}

static void after_reset(void)
{
	pool();
	mp_reset_pool((struct mp_pool_s *)mem.pool);
}

const struct misuse_row misuse_freed[] = {
	{ "8 bytes, next: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 8, 'A' },
	  { free_block, &mem.a } },
	{ "8 bytes, next: free c",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 8, 'A' },
	  { free_block, &mem.c } },
	{ "8 bytes: alloc", "overwritten", hole, { &mem.b, 0, 8, 'A' }, { alloc, .n = SIZE } },
	{ "8 bytes, next: alloc_at",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 8, 'A' },
	  { alloc_at, NULL, 32, 64 } },
	{ "8 bytes, next: check",
	  "= a link of a free block was overwritten",
	  hole,
	  { &mem.b, 0, 8, 'A' },
	  { check } },
	{ "a bit of next: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 1, FLIP(0x20) },
	  { free_block, &mem.a } },
	{ "a bit of next: alloc",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 1, FLIP(0x20) },
	  { alloc, .n = SIZE } },
	{ "a bit of prev: free c",
	  "overwritten",
	  hole,
	  { &mem.b, 8, 1, FLIP(0x20) },
	  { free_block, &mem.c } },
	{ "1 byte of next: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 1, 'A' },
	  { free_block, &mem.a } },
	{ "1 byte of next: alloc",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 1, 'A' },
	  { alloc, .n = SIZE } },
	{ "next is 0: free a", "overwritten", hole, { &mem.b, 0, 8, 0 }, { free_block, &mem.a } },
	{ "next is 0: free c", "overwritten", hole, { &mem.b, 0, 8, 0 }, { free_block, &mem.c } },
	{ "next is NULL: alloc", "overwritten", hole, { &mem.b, 0, 8, 0 }, { alloc, .n = SIZE } },
	{ "next is a variable: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, .put = &mem.fake },
	  { free_block, &mem.a } },
	{ "next is a variable: alloc",
	  "overwritten",
	  hole,
	  { &mem.b, 0, .put = &mem.fake },
	  { alloc, .n = SIZE } },
	{ "next is its own block: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, .put = &mem.b },
	  { free_block, &mem.a } },
	{ "next is its own block: alloc",
	  "overwritten",
	  hole,
	  { &mem.b, 0, .put = &mem.b },
	  { alloc, .n = SIZE } },
	{ "next is a used block: free a",
	  "overwritten",
	  hole_and_zeros,
	  { &mem.b, 0, .put = &mem.c },
	  { free_block, &mem.a } },
	{ "prev only: free a", "overwritten", hole, { &mem.b, 8, 8, 'A' }, { free_block, &mem.a } },
	{ "prev only: free c", "overwritten", hole, { &mem.b, 8, 8, 'A' }, { free_block, &mem.c } },
	{ "prev only: alloc", "overwritten", hole, { &mem.b, 8, 8, 'A' }, { alloc, .n = SIZE } },
	{ "prev is 0: free a", "overwritten", hole, { &mem.b, 8, 8, 0 }, { free_block, &mem.a } },
	{ "prev is NULL: alloc", "overwritten", hole, { &mem.b, 8, 8, 0 }, { alloc, .n = SIZE } },
	{ "prev is a variable: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 8, .put = &mem.fake },
	  { free_block, &mem.a } },
	{ "prev: check",
	  "= a link of a free block was overwritten",
	  hole,
	  { &mem.b, 8, 8, 'A' },
	  { check } },
	{ "16 bytes, both links: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 16, 'A' },
	  { free_block, &mem.a } },
	{ "16 bytes, both links: free c",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 16, 'A' },
	  { free_block, &mem.c } },
	{ "16 bytes, both links: alloc",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 16, 'A' },
	  { alloc, .n = SIZE } },
	{ "16 bytes of 0: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 16, 0 },
	  { free_block, &mem.a } },
	{ "16 bytes of 0xff: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 0, 16, 0xff },
	  { free_block, &mem.a } },
	{ "links to a ring of its own: free a",
	  "overwritten",
	  hole_with_fake_ring,
	  {},
	  { free_block, &mem.a } },
	{ "16 bytes behind the links: free a",
	  "overwritten",
	  hole,
	  { &mem.b, 16, 16, 'A' },
	  { free_block, &mem.a },
	  .kind = 4 },
	{ "the first of a list: alloc",
	  "overwritten",
	  holes,
	  { &mem.d, 0, 16, 'A' },
	  { alloc, .n = SIZE } },
	{ "the second of a list: alloc",
	  "overwritten",
	  holes,
	  { &mem.b, 0, 16, 'A' },
	  { alloc, .n = SIZE } },
	{ "the second of a list, prev: alloc",
	  "overwritten",
	  holes,
	  { &mem.b, 8, 8, 'A' },
	  { alloc, .n = SIZE } },
	{ "the second of a list: free c",
	  "overwritten",
	  holes,
	  { &mem.b, 0, 16, 'A' },
	  { free_block, &mem.c } },
	{ "the first of a list: free a",
	  "overwritten",
	  holes,
	  { &mem.d, 0, 8, 'A' },
	  { free_block, &mem.a } },
	{ "the first of a list, back to the second: check",
	  "= a link of a free block was overwritten",
	  holes,
	  { &mem.b, 0, .put = &mem.d },
	  { check } },
	{ "a list of two sizes, the smaller: alloc",
	  "overwritten",
	  list_of_two_sizes,
	  { &mem.c, 0, 8, 'A' },
	  { alloc, .n = 1072 } },
	{ "a list of two sizes, the larger behind it: alloc",
	  "overwritten",
	  list_of_two_sizes,
	  { &mem.a, 8, 8, 'A' },
	  { alloc, .n = 1072 } },
	{ "a large block that mp_free() took: the next release",
	  "overwritten",
	  large_freed,
	  { &mem.q, -(long)RECORD, 16, 'A' },
	  { release, &mem.r } },
	{ "a large block that mp_free() took: release again",
	  "= -ENOENT",
	  large_freed,
	  { &mem.q, 0, 16, 'A' },
	  { release, &mem.q } },
	{ "an object after reset",
	  "overwritten",
	  after_reset,
	  { &mem.small, 0, 64, 'A' },
	  { destroy, &mem.pool },
	  .kind = 4 },
	{ "a freed block linked to itself: free a",
	  "overwritten",
	  hole_of_one_ring,
	  {},
	  { free_block, &mem.a } },
	{ "a freed block linked to itself: free c",
	  "overwritten",
	  hole_of_one_ring,
	  {},
	  { free_block, &mem.c } },
	{ "a freed block linked to itself: alloc",
	  "overwritten",
	  hole_of_one_ring,
	  {},
	  { alloc, .n = SIZE } },
	{ "two freed blocks linked to each other: free a",
	  "overwritten",
	  holes_of_one_ring,
	  {},
	  { free_block, &mem.a } },
	{ "two freed blocks linked to each other: free c",
	  "overwritten",
	  holes_of_one_ring,
	  {},
	  { free_block, &mem.c } },
	{ "two freed blocks linked to each other: free guard",
	  "overwritten",
	  holes_of_one_ring,
	  {},
	  { free_block, &mem.guard } },
	{ "two freed blocks linked to each other: alloc",
	  "overwritten",
	  holes_of_one_ring,
	  {},
	  { alloc, .n = SIZE } },
	{ "the free tail linked to itself: free b",
	  "overwritten",
	  tail_of_one_ring,
	  {},
	  { free_block, &mem.b } },
	{ "the free tail linked to itself: trim", "overwritten", tail_of_one_ring, {}, { trim } },
	{},
};
