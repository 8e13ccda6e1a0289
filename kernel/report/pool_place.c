// SPDX-License-Identifier: MIT
/*
 * pool_place.c - finds the pool that a block of the heap belongs to
 *
 * Blocks do not name their pool. So this looks for pools in all blocks, and for the block
 * in all lists of each pool: slow, for reports only. Memory may be damaged, so a pointer
 * is looked up in the page tables before it is followed, and a list is followed for no more
 * steps than there are blocks.
 */
#include <kernel/arch.h>
#include <kernel/report/report.h>
#include <mm/heap.h>
#include <mm/mp_large.h>

/* Is @block in the list from @element on, whose links lie @offset bytes into its elements? */
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

/* Is @owner a pool, and does it hold @block? @blocks: the number of blocks in the heap. */
static bool pool_holds(const struct heap_place *owner, const void *block, unsigned long blocks,
		       struct pool_place *result)
{
	const struct mp_pool_s *pool = owner->block;
	const size_t header = sizeof(*pool);

	if (owner->kind != HEAP_USED || owner->size < header ||
	    pool->cookie != mp_pool_cookie(pool))
		return false;
	if (pool == block) {
		result->kind = "the first node";
		result->node = pool->head;
		result->header = mp_align(header, MP_ALIGNMENT);
	} else if (is_listed(block, pool->head->next, offsetof(struct mp_node_s, next), blocks)) {
		result->kind = "a node";
		result->node = block;
		result->header = mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT);
	} else if (is_listed(block, pool->large, offsetof(struct mp_large_s, next), blocks)) {
		result->kind = "a large block";
		result->header = sizeof(struct mp_large_s);
	}
	if (result->kind)
		result->pool = pool;
	return result->kind;
}

/**
 * pool_find() - find the pool that a block of kernel_heap belongs to
 * @block: a used block
 * @place: where the answer goes
 *
 * Return: whether it belongs to one.
 */
bool pool_find(const void *block, struct pool_place *place)
{
	struct heap_place owner = { 0 };
	unsigned long blocks = 0;

	*place = (struct pool_place){ 0 };
	while (heap_next(&kernel_heap, &owner))
		blocks++;
	owner = (struct heap_place){ 0 };
	while (heap_next(&kernel_heap, &owner))
		if (pool_holds(&owner, block, blocks, place))
			return true;
	return false;
}
