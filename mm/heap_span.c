// SPDX-License-Identifier: MIT
/*
 * heap_span.c - a heap's beginning, and where its pages come from and go
 *
 *	|######|..|####|######|......top......|         before
 *	|######|..|####|######|..........top..........| heap_alloc()
 *	|######|..|####|######|..|                      heap_trim()
 */
#include <mm/bump.h>
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
	*heap = (struct heap){ .pages = pages };
#ifdef __x86_64__
	heap->secret = __builtin_ia32_rdtsc();
#endif
	for (unsigned int i = 0; i < HEAP_LISTS; i++)
		heap->lists[i] = (struct heap_links){ &heap->lists[i], &heap->lists[i] };
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
 * Makes @end the end of @span, as if it were the newest: heap_trim(), which comes by
 * older ones, puts the sentinel right. A freed block may have begun where the sentinel
 * is written: its mark is kept, for heap_free() to tell.
 */
static inline mm_trusted void set_end(struct heap *heap, struct heap_span *span, uintptr_t end)
{
	bool was_freed;

	span->end = end;
	heap->sentinel = span_sentinel(span);
	was_freed = block_was_freed(block_state(heap, heap->sentinel));
	block_set_state(heap, heap->sentinel, BLOCK_END | (was_freed ? BLOCK_WAS_FREE : 0));
}

/*
 * Adds whole pages at the end of the newest span, so that there are at least @size
 * bytes at the top. Two spans are never joined, however close they lie: what a
 * heap believes of memory, it wrote there itself.
 */
static inline mm_trusted bool extend(struct heap *heap, size_t size)
{
	size_t bytes = page_up(size - top_size(heap));
	struct page_range *range = heap->range;
	struct heap_span *span = heap->spans;

	if (!span || range->next != span->end || !bump_room(range->next, range->end, bytes))
		return false;
	page_bump(heap->pages, range, bytes >> PAGE_SHIFT);
	page_set_guess(heap->pages, (void *)span->end, range);
	mm_poison((void *)span->end, bytes);
	set_end(heap, span, span->end + bytes);
	return true;
}

/*
 * The bytes to leave free at the top, so that the address @offset bytes into a block
 * behind them has none of the bits of @slack.
 */
static inline mm_trusted size_t gap_for(const struct heap *heap, size_t slack, size_t offset)
{
	return -((uintptr_t)heap->top + BLOCK_HEADER + offset) & slack;
}

/* A block of @size bytes from the top, where there is room, behind @gap free bytes. */
static mm_trusted mm_noinline void *alloc_from_top(struct heap *heap, size_t gap, size_t size)
{
	struct heap_block *front = heap->top;

	if (gap) {
		heap->top = block_at(front, gap);
		add_free(heap, front, gap);
	}
	return cut_top(heap, size);
}

/* The same, from a new span. */
static mm_trusted mm_noinline void *alloc_in_new_span(struct heap *heap, size_t slack,
						      size_t offset, size_t size)
{
	size_t bytes = page_up(size + slack + sizeof(struct heap_span) + BLOCK_HEADER);
	struct page_range *range;
	struct heap_span *span;

	range = heap->pages ? page_alloc_in(heap->pages, bytes >> PAGE_SHIFT) : NULL;
	if (!range)
		return NULL;
	span = (struct heap_span *)(range->next - bytes);
	mm_poison(span, bytes);
	if (heap->top != heap->sentinel)
		add_free(heap, heap->top, top_size(heap));
	span->next = heap->spans;
	heap->spans = span;
	heap->range = range;
	page_set_guess(heap->pages, span, range);
	heap->top = span_first(span);
	heap->top->prev = 0;
	set_end(heap, span, range->next);
	return alloc_from_top(heap, gap_for(heap, slack, offset), size);
}

/* A block where no list has one: from the top; with more pages, if need be. */
mm_trusted void *heap_alloc_more(struct heap *heap, size_t slack, size_t offset, size_t size)
{
	size_t gap = gap_for(heap, slack, offset);

	if (top_size(heap) < gap + size) {
		if (!extend(heap, gap + size))
			return alloc_in_new_span(heap, slack, offset, size);
	}
	return alloc_from_top(heap, gap, size);
}

/*
 * Takes the free block at the end of @span out of its list; the sentinel if the last
 * block is used. What is behind it must say the same of its size as it does itself.
 */
static mm_trusted struct heap_block *take_tail(struct heap *heap, const struct heap_span *span)
{
	struct heap_block *sentinel = span_sentinel(span);
	struct heap_block *last = block_at(sentinel, -sentinel->prev);
	uint64_t state = BLOCK_END;

	if (sentinel->prev <= (uintptr_t)sentinel - (uintptr_t)span_first(span))
		state = block_state(heap, last) ^ sentinel->prev;
	if (!state)
		return sentinel;
	if (state != BLOCK_FREE || !block_is_linked(last))
		panic("heap_trim: the last block before %p was overwritten", (void *)sentinel);
	list_del(heap, last);
	return last;
}

/*
 * Gives back the free pages at the end of the span at *@link; a span with nothing
 * in it goes whole. Returns the link to the next.
 */
static mm_trusted struct heap_span **trim_span(struct heap *heap, struct heap_span **link)
{
	struct heap_span *span = *link;
	struct page_range *range = page_find(heap->pages, span);
	struct heap_block *tail;
	uintptr_t end;

	if (span->end != range->next)
		return &span->next;
	tail = take_tail(heap, span);
	end = tail == span_first(span) ? (uintptr_t)span : page_up((uintptr_t)tail + BLOCK_HEADER);
	mm_unpoison((void *)end, range->next - end);
	page_lower(heap->pages, range, end);
	if (end == (uintptr_t)span) {
		*link = span->next;
		return link;
	}
	set_end(heap, span, end);
	if (tail != span_sentinel(span))
		add_free(heap, tail, end - BLOCK_HEADER - (uintptr_t)tail);
	return &span->next;
}

/*
 * heap_free()'s share of that: so much is free at the top that it keeps only
 * HEAP_SLACK, if nobody else took later pages.
 */
mm_trusted int heap_trim_top(struct heap *heap)
{
	uintptr_t end = page_up((uintptr_t)heap->top + HEAP_SLACK + BLOCK_HEADER);
	struct heap_span *span = heap->spans;

	if (span->end != heap->range->next)
		return 0;
	mm_unpoison((void *)end, span->end - end);
	page_lower(heap->pages, heap->range, end);
	set_end(heap, span, end);
	return 0;
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
	size_t used;

	if (!heap->spans)
		return 0;
	used = heap->pages->used;
	mm_quarantine_end(heap);
	/* For now, the top is a free block like others. */
	if (heap->top != heap->sentinel)
		add_free(heap, heap->top, top_size(heap));
	/* Newest first: in a range, that is from the frontier downwards. */
	for (struct heap_span **link = &heap->spans; *link;)
		link = trim_span(heap, link);
	heap->sentinel = heap->spans ? span_sentinel(heap->spans) : NULL;
	heap->top = heap->spans ? take_tail(heap, heap->spans) : NULL;
	heap->range = page_find(heap->pages, heap->spans);
	return used - heap->pages->used;
}
