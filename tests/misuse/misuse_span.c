// SPDX-License-Identifier: MIT
/*
 * misuse_span.c - structs of spans overwritten, and pages that went away
 *
 *	|next end|hdr|##a##|..|page of another owner|next end|hdr|##b##| ...
 *	 old                                          span
 *
 * 32 bytes before the first block of a span reach its header and the struct of the span.
 */
#include <mm/env.h>
#include <mm/heap_block.h>
#include <tests/misuse/misuse.h>

#define FIELD(name) offsetof(struct heap_span, name)
#define OVERWRITTEN "overwritten"

static void pages_put_back(void)
{
	blocks();
	page_put_back(mem.pages, mem.span, (size_t)(mem.edge - mem.span) >> MM_PAGE_SHIFT);
}

/* Another owner has the pages by now. */
static void pages_reused(void)
{
	pages_put_back();
	mem.other = page_alloc(mem.pages, 1);
	memset(mem.other, 0, MM_PAGE_SIZE);
}

static void second_page_put_back(void)
{
	blocks();
	mem.d = heap_alloc(mem.heap, HEAP_ALIGN, MM_PAGE_SIZE);
	page_put_back(mem.pages, mem.edge, 1);
}

/* A large block, and pages of another owner behind its span. */
static void pages_behind(void)
{
	mem.a = heap_alloc(mem.heap, HEAP_ALIGN, 44 * MM_PAGE_SIZE);
	mem.span = (unsigned char *)mem.heap->spans;
	mem.other = page_alloc(mem.pages, 2);
}

/* The pages of the other owner must stay given out. */
static const char *free_beside_others(unsigned char *p, size_t n)
{
	free_block(p, n);
	return page_is_used(mem.pages, mem.other, 2 * MM_PAGE_SIZE) ? "= safe" : "= lost";
}

/* The second block begins where a first block of a span could: 16 bytes into a page. */
static void block_at_a_page(void)
{
	mem.a = heap_alloc(mem.heap, HEAP_ALIGN, MM_PAGE_SIZE - HEADER);
	mem.b = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	mem.c = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	heap_free(mem.heap, mem.a);
}

/* The size before the old span's sentinel, a multiple of 32 that leads out of all pages. */
static void old_sentinel_wild(void)
{
	const size_t size = (size_t)1 << 46;

	spans();
	memcpy((void *)(((uintptr_t *)mem.old)[1] - HEADER), &size, sizeof(size));
}

