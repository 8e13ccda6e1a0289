// SPDX-License-Identifier: MIT
/*
 * misuse_free.c - blocks freed wrongly: twice, foreign, interior, stale, forged
 */
#include <mm/env.h>
#include <mm/heap_block.h>
#include <tests/misuse/misuse.h>

static void freed_ab(void)
{
	blocks();
	heap_free(mem.heap, mem.a);
	heap_free(mem.heap, mem.b);
}

static void freed_bc(void)
{
	hole();
	heap_free(mem.heap, mem.c);
}

static void freed_abc(void)
{
	freed_ab();
	heap_free(mem.heap, mem.c);
}

static void freed_last(void)
{
	last();
	heap_free(mem.heap, mem.c);
}

static void freed_all(void)
{
	freed_last();
	heap_free(mem.heap, mem.b);
	heap_free(mem.heap, mem.a);
}

static void freed_and_trimmed(void)
{
	freed_all();
	heap_trim(mem.heap);
}

/* The memory of a went to somebody else; b was part of the same free block. */
static void neighbour_reused(void)
{
	freed_ab();
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

static void block_reused(void)
{
	hole();
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

/* b lies inside a larger block now, and its owner has cleared it. */
static void swallowed(void)
{
	freed_ab();
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, 2 * SIZE + HEADER);
	memset(mem.other, 0, 2 * SIZE + HEADER);
}

/* The same, and the new owner wrote nothing: the old header is still there. */
static void swallowed_uncleared(void)
{
	freed_ab();
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, 2 * SIZE + HEADER);
}

static void filled(void)
{
	blocks();
	memset(mem.b, 'A', SIZE);
}

static void filled_with_ones(void)
{
	blocks();
	memset(mem.b, 0xff, SIZE);
}

/* A copy of c's header lies inside b. */
static void forged_header(void)
{
	blocks();
	memcpy(mem.b + 16, mem.c - HEADER, HEADER);
}

/* Two headers inside b agree with each other: a used block of 32 bytes, and what is behind it. */
static void forged_pair(void)
{
	struct heap_block *header;

	blocks();
	header = (struct heap_block *)(mem.b + 16);
	header->prev = 32;
	header->tag = 32 ^ mem.heap->stamp;
	block_at(header, 32)->prev = 32;
	block_at(header, 32)->tag = 32 ^ mem.heap->stamp;
}

/* And a third one, before the first: complete. */
static void forged_completely(void)
{
	struct heap_block *header;

	blocks();
	header = (struct heap_block *)(mem.b + 16);
	for (size_t at = 0; at < 96; at += 32) {
		block_at(header, at)->prev = 32;
		block_at(header, at)->tag = 32 ^ mem.heap->stamp;
	}
}

static void others_page(void)
{
	blocks();
	mem.other = page_alloc(mem.pages, 1);
	memset(mem.other, 0, MM_PAGE_SIZE);
}

