// SPDX-License-Identifier: MIT
/*
 * bench_apr.c - contender: Apache's pools
 *
 * Pools without a parent are children of one pool that lives as long as the program. All share
 * its allocator, which has no lock and gives no memory back to malloc(): this is
 * the fastest setup. APR chooses the size of nodes, 8 KiB and more. It cannot free
 * an object. Its alignment is 8 bytes; for a larger one, this file rounds up.
 */
#include <tests/host/bench/bench.h>

#ifdef BENCH_APR
#include <apr_general.h>
#include <apr_pools.h>

static apr_pool_t *root;

static inline apr_pool_t *pool_create(uint32_t slot, size_t size)
{
	apr_pool_t *pool = NULL;

	(void)slot;
	(void)size;
	apr_pool_create(&pool, root);
	return pool;
}

#define pool_alloc apr_palloc
#define pool_nalloc apr_palloc
#define pool_calloc apr_pcalloc

static inline void *pool_memalign(apr_pool_t *pool, size_t size, size_t alignment)
{
	uintptr_t object = (uintptr_t)apr_palloc(pool, size + alignment);

	return (void *)((object + alignment - 1) & -alignment);
}

static inline void pool_free(apr_pool_t *pool, void *object)
{
	(void)pool;
	(void)object;
}

static inline void pool_reset(apr_pool_t *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	apr_pool_clear(pool);
}

static inline void pool_destroy(apr_pool_t *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	apr_pool_destroy(pool);
}

static apr_status_t do_nothing(void *data)
{
	(void)data;
	return APR_SUCCESS;
}

#define POOL_HAS_CLEANUPS
static inline void *pool_cleanup(apr_pool_t *pool, size_t size)
{
	void *data = size ? apr_palloc(pool, size) : NULL;

	apr_pool_cleanup_register(pool, data, do_nothing, apr_pool_cleanup_null);
	return data;
}

#define POOL_HAS_CHILDREN
static inline apr_pool_t *pool_create_child(uint32_t slot, apr_pool_t *parent, size_t size)
{
	apr_pool_t *pool = NULL;

	(void)slot;
	(void)size;
	apr_pool_create(&pool, parent);
	return pool;
}

#include <tests/host/bench/bench_loop.h>

static bool is_there(void)
{
	apr_allocator_t *allocator;

	return !apr_initialize() && !apr_allocator_create(&allocator) &&
	       !apr_pool_create_ex(&root, NULL, NULL, allocator);
}

struct bench_contender bench_apr = {
	.name = "APR pools",
	.is_peer = true,
	.is_there = is_there,
	.replay = replay,
	.fill = fill,
};
#else
static bool is_there(void)
{
	return false;
}

struct bench_contender bench_apr = { .name = "APR pools", .is_there = is_there };
#endif
