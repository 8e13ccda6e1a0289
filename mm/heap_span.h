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
 * The bytes in front of an aligned block, if the free memory begins at @block: the
 * address @offset bytes into the block's payload must have none of the bits of @slack.
 */
static inline size_t gap_for(const struct heap_block *block, size_t slack, size_t offset)
{
	return -((uintptr_t)block + BLOCK_HEADER + offset) & slack;
}

bool heap_grow(struct heap *heap, size_t slack, size_t offset, size_t size);
void heap_shrink(struct heap *heap);
void heap_shrink_all(struct heap *heap);

#endif /* MM_HEAP_SPAN_H */
