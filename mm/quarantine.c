// SPDX-License-Identifier: MIT
/*
 * quarantine.c - freed blocks that nobody gets again for a while
 *
 *	freed --> |b9|b2|b3|b4|b5|b6|b7|b8| --> b1 is freed for good	(8 of 64 drawn)
 *	              oldest
 *
 * A sanitizer notices a use after free only for as long as the memory stays free.
 * So the last 64 blocks that kernel_heap was asked to free wait here, poisoned, and
 * each new one replaces the oldest. Other heaps have no quarantine: a test's heap
 * must hand out memory exactly as the test expects.
 *
 * Only in builds with MP_REDZONE; see poison.h.
 */
#include <mm/heap_check.h>

#if MP_REDZONE
/**
 * mm_quarantine() - put a block into quarantine, and take the oldest one out
 * @heap: the heap
 * @p: what heap_free() was given
 *
 * Panics as heap_free() if @p is no used block. heap_free() checks the neighbours when
 * @p leaves.
 *
 * Return: the block to free for good, or NULL: none. @p itself, if @heap is not kernel_heap
 * or if mm_quarantine_oldest() has just taken it out.
 */
mm_trusted void *mm_quarantine(struct heap *heap, void *p)
{
	struct mm_ring *q = &heap->quarantine;
	const struct page_range *range;
	void *oldest;

	if (heap != &kernel_heap || !p || p == q->leaving) {
		q->leaving = NULL;
		return p;
	}
	used_block(heap, p, &range, "heap_free");
	for (unsigned int i = 0; i < MM_QUARANTINE_BLOCKS; i++)
		if (q->blocks[i] == p)
			panic("heap_free: %p was freed already", p);
	block_of(p)->links = LINKS_NONE;
	mm_poison(p, block_size(heap, block_of(p)) - BLOCK_HEADER);
	oldest = q->blocks[q->oldest];
	q->blocks[q->oldest] = p;
	q->oldest = (q->oldest + 1) % MM_QUARANTINE_BLOCKS;
	return oldest;
}

/**
 * mm_quarantine_oldest() - take a block out of quarantine
 * @heap: the heap
 *
 * The next heap_free() of the block frees it for good.
 *
 * Return: the block, or NULL if the quarantine is empty.
 */
mm_trusted void *mm_quarantine_oldest(struct heap *heap)
{
	struct mm_ring *q = &heap->quarantine;

	q->leaving = NULL;
	for (unsigned int n = 0; n < MM_QUARANTINE_BLOCKS && !q->leaving; n++) {
		unsigned int i = (q->oldest + n) % MM_QUARANTINE_BLOCKS;

		q->leaving = q->blocks[i];
		q->blocks[i] = NULL;
	}
	return q->leaving;
}
#endif
