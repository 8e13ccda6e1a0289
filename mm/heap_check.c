// SPDX-License-Identifier: MIT
/*
 * heap_check.c - is a heap what it should be, and if not, where is it broken?
 *
 * Everything here walks: from span to span, from header to header, from link to
 * link, and believes nothing that it has not checked. None of it is ever called
 * on the way of an allocation that succeeds.
 */
#include <mm/heap_block.h>

/**
 * heap_next() - walk all blocks of a heap, used and free
 * @heap: the heap
 * @place: where the walk is; all zeros at first
 *
 * Span by span, from low to high addresses. What lies behind a header that was
 * overwritten is one place, HEAP_BROKEN. For reports; never on a hot path.
 *
 * Return: whether there was one more place.
 */
mm_trusted bool heap_next(const struct heap *heap, struct heap_place *place)
{
	const struct heap_span *span = place->span;
	const struct heap_block *block = block_at(place->block, place->size);
	const struct heap_block *next;
	uint64_t state;
	size_t size;

	if (!span || block == span_sentinel(span)) {
		span = span ? span->next : heap->spans;
		if (!span)
			return false;
		block = span_first(span);
	}
	state = block_state(heap, block);
	size = state & ~BLOCK_FREE;
	next = block_at(block, size);
	place->kind = state & BLOCK_FREE ? HEAP_FREE : HEAP_USED;
	if (block == heap->top) {
		place->kind = HEAP_FREE;
		next = heap->sentinel;
	} else if (size % HEAP_ALIGN || next <= block || next > span_sentinel(span) ||
		   next->prev != size) {
		place->kind = HEAP_BROKEN;
		next = span_sentinel(span);
	}
	place->span = span;
	place->block = &block->links;
	place->size = (uintptr_t)next - (uintptr_t)place->block;
	return true;
}

/**
 * heap_find() - what is at an address?
 * @heap: the heap
 * @p: any address; not read
 * @place: where the answer goes
 *
 * A header counts as part of the block behind it. Walks: for reports, never on a
 * hot path.
 */
mm_trusted void heap_find(const struct heap *heap, const void *p, struct heap_place *place)
{
	*place = (struct heap_place){ 0 };
	while (heap_next(heap, place))
		if ((uintptr_t)p - (uintptr_t)block_of(place->block) < place->size + BLOCK_HEADER)
			return;
	*place = (struct heap_place){ .kind = HEAP_OUTSIDE };
}

/* What heap_free() was given, found out the long way. */
static mm_trusted const char *verdict(const struct heap *heap, const void *p)
{
	struct heap_place place;

	heap_find(heap, p, &place);
	if (place.kind == HEAP_USED)
		return place.block == p ? "has a neighbour whose header was overwritten" :
					  "points inside a block, not at its start";
	if (place.kind == HEAP_BROKEN)
		return place.block == p ?
			       "has a header that was overwritten, or the one behind it" :
			       "lies behind a header that was overwritten";
	if (block_was_freed(block_state(heap, block_of(p))))
		return "was freed already";
	return place.kind == HEAP_OUTSIDE ? "is outside the heap" : "points into free memory";
}

/* Panics if @block is not what heap_free() can free, but for NULL's. */
mm_trusted int heap_free_failed(const struct heap *heap, const struct heap_block *block)
{
	const void *p = (void *)((uintptr_t)block + BLOCK_HEADER);
	unsigned int i = heap->pages ? heap->pages->nr_ranges : 0;

	if (!p)
		return 0;
	if ((uintptr_t)p & (HEAP_ALIGN - 1))
		panic("heap_free: %p is not aligned to %zu", p, HEAP_ALIGN);
	/* Only in RAM, whoever holds it now, can there be a header to look at. */
	while (i && (uintptr_t)block - heap->pages->ranges[i - 1].start >=
			    heap->pages->ranges[i - 1].end - heap->pages->ranges[i - 1].start)
		i--;
	if (!i)
		panic("heap_free: %p is outside the heap", p);
	panic("heap_free: %p %s", p, verdict(heap, p));
}

