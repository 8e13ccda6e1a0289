/* SPDX-License-Identifier: MIT */
/*
 * heap_check.h - the check of a pointer that is to be freed, and panics that say what is
 * wrong with a heap; for mm/heap*.c and quarantine.c only
 */
#ifndef MM_HEAP_CHECK_H
#define MM_HEAP_CHECK_H

#include <mm/heap_block.h>

mm_internal void heap_free_failed(const struct heap *heap, const void *p)
	__attribute__((noreturn, cold));
mm_internal void heap_alloc_failed(const struct heap_block *block) __attribute__((noreturn, cold));
mm_internal void heap_trim_failed(const char *what, const void *where)
	__attribute__((noreturn, cold));

/* The used block whose payload is @p, and the range that it is in. Panics if there is none. */
static inline mm_trusted struct heap_block *used_block(const struct heap *heap, const void *p,
						       const struct page_range **range)
{
	struct heap_block *block = block_of(p);

	if (!heap->pages || (uintptr_t)p % HEAP_ALIGN)
		heap_free_failed(heap, p);
	*range = page_find(heap->pages, block);
	if (!*range || !block_is_whole(heap, block, 0, *range))
		heap_free_failed(heap, p);
	return block;
}

#endif /* MM_HEAP_CHECK_H */
