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

/* The record of the large block at @p, if it is one. */
static struct mp_large_s *large_of(void *p)
{
	return (struct mp_large_s *)((uintptr_t)p - sizeof(struct mp_large_s));
}

/* Is there a live large block of @pool at @p? @p may be any address. */
mm_trusted bool mp_is_large(const struct mp_pool_s *pool, void *p)
{
	return mp_is_entry(pool, large_of(p), MP_LARGE);
}

/* Sees to it that only @size bytes of a large block may be touched. Returns its memory. */
static void *bound_memory(struct mp_large_s *large, size_t size)
{
	char *memory = (char *)(large + 1);

	mm_poison(memory + size, heap_usable_size(large) - sizeof(*large) - size);
	return memory;
}

/**
 * mp_alloc_large() - allocate a block of its own, with a record in front of it
 * @pool: the pool
 * @size: in bytes
 * @alignment: of the memory; a power of two, at least MP_BLOCK_ALIGNMENT
 *
 * Panics if the newest record or a free block was overwritten.
 *
 * Return: the memory, not cleared; NULL if memory is out, a limit would be passed, or @size or
 * @alignment is too large.
 */
void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	struct mp_large_s *large;

	if (size > HEAP_MAX_SIZE) /* the sum below must not wrap */
		return NULL;
	large = mp_take_block(pool, alignment, sizeof(*large), sizeof(*large) + size + MP_REDZONE);
	if (!large)
		return NULL;
	mp_link(pool, &large->entry, MP_LARGE);
	mm_tell(LARGE, large + 1, size, pool->max);
	return bound_memory(large, size);
}

/**
 * mp_free() - give a large block back
 * @pool: the pool
 * @p: anything at all
 *
 * Small objects are no business of it: the newest can go back by mp_give_back(), all go by
 * mp_release(), mp_reset_pool() or mp_destroy_pool(). Constant time, but for a few instructions for
 * each limit above. Panics if a neighbour in the list of records was overwritten, a pool with such
 * a limit, or the header of a block that heap_free() looks at.
 *
 * Return: 0; -ENOENT if @p is no live large block of @pool (then nothing has
 * changed): a small object, a pointer into a block, another pool's block, a block
 * that was freed already, one whose record was overwritten, NULL; or if @pool is no pool.
 */
mm_trusted int mp_free(struct mp_pool_s *pool, void *p)
{
	if (!mp_is_pool(pool) || !mp_is_large(pool, p))
		return -ENOENT;
	mp_free_entry(pool, &large_of(p)->entry);
	return 0;
}

/* Puts @large on the list where the large block @old is now, and frees that. */
static mm_trusted void take_place(struct mp_pool_s *pool, struct mp_large_s *large,
				  struct mp_large_s *old)
{
	struct mp_record_s *prev = mp_check_neighbours(pool, &old->entry);
	struct mp_record_s *next = old->entry.record.next;

	large->entry = old->entry;
	large->entry.cookie = mp_entry_cookie(pool, &large->entry);
	heap_free(pool->heap, old);
	mp_join(pool, prev, &large->entry.record);
	if (next)
		mp_set_prev(next, &large->entry.record);
}

/* Moves @large to a new block of @size bytes; copies @copied. NULL: memory is out. */
static struct mp_large_s *move(struct mp_pool_s *pool, struct mp_large_s *large, size_t size,
			       size_t copied)
{
	struct mp_large_s *moved;

	/* All that is read when @large leaves is checked before the first write. */
	(void)mp_check_neighbours(pool, &large->entry);
	heap_check_before(pool->heap, large);
	moved = heap_alloc_at(pool->heap, MP_BLOCK_ALIGNMENT, sizeof(*moved), size);
	if (!moved)
		return NULL;
	memcpy(moved + 1, large + 1, copied);
	take_place(pool, moved, large);
	return moved;
}

/**
 * mp_realloc_large() - mp_realloc() of a large block
 * @pool: the pool
 * @p: a live large block of it
 * @old_size: bytes to copy if it moves
 * @new_size: bytes wanted
 *
 * It keeps its place in the order of undoing. If it moves, it is aligned to MP_BLOCK_ALIGNMENT.
 *
 * Return: the memory; NULL if memory is out, a limit would be passed or @new_size is too large.
 * Then @p is as it was.
 */
void *mp_realloc_large(struct mp_pool_s *pool, void *p, size_t old_size, size_t new_size)
{
	struct mp_large_s *large = large_of(p);
	size_t old_bytes = mp_block_bytes(large);
	size_t wanted = sizeof(*large) + new_size + MP_REDZONE;
	size_t bytes = block_bytes(wanted);
	size_t more = bytes > old_bytes ? bytes - old_bytes : 0;
	size_t usable = old_bytes - BLOCK_HEADER - sizeof(*large);

	if (new_size > HEAP_MAX_SIZE)
		return NULL;
	if (old_size > usable)
		old_size = usable;
	if (mp_charge(pool, more)) {
		if (!heap_resize(pool->heap, large, wanted))
			large = move(pool, large, wanted,
				     old_size < new_size ? old_size : new_size);
		if (large) {
			mp_hold(pool, more);
			mp_let_go(pool, old_bytes + more - bytes);
			mm_tell(LARGE_RESIZED, large + 1, p, new_size);
			return bound_memory(large, new_size);
		}
		mp_discharge(pool, more);
	}
	mm_tell(REFUSED, pool, bytes, pool->bounded);
	mp_history(pool)->refused++;
	return NULL;
}