const struct misuse_row misuse_free[] = {
	{ "twice", "freed already", hole, {}, { free_block, &mem.b } },
	{ "twice, another block in the same list",
	  "freed already",
	  holes,
	  {},
	  { free_block, &mem.b } },
	{ "twice, joined with the block before",
	  "freed already",
	  freed_ab,
	  {},
	  { free_block, &mem.b } },
	{ "twice, the first of two joined", "freed already", freed_ab, {}, { free_block, &mem.a } },
	{ "twice, joined with the block behind",
	  "freed already",
	  freed_bc,
	  {},
	  { free_block, &mem.b } },
	{ "twice, the second one of two joined",
	  "freed already",
	  freed_bc,
	  {},
	  { free_block, &mem.c } },
	{ "twice, joined on both sides", "freed already", freed_abc, {}, { free_block, &mem.b } },
	{ "twice, the first of three joined",
	  "freed already",
	  freed_abc,
	  {},
	  { free_block, &mem.a } },
	{ "twice, joined with the top", "freed already", freed_last, {}, { free_block, &mem.c } },
	{ "twice, and all of the heap is free",
	  "freed already",
	  freed_all,
	  {},
	  { free_block, &mem.a } },
	{ "twice, deep in the top", "freed already", freed_all, {}, { free_block, &mem.b } },
	{ "twice, its page went back",
	  "outside the heap",
	  freed_and_trimmed,
	  {},
	  { free_block, &mem.b } },
	{ "twice, the block before was handed out again",
	  "freed already",
	  neighbour_reused,
	  {},
	  { free_block, &mem.b } },
	{ "twice, now inside a block that was cleared",
	  "inside a block",
	  swallowed,
	  {},
	  { free_block, &mem.b } },
	{ "twice, now inside a block that was not cleared",
	  "inside a block",
	  swallowed_uncleared,
	  {},
	  { free_block, &mem.b } },
	{ "twice, the second time for a new owner",
	  "freed already",
	  block_reused,
	  {},
	  { free_block, &mem.b },
	  .kind = 2 },
	{ "1 byte into a block", "not aligned", blocks, {}, { free_block, &mem.b, 1 } },
	{ "8 bytes into a block", "not aligned", blocks, {}, { free_block, &mem.b, 8 } },
	{ "16 bytes into a block", "not aligned", blocks, {}, { free_block, &mem.b, 16 } },
	{ "its header", "not aligned", blocks, {}, { free_block, &mem.b, -HEADER } },
	{ "32 bytes into a block", "inside a block", blocks, {}, { free_block, &mem.b, 32 } },
	{ "64 bytes into a block", "inside a block", blocks, {}, { free_block, &mem.b, 64 } },
	{ "32 bytes before a block", "inside a block", blocks, {}, { free_block, &mem.b, -32 } },
	{ "32 bytes into a block of letters",
	  "inside a block",
	  filled,
	  {},
	  { free_block, &mem.b, 32 } },
	{ "32 bytes into a block of ones",
	  "inside a block",
	  filled_with_ones,
	  {},
	  { free_block, &mem.b, 32 } },
	{ "32 bytes into a free block", "into free memory", hole, {}, { free_block, &mem.b, 32 } },
	{ "into the top", "into free memory", last, {}, { free_block, &mem.c, 640 } },
	{ "where the top's first block would begin",
	  "into free memory",
	  last,
	  {},
	  { free_block, &mem.c, SIZE + HEADER } },
	{ "the struct of a span", "is outside the heap", blocks, {}, { free_block, &mem.span } },
	{ "just past the newest span", "outside the heap", blocks, {}, { free_block, &mem.edge } },
	{ "just past an older span", "outside the heap", spans, {}, { free_block, &mem.other } },
	{ "into another owner's page",
	  "outside the heap",
	  others_page,
	  {},
	  { free_block, &mem.other, 64 } },
	{ "a page that was not given out",
	  "outside the heap",
	  blocks,
	  {},
	  { free_block, &mem.span, 32 * MM_PAGE_SIZE + 32 } },
	{ "below the pages", "outside the heap", blocks, {}, { free_block, &mem.start, -4064 } },
	{ "another heap's block", "outside the heap", two_heaps, {}, { free_block, &mem.other } },
	{ "a variable", "outside the heap", blocks, {}, { free_block, &mem.fake, 32 } },
	{ "address 1", "not aligned", blocks, {}, { free_block, NULL, 1 } },
	{ "address 32", "outside the heap", blocks, {}, { free_block, NULL, 32 } },
	{ "the last address", "not aligned", blocks, {}, { free_block, NULL, -1 } },
	{ "32 bytes below the last address",
	  "outside the heap",
	  blocks,
	  {},
	  { free_block, NULL, -32 } },
	{ "an address that no processor has",
	  "outside the heap",
	  blocks,
	  {},
	  { free_block, NULL, 0x7fffffffffff0000 } },
	{ "on a heap without memory", "outside the heap", nothing, {}, { free_block, &mem.fake } },
	{ "a small object", "inside a block", pool, {}, { free_block, &mem.small } },
	{ "a large object, not its record", "inside a block", larges, {}, { free_block, &mem.q } },
	{ "a copy of a header", "inside a block", forged_header, {}, { free_block, &mem.b, 32 } },
	{ "two headers that agree", "inside a block", forged_pair, {}, { free_block, &mem.b, 32 } },
	{ "three headers that agree",
	  "inside a block",
	  forged_completely,
	  {},
	  { free_block, &mem.b, 64 },
	  .kind = 5 },
	{},
};
