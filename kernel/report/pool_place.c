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

/* What each kind of record is called, and where its objects or its data begin. */
static const struct {
	const char *name;
	size_t header;
} kinds[1 << MP_KIND_BITS] = {
	[MP_NODE] = { "a node", NODE_HEADER },
	[MP_LARGE] = { "a large block", sizeof(struct mp_large_s) },
	[MP_CLEANUP] = { "a cleanup", CLEANUP_HEADER },
	[MP_CHILD] = { "the first node", POOL_HEADER }, /* of the pool that it is */
	[MP_MARK] = { "a mark", 0 },
};

/*
 * What @record, which may be any address, is to @pool. A child's is longer than others: it may
 * cross the end of a page.
 */
static mm_trusted enum mp_kind kind_of(const struct mp_pool_s *pool,
				       const struct mp_record_s *record)
{
	if (!mp_is_readable(pool, record))
		return MP_NONE;
	if (mp_said_kind(record) == MP_CHILD &&
	    !page_is_used(pool->heap->pages, record, sizeof(struct mp_pool_s)))
		return MP_NONE;
	return mp_kind(pool, record);
}

/* The number of the newest cleanup from @record on; 0: the list is damaged. */
static mm_trusted unsigned int count_cleanups(const struct mp_pool_s *pool,
					      const struct mp_record_s *record)
{
	/* More records than the pages given out have room for mean a circle. */
	size_t most = (pool->heap->pages->used << MM_PAGE_SHIFT) / HEAP_ALIGN;
	unsigned int count = 0;

	for (; record; record = record->next) {
		enum mp_kind kind = kind_of(pool, record);

		if (kind == MP_NONE || !most--)
			return 0;
		count += kind == MP_CLEANUP;
	}
	return count;
}

/* What @block is to @pool. @place->pool is NULL if it is nothing. */
static mm_trusted void find_in(const struct mp_pool_s *pool, const void *block,
			       struct pool_place *place)
{
	enum mp_kind kind = block == pool ? MP_CHILD : kind_of(pool, block);

	if (kind == MP_NONE)
		return;
	*place = (struct pool_place){ pool, kinds[kind].name, NULL, kinds[kind].header, NULL, 0 };
	if (kind == MP_CHILD) {
		place->pool = block;
		place->node = place->pool->head;
	} else if (kind == MP_NODE) {
		place->node = block;
	} else if (kind == MP_CLEANUP) {
		place->cleanup = block;
		place->number = count_cleanups(pool, block);
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
