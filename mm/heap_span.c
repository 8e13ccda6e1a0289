// SPDX-License-Identifier: MIT
/*
 * heap_span.c - where a heap's pages come from, and where they go
 *
 *	|######|..|####|######|....top....|             before
 *	|######|..|####|######|..........top..........| heap_grow():   pages come
 *	|######|..|####|######|..top..|                 heap_shrink(): pages go
 *
 * ("#" is used, "." is free.) A heap grows and shrinks only at the end of a span, by
 * whole pages. It joins new pages to its newest span only if they begin where that span
 * ends. Else it begins a new span. Two spans are never joined, even side by side: that is
 * rare.
 */
#include <mm/heap_check.h>
#include <mm/heap_list.h>
#include <mm/heap_span.h>

static uintptr_t page_up(uintptr_t n)
{
	return (n + MM_PAGE_SIZE - 1) & -MM_PAGE_SIZE;
}

/* Ends @span at @end, a page's end. If it is the newest, heap->sentinel points there. */
static mm_trusted void set_end(struct heap *heap, struct heap_span *span, uintptr_t end)
{
	span->end = end;
	span_sentinel(span)->tag = BLOCK_END ^ heap->stamp;
	if (span == heap->spans)
		heap->sentinel = span_sentinel(span);
}

/**
 * heap_extend() - make the newest span longer
 * @heap: the heap
 * @need: bytes that the top lacks; rounded up to pages
 *
 * Return: whether the pages behind the span were free. If not, nothing has changed.
 */
mm_trusted bool heap_extend(struct heap *heap, size_t need)
{
	size_t bytes = page_up(need);
	uintptr_t end = (uintptr_t)heap->sentinel + BLOCK_HEADER;

	if (!heap->spans || !page_extend(heap->pages, (void *)end, bytes >> MM_PAGE_SHIFT))
		return false;
	mm_release((void *)end, bytes);
	set_end(heap, heap->spans, end + bytes);
	mm_tell(PAGES, (void *)end, bytes, heap->spans);
	return true;
}

/* What is free at the top becomes a free block like others. */
static mm_trusted void retire_top(struct heap *heap)
{
	if (heap->top != heap->sentinel)
		list_insert(heap, heap->top, top_size(heap));
	heap->top = heap->sentinel;
}

/* Makes a new span of @bytes, all of it free. */
static mm_trusted bool add_span(struct heap *heap, size_t bytes)
{
	struct heap_span *span = page_alloc(heap->pages, bytes >> MM_PAGE_SHIFT);

	if (!span)
		return false;
	retire_top(heap);
	mm_release(span, bytes);
	span->next = heap->spans;
	heap->spans = span;
	heap->nr_spans++;
	mm_tell(PAGES, span, bytes, NULL);
	set_end(heap, span, (uintptr_t)span + bytes);
	heap->top = span_first(span);
	heap->top->prev = 0;
	return true;
}

/**
 * heap_grow() - take pages, so that there is room at the top
 * @heap: the heap
 * @mask: see gap_for()
 * @offset: see gap_for()
 * @size: bytes of the block that is to fit there and does not yet; header counted
 *
 * Return: whether it fits now. If not, memory is out and nothing has changed.
 */
mm_trusted bool heap_grow(struct heap *heap, size_t mask, size_t offset, size_t size)
{
	size_t need = gap_for(heap->top, mask, offset) + size;

	if (!heap->pages)
		return false;
	if (heap_extend(heap, need - top_size(heap)))
		return true;
	/* HEAP_ALIGN bytes of a new span are its struct and its sentinel. */
	return add_span(heap, page_up(mask + size + HEAP_ALIGN));
}

/*
 * Gives back the pages from @end to @old_end. False: there are none, or somebody else took
 * later pages of the range; then nothing has changed.
 */
static mm_trusted bool put_back(struct heap *heap, uintptr_t end, uintptr_t old_end)
{
	size_t bytes = old_end - end;

	if (!bytes)
		return false;
	mm_tell(PAGES_BACK, (void *)end, bytes, 0);
	/* First: who hears of the pages may touch them. */
	mm_unpoison((void *)end, bytes);
	if (!page_put_back(heap->pages, (void *)end, bytes >> MM_PAGE_SHIFT))
		return true;
	mm_release((void *)end, bytes);
	return false;
}

/**
 * heap_shrink() - give back pages at the top, but keep HEAP_SLACK bytes there
 * @heap: the heap, with more than 2 * HEAP_SLACK bytes at its top
 *
 * What stays is rounded up to a page. Pages stay if somebody else took later ones.
 */
