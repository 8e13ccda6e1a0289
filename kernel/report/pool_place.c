// SPDX-License-Identifier: MIT
/*
 * pool_place.c - what is at an address in a pool? For reports
 *
 * Blocks do not name their pool. So this looks for pools in all blocks of the heap, and for
 * the block in each pool. It is slow. Memory may be damaged, so nothing is followed that
 * does not lie in pages given out, and every walk ends.
 */
#include <kernel/report/pool_place.h>
#include <mm/mp_record.h>

/* What @block is to @pool. @place->pool is NULL if it is nothing. */
static mm_trusted void find_in(const struct mp_pool_s *pool, const void *block,
			       struct pool_place *place)
{
	if (block == pool) {
		*place = (struct pool_place){ pool, "the first node", pool->head, POOL_HEADER };
		return;
	}
	if (!mp_is_readable(pool, block))
		return;
	switch (mp_kind(pool, block)) {
	case MP_NODE:
		*place = (struct pool_place){ pool, "a node", block, NODE_HEADER };
		break;
	case MP_LARGE:
		*place = (struct pool_place){ pool, "a large block", NULL,
					      sizeof(struct mp_large_s) };
		break;
	default:
		break;
	}
}

/**
 * pool_find() - find the pool that a block belongs to
 * @heap: the heap
 * @block: a used block of it
 * @place: where the answer goes
 */
mm_trusted void pool_find(const struct heap *heap, const void *block, struct pool_place *place)
{
	struct heap_place owner = { 0 };

	*place = (struct pool_place){ 0 };
	while (!place->pool && heap_next(heap, &owner)) {
		const struct mp_pool_s *pool = owner.block;

		if (owner.kind == HEAP_USED && owner.size >= sizeof(*pool) && mp_is_pool(pool) &&
		    pool->heap == heap)
			find_in(pool, block, place);
	}
}

#if MP_REDZONE
/*
 * An object begins at a multiple of this. Its red zone begins right behind its last byte,
 * and ends at a multiple.
 */
#define GRANULE ((uintptr_t)8)

static bool is_usable(uintptr_t at, uintptr_t low, uintptr_t high)
{
	return at >= low && at < high && !mm_is_poisoned((const void *)at);
}

/**
 * pool_find_object() - find the object that is closest to an address
 * @at: the address
 * @low: where the objects of the block begin
 * @high: where they end
 *
 * There is no list of objects. An object is what lies between two red zones.
 *
 * Return: the object; its end is 0 if there is none.
 */
struct pool_object pool_find_object(uintptr_t at, uintptr_t low, uintptr_t high)
{
	struct pool_object object;
	uintptr_t away = 0;

	at &= -GRANULE;
	while (!is_usable(at - away, low, high) && !is_usable(at + away, low, high)) {
		away += GRANULE;
		if (away >= high - low)
			return (struct pool_object){ 0, 0 };
	}
	at = is_usable(at - away, low, high) ? at - away : at + away;
	object = (struct pool_object){ at, at };
	while (is_usable(object.start - 1, low, high))
		object.start -= GRANULE;
	while (is_usable(object.end, low, high))
		object.end++;
	return object;
}
#endif
