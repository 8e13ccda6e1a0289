/* SPDX-License-Identifier: MIT */
/*
 * mp_internal.h - what vouches for pools and their large blocks; for mm/mp_*.c and reports
 *
 *	pool				a large block: one block of the heap
 *	+--------+---------------+	+--------+--------------------------+
 *	| header |  first node   |	| record |##########################|
 *	+--------+---------------+	+--------+--------------------------+
 *	  cookie			  cookie, right in front of the memory
 */
#ifndef MM_MP_INTERNAL_H
#define MM_MP_INTERNAL_H

#include <mm/env.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

/* Every block of the heap is aligned to HEAP_ALIGN: asking for less would gain nothing. */
#define MP_BLOCK_ALIGNMENT mp_align(HEAP_ALIGN, MP_ALIGNMENT)

/* A record does not cross the end of a page: page_find() of its first byte is enough. */
MM_ASSERT(sizeof(struct mp_large_s) == HEAP_ALIGN, "a record has the size of its alignment");

/* Headers, rounded up so that what follows them is aligned. */
#define POOL_HEADER mp_align(sizeof(struct mp_pool_s), MP_ALIGNMENT)
#define NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)

mm_internal void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment);
mm_internal struct mp_large_s *mp_newest_large(const struct mp_pool_s *pool);
mm_internal void mp_take_large(struct mp_pool_s *pool, struct mp_large_s *large);

/*
 * Vouches for heap, current, older, large, size and max. nr_nodes and nr_large are not in it:
 * the lists are counted against them. A dead pool holds another cookie. The complement of
 * the address makes the sum of a pool of zeros differ from 0.
 */
static inline mm_trusted uintptr_t mp_pool_cookie(const struct mp_pool_s *pool)
{
	return ~(uintptr_t)pool + (uintptr_t)pool->heap + (uintptr_t)pool->current +
	       (uintptr_t)pool->older + (uintptr_t)pool->large + pool->size + pool->max;
}

/* Is @pool a live pool? Its memory must be readable. */
static inline mm_trusted bool mp_is_pool(const struct mp_pool_s *pool)
{
	if ((uintptr_t)pool < MM_PAGE_SIZE || (uintptr_t)pool % MP_ALIGNMENT)
		return false;
	return pool->cookie == mp_pool_cookie(pool);
}

/*
 * Only a live record holds this, and only at its own address and in its own pool. It is a
 * sum, to which each word adds: a record with an overwritten word has the wrong cookie.
 */
static inline mm_trusted uintptr_t mp_large_cookie(const struct mp_pool_s *pool,
						   const struct mp_large_s *large)
{
	return (heap_mark(pool->heap, large) ^ (uintptr_t)pool) + (uintptr_t)large->next +
	       (uintptr_t)large->prev + large->nodes;
}

/*
 * Is @large the record of a live large block of @pool? It may be any address: it is read
 * only if it lies in pages given out.
 */
static inline mm_trusted bool mp_is_large(const struct mp_pool_s *pool,
					  const struct mp_large_s *large)
{
	bool is_large;

	if ((uintptr_t)large % HEAP_ALIGN || !page_find(pool->heap->pages, large))
		return false;
	mm_ignore();
	is_large = large->cookie == mp_large_cookie(pool, large);
	mm_watch(is_large);
	return is_large;
}

#endif /* MM_MP_INTERNAL_H */