mm_trusted void heap_shrink(struct heap *heap)
{
	uintptr_t end =
		page_up((uintptr_t)heap->top + HEAP_SLACK + BLOCK_HEADER); /* the sentinel */

	/* The heap's own sentinel is believed, not span->end in the span. */
	if (put_back(heap, end, (uintptr_t)heap->sentinel + BLOCK_HEADER))
		set_end(heap, heap->spans, end);
}

/* Does the block before @block, in @span, have the size that @block says? */
static mm_trusted bool prev_is_whole(const struct heap *heap, const struct heap_span *span,
				     const struct heap_block *block)
{
	size_t size = block->prev;

	if (block == span_first(span))
		return size == 0;
	return size && size % HEAP_ALIGN == 0 &&
	       size <= (uintptr_t)block - (uintptr_t)span_first(span) &&
	       (block_state(heap, block_prev(block)) & ~BLOCK_FREE) == size;
}

/* The block at the end of @span, if it is free; else NULL. Panics if it was overwritten. */
static mm_trusted struct heap_block *free_tail(const struct heap *heap,
					       const struct heap_span *span)
{
	const struct heap_block *sentinel = span_sentinel(span);
	struct heap_block *tail;

	if (block_state(heap, sentinel) != BLOCK_END || !prev_is_whole(heap, span, sentinel))
		heap_trim_failed("the last block before", sentinel);
	tail = block_prev(sentinel);
	if (!block_is_free(heap, tail))
		return NULL;
	if (!prev_is_whole(heap, span, tail) ||
	    !block_is_linked(heap, tail, page_find(heap->pages, tail)))
		heap_trim_failed("the last block before", sentinel);
	return tail;
}

/*
 * The lowest address at which @span can end, if its last block, @tail, is free: @span
 * itself, if all of it is free. Else the new sentinel needs 16 bytes from @tail on: it may
 * take the place of @tail's header.
 */
static uintptr_t lowest_end(const struct heap_span *span, const struct heap_block *tail)
{
	return tail == span_first(span) ? (uintptr_t)span : page_up((uintptr_t)&tail->links);
}

/* Are the pages of @span the last that were given out of their range? */
static mm_trusted bool ends_at_frontier(const struct heap *heap, const struct heap_span *span)
{
	return page_find(heap->pages, span)->next == span->end;
}

/*
 * Gives back the free pages at the end of the span at *@link. A span with nothing in it
 * goes whole. Returns the link to the next span.
 */
static mm_trusted struct heap_span **shrink_span(struct heap *heap, struct heap_span **link)
{
	struct heap_span *span = *link, *next;
	struct heap_block *tail;
	uintptr_t end;

	if (!span_is_whole(heap, span))
		heap_trim_failed("the span", span);
	next = span->next;
	tail = free_tail(heap, span);
	end = tail ? lowest_end(span, tail) : span->end;
	if (end == span->end || !ends_at_frontier(heap, span))
		return &span->next;
	/* The tail leaves its list first: its links may lie in pages that go back. */
	list_remove(heap, tail);
	put_back(heap, end, span->end); /* cannot fail: ends_at_frontier() */
	if (end == (uintptr_t)span) {
		*link = next;
		heap->nr_spans--;
		return link;
	}
	set_end(heap, span, end);
	/* Else the sentinel took the place of the tail's header, and nothing is left. */
	if (tail != span_sentinel(span))
		list_insert(heap, tail, (uintptr_t)span_sentinel(span) - (uintptr_t)tail);
	return &span->next;
}

/* The free block at the end of the newest span becomes the top. */
static mm_trusted void adopt_top(struct heap *heap)
{
	struct heap_block *tail;

	heap->sentinel = heap->spans ? span_sentinel(heap->spans) : NULL;
	heap->top = heap->sentinel;
	tail = heap->spans ? free_tail(heap, heap->spans) : NULL;
	if (!tail)
		return;
	list_remove(heap, tail);
	heap->top = tail;
}

/**
 * heap_shrink_all() - give the free pages at the end of every span back
 * @heap: the heap
 *
 * Newest spans first: in a range of pages, they are the ones next to the frontier. Panics if
 * a span, or the block at its end, was overwritten.
 */
mm_trusted void heap_shrink_all(struct heap *heap)
{
	struct heap_span **link = &heap->spans;
	size_t left = heap->nr_spans;

	retire_top(heap);
	for (; *link && left; left--)
		link = shrink_span(heap, link);
	if (*link || left)
		heap_trim_failed("the list of spans near", link);
	adopt_top(heap);
}
