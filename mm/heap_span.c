// SPDX-License-Identifier: MIT
/*
 * heap_span.c - a heap's beginning, and where its pages come from and go
 *
 *	|######|..|####|######|......top......|         before
 *	|######|..|####|######|..........top..........| heap_alloc()
 *	|######|..|####|######|..|                      heap_trim()
 */
#include <mm/env.h>
#include <mm/heap_block.h>

static inline mm_trusted uintptr_t page_up(uintptr_t n)
{
	return (n + PAGE_SIZE - 1) & -PAGE_SIZE;
}

/**
 * heap_init() - make an empty heap
 * @heap: the heap; whatever it held is forgotten
 * @pages: where its memory will come from; nothing is taken before it is needed
 *
 * The secret comes from the time stamp counter, where there is one: good enough
 * to tell blocks from leftovers. heap_set_secret() takes a better one.
 */
mm_trusted void heap_init(struct heap *heap, struct page_allocator *pages)
{
	uintptr_t seed = 0;

#ifdef __x86_64__
	seed = __builtin_ia32_rdtsc();
#endif
	*heap = (struct heap){ .pages = pages };
	for (unsigned int i = 0; i < HEAP_LISTS; i++)
		heap->lists[i] = (struct heap_links){ &heap->lists[i], &heap->lists[i] };
	heap->secret = seed;
	heap_set_secret(heap, heap_mark(heap, heap));
}

/**
 * heap_set_secret() - choose what keys the checks of this heap
 * @heap: a heap that holds no memory
 * @secret: any number, best a random one
 *
 * What becomes of it goes into every block's header, and into the cookies with
 * which pools mark their large blocks.
 */
mm_trusted void heap_set_secret(struct heap *heap, uintptr_t secret)
{
	if (heap->spans)
		panic("heap_set_secret: the heap %p is in use", (void *)heap);
	heap->secret = secret;
	/* Also of a small number; and never 0: memory that is all zeros is no block. */
	heap->stamp = (heap_mark(heap, NULL) | 1ul << 63) & ~BLOCK_SIZE_MASK & ~BLOCK_FLAGS;
}

/*
 * Makes @end the end of @span. A freed block may have begun where the sentinel
 * is written: its mark is kept, for heap_free() to tell.
 */
static mm_trusted void set_end(const struct heap *heap, struct heap_span *span, uintptr_t end)
{
	struct heap_block *sentinel;
	uint64_t state;

	span->end = end;
	sentinel = span_sentinel(span);
	state = block_state(heap, sentinel);
	block_set_state(heap, sentinel,
			block_was_freed(state) ? BLOCK_END | BLOCK_WAS_FREE : BLOCK_END);
}

/*
 * Adds whole pages at the end of the newest span, or else makes a new span, so
 * that there are at least @size bytes at the top. Two spans are never joined,
 * however close they lie: what a heap believes of memory, it wrote there itself.
 */
static mm_trusted bool grow(struct heap *heap, size_t size)
{
	size_t bytes = page_up(size - top_size(heap));
	struct heap_span *span = heap->spans;

	if (span && page_extend(heap->pages, (void *)span->end, bytes >> PAGE_SHIFT)) {
		mm_poison((void *)span->end, bytes);
		set_end(heap, span, span->end + bytes);
		heap->sentinel = span_sentinel(span);
		return true;
	}

	bytes = page_up(size + sizeof(*span) + BLOCK_HEADER);
	span = heap->pages ? page_alloc(heap->pages, bytes >> PAGE_SHIFT) : NULL;
	if (!span)
		return false;
	mm_poison(span, bytes);
	if (heap->top != heap->sentinel)
		add_free(heap, heap->top, top_size(heap));
	span->next = heap->spans;
	heap->spans = span;
	heap->top = span_first(span);
	heap->top->prev = 0;
	set_end(heap, span, (uintptr_t)span + bytes);
	heap->sentinel = span_sentinel(span);
	return true;
}

/*
 * A block of @size bytes from the top, behind a gap so that the address @offset
 * bytes into it has none of the bits of @slack. Gets more pages if need be.
 */
mm_trusted void *heap_alloc_from_top(struct heap *heap, size_t slack, size_t offset, size_t size)
{
	size_t gap = -((uintptr_t)heap->top + BLOCK_HEADER + offset) & slack;

	if (top_size(heap) < gap + size) {
		if (!grow(heap, size + slack))
			return NULL;
		gap = -((uintptr_t)heap->top + BLOCK_HEADER + offset) & slack;
	}
	if (gap) {
		struct heap_block *front = heap->top;

		heap->top = block_at(front, gap);
		add_free(heap, front, gap);
	}
	return cut_top(heap, size);
}

/*
 * Where the free memory at the end of @span begins; the sentinel if there is
 * none. If it is a block in a list, it is taken out.
 */
static mm_trusted struct heap_block *take_tail(struct heap *heap, const struct heap_span *span)
{
	struct heap_block *sentinel = span_sentinel(span);
	struct heap_block *last = block_at(sentinel, -sentinel->prev);

	if (sentinel == heap->sentinel)
		return heap->top;
	if (!(block_state(heap, last) & BLOCK_FREE))
		return sentinel;
	list_del(heap, last);
	return last;
}

/*
 * Gives back the free pages at the end of the span at *@link; a span with nothing
 * in it goes whole. Returns how many pages went.
 */
static mm_trusted size_t trim_span(struct heap *heap, struct heap_span **link)
{
	struct heap_span *span = *link;
	const struct page_range *range = page_find(heap->pages, span);
	bool newest = span == heap->spans;
	struct heap_block *tail;
	uintptr_t end;
	size_t pages;

	if (span->end != range->next)
		return 0;
	tail = take_tail(heap, span);
	end = tail == span_first(span) ? (uintptr_t)span : page_up((uintptr_t)tail + BLOCK_HEADER);
	pages = (span->end - end) >> PAGE_SHIFT;

	if (end == (uintptr_t)span) {
		*link = span->next;
		if (newest) {
			heap->top = span->next ? take_tail(heap, span->next) : NULL;
			heap->sentinel = span->next ? span_sentinel(span->next) : NULL;
		}
	} else {
		set_end(heap, span, end);
		if (newest)
			heap->sentinel = span_sentinel(span);
		else if (tail != span_sentinel(span))
			add_free(heap, tail, end - BLOCK_HEADER - (uintptr_t)tail);
	}
	mm_unpoison((void *)end, pages << PAGE_SHIFT);
	if (pages)
		page_put_back(heap->pages, (void *)end, pages);
	return pages;
}

/*
 * heap_free()'s share of that: so much is free at the top that it keeps only
 * HEAP_SLACK, if nobody else took later pages.
 */
mm_trusted void heap_trim_top(struct heap *heap)
{
	uintptr_t end = page_up((uintptr_t)heap->top + HEAP_SLACK + BLOCK_HEADER);
	struct heap_span *span = heap->spans;

	if (page_put_back(heap->pages, (void *)end, (span->end - end) >> PAGE_SHIFT))
		return;
	mm_unpoison((void *)end, span->end - end);
	set_end(heap, span, end);
	heap->sentinel = span_sentinel(span);
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
mm_trusted size_t heap_trim(struct heap *heap)
{
	size_t pages = 0;

	mm_quarantine_end(heap);
	/* Newest first: in a range, that is from the frontier downwards. */
	for (struct heap_span **link = &heap->spans, *span; (span = *link);) {
		pages += trim_span(heap, link);
		if (*link == span)
			link = &span->next;
	}
	return pages;
}
