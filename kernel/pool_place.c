// SPDX-License-Identifier: MIT
/*
 * pool_place.c - which pool does a block of the heap belong to?
 *
 * Blocks do not say whose they are. So all blocks are looked at for pools, and all
 * that those hold: for reports only. What may be damaged is looked up before it is
 * followed, and lists end after as many steps as there can be blocks.
 */
#include <kernel/arch.h>
#include <kernel/report.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>

/* What is looked for, and what was found. */
struct search {
	const void *block;
	struct pool_place *result;
	unsigned long blocks;
};

/* Is @block in a list whose links are @offset bytes into its elements? */
static bool is_listed(const void *block, const void *element, size_t offset, unsigned long limit)
{
	for (; element && limit; limit--) {
		const void *const *next = (const void *const *)((uintptr_t)element + offset);

		if (element == block)
			return true;
		if (!arch_is_readable(next, sizeof(*next)))
			return false;
		element = *next;
	}
	return false;
}

static bool count_block(const struct heap_place *place, void *arg)
{
	(void)place;
	((struct search *)arg)->blocks++;
	return true;
}

/* If @place is a pool, does it own the block? Ends the walk when it does. */
static bool visit_block(const struct heap_place *place, void *arg)
{
	const struct mp_pool_s *pool = place->block;
	const size_t header = sizeof(*pool) + sizeof(*pool->head);
	struct search *search = arg;
	struct pool_place result = { .pool = pool };

	if (place->kind != HEAP_USED || place->size < header ||
	    pool->cookie != heap_mark(&kernel_heap, pool))
		return true;
	if (pool == search->block) {
		result.kind = "the first node";
		result.node = pool->head;
		result.header = mp_align(header, MP_ALIGNMENT);
	} else if (is_listed(search->block, pool->head->next, offsetof(struct mp_node_s, next),
			     search->blocks)) {
		result.kind = "a node";
		result.node = search->block;
		result.header = mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT);
	} else if (is_listed(search->block, pool->large, offsetof(struct mp_large_s, next),
			     search->blocks)) {
		result.kind = "a large block";
		result.header = sizeof(struct mp_large_s);
	} else {
		return true;
	}
	*search->result = result;
	return false;
}

/**
 * pool_find() - which pool does a block of kernel_heap belong to?
 * @block: a used block
 * @place: where the answer goes
 *
 * Return: whether it belongs to one.
 */
bool pool_find(const void *block, struct pool_place *place)
{
	struct search search = { .block = block, .result = place };

	heap_walk(&kernel_heap, count_block, &search);
	return !heap_walk(&kernel_heap, visit_block, &search);
}