const struct misuse_row misuse_span[] = {
	{ "next: trim", OVERWRITTEN, spans, { &mem.span, FIELD(next), 8, 'A' }, { trim } },
	{ "next is a variable: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.fake },
	  { trim } },
	{ "next is itself: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.span },
	  { trim } },
	{ "next of the old is the newest: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.old, FIELD(next), .put = &mem.span },
	  { trim } },
	{ "next of the old span: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.old, FIELD(next), 8, 'A' },
	  { trim } },
	{ "next is a block: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.c },
	  { trim } },
	{ "next is another owner's page: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.other },
	  { trim } },
	{ "next: check",
	  "= a span is not in pages given out",
	  spans,
	  { &mem.span, FIELD(next), 8, 'A' },
	  { check } },
	{ "next is itself: check",
	  "= the list of spans goes round in a circle",
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.span },
	  { check } },
	{ "next: free of a foreign pointer",
	  "outside the heap",
	  spans,
	  { &mem.span, FIELD(next), 8, 'A' },
	  { free_block, &mem.fake } },
	{ "next is itself: free of a pointer into a block",
	  "outside the heap",
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.span },
	  { free_block, &mem.a, 32 } },
	{ "next is itself: free of another owner's page",
	  "outside the heap",
	  spans,
	  { &mem.span, FIELD(next), .put = &mem.span },
	  { free_block, &mem.other, 32 } },
	{ "end: trim", OVERWRITTEN, spans, { &mem.span, FIELD(end), 8, 'A' }, { trim } },
	{ "end is 0: trim", OVERWRITTEN, spans, { &mem.span, FIELD(end), 8, 0 }, { trim } },
	{ "end is one page too high: trim",
	  OVERWRITTEN,
	  spans,
	  { &mem.old, FIELD(end), .put = &mem.span },
	  { trim } },
	{ "end of the old: trim", OVERWRITTEN, spans, { &mem.old, FIELD(end), 8, 'A' }, { trim } },
	{ "end: check",
	  "= a span is not in pages given out",
	  spans,
	  { &mem.span, FIELD(end), 8, 'A' },
	  { check } },
	{ "end of the old: check",
	  "= a span is not in pages given out",
	  spans,
	  { &mem.old, FIELD(end), 8, 0 },
	  { check } },
	{ "end: free of a pointer into a block",
	  "outside the heap",
	  spans,
	  { &mem.span, FIELD(end), 8, 'A' },
	  { free_block, &mem.c, 32 } },
	{ "8 bytes before the first block: free it",
	  OVERWRITTEN,
	  blocks,
	  { &mem.a, -8, 8, 'A' },
	  { free_block, &mem.a } },
	{ "16 bytes before the first block: free it",
	  OVERWRITTEN,
	  blocks,
	  { &mem.a, -16, 16, 'A' },
	  { free_block, &mem.a } },
	{ "24 bytes before the first block: free it",
	  "outside the heap",
	  blocks,
	  { &mem.a, -24, 24, 'A' },
	  { free_block, &mem.a } },
	{ "32 bytes before the first block: free it",
	  "outside the heap",
	  blocks,
	  { &mem.a, -32, 32, 'A' },
	  { free_block, &mem.a } },
	{ "32 bytes before the first block: trim",
	  OVERWRITTEN,
	  blocks,
	  { &mem.a, -32, 32, 'A' },
	  { trim } },
	{ "32 bytes before the first block: check",
	  "= a span is not in pages given out",
	  blocks,
	  { &mem.a, -32, 32, 'A' },
	  { check } },
	{ "prev of the first block: free it",
	  OVERWRITTEN,
	  blocks,
	  { &mem.a, -16, 8, 'A' },
	  { free_block, &mem.a } },
	{ "prev of the first block is 32: free it",
	  OVERWRITTEN,
	  spans,
	  { &mem.b, -16, 1, 32 },
	  { free_block, &mem.b } },
	{ "pages put back: free", "outside the heap", pages_put_back, {}, { free_block, &mem.b } },
	{ "pages put back: check",
	  "= a span is not in pages given out",
	  pages_put_back,
	  {},
	  { check } },
	{ "pages put back: trim", OVERWRITTEN, pages_put_back, {}, { trim } },
	{ "pages put back: alloc",
	  OVERWRITTEN,
	  pages_put_back,
	  {},
	  { alloc, .n = SIZE },
	  .open = "the top is believed: heap_alloc() does not look up its range" },
	{ "pages put back and reused: free",
	  "outside the heap",
	  pages_reused,
	  {},
	  { free_block, &mem.b } },
	{ "pages put back and reused: check",
	  "= a span is not in pages given out",
	  pages_reused,
	  {},
	  { check } },
	{ "pages put back and reused: trim", OVERWRITTEN, pages_reused, {}, { trim } },
	{ "the second page put back: free of the block at its end",
	  "outside the heap",
	  second_page_put_back,
	  {},
	  { free_block, &mem.edge, 32 } },
	{ "the second page put back: free of the block into it",
	  "outside the heap",
	  second_page_put_back,
	  {},
	  { free_block, &mem.d } },
	{ "the second page put back: trim", OVERWRITTEN, second_page_put_back, {}, { trim } },
	{ "the second page put back: check",
	  "= a span is not in pages given out",
	  second_page_put_back,
	  {},
	  { check } },
	{ "1 byte of end, pages of another owner behind: free",
	  "= safe",
	  pages_behind,
	  { &mem.span, FIELD(end) + 1, 1, 0xf0 },
	  { free_beside_others, &mem.a },
	  .is_long = true },
	{ "next is NULL: trim", OVERWRITTEN, spans, { &mem.span, FIELD(next), 8, 0 }, { trim } },
	{ "next is NULL: check",
	  "= the list of spans was lost",
	  spans,
	  { &mem.span, FIELD(next), 8, 0 },
	  { check } },
	{ "prev is 0 at the start of a page: free",
	  OVERWRITTEN,
	  block_at_a_page,
	  { &mem.b, -16, 8, 0 },
	  { free_block, &mem.b } },
	{ "prev of the old sentinel is 2^46: trim", OVERWRITTEN, old_sentinel_wild, {}, { trim } },
	{},
};
