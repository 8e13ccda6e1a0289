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
#include <mm/mp_internal.h>

/*
 * Who changes a word that a cookie vouches for, changes the cookie by as much. A fresh sum
 * would vouch for a word that was overwritten meanwhile.
 */
static void set_newest(struct mp_pool_s *pool, struct mp_large_s *large)
{
	pool->cookie += (uintptr_t)large - (uintptr_t)pool->large;
	pool->large = large;
}

static mm_trusted void set_next(struct mp_large_s *large, struct mp_large_s *next)
{
	large->cookie += (uintptr_t)next - (uintptr_t)large->next;
	large->next = next;
}

static mm_trusted void set_prev(struct mp_large_s *large, struct mp_large_s *prev)
{
	large->cookie += (uintptr_t)prev - (uintptr_t)large->prev;
	large->prev = prev;
}

/* Panics: the record @large, the links to it, or the number of large blocks is not right. */
static __attribute__((noreturn, cold)) void list_failed(const struct mp_pool_s *pool,
							const struct mp_large_s *large)
{
	panic("the pool %p: the list of its large blocks was overwritten, near the record %p",
	      (const void *)pool, (const void *)large);
}

/**
 * mp_newest_large() - the record of the newest large block
 * @pool: the pool; its cookie vouches for the pointer to the record
 *
 * Panics if the record cannot be believed, or if the list was lost.
 *
 * Return: the record, or NULL: the pool has no large blocks.
 */
mm_trusted struct mp_large_s *mp_newest_large(const struct mp_pool_s *pool)
{
	struct mp_large_s *large = pool->large;
	bool is_lost = !large && pool->nr_large;

	if (is_lost || (large && large->cookie != mp_large_cookie(pool, large)))
		list_failed(pool, large);
	return large;
}

/* Makes @large, the first bytes of a new block, the newest record, in front of @next. */
static mm_trusted void link_record(struct mp_pool_s *pool, struct mp_large_s *large,
				   struct mp_large_s *next)
{
	large->next = next;
	large->prev = NULL;
	large->nodes = pool->nr_nodes;
	large->cookie = mp_large_cookie(pool, large);
	if (next)
		set_prev(next, large);
	set_newest(pool, large);
	pool->nr_large++;
}

/* Takes the record between @prev and @next off the list. */
static mm_trusted void unlink_record(struct mp_pool_s *pool, struct mp_large_s *prev,
				     struct mp_large_s *next)
{
	if (prev)
		set_next(prev, next);
	else
		set_newest(pool, next);
	if (next)
		set_prev(next, prev);
	pool->nr_large--;
}

/* Panics unless both neighbours of @large point to it, and the pool counts a large block. */
static mm_trusted void check_neighbours(const struct mp_pool_s *pool,
					const struct mp_large_s *large)
{
	if ((large->prev ? large->prev->next : pool->large) != large ||
	    (large->next && large->next->prev != large) || !pool->nr_large)
		list_failed(pool, large);
}

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
	mp_newest_large(pool); /* checks it: it will be written to */
	large = heap_alloc_at(pool->heap, alignment, sizeof(*large),
			      sizeof(*large) + size + MP_REDZONE);
	if (!large)
		return NULL;
	/* Only now: who was asked for memory may have freed large blocks of this pool. */
	link_record(pool, large, pool->large);
	memory = (char *)(large + 1);
	mm_poison(memory + size, heap_usable_size(large) - sizeof(*large) - size);
	return memory;
}

/**
 * mp_take_large() - take a large block off the list of its pool
 * @pool: the pool
 * @large: the record of one of its large blocks: mp_is_large() is true
 *
 * Panics if the list was overwritten.
 */
mm_trusted void mp_take_large(struct mp_pool_s *pool, struct mp_large_s *large)
{
	check_neighbours(pool, large);
	unlink_record(pool, large->prev, large->next);
}

/**
 * mp_free() - give a large block back
 * @pool: the pool
 * @p: anything at all
 *
 * Small objects live until the pool is reset or destroyed. Constant time. Panics if a
 * neighbour in the list of large blocks was overwritten, or the header of a block that
 * heap_free() looks at.
 *
 * Return: 0; -ENOENT if @p is no live large block of @pool (then nothing has
 * changed): a small object, a pointer into a block, another pool's block, a block
 * that was freed already, one whose record was overwritten, NULL; or if @pool is no pool.
 */
mm_trusted int mp_free(struct mp_pool_s *pool, void *p)
{
	struct mp_large_s *large = (void *)((uintptr_t)p - sizeof(*large));
	struct mp_large_s *prev, *next;

	if (!mp_is_pool(pool) || !mp_is_large(pool, large))
		return -ENOENT;
	check_neighbours(pool, large);
	prev = large->prev;
	next = large->next;
	/* It panics before anything has changed, or overwrites the record. */
	heap_free(pool->heap, large);
	unlink_record(pool, prev, next);
	return 0;
}
