// SPDX-License-Identifier: MIT
/*
 * heap_check.c - is a heap what it should be, and if not, where is it broken?
 *
 * Everything here walks: from span to span, from header to header, from link to
 * link. heap_alloc(), heap_free() and heap_trim() come here only to panic.
 */
#include <mm/heap_check.h>
#include <mm/heap_list.h>

/*
 * The span to which the walk at @place comes next. NULL: there is none, or the link to it
 * cannot be believed.
 */
static mm_trusted const struct heap_span *next_span(const struct heap *heap,
						    struct heap_place *place)
{
	const struct heap_span *span = place->span ? place->span->next : heap->spans;

	if (!span || !span_is_whole(heap, span))
		return NULL;
	/* Spans do not overlap, so more bytes than are given out mean a circle. */
	place->walked += span->end - (uintptr_t)span;
	return place->walked <= heap->pages->used << MM_PAGE_SHIFT ? span : NULL;
}

/**
 * heap_next() - walk all blocks of a heap, used and free
 * @heap: the heap
 * @place: where the walk is; all zeros at first
 *
 * Span by span, and in a span from low to high addresses. From a header that was
 * overwritten to the end of the span is one place, HEAP_BROKEN. If the link to a span was
 * overwritten, the walk ends there. For reports; never on a hot path.
 *
 * Return: whether there was one more place.
 */
