/* SPDX-License-Identifier: MIT */
/*
 * text_world.h - the reference pool in a world of its own, with numbers for pools and objects
 *
 *	memory	| pools | objects |== arena: pages of its own heap ==| guard |
 *
 * An object that a fault places behind its node may reach into the guard, but not further.
 */
#ifndef TESTS_TEXT_WORLD_H
#define TESTS_TEXT_WORLD_H

#include <mm/heap.h>
#include <mm/page.h>
#include <tests/replay/faulty/watch.h>

struct text_object {
	const void *at; /* NULL: it ended, or was never made */
	size_t size;
	uint32_t pool;
};

/**
 * struct text_sum - what requests came to; who wants to count begins with zeros
 * @requests: how many were done
 * @nodes: that they looked at
 * @records: that they looked at
 * @instructions: that they took
 * @shown: how many of them the fault showed in
 * @words: what went wrong in the first of them
 * @newest: what the newest request did
 */
struct text_sum {
	unsigned int requests;
	unsigned int nodes;
	unsigned int records;
	uint64_t instructions;
	unsigned int shown;
	char words[sizeof(((struct ref_seen *)NULL)->words)];
	struct ref_seen newest;
};

/**
 * struct text_world - the world
 * @clock: counts instructions, or NULL
 * @arena: where its pages are
 * @arena_bytes: how many bytes, without the guard
 * @pages: the arena
 * @heap: on it
 * @pools: by number; NULL: it ended, or was never made
 * @objects: by number
 * @max_pools: how many there can be
 * @max_objects: the same
 * @sum: of the requests
 */
struct text_world {
	uint64_t (*clock)(void);
	char *arena;
	size_t arena_bytes;
	struct page_allocator pages;
	struct heap heap;
	struct ref_pool **pools;
	struct text_object *objects;
	uint32_t max_pools;
	uint32_t max_objects;
	struct text_sum sum;
};

/**
 * struct text_request - a request
 * @type: as in a trace: one of "canzmkfrd"
 * @pool: the number of the pool; not for c and f
 * @object: the number of the object, for f
 * @made: the number of the pool or object that it makes; UINT32_MAX: it gets none
 * @size: bytes of a pool (c), an object (a n z m), a cleanup's data (k)
 * @align: for m
 */
struct text_request {
	char type;
	uint32_t pool;
	uint32_t object;
	uint32_t made;
	size_t size;
	size_t align;
};

bool text_world_open(struct text_world *world, void *memory, size_t bytes, uint64_t (*clock)(void));
void text_world_start(struct text_world *world);
bool text_world_do(struct text_world *world, const struct text_request *request);

#endif /* TESTS_TEXT_WORLD_H */
