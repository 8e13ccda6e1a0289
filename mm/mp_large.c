// SPDX-License-Identifier: MIT
/*
 * mp_large.c - large blocks: how they are made, and how one is freed in constant time
 *
 *	pool->large --> record <--> record <--> record --> NULL      newest first
 *	                ######      ######      ######
 *	                            ^
 *	                            mp_free(): is the record in front of it one of this
 *	                            pool? Then its neighbours are all there is to change.
 */
#include <mm/mp_large.h>
#include <mm/page.h>

/* A block of its own, with a record in front of it. */
void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	struct mp_large_s *large;

	if (size > HEAP_MAX_SIZE / 2)
		return NULL;
	large = heap_alloc_at(pool->heap, alignment, sizeof(*large),
			      sizeof(*large) + size + MP_REDZONE);
	if (!large)
		return NULL;

	large->next = pool->large;
	large->link = &pool->large;
	large->alloc = large + 1;
	large->cookie = ((uintptr_t)large * RECORD_FACTOR + pool->nr_nodes - 1) ^ pool->cookie;
	if (large->next)
		large->next->link = &large->next;
	pool->large = large;
	mm_poison((char *)large->alloc + size, heap_usable_size(large) - sizeof(*large) - size);
	return large->alloc;
}

/**
 * mp_memalign() - allocate a large block of any alignment
 * @pool: the pool
 * @size: in bytes, of any size: the block is large even if @size is small
 * @alignment: a power of two; below MP_ALIGNMENT counts as MP_ALIGNMENT
 *
 * Takes @size and at most 128 bytes, however large the alignment.
 *
 * Return: the memory, not cleared, which mp_free() takes; NULL if memory is out
 * or @alignment is not a power of two.
 */
void *mp_memalign(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	if (!alignment || (alignment & (alignment - 1)))
		return NULL;
	return mp_alloc_large(pool, size,
			      alignment < BLOCK_ALIGNMENT ? BLOCK_ALIGNMENT : alignment);
}

/* mp_free(), where the page allocator has to search. It guesses right the next time. */
static mm_trusted mm_noinline int free_elsewhere(struct mp_pool_s *pool, struct mp_large_s *large)
{
	return page_search(pool->heap->pages, large) ? mp_free(pool, large + 1) : -ENOENT;
}

/**
 * mp_free() - give a large block back
 * @pool: the pool
 * @p: anything at all
 *
 * Small objects live until the pool is reset or destroyed. Telling large from
 * small takes constant time: the record in front of @p is read, if it lies in
 * pages given out, and it must hold the cookie for this place in this pool.
 *
 * Return: 0; -ENOENT if @p is no live large block of @pool (then nothing has
 * changed): a small object, a pointer into a block, another pool's block, one
 * that was freed already, NULL.
 */
mm_trusted int mp_free(struct mp_pool_s *pool, void *p)
{
	struct mp_large_s *large = (void *)((uintptr_t)p - sizeof(*large));
	const struct page_range *guess = page_guess(pool->heap->pages, large);

	if ((uintptr_t)large % HEAP_ALIGN)
		return -ENOENT;
	if (!page_range_holds(guess, large))
		return free_elsewhere(pool, large);
	if (nodes_then(pool, large) >= pool->nr_nodes)
		return -ENOENT;
	if (*large->link != large)
		panic("mp_free: the record of %p was overwritten", p);
	*large->link = large->next;
	if (large->next)
		large->next->link = large->link;
	large->cookie = 0;
	return heap_free_in(pool->heap, large, guess);
}