mm_trusted bool heap_next(const struct heap *heap, struct heap_place *place)
{
	const struct heap_span *span = place->span;
	const struct heap_block *block = block_at(place->block, place->size);
	const struct heap_block *next;
	size_t size;

	if (!span || block == span_sentinel(span)) {
		span = next_span(heap, place);
		if (!span)
			return false;
		block = span_first(span);
	}
	size = block_state(heap, block) & ~BLOCK_FREE;
	next = block_at(block, size);
	place->kind = block_is_free(heap, block) ? HEAP_FREE : HEAP_USED;
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
 * A header is part of the block that it begins. The search walks all blocks: it is for
 * reports, not for hot paths.
 */
mm_trusted void heap_find(const struct heap *heap, const void *p, struct heap_place *place)
{
	*place = (struct heap_place){ 0 };
	while (heap_next(heap, place))
		if ((uintptr_t)p - (uintptr_t)block_of(place->block) < place->size + BLOCK_HEADER)
			return;
	*place = (struct heap_place){ .kind = HEAP_OUTSIDE };
}

/* What somebody wants to free, found out by a walk. */
static mm_trusted const char *verdict(const struct heap *heap, const void *p)
{
	struct heap_place place;

	heap_find(heap, p, &place);
	if (place.kind == HEAP_USED)
		return place.block == p ? "has a neighbour whose header was overwritten" :
					  "points inside a block, not at its start";
	if (place.kind == HEAP_BROKEN)
		return place.block == p ?
			       "has a header that was overwritten, or the next header was" :
			       "lies behind a header that was overwritten";
	if (place.kind == HEAP_OUTSIDE)
		return "is outside the heap";
	/* A freed block keeps its BLOCK_FREE when it is joined with others. */
	if ((block_state(heap, block_of(p)) & ~BLOCK_SIZE_MASK) == BLOCK_FREE)
		return "was freed already";
	return "points into free memory";
}

/* Panics, and says why @caller cannot free @p. */
mm_trusted void heap_free_failed(const struct heap *heap, const void *p, const char *caller)
{
	if ((uintptr_t)p & (HEAP_ALIGN - 1))
		panic("%s: %p is not aligned to %zu", caller, p, HEAP_ALIGN);
	/* Headers exist only in pages given out. */
	if (!heap->pages || !page_find(heap->pages, block_of(p)))
		panic("%s: %p is outside the heap", caller, p);
	panic("%s: %p %s", caller, p, verdict(heap, p));
}

/* Panics: the free @block is not what it was when it was freed. */
mm_trusted void heap_alloc_failed(const struct heap_block *block)
{
	panic("heap_alloc: the free block %p was overwritten", (const void *)&block->links);
}

/* Panics: heap_trim() cannot believe @what, at @where. */
mm_trusted void heap_trim_failed(const char *what, const void *where)
{
	panic("heap_trim: %s %p was overwritten", what, where);
}

static mm_trusted int broken(const void *where, const char *what)
{
	printk("# heap_check: at %p: %s\n", where, what);
	return -EFAULT;
}

/* What must be true of a span before its blocks can be walked. */
static mm_trusted int check_span(const struct heap *heap, const struct heap_span *span)
{
	if (!span_is_whole(heap, span))
		return broken(span, "a span is not in pages given out");
	if (span_first(span)->prev || block_state(heap, span_sentinel(span)) != BLOCK_END)
		return broken(span, "the first or the last header of a span was overwritten");
	if (span == heap->spans &&
	    (heap->sentinel != span_sentinel(span) || heap->top < span_first(span) ||
	     heap->top > heap->sentinel || ((uintptr_t)heap->top + BLOCK_HEADER) % HEAP_ALIGN))
		return broken(span, "the newest span does not hold the top");
	return 0;
}

/* All spans. If they are sound, a walk from header to header cannot leave the heap. */
static mm_trusted int check_spans(const struct heap *heap)
{
	size_t pages = 0, spans = 0;

	for (const struct heap_span *span = heap->spans; span; span = span->next) {
		if (check_span(heap, span))
			return -EFAULT;
		spans++;
		/* Spans do not overlap, so more pages than are in use mean a circle. */
		pages += (span->end - (uintptr_t)span) >> MM_PAGE_SHIFT;
		if (pages > heap->pages->used)
			return broken(span, "the list of spans goes round in a circle");
	}
	if (spans != heap->nr_spans || (heap->sentinel && !heap->spans))
		return broken(heap, "the list of spans was lost");
	return 0;
}

/* All blocks. Counts the free ones into @free, except the top. */
static mm_trusted int check_blocks(const struct heap *heap, size_t *free)
{
	struct heap_place place = { 0 };
	const void *free_end = NULL;

	*free = 0;
	while (heap_next(heap, &place)) {
		const struct heap_block *block = block_of(place.block);

		if (place.kind == HEAP_BROKEN)
			return broken(block, "a header was overwritten, or the next one was");
		if (place.kind == HEAP_FREE && free_end == block)
			return broken(block, "two free blocks lie side by side");
		free_end = place.kind == HEAP_FREE ? block_at(place.block, place.size) : NULL;
		*free += place.kind == HEAP_FREE && block != heap->top;
	}
	return 0;
}

/* Walks one list, and takes its blocks off the count @free. */
static mm_trusted int check_list(const struct heap *heap, unsigned int fl, unsigned int sl,
				 size_t *free)
{
	const struct heap_links *list = &heap->lists[fl][sl];
	const struct heap_links *prev = list;
	const struct heap_links *at;
	bool is_empty = list->next == list;

	for (at = list->next; at != list; prev = at, at = at->next) {
		struct heap_level level;
		uint64_t size;

		if ((uintptr_t)at % HEAP_ALIGN ||
		    !page_is_used(heap->pages, block_of(at), HEAP_ALIGN) || at->prev != prev)
			return broken(prev, "a link of a free block was overwritten");
		size = block_state(heap, block_of(at)) - BLOCK_FREE;
		if (!size || size & ~BLOCK_SIZE_MASK)
			return broken(at, "a block in a list is not free");
		level = list_level(size);
		if (level.fl != fl || level.sl != sl)
			return broken(at, "a block is in the wrong list");
		if (!*free)
			return broken(at, "more blocks are in lists than are free");
		--*free;
	}
	if (list->prev != prev)
		return broken(list, "a list does not end with its last block");
	if ((heap->sl_bitmap[fl] >> sl & 1) == is_empty)
		return broken(list, "the second-level bitmap is wrong about a list");
	return 0;
}

/* All lists and bitmaps. @free blocks must be in them. */
static mm_trusted int check_lists(const struct heap *heap, size_t free)
{
	for (unsigned int fl = 0; fl < HEAP_FL_COUNT; fl++) {
		for (unsigned int sl = 0; sl < HEAP_SL_COUNT; sl++)
			if (check_list(heap, fl, sl, &free))
				return -EFAULT;
		if (heap->sl_bitmap[fl] >> HEAP_SL_COUNT)
			return broken(heap, "a second-level bitmap has bits for no list");
		if ((heap->fl_bitmap >> fl & 1) == !heap->sl_bitmap[fl])
			return broken(heap, "the first-level bitmap is wrong");
	}
	if (heap->fl_bitmap >> HEAP_FL_COUNT)
		return broken(heap, "the first-level bitmap has bits for no lists");
	if (free)
		return broken(heap, "fewer blocks are in lists than are free");
	return 0;
}

/**
 * heap_check() - walk all of a heap and verify what can be verified
 * @heap: the heap
 *
 * Every header against its neighbours, every free block against its list, every
 * list against the bitmaps. Time grows with the number of blocks. Prints the first
 * fault that it finds, and where.
 *
 * Return: 0 or -EFAULT.
 */
mm_trusted int heap_check(const struct heap *heap)
{
	size_t free;

	if (!heap->pages)
		return 0;
	if (check_spans(heap) || check_blocks(heap, &free) || check_lists(heap, free))
		return -EFAULT;
	return 0;
}