/* Panics: the free @block is not what it was when it was freed. */
mm_trusted void *heap_alloc_failed(const struct heap_block *block)
{
	panic("heap_alloc: the free block %p was overwritten",
	      (void *)((uintptr_t)block + BLOCK_HEADER));
}

static mm_trusted int broken(const void *where, const char *what)
{
	printk("# heap_check: at %p: %s\n", where, what);
	return -EFAULT;
}

/* What must be true of a span before its blocks can be walked. */
static mm_trusted int check_span(const struct heap *heap, const struct heap_span *span)
{
	if (((uintptr_t)span & (PAGE_SIZE - 1)) ||
	    !page_is_used(heap->pages, span, sizeof(*span)) ||
	    !page_is_used(heap->pages, span, span->end - (uintptr_t)span))
		return broken(span, "a span is not in pages given out");
	if (span == heap->spans &&
	    (heap->range != page_find(heap->pages, span) || heap->sentinel != span_sentinel(span) ||
	     heap->top < span_first(span) || heap->top > heap->sentinel ||
	     ((uintptr_t)heap->top + BLOCK_HEADER) % HEAP_ALIGN))
		return broken(span, "the newest span does not hold the top");
	if (span_first(span)->prev ||
	    (block_state(heap, span_sentinel(span)) & ~BLOCK_WAS_FREE) != BLOCK_END)
		return broken(span, "the first or the last header of a span was overwritten");
	return 0;
}

/* Walks one list; takes its blocks off the count. */
static mm_trusted int check_list(const struct heap *heap, size_t i, size_t *listed)
{
	const struct heap_links *list = &heap->lists[i];
	const struct heap_links *prev = list;
	const struct heap_links *at;
	bool is_empty = list->next == list;
	size_t size;

	for (at = list->next; at != list; prev = at, at = at->next) {
		if ((uintptr_t)at % HEAP_ALIGN ||
		    !page_is_used(heap->pages, block_of(at), HEAP_ALIGN) || at->prev != prev)
			return broken(prev, "a link of a free block was overwritten");
		size = block_state(heap, block_of(at)) - BLOCK_FREE;
		if (size & ~BLOCK_SIZE_MASK || list_index(size) != i || !(*listed)--)
			return broken(at, "a block is in the wrong list");
	}
	if (list->prev != prev)
		return broken(list, "a list does not end with its last block");
	if ((heap->bitmap[i / 64] >> (i % 64) & 1) == is_empty)
		return broken(list, "the bitmap is wrong about a list");
	return 0;
}

/**
 * heap_check() - walk all of a heap and verify what can be verified
 * @heap: the heap
 *
 * Every header against its neighbours, every free block against its list, every
 * list against the bitmaps. Time grows with the number of blocks. Prints what is
 * broken first, and where.
 *
 * Return: 0 or -EFAULT.
 */
mm_trusted int heap_check(const struct heap *heap)
{
	struct heap_place place = { 0 };
	size_t pages = 0, listed = 0;
	const void *free_end = NULL;

	for (const struct heap_span *span = heap->spans; span; span = span->next) {
		if (check_span(heap, span))
			return -EFAULT;
		pages += (span->end - (uintptr_t)span) >> PAGE_SHIFT;
		if (pages > heap->pages->used)
			return broken(span, "the list of spans goes round in a circle");
	}
	while (heap_next(heap, &place)) {
		const struct heap_block *block = block_of(place.block);

		if (place.kind == HEAP_BROKEN)
			return broken(block, "a header was overwritten, or the one behind it");
		if (place.kind == HEAP_FREE && free_end == block)
			return broken(block, "two free blocks lie side by side");
		free_end = place.kind == HEAP_FREE ? block_at(place.block, place.size) : NULL;
		listed += place.kind == HEAP_FREE && block != heap->top;
	}
	for (size_t i = 0; heap->pages && i < HEAP_LISTS; i++)
		if (check_list(heap, i, &listed))
			return -EFAULT;
	if (listed)
		return broken(heap, "fewer blocks are in lists than are free");
	for (unsigned int w = 0; w < HEAP_WORDS; w++)
		if (!(heap->words >> w & 1) != !heap->bitmap[w])
			return broken(heap, "the summary of the bitmap is wrong");
	return 0;
}
