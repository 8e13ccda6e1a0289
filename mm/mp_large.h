/* SPDX-License-Identifier: MIT */
/*
 * mp_large.h - large blocks and their records; for mm/mp_*.c only
 *
 *	block                                   a block of the heap
 *	+--------+--------------------------+
 *	| record |##########################|   the record lies right in front of
 *	+--------+--------------------------+   the memory: mp_free() finds it there
 */
#ifndef MM_MP_LARGE_H
#define MM_MP_LARGE_H

#include <mm/heap.h>
#include <mm/mp_pool.h>

/* Every block of the heap is aligned to HEAP_ALIGN, so smaller alignments cost nothing. */
#define BLOCK_ALIGNMENT (MP_ALIGNMENT > HEAP_ALIGN ? MP_ALIGNMENT : HEAP_ALIGN)

/* A record begins where a block does, and ends before the page does: in one range. */
_Static_assert(sizeof(struct mp_large_s) == HEAP_ALIGN, "records are as large as aligned");

void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment);
bool mp_is_large(const struct mp_pool_s *pool, const struct mp_large_s *large);
void mp_free_large(struct mp_pool_s *pool, struct mp_large_s *large);

#endif /* MM_MP_LARGE_H */
