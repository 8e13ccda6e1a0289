// SPDX-License-Identifier: MIT
/*
 * mp_large.c - large blocks: allocated one by one, freed one by one in constant time
 *
 *	pool->records --> record <--> record <--> record --> NULL      newest first
 *	                  ######      ######      ######
 *	                              ^
 *	                              p: its record lies right in front of it
 *
 * mp_free(pool, p) looks at the record in front of p. If that is the live record of a large
 * block of the pool, it leaves the list: only the links on both sides of it change.
 */
#include <mm/mp_record.h>

/**
 * mp_alloc_large() - allocate a block of its own, with a record in front of it
 * @pool: the pool
 * @size: in bytes
 * @alignment: of the memory; a power of two, at least MP_BLOCK_ALIGNMENT
 *
 * Panics if the newest record or a free block was overwritten.
 *
 * Return: the memory, not cleared; NULL if memory is out, or @size or @alignment is too large.
 */
void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	struct mp_large_s *large;
	char *memory;

	if (size > HEAP_MAX_SIZE) /* the sum below must not wrap */
		return NULL;
	mp_check_newest(pool);
	large = heap_alloc_at(pool->heap, alignment, sizeof(*large),
			      sizeof(*large) + size + MP_REDZONE);
	if (!large)
		return NULL;
	/* Only now: the heap's oom callback may have changed the list. */
	mp_link(pool, &large->entry, MP_LARGE);
	memory = (char *)(large + 1);
	mm_poison(memory + size, heap_usable_size(large) - sizeof(*large) - size);
	return memory;
}

/**
 * mp_free() - give a large block back
 * @pool: the pool
 * @p: anything at all
 *
 * Small objects are never freed one by one: they go by mp_release(), mp_reset_pool() or
 * mp_destroy_pool(). Constant time. Panics if a
 * neighbour in the list of records was overwritten, or the header of a block that
 * heap_free() looks at.
 *
 * Return: 0; -ENOENT if @p is no live large block of @pool (then nothing has
 * changed): a small object, a pointer into a block, another pool's block, a block
 * that was freed already, one whose record was overwritten, NULL; or if @pool is no pool.
 */
mm_trusted int mp_free(struct mp_pool_s *pool, void *p)
{
	struct mp_large_s *large = (void *)((uintptr_t)p - sizeof(*large));

	if (!mp_is_pool(pool) || !mp_is_entry(pool, large, MP_LARGE))
		return -ENOENT;
	mp_free_entry(pool, &large->entry);
	return 0;
}
