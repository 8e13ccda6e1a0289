// SPDX-License-Identifier: MIT
/*
 * heap_free.c - blocks become free memory again
 *
 *	heap_free:	check the block, join it with the free block before it,
 *			join it with the free block behind it, put it into a list
 *			(or lower the top, if that is behind it)
 *
 *	|##|.....|## p ##|.....|##|	before: free neighbours on both sides
 *	|##|...................|##|	after: one free block
 */
#include <mm/heap_check.h>
#include <mm/heap_list.h>
#include <mm/heap_span.h>

/*
 * The block before @block, if that is free; NULL if it is used or there is none. Panics if
 * what joining them would follow was overwritten: a size, the header before, its links.
 */
static inline mm_trusted mm_always_inline struct heap_block *
free_before(const struct heap *heap, const struct heap_block *block, const struct page_range *range)
{
	struct heap_block *prev = block_prev(block);
	size_t size = block->prev;

	if (!size && block_begins_span(heap, block))
		return NULL;
	if (!size || size % HEAP_ALIGN || size > (uintptr_t)block - range->start)
		heap_free_failed(heap, &block->links, "heap_free");
	if (block_state(heap, prev) == size)
		return NULL;
	if (block_state(heap, prev) != size + BLOCK_FREE || !block_is_linked(heap, prev, range))
		heap_free_failed(heap, &block->links, "heap_free");
	return prev;
}

/**
 * heap_check_before() - panic if heap_free() of a block would, because of what lies before it
 * @heap: the heap
 * @p: a used block of it
 */
mm_trusted void heap_check_before(const struct heap *heap, const void *p)
{
	(void)free_before(heap, block_of(p), page_find(heap->pages, p));
}

/*
 * From now on a second free is noticed: BLOCK_FREE stays when the block becomes part of
 * another. And what its owner had in the first bytes is no pool and no record any more.
 */
static inline mm_trusted void mark_freed(struct heap_block *block, size_t size)
{
	mm_release(&block->links, size - BLOCK_HEADER);
	block->tag |= BLOCK_FREE;
	block->links = LINKS_NONE;
}

/* Takes a free neighbour out of its list, and adds its size to *@size. */
static inline mm_trusted void join(struct heap *heap, struct heap_block *neighbour, size_t *size)
{
	mm_tell(JOINED, neighbour, block_size(heap, neighbour), *size);
	list_remove(heap, neighbour);
	*size += block_size(heap, neighbour);
}

/**
 * heap_free() - free a block
 * @heap: the heap that it came from
 * @p: the block; NULL is fine
 *
 * Constant time. The block joins its free neighbours. When more than twice
 * HEAP_SLACK bytes lie free at the end of the heap, all but HEAP_SLACK of them, rounded to
 * pages, go back, unless somebody else took later pages of their range.
 *
 * Panics if @p is no used block of @heap, and says why: not aligned, outside the
 * heap, freed already, inside another block, or with an overwritten header: its
 * own, or what is read of its neighbours'.
 */
mm_trusted void heap_free(struct heap *heap, void *p)
{
	const struct page_range *range;
	struct heap_block *block, *next, *before, *behind;
	void *gone = mm_quarantine(heap, p);
	size_t size;

	if (!gone)
		return;
	/* Check: nothing is written before all of it can be believed. */
	block = used_block(heap, gone, &range, "heap_free");
	size = block_state(heap, block); /* used, so it has no flags */
	next = block_at(block, size);
	before = free_before(heap, block, range);
	behind = next == heap->top ? NULL : free_behind(heap, block, next, range, "heap_free");

	mark_freed(block, size);
	mm_tell(FREED, block, size, next == heap->top);
	if (before) {
		join(heap, before, &size);
		block = before;
	}
	if (next == heap->top) {
		lower_top(heap, block);
		return;
	}
	if (behind)
		join(heap, behind, &size);
	list_insert(heap, block, size);
}

/**
 * heap_join() - make one block of two used ones that lie side by side
 * @heap: the heap that they came from
 * @low: a used block that the caller holds: its header is read; or NULL
 * @high: another one, or any address
 *
 * A caller that frees many blocks joins neighbours first: a join takes about 40
 * instructions, heap_free() 120 to 160 on a busy heap. Their headers are checked only if
 * they are neighbours. Then it panics as heap_free() if one of them cannot be freed.
 *
 * Return: whether @high began where @low ended. Then @low is both, and @high counts as
 * freed: its first 16 bytes are overwritten. Always false in a build with red zones, which
 * watches each block by itself.
 */
mm_trusted bool heap_join(struct heap *heap, void *low, void *high)
{
	struct heap_block *block = block_of(low), *next = block_of(high);
	const struct page_range *range;
	size_t size;

	if (MP_REDZONE || !low || (uintptr_t)low % HEAP_ALIGN)
		return false;
	size = block_state(heap, block);
	if (block_at(block, size) != next)
		return false;
	used_block(heap, high, &range, "heap_free");
	if (next->prev != size)
		heap_free_failed(heap, low, "heap_free");
	next->tag |= BLOCK_FREE;
	next->links = LINKS_NONE;
	block_set(heap, block, size + block_size(heap, next), 0);
	return true;
}

/**
 * heap_usable_size() - how much of a block may be used
 * @block: a used block of any heap, or NULL
 *
 * The function does not know the heap, so it looks only at the header in front of @block.
 *
 * Return: bytes, at least what was asked for; 0 for NULL, and if the header is not that of a
 * used block.
 */
mm_trusted size_t heap_usable_size(const void *block)
{
	uint64_t tag;
	size_t size;

	if (!block || (uintptr_t)block % HEAP_ALIGN)
		return 0;
	tag = block_of(block)->tag;
	size = tag & BLOCK_SIZE_MASK;
	return !size || tag & BLOCK_FLAGS ? 0 : size - BLOCK_HEADER;
}

/**
 * heap_trim() - give back the free pages at the end of each span
 * @heap: the heap
 *
 * Pages stay where somebody else took later pages of the same range. Time grows with
 * the number of spans, not of blocks. Panics if a span, or the block at its end, was
 * overwritten.
 *
 * Return: how many pages went back.
 */
mm_trusted size_t heap_trim(struct heap *heap)
{
	size_t used;
	void *p;

	if (!heap->spans)
		return 0;
	used = heap->pages->used;
	while ((p = mm_quarantine_oldest(heap)))
		heap_free(heap, p);
	heap_shrink_all(heap);
	return used - heap->pages->used;
}
