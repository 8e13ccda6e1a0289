/* SPDX-License-Identifier: MIT */
/*
 * watch.h - a request to the reference pool, and what can be seen of it from outside
 */
#ifndef TESTS_WATCH_H
#define TESTS_WATCH_H

#include <tests/replay/faulty/faulty.h>

/**
 * struct ref_request - a request
 * @type: as in a trace: one of "canzmkfrd"
 * @pool: the pool; not for c
 * @size: bytes of a pool (c), an object (a n z m), a cleanup's data (k)
 * @align: for m
 * @object: for f
 */
struct ref_request {
	char type;
	struct ref_pool *pool;
	size_t size;
	size_t align;
	void *object;
};

/**
 * struct ref_seen - what a request did
 * @at: the pool, object or cleanup that it made, or NULL
 * @nodes: that it looked at for an object
 * @records: that it looked at to free a block
 * @node: the number of the node that holds the object, from 1; 0: it is a large block, or none
 * @instructions: that the call took, if there is a clock
 * @is_freed: a block was freed
 * @shows: the fault that is on shows; or the pool panicked
 * @is_broken: the heap or a pool is damaged: make both anew before the next request
 * @words: what went wrong, if it shows
 */
struct ref_seen {
	void *at;
	unsigned int nodes;
	unsigned int records;
	unsigned int node;
	uint64_t instructions;
	bool is_freed;
	bool shows;
	bool is_broken;
	char words[160];
};

void ref_watch(struct heap *heap, const struct ref_request *request, uint64_t (*clock)(void),
	       struct ref_seen *seen);

#endif /* TESTS_WATCH_H */
