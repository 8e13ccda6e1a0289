// SPDX-License-Identifier: MIT
/*
 * bench_reference.c - contender: nginx's algorithm (tests/replay/reference.h)
 *
 * Its nodes and large blocks come from posix_memalign(), as in nginx.
 */
#include <stdlib.h>

#include <tests/host/bench/bench.h>

static inline void *system_alloc(size_t alignment, size_t size)
{
	void *block;

	return posix_memalign(&block, alignment, size) ? NULL : block;
}

#define REFERENCE_ALLOC(heap, align, size) ((void)(heap), system_alloc(align, size))
#define REFERENCE_FREE(heap, block) ((void)(heap), free(block))

#include <tests/replay/reference.c>

static inline struct ref_pool *pool_create(uint32_t slot, size_t size)
{
	(void)slot;
	return ref_create_pool_on(NULL, size);
}

#define pool_alloc ref_alloc
#define pool_nalloc ref_nalloc
#define pool_calloc ref_calloc
#define pool_memalign ref_memalign
#define pool_free ref_free

static inline void pool_reset(struct ref_pool *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	ref_reset_pool(pool);
}

static inline void pool_destroy(struct ref_pool *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	ref_destroy_pool(pool);
}

static void do_nothing(void *data)
{
	(void)data;
}

#define POOL_HAS_CLEANUPS
static inline void *pool_cleanup(struct ref_pool *pool, size_t size)
{
	struct ref_cleanup *cleanup = ref_cleanup_add(pool, size);

	cleanup->handler = do_nothing;
	return cleanup->data;
}

#include <tests/host/bench/bench_loop.h>

struct bench_contender bench_reference = {
	.name = "reference",
	.is_peer = true,
	.replay = replay,
	.fill = fill,
};
