/* SPDX-License-Identifier: MIT */
/*
 * pool_place.h - what is at an address in a pool? For reports
 */
#ifndef KERNEL_POOL_PLACE_H
#define KERNEL_POOL_PLACE_H

#include <mm/mp_pool.h>

/**
 * struct pool_place - what a block of a heap is to a pool
 * @pool: the pool that holds it; NULL: none
 * @kind: in words: "the first node", "a node", "a large block", "a cleanup" or "a mark"
 * @node: the block as a node; NULL if it is none
 * @header: bytes from its start to the first object, or to the data of a cleanup
 * @cleanup: the block as a cleanup; NULL if it is none
 * @number: of the cleanup, the oldest of the pool being 1; 0: the list is damaged
 */
struct pool_place {
	const struct mp_pool_s *pool;
	const char *kind;
	const struct mp_node_s *node;
	size_t header;
	const struct mp_cleanup_s *cleanup;
	unsigned int number;
};

void pool_find(const struct heap *heap, const void *block, struct pool_place *place);

/**
 * struct pool_object - an object in a block of a heap
 * @start: address of its first byte
 * @end: address just past its last byte; 0: there is no object
 */
struct pool_object {
	uintptr_t start;
	uintptr_t end;
};

#if MP_REDZONE
struct pool_object pool_find_object(uintptr_t at, uintptr_t low, uintptr_t high);
#endif

#endif /* KERNEL_POOL_PLACE_H */
