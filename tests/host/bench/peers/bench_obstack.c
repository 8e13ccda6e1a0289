// SPDX-License-Identifier: MIT
/*
 * bench_obstack.c - contender: glibc's obstacks, one for each pool
 *
 * Chunks come from glibc's malloc(). An obstack is a stack: an object cannot be freed
 * before the objects above it, so nothing is freed before the pool ends. The struct
 * of each obstack lies in a table, so it costs nothing.
 */
#include <stdlib.h>

#include <tests/host/bench/bench.h>

#ifdef __GLIBC__
#include <obstack.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

struct stack {
	struct obstack obstack;
	void *bottom;
};

static struct stack *stacks;

static inline struct stack *pool_create(uint32_t slot, size_t size)
{
	struct stack *pool = &stacks[slot];

	obstack_begin(&pool->obstack, size);
	pool->bottom = obstack_alloc(&pool->obstack, 0);
	return pool;
}

static inline void *pool_alloc(struct stack *pool, size_t size)
{
	return obstack_alloc(&pool->obstack, size);
}

static inline void *pool_nalloc(struct stack *pool, size_t size)
{
	return pool_alloc(pool, size);
}

static inline void *pool_calloc(struct stack *pool, size_t size)
{
	return memset(pool_alloc(pool, size), 0, size);
}

static inline void *pool_memalign(struct stack *pool, size_t size, size_t alignment)
{
	uintptr_t object = (uintptr_t)pool_alloc(pool, size + alignment);

	return (void *)((object + alignment - 1) & -alignment);
}

static inline void pool_free(struct stack *pool, void *object)
{
	(void)pool;
	(void)object;
}

static inline void pool_reset(struct stack *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	obstack_free(&pool->obstack, pool->bottom);
}

static inline void pool_destroy(struct stack *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	obstack_free(&pool->obstack, NULL);
}

#include <tests/host/bench/bench_loop.h>

static void prepare(const struct bench_trace *trace)
{
	stacks = bench_memory(trace->nr_pools * sizeof(*stacks));
}

struct bench_contender bench_obstack = {
	.name = "obstack",
	.is_peer = true,
	.prepare = prepare,
	.replay = replay,
	.fill = fill,
};
#else
static bool is_there(void)
{
	return false;
}

struct bench_contender bench_obstack = { .name = "obstack", .is_there = is_there };
#endif
