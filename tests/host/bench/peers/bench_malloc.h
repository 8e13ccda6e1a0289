/* SPDX-License-Identifier: MIT */
/*
 * bench_malloc.h - contenders without pools: malloc() and free() for each object
 *
 * A file includes this, and its is_there() sets api. Pools cost nothing here: even
 * the list of objects to free at the end of a pool is part of the prepared trace.
 */
#include <malloc.h>
#include <stdlib.h>

#include <tests/host/bench/bench.h>

struct malloc_api {
	void *(*malloc)(size_t size);
	void *(*calloc)(size_t count, size_t size);
	void *(*memalign)(size_t alignment, size_t size);
	void (*free)(void *object);
};

static struct malloc_api api;

static inline void *pool_create(uint32_t slot, size_t size)
{
	(void)slot;
	(void)size;
	return bench_pools;
}

static inline void *pool_alloc(void *pool, size_t size)
{
	(void)pool;
	return api.malloc(size);
}

static inline void *pool_nalloc(void *pool, size_t size)
{
	return pool_alloc(pool, size);
}

static inline void *pool_calloc(void *pool, size_t size)
{
	(void)pool;
	return api.calloc(1, size);
}

static inline void *pool_memalign(void *pool, size_t size, size_t alignment)
{
	(void)pool;
	return api.memalign(alignment, size);
}

static inline void pool_free(void *pool, void *object)
{
	(void)pool;
	api.free(object);
}

static inline void pool_reset(void *pool, const uint32_t *sweep, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		pool_free(pool, bench_objects[sweep[i]]);
}

static inline void pool_destroy(void *pool, const uint32_t *sweep, uint32_t count)
{
	pool_reset(pool, sweep, count);
}

#include <tests/host/bench/bench_loop.h>
