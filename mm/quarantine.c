// SPDX-License-Identifier: MIT
/*
 * quarantine.c - freed blocks that nobody gets again for a while
 *
 *	freed --> |b9|b2|b3|b4|b5|b6|b7|b8| --> b1 is freed for good
 *	              oldest
 *
 * A sanitizer notices a use after free only for as long as the memory stays free.
 * So the last 64 blocks that kernel_heap was asked to free wait here, poisoned, and
 * each new one replaces the oldest. Other heaps have no quarantine: a test's heap
 * must hand out memory exactly as the test expects.
 *
 * Only in builds with MP_REDZONE; see poison.h.
 */
#include <mm/heap_block.h>

#if MP_REDZONE
/**
 * mm_quarantine() - put a block into quarantine, and take the oldest one out
 * @heap: the heap
 * @block: a used block, checked and poisoned
 *
 * Panics if @block is in quarantine already: it was freed twice.
 *
 * Return: the block to free for good, which is @block itself if @heap has no
 * quarantine, or if @block has just left it; NULL: none.
 */
mm_trusted struct heap_block *mm_quarantine(struct heap *heap, struct heap_block *block)
{
	struct mm_quarantine *q = &heap->quarantine;
	struct heap_block *oldest;

	if (heap != &kernel_heap || block == q->leaving) {
		q->leaving = NULL;
		return block;
	}
	for (unsigned int i = 0; i < MM_QUARANTINE_BLOCKS; i++)
		if (q->blocks[i] == block)
			panic("heap_free: %p was freed already", (void *)&block->links);
	oldest = q->blocks[q->oldest];
	q->blocks[q->oldest] = block;
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
mm_trusted struct heap_block *mm_quarantine_oldest(struct heap *heap)
{
	struct mm_quarantine *q = &heap->quarantine;

	for (unsigned int n = 0; n < MM_QUARANTINE_BLOCKS; n++) {
		unsigned int i = (q->oldest + n) % MM_QUARANTINE_BLOCKS;

		q->leaving = q->blocks[i];
		q->blocks[i] = NULL;
		if (q->leaving)
			break;
	}
	return q->leaving;
}
#endif
