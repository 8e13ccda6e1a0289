// SPDX-License-Identifier: MIT
/*
 * heap_check.c - is a heap what it should be, and if not, where is it broken?
 *
 * Everything here walks: from span to span, from header to header, from link to
 * link, and believes nothing that it has not checked. None of it is ever called
 * on the way of an allocation that succeeds.
 */
#include <mm/env.h>
#include <mm/heap_block.h>

/* Is there a whole header at @block, inside @span? */
static mm_trusted bool in_span(const struct heap_span *span, const struct heap_block *block)
{
	uintptr_t at = (uintptr_t)block;

	return at >= (uintptr_t)span_first(span) && at <= (uintptr_t)span_sentinel(span) &&
	       !((at - (uintptr_t)span_first(span)) & BLOCK_FLAGS);
}

/* Where the blocks of @span end: at the sentinel, or at the top. */
static mm_trusted const struct heap_block *blocks_end(const struct heap *heap,
						      const struct heap_span *span)
{
	return span == heap->spans ? heap->top : span_sentinel(span);
}

/*
 * The block behind @block, if the headers of both agree on where it begins;
 * otherwise NULL.
 */
static mm_trusted const struct heap_block *
next_block(const struct heap *heap, const struct heap_span *span, const struct heap_block *block)
{
	size_t state = block_state(heap, block);
	size_t size = state & ~BLOCK_FREE;
	const struct heap_block *next = block_at(block, size);

	if (!size || (size & BLOCK_FLAGS) || size >= span->end || !in_span(span, next) ||
	    next->prev != size)
		return NULL;
	return next;
}

/**
 * heap_walk() - visit all blocks of a heap, used and free
 * @heap: the heap
 * @visit: called for each; returns false to end the walk
 * @arg: handed to @visit
 *
 * Span by span, from low to high addresses. What lies behind a header that was
 * overwritten is one place, HEAP_BROKEN. For reports; never on a hot path.
 *
 * Return: false if @visit ended the walk.
 */
mm_trusted bool heap_walk(const struct heap *heap,
			  bool (*visit)(const struct heap_place *place, void *arg), void *arg)
{
	for (const struct heap_span *span = heap->spans; span; span = span->next) {
		const struct heap_block *block, *next, *end = span_sentinel(span);

		for (block = span_first(span); block < end; block = next) {
			struct heap_place place = { .block = &block->links };

			next = block == blocks_end(heap, span) ? end :
								 next_block(heap, span, block);
			if (!next)
				place.kind = HEAP_BROKEN;
			else if (block == blocks_end(heap, span) ||
				 (block_state(heap, block) & BLOCK_FREE))
				place.kind = HEAP_FREE;
			else
				place.kind = HEAP_USED;
			next = next ? next : end;
			place.size = (uintptr_t)next - (uintptr_t)place.block;
			if (!visit(&place, arg))
				return false;
		}
	}
	return true;
}

static mm_trusted bool is_elsewhere(const struct heap_place *place, void *arg)
{
	struct heap_place *wanted = arg;
	uintptr_t at = (uintptr_t)wanted->block - (uintptr_t)block_of(place->block);

	if (at >= place->size + BLOCK_HEADER)
		return true;
	*wanted = *place;
	return false;
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
	*place = (struct heap_place){ .kind = HEAP_OUTSIDE, .block = p };
	if (heap_walk(heap, is_elsewhere, place))
		place->block = NULL;
}

/* What heap_free() was given, found out the long way. */
static mm_trusted const char *verdict(const struct heap *heap, const void *p)
{
	bool was_freed = block_was_freed(block_state(heap, block_of(p)));
	struct heap_place place;

	heap_find(heap, p, &place);
	if (place.kind == HEAP_OUTSIDE || place.kind == HEAP_FREE)
		return was_freed		  ? "was freed already" :
		       place.kind == HEAP_OUTSIDE ? "is outside the heap" :
						    "points into free memory";
	if (place.kind == HEAP_USED)
		return place.block == p ? "has a neighbour whose header was overwritten" :
					  "points inside a block, not at its start";
	return place.block == p ? "has a header that was overwritten, or the one behind it" :
				  "lies behind a header that was overwritten";
}

