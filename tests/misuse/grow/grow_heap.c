// SPDX-License-Identifier: MIT
/*
 * grow_heap.c - blocks that are resized wrongly, or whose headers and neighbours were overwritten
 *
 *	|a|b|c|d|guard|...top...|	blocks: a neighbour is used, so a block that grows moves
 *	|a|.|c|d|guard|...top...|	hole: a can grow into the free b
 *	|a|b|c|.......top.......|	last: c can grow into the top
 */
#include <tests/misuse/grow/grow.h>

#define MOVED 2000
#define ALL_PAGES (MISUSE_PAGES * MM_PAGE_SIZE)

/* A row for each call: what it says of the pointer @base + @offset. @size: what is wanted. */
#define BOTH(what, words, scene, base, offset, size)                                 \
	{ what ": resize", words, scene, {}, { resize_block, base, offset, size } }, \
	{                                                                            \
		what ": realloc", words, scene, {},                                  \
		{                                                                    \
			realloc_block, base, offset, size                            \
		}                                                                    \
	}

/* The same; before, @bytes at @at + @from are overwritten with @fill. */
#define DAMAGED(what, words, scene, at, from, bytes, fill, base, size)     \
	{ what ": resize",                                                 \
	  words,                                                           \
	  scene,                                                           \
	  { at, from, bytes, fill },                                       \
	  { resize_block, base, 0, size } },                               \
	{                                                                  \
		what ": realloc", words, scene, { at, from, bytes, fill }, \
		{                                                          \
			realloc_block, base, 0, size                       \
		}                                                          \
	}

/* Header words of @block and of @next, behind it: read when @block becomes @size bytes. */
#define HEADERS(what, scene, block, next, size)                                                   \
	DAMAGED("tag, " what, OVERWRITTEN, scene, block, -8, 8, 'A', block, size),                \
		DAMAGED("tag is 0, " what, OVERWRITTEN, scene, block, -8, 8, 0, block, size),     \
		DAMAGED("a bit of the size, " what, OVERWRITTEN, scene, block, -8, 1, FLIP(0x20), \
			block, size),                                                             \
		DAMAGED("a bit of the stamp, " what, OVERWRITTEN, scene, block, -1, 1, FLIP(1),   \
			block, size),                                                             \
		DAMAGED("prev of the next, " what, OVERWRITTEN, scene, next, -16, 8, 'A', block,  \
			size),                                                                    \
		DAMAGED("prev of the next is 0, " what, OVERWRITTEN, scene, next, -16, 8, 0,      \
			block, size),                                                             \
		DAMAGED("a bit of the next's prev, " what, OVERWRITTEN, scene, next, -16, 1,      \
			FLIP(0x20), block, size),                                                 \
		DAMAGED("the next header, " what, OVERWRITTEN, scene, next, -16, 16, 'A', block,  \
			size)

/* In a build with red zones, heap_trim() frees what waits in quarantine. */
static void hole_for_good(void)
{
	hole();
	heap_trim(mem.heap);
}

static void last_and_top(void)
{
	last();
	mem.other = (unsigned char *)mem.heap->top + HEADER;
}

