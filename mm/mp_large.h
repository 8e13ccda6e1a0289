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

/* What is at least as aligned comes for nothing: every block is. */
#define BLOCK_ALIGNMENT (HEAP_ALIGN / MP_ALIGNMENT ? HEAP_ALIGN : MP_ALIGNMENT)

/* A record begins where a block does, and ends before the page does: in one range. */
_Static_assert(sizeof(struct mp_large_s) == HEAP_ALIGN, "records are as large as aligned");

/*
 * A record's cookie is made of the pool's, which has the heap's secret in it, of the
 * record's address, spread as by heap_mark() but by another factor, and of how many nodes
 * besides the first the pool had then: fewer than pool->nr_nodes. So a record vouches for
 * itself only at its own address and in its own pool. Anything else says something else.
 */
#define RECORD_FACTOR 0xd1b54a32d192ed03ul

static inline mm_trusted size_t nodes_then(const struct mp_pool_s *pool,
					   const struct mp_large_s *large)
{
	return (large->cookie ^ pool->cookie) - (uintptr_t)large * RECORD_FACTOR;
}

void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment);

#endif /* MM_MP_LARGE_H */
