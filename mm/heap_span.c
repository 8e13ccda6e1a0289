// SPDX-License-Identifier: MIT
/*
 * heap_span.c - where a heap's pages come from and where they go
 *
 *	|######|..|####|######|......top......|         before
 *	|######|..|####|######|..........top..........| heap_grow()
 *	|######|..|####|######|..|                      heap_trim()
 */
#include <mm/env.h>
#include <mm/heap_block.h>

/*
 * Adds whole pages at the end of the newest span, or else makes a new span, so
 * that the top has at least @size bytes. Two spans are never joined, however
 * close they lie: what a heap believes of memory, it wrote there itself.
 */
bool heap_grow(struct heap *heap, size_t size)
{
	size_t have = heap->top ? block_state(heap, heap->top) - BLOCK_FREE : 0;
	size_t bytes = (size - have + PAGE_SIZE - 1) & -PAGE_SIZE;
	struct heap_block *block = heap->top ? heap->top : heap->sentinel;
	struct heap_block *old_top = NULL;
	struct heap_span *span = heap->spans;

	if (!heap->pages)
		return false;
	if (span && page_extend(heap->pages, (void *)span->end, bytes >> PAGE_SHIFT)) {
		span->end += bytes;
		bytes += have;
	} else {
		bytes = (size + sizeof(*span) + BLOCK_HEADER + PAGE_SIZE - 1) & -PAGE_SIZE;
		span = page_alloc(heap->pages, bytes >> PAGE_SHIFT);
		if (!span)
			return false;
		old_top = heap->top;
		span->next = heap->spans;
		span->end = (uintptr_t)span + bytes;
		heap->spans = span;
		block = span_first(span);
		block->prev = 0;
		bytes -= sizeof(*span) + BLOCK_HEADER;
	}
	heap->sentinel = span_sentinel(span);
	block_set_state(heap, heap->sentinel, 0);
	add_free(heap, block, bytes);
	if (old_top)
		list_add(heap, old_top, have);
	return true;
}

/* Makes the newest span's last block the top, if it is free. */
static void find_top(struct heap *heap)
{
	struct heap_block *last;

	heap->sentinel = heap->spans ? span_sentinel(heap->spans) : NULL;
	if (!heap->spans)
		return;
	last = block_at(heap->sentinel, -heap->sentinel->prev);
	if (block_state(heap, last) & BLOCK_FREE) {
		list_del(heap, last);
		heap->top = last;
	}
}

/*
 * Gives back the free pages at the end of the span at *@link, but for @keep
 * bytes and a header. A span with nothing in it goes whole, if @keep is 0.
 * Returns how many pages went.
 */
static size_t trim_span(struct heap *heap, struct heap_span **link, size_t keep)
{
	struct heap_span *span = *link;
	struct heap_block *sentinel = span_sentinel(span);
	struct heap_block *last = block_at(sentinel, -sentinel->prev);
	const struct page_range *range = page_find(heap->pages, (uintptr_t)sentinel);
	uintptr_t end = ((uintptr_t)last + keep + BLOCK_HEADER + PAGE_SIZE - 1) & -PAGE_SIZE;
	bool whole = last == span_first(span) && !keep;
	bool newest = span == heap->spans;
	size_t pages;

	if (whole)
		end = (uintptr_t)span;
	if (!(block_state(heap, last) & BLOCK_FREE) || end >= span->end ||
	    range->next != span->end)
		return 0;

	if (last == heap->top)
		heap->top = NULL;
	else
		list_del(heap, last);
	pages = (span->end - end) >> PAGE_SHIFT;
	if (whole) {
		*link = span->next;
		if (newest)
			find_top(heap);
	} else {
		size_t before = last->prev;
		size_t rest;

		span->end = end;
		sentinel = span_sentinel(span);
		if (newest)
			heap->sentinel = sentinel;
		rest = (uintptr_t)sentinel - (uintptr_t)last;
		block_set_state(heap, sentinel, BLOCK_WAS_FREE);
		sentinel->prev = before;
		if (rest)
			add_free(heap, last, rest);
	}
	page_put_back(heap->pages, (void *)end, pages);
	return pages;
}

/* heap_free()'s share of giving back: much is free, so keep only a little. */
void heap_trim_top(struct heap *heap)
{
	trim_span(heap, &heap->spans, HEAP_SLACK);
}

/**
 * heap_trim() - give every free tail back to the pages
 * @heap: the heap
 *
 * Keeps nothing that can go: of each span, the free pages at its end, where
 * nobody else took later pages of that range. Time grows with the number of
 * spans, not of blocks.
 *
 * Return: how many pages went back.
 */
size_t heap_trim(struct heap *heap)
{
	struct heap_span **link = &heap->spans;
	size_t pages = 0;

	/* Newest first: in a range, that is from the frontier downwards. */
	while (*link) {
		struct heap_span *span = *link;

		pages += trim_span(heap, link, 0);
		if (*link == span)
			link = &span->next;
	}
	return pages;
}
