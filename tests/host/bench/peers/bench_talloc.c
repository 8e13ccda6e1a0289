// SPDX-License-Identifier: MIT
/*
 * bench_talloc.c - contender: Samba's talloc. A pool is a context, objects are children
 *
 * Contexts are talloc pools of the size that the trace asks for. This is faster than
 * contexts that take each child from malloc(). Alignment is 16 bytes, also where the
 * trace asks for more, because talloc_free() needs the address that talloc returned.
 */
#include <tests/host/bench/bench.h>

#ifdef BENCH_TALLOC
#include <talloc.h>

static inline void *pool_create(uint32_t slot, size_t size)
{
	(void)slot;
	return talloc_pool(NULL, size);
}

static inline void *pool_alloc(void *pool, size_t size)
{
	return talloc_size(pool, size);
}

static inline void *pool_nalloc(void *pool, size_t size)
{
	return talloc_size(pool, size);
}

static inline void *pool_calloc(void *pool, size_t size)
{
	return talloc_zero_size(pool, size);
}

static inline void *pool_memalign(void *pool, size_t size, size_t alignment)
{
	return talloc_size(pool, size + alignment);
}

static inline void pool_free(void *pool, void *object)
{
	(void)pool;
	talloc_free(object);
}

static inline void pool_reset(void *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	talloc_free_children(pool);
}

static inline void pool_destroy(void *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	talloc_free(pool);
}

static int do_nothing(char *data)
{
	(void)data;
	return 0;
}

/* A destructor belongs to an object: here, to the data. */
#define POOL_HAS_CLEANUPS
static inline void *pool_cleanup(void *pool, size_t size)
{
	char *data = talloc_size(pool, size);

	if (data)
		talloc_set_destructor(data, do_nothing);
	return data;
}

#define POOL_HAS_CHILDREN
static inline void *pool_create_child(uint32_t slot, void *parent, size_t size)
{
	(void)slot;
	return talloc_pool(parent, size);
}

#include <tests/host/bench/bench_loop.h>

struct bench_contender bench_talloc = {
	.name = "talloc",
	.is_peer = true,
	.replay = replay,
	.fill = fill,
};
#else
static bool is_there(void)
{
	return false;
}

struct bench_contender bench_talloc = { .name = "talloc", .is_there = is_there };
#endif
