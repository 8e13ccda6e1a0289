/* SPDX-License-Identifier: MIT */
/*
 * reference.h - the pool of the text we start from, to compare ours with
 *
 * The same algorithm, written anew from its description: the search that starts
 * at the first node that has not failed six times, the records of large blocks
 * in the nodes, a record's slot used again if it is among the first five, and a
 * free that looks for its block. What was wrong with it is mended, and what was
 * only declared is there, so that both pools do the same work.
 *
 * Nothing but the benchmarks uses it. Where heap_alloc() is not wanted, define
 * REFERENCE_ALLOC and REFERENCE_FREE before including reference.c.
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <stddef.h>

struct heap;

/* A large block; its record lies in a node. */
struct ref_large {
	struct ref_large *next;
	void *alloc; /* NULL: freed, the record can serve again */
};

struct ref_node {
	unsigned char *last;
	unsigned char *end;
	struct ref_node *next;
	size_t failed;
};

struct ref_pool {
	size_t max;
	size_t size;
	struct heap *heap;
	struct ref_node *current;
	struct ref_large *large;
	struct ref_node head[];
};

struct ref_pool *ref_create_pool_on(struct heap *heap, size_t size);
void ref_destroy_pool(struct ref_pool *pool);
void ref_reset_pool(struct ref_pool *pool);
void *ref_alloc(struct ref_pool *pool, size_t size);
void *ref_nalloc(struct ref_pool *pool, size_t size);
void *ref_calloc(struct ref_pool *pool, size_t size);
void *ref_memalign(struct ref_pool *pool, size_t size, size_t alignment);
int ref_free(struct ref_pool *pool, void *p);

#endif /* TESTS_REFERENCE_H */
