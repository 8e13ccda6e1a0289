// SPDX-License-Identifier: MIT
/*
 * mp_large.c - large blocks: allocated one by one, freed one by one in constant time
 *
 *	pool->large --> record <--> record <--> record --> NULL      newest first
 *	                ######      ######      ######
 *	                            ^
 *	                            p: its record lies right in front of it
 *
 * mp_free(pool, p) looks at the record in front of p. If that is a live record of the
 * pool, it is taken out of the list: only the links on both sides of it change.
 */
#include <mm/mp_large.h>

static void link_record(struct mp_pool_s *pool, struct mp_large_s *large)
{
	large->next = pool->large;
	large->link = &pool->large;
	if (large->next)
		large->next->link = &large->next;
	pool->large = large;
}

static mm_trusted void unlink_record(struct mp_large_s *large)
{
	struct mp_large_s *next = large->next;

	*large->link = next;
	if (next)
		next->link = large->link;
}

/**
 * mp_alloc_large() - allocate a block of its own, with a record in front of it
 * @pool: the pool
 * @size: in bytes
 * @alignment: of the memory; a power of two, at least BLOCK_ALIGNMENT
 *
 * Return: the memory, not cleared; NULL if memory is out.
 */
void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	struct mp_large_s *large;
	char *memory;

	if (size > HEAP_MAX_SIZE / 2)
		return NULL;
	large = heap_alloc_at(pool->heap, alignment, sizeof(*large),
			      sizeof(*large) + size + MP_REDZONE);
	if (!large)
		return NULL;
	large->nodes = pool->nr_nodes;
	large->cookie = cookie_of(pool, large);
	link_record(pool, large);
	memory = (char *)(large + 1);
	mm_poison(memory + size, heap_usable_size(large) - sizeof(*large) - size);
	return memory;
}

/**
 * mp_take_large() - take a large block off the list of its pool
 * @pool: the pool
 * @large: the record of one of its large blocks
 *
 * Return: @large, a block of the heap.
 */
mm_trusted void *mp_take_large(struct mp_pool_s *pool, struct mp_large_s *large)
{
	if (*large->link != large)
		panic("the pool %p: the record of its large block %p was overwritten", (void *)pool,
		      (void *)(large + 1));
	unlink_record(large);
	large->cookie = 0;
	return large;
}

/**
 * mp_free() - give a large block back
 * @pool: the pool
 * @p: anything at all
 *
 * Small objects live until the pool is reset or destroyed. Constant time.
 *
 * Return: 0; -ENOENT if @p is no live large block of @pool (then nothing has
 * changed): a small object, a pointer into a block, another pool's block, a block
 * that was freed already, NULL.
 */
int mp_free(struct mp_pool_s *pool, void *p)
{
	struct mp_large_s *large = (void *)((uintptr_t)p - sizeof(*large));

	if (!mp_is_large(pool, large))
		return -ENOENT;
	heap_free(pool->heap, mp_take_large(pool, large));
	return 0;
}
