/* SPDX-License-Identifier: MIT */
/*
 * mp_large.h - large blocks and their records; for mm/mp_*.c only
 *
 *	one heap block
 *	+--------+--------------------------+
 *	| record |##########################|   the record lies right in front of
 *	+--------+--------------------------+   the memory: mp_free() finds it there
 */
#ifndef MM_MP_LARGE_H
#define MM_MP_LARGE_H

#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

/* Every block of the heap is aligned to HEAP_ALIGN: asking for less would gain nothing. */
#define BLOCK_ALIGNMENT mp_align(HEAP_ALIGN, MP_ALIGNMENT)

/* A record does not cross the end of a page: page_find() of its first byte is enough. */
_Static_assert(sizeof(struct mp_large_s) == HEAP_ALIGN, "a record has the size of its alignment");

void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment);
void *mp_take_large(struct mp_pool_s *pool, struct mp_large_s *large);

/* Only a live record holds this, and only at its own address and in its own pool. */
static inline uintptr_t cookie_of(const struct mp_pool_s *pool, const struct mp_large_s *large)
{
	return heap_mark(pool->heap, &large->cookie) ^ pool->cookie;
}

/*
 * Is @large the record of a live large block of @pool? It may be any address: it is read
 * only if it lies in pages given out.
 */
static inline mm_trusted bool mp_is_large(const struct mp_pool_s *pool,
					  const struct mp_large_s *large)
{
	return (uintptr_t)large % HEAP_ALIGN == 0 && page_find(pool->heap->pages, large) &&
	       large->cookie == cookie_of(pool, large);
}

#endif /* MM_MP_LARGE_H */