/* Panics if @block is not what heap_free() can free, but for NULL's. */
mm_trusted void heap_free_failed(const struct heap *heap, const struct heap_block *block)
{
	const void *p = (void *)((uintptr_t)block + BLOCK_HEADER);
	unsigned int i = heap->pages ? heap->pages->nr_ranges : 0;

	if (!p)
		return;
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

struct check {
	const struct heap *heap;
	size_t listed;	    /* free blocks that must be in lists */
	uintptr_t free_end; /* where the last free block ended */
	int error;
};

static mm_trusted bool check_place(const struct heap_place *place, void *arg)
{
	struct check *check = arg;
	const struct heap_block *block = block_of(place->block);

	if (place->kind == HEAP_BROKEN)
		check->error = broken(block, "a header was overwritten, or the one behind it");
	if (place->kind == HEAP_FREE) {
		if (check->free_end == (uintptr_t)block)
			check->error = broken(block, "two free blocks lie side by side");
		check->free_end = (uintptr_t)place->block + place->size;
		check->listed += block != check->heap->top;
	}
	return !check->error;
}

/* What must be true of a span before its blocks can be walked. */
static mm_trusted int check_span(const struct heap *heap, const struct heap_span *span)
{
	if (((uintptr_t)span & (PAGE_SIZE - 1)) ||
	    !page_is_used(heap->pages, span, sizeof(*span)) ||
	    !page_is_used(heap->pages, span, span->end - (uintptr_t)span))
		return broken(span, "a span is not in pages given out");
	if (span == heap->spans &&
	    (heap->sentinel != span_sentinel(span) || !in_span(span, heap->top)))
		return broken(span, "the newest span does not hold the top");
	if (span_first(span)->prev)
		return broken(span, "the first block of a span has one before it");
	if ((block_state(heap, span_sentinel(span)) & ~BLOCK_WAS_FREE) != BLOCK_END)
		return broken(span_sentinel(span), "the end of a span was overwritten");
	return 0;
}

/* Walks one list; takes its blocks off the count. */
static mm_trusted int check_list(const struct heap *heap, size_t i, size_t *listed)
{
	const struct heap_links *list = &heap->lists[i];
	const struct heap_links *prev = list;
	const struct heap_links *at;
	bool is_empty = list->next == list;

	for (at = list->next; at != list; prev = at, at = at->next) {
		size_t state;

		if (((uintptr_t)at & (HEAP_ALIGN - 1)) ||
		    !page_is_used(heap->pages, block_of(at), BLOCK_MIN))
			return broken(prev, "a link of a free block was overwritten");
		state = block_state(heap, block_of(at));
		if (at->prev != prev)
			return broken(at, "a list's links disagree");
		if ((state & BLOCK_FLAGS) != BLOCK_FREE || state >> BLOCK_SIZE_BITS ||
		    list_index(state - BLOCK_FREE) != i)
			return broken(at, "a block is in the wrong list");
		if (!(*listed)--)
			return broken(at, "more blocks are in lists than are free");
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
	struct check check = { .heap = heap };
	size_t pages = 0;

	for (const struct heap_span *span = heap->spans; span; span = span->next) {
		if (check_span(heap, span))
			return -EFAULT;
		pages += (span->end - (uintptr_t)span) >> PAGE_SHIFT;
		if (pages > heap->pages->used)
			return broken(span, "the list of spans goes round in a circle");
	}
	if (!heap_walk(heap, check_place, &check))
		return -EFAULT;
	for (size_t i = 0; heap->pages && i < HEAP_LISTS; i++)
		if (check_list(heap, i, &check.listed))
			return -EFAULT;
	if (check.listed)
		return broken(heap, "fewer blocks are in lists than are free");
	for (unsigned int w = 0; w < HEAP_WORDS; w++)
		if (!(heap->words >> w & 1) != !heap->bitmap[w])
			return broken(heap, "the summary of the bitmap is wrong");
	return 0;
}
