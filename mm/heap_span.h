/* SPDX-License-Identifier: MIT */
/*
 * heap_span.h - the top of a heap, and the pages behind it; for mm/heap*.c only
 */
#ifndef MM_HEAP_SPAN_H
#define MM_HEAP_SPAN_H

#include <mm/heap_block.h>

/* The bytes of free memory at the end of the newest span. */
static inline size_t top_size(const struct heap *heap)
{
	return (uintptr_t)heap->sentinel - (uintptr_t)heap->top;
}

/*
 * Free memory begins at @block. How many bytes must stay in front of a block there, so
 * that the byte at @offset of its payload is aligned? Aligned means that its address has
 * none of the bits of @mask, which is the alignment minus HEAP_ALIGN. So @mask is also
 * the largest gap that can be needed. @offset is a multiple of HEAP_ALIGN, unless @mask
 * is 0.
 */
static inline size_t gap_for(const struct heap_block *block, size_t mask, size_t offset)
{
	return -((uintptr_t)block + BLOCK_HEADER + offset) & mask;
}

mm_internal bool heap_extend(struct heap *heap, size_t need);
mm_internal bool heap_grow(struct heap *heap, size_t mask, size_t offset, size_t size);
mm_internal void heap_shrink(struct heap *heap);
mm_internal void heap_shrink_all(struct heap *heap);

/* The free memory at the end begins at @block now. If it is much, pages go back. */
static inline void lower_top(struct heap *heap, struct heap_block *block)
{
	heap->top = block;
	if (top_size(heap) > 2 * HEAP_SLACK)
		heap_shrink(heap);
}

#endif /* MM_HEAP_SPAN_H */
