/* SPDX-License-Identifier: MIT */
/*
 * reference.h - nginx's pool algorithm, to compare mp_pool with
 *
 * The algorithm of the text that mp_pool starts from, written anew from its
 * description:
 *
 * - A search starts at the first node that has not failed six times.
 * - The record of a large block is a small object in a node. A new large block
 *   uses the record of a freed one if it is among the first five.
 * - ref_free() searches the list of large blocks.
 * - The record of a cleanup handler and its data are small objects. Only destroy runs
 *   handlers.
 *
 * The text's errors are corrected and its missing functions are written, so that
 * both pools do the same work. One error is left: ref_reset_pool() keeps the list of
 * handlers, whose records lie in memory that it hands out again. nginx has it, too.
 * ref_destroy_pool() would follow that list for ever; so it stops, and says why.
 *
 * Only benchmarks and tests use it. To allocate with
 * another function than heap_alloc(), define REFERENCE_ALLOC and REFERENCE_FREE
 * before including reference.c.
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <stddef.h>

struct heap;

/* The record of a large block; it lies in a node. */
struct ref_large {
	struct ref_large *next;
	void *alloc; /* NULL: freed, so the record can be used again */
};

struct ref_cleanup {
	void (*handler)(void *data); /* NULL: nothing is called */
	void *data;
	struct ref_cleanup *next;
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
	struct ref_cleanup *cleanup;
	size_t registered; /* handlers since the last reset. The text has no such count */
	struct ref_node head[];
};

/* faulty/faulty.c makes it "static": the copy there has the same names. */
#ifndef REFERENCE_LINKAGE
#define REFERENCE_LINKAGE
#endif

REFERENCE_LINKAGE struct ref_pool *ref_create_pool_on(struct heap *heap, size_t size);
REFERENCE_LINKAGE const char *ref_destroy_pool(struct ref_pool *pool);
REFERENCE_LINKAGE void ref_reset_pool(struct ref_pool *pool);
REFERENCE_LINKAGE void *ref_alloc(struct ref_pool *pool, size_t size);
REFERENCE_LINKAGE void *ref_nalloc(struct ref_pool *pool, size_t size);
REFERENCE_LINKAGE void *ref_calloc(struct ref_pool *pool, size_t size);
REFERENCE_LINKAGE void *ref_memalign(struct ref_pool *pool, size_t size, size_t alignment);
REFERENCE_LINKAGE int ref_free(struct ref_pool *pool, void *p);
REFERENCE_LINKAGE struct ref_cleanup *ref_cleanup_add(struct ref_pool *pool, size_t size);

/* The functions of one copy. */
struct ref_calls {
	struct ref_pool *(*create_pool_on)(struct heap *heap, size_t size);
	const char *(*destroy_pool)(struct ref_pool *pool);
	void (*reset_pool)(struct ref_pool *pool);
	void *(*alloc)(struct ref_pool *pool, size_t size);
	void *(*nalloc)(struct ref_pool *pool, size_t size);
	void *(*calloc)(struct ref_pool *pool, size_t size);
	void *(*memalign)(struct ref_pool *pool, size_t size, size_t alignment);
	int (*free)(struct ref_pool *pool, void *p);
	struct ref_cleanup *(*cleanup_add)(struct ref_pool *pool, size_t size);
};

extern const struct ref_calls reference_calls;

#endif /* TESTS_REFERENCE_H */