const struct misuse_row grow_heap[] = {
	BOTH("not aligned", "is not aligned", blocks, &mem.b, 8, MOVED),
	BOTH("inside a block", "inside a block", blocks, &mem.b, 32, MOVED),
	BOTH("a variable", "outside the heap", blocks, &mem.fake, 32, MOVED),
	BOTH("a small number", "outside the heap", blocks, NULL, 64, MOVED),
	BOTH("the last address", "outside the heap", blocks, NULL, -32, MOVED),
	BOTH("another heap's block", "outside the heap", two_heaps, &mem.other, 0, MOVED),
	{ "freed, in quarantine with red zones: realloc",
	  "freed already",
	  hole,
	  {},
	  { realloc_block, &mem.b, 0, MOVED } },
	BOTH("freed", "freed already", hole_for_good, &mem.b, 0, MOVED),
	BOTH("freed, to the same size", "freed already", hole_for_good, &mem.b, 0, SIZE),
	BOTH("freed, smaller", "freed already", hole_for_good, &mem.b, 0, 16),
	BOTH("into free memory", "into free memory", hole_for_good, &mem.b, 32, MOVED),
	BOTH("the top", "into free memory", last_and_top, &mem.other, 0, 16),
	BOTH("a pool's large block, not its record", "inside a block", larges, &mem.q, 0, MOVED),
	{ "NULL: resize", "outside the heap", blocks, {}, { resize_block, &mem.null, 0, MOVED } },
	{ "NULL: realloc, SIZE_MAX", "= NULL", blocks, {}, { realloc_block, &mem.null, 0, -1 } },

	{ "SIZE_MAX: resize", "= false", blocks, {}, { resize_block, &mem.b, 0, SIZE_MAX } },
	{ "SIZE_MAX: realloc", "= NULL", blocks, {}, { realloc_block, &mem.b, 0, SIZE_MAX } },
	{ "a size that wraps: resize",
	  "= false",
	  blocks,
	  {},
	  { resize_block, &mem.b, 0, SIZE_MAX - 15 } },
	{ "a size that wraps: realloc",
	  "= NULL",
	  blocks,
	  {},
	  { realloc_block, &mem.b, 0, SIZE_MAX - 15 } },
	{ "SIZE_MAX, at the top: resize", "= false", last, {}, { resize_block, &mem.c, 0, -1 } },
	{ "SIZE_MAX, at the top: realloc", "= NULL", last, {}, { realloc_block, &mem.c, 0, -1 } },
	{ "HEAP_MAX_SIZE, at the top: resize",
	  "= false",
	  last,
	  {},
	  { resize_block, &mem.c, 0, HEAP_MAX_SIZE } },
	{ "HEAP_MAX_SIZE, at the top: realloc",
	  "= NULL",
	  last,
	  {},
	  { realloc_block, &mem.c, 0, HEAP_MAX_SIZE } },
	{ "more than there is, at the top: realloc",
	  "= NULL",
	  last,
	  {},
	  { realloc_block, &mem.c, 0, ALL_PAGES } },
	{ "more than there is, into a hole: realloc",
	  "= NULL",
	  hole,
	  {},
	  { realloc_block, &mem.a, 0, ALL_PAGES } },

	HEADERS("moves", blocks, &mem.b, &mem.c, MOVED),
	HEADERS("shrinks", blocks, &mem.b, &mem.c, 16),
	HEADERS("stays", blocks, &mem.b, &mem.c, SIZE),
	HEADERS("into a hole", hole_for_good, &mem.a, &mem.b, 2 * SIZE),
	HEADERS("into the top", last_and_top, &mem.c, &mem.other, 2 * SIZE),
	HEADERS("takes pages", last_and_top, &mem.c, &mem.other, 3 * MM_PAGE_SIZE),

	/* The free block behind. */
	DAMAGED("a hole's tag", OVERWRITTEN, hole_for_good, &mem.b, -8, 8, 'A', &mem.a, 2 * SIZE),
	DAMAGED("a bit of a hole's size", OVERWRITTEN, hole_for_good, &mem.b, -8, 1, FLIP(0x20),
		&mem.a, 2 * SIZE),
	DAMAGED("a hole's links", OVERWRITTEN, hole_for_good, &mem.b, 0, 16, 'A', &mem.a, 2 * SIZE),
	DAMAGED("a hole's link to the next", OVERWRITTEN, hole_for_good, &mem.b, 0, 8, 'A', &mem.a,
		2 * SIZE),
	DAMAGED("a hole's link to the one before", OVERWRITTEN, hole_for_good, &mem.b, 8, 8, 0,
		&mem.a, 2 * SIZE),
	DAMAGED("a hole's links, and it shrinks", OVERWRITTEN, hole_for_good, &mem.b, 0, 16, 'A',
		&mem.a, 16),
	DAMAGED("a hole's links, and it moves", OVERWRITTEN, hole_for_good, &mem.b, 0, 16, 'A',
		&mem.a, MOVED),
	DAMAGED("the header behind a hole", OVERWRITTEN, hole_for_good, &mem.c, -16, 16, 'A',
		&mem.a, 2 * SIZE),

	/* The neighbours before a block that moves: they are read when it is freed. */
	{ "prev, moves: realloc",
	  OVERWRITTEN,
	  blocks,
	  { &mem.b, -16, 8, 'A' },
	  { realloc_block, &mem.b, 0, MOVED } },
	{ "prev is 0, moves: realloc",
	  OVERWRITTEN,
	  blocks,
	  { &mem.b, -16, 8, 0 },
	  { realloc_block, &mem.b, 0, MOVED } },
	{ "the header before, moves: realloc",
	  OVERWRITTEN,
	  blocks,
	  { &mem.a, -8, 8, 'A' },
	  { realloc_block, &mem.b, 0, MOVED } },
	{ "links of the hole before, moves: realloc",
	  OVERWRITTEN,
	  hole_for_good,
	  { &mem.b, 0, 16, 'A' },
	  { realloc_block, &mem.c, 0, MOVED } },
	{},
};
