/* SPDX-License-Identifier: MIT */
/*
 * heap_check.h - the check of a pointer that is to be freed, and panics that say what is
 * wrong with a heap; for mm/heap*.c and quarantine.c only
 */
#ifndef MM_HEAP_CHECK_H
#define MM_HEAP_CHECK_H

#include <mm/heap_block.h>

mm_internal void heap_free_failed(const struct heap *heap, const void *p, const char *caller)
	__attribute__((noreturn, cold));
mm_internal void heap_alloc_failed(const struct heap_block *block) __attribute__((noreturn, cold));
mm_internal void heap_trim_failed(const char *what, const void *where)
	__attribute__((noreturn, cold));

/*
 * The used block whose payload is @p, and the range that it is in. Panics if there is none:
 * @caller was given @p.
 */
static inline mm_trusted struct heap_block *used_block(const struct heap *heap, const void *p,
						       const struct page_range **range,
						       const char *caller)
{
	struct heap_block *block = block_of(p);

	if (!heap->pages || (uintptr_t)p % HEAP_ALIGN)
		heap_free_failed(heap, p, caller);
	*range = page_find(heap->pages, block);
	if (!*range || !block_is_whole(heap, block, 0, *range))
		heap_free_failed(heap, p, caller);
	return block;
}

/*
 * The block at @next, behind @block, if that is free; NULL if it is used or a sentinel. Panics if
 * what joining them would follow was overwritten: its header, its links.
 */
static inline mm_trusted struct heap_block *
free_behind(const struct heap *heap, const struct heap_block *block, struct heap_block *next,
	    const struct page_range *range, const char *caller)
{
	uint64_t state = block_state(heap, next);

	if (state == BLOCK_END || !(state & ~BLOCK_SIZE_MASK))
		return NULL;
	if (!block_is_whole(heap, next, BLOCK_FREE, range) || !block_is_linked(heap, next, range))
		heap_free_failed(heap, &block->links, caller);
	return next;
}

#endif /* MM_HEAP_CHECK_H */
