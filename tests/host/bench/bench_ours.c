// SPDX-License-Identifier: MIT
/*
 * bench_ours.c - contender: mp_pool, on the heap and the page allocator of mm/
 *
 * The pages are one range of 8 GiB from mmap(), more than any trace needs. Pages that
 * are never touched cost nothing.
 */
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <tests/host/bench/bench.h>

#define ARENA ((size_t)8 << 30)

static inline struct mp_pool_s *pool_create(uint32_t slot, size_t size)
{
	(void)slot;
	return mp_create_pool(size);
}

#define pool_alloc mp_alloc
#define pool_nalloc mp_nalloc
#define pool_calloc mp_calloc
#define pool_memalign mp_memalign
#define pool_free mp_free

static inline void pool_reset(struct mp_pool_s *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	mp_reset_pool(pool);
}

static inline void pool_destroy(struct mp_pool_s *pool, const uint32_t *sweep, uint32_t count)
{
	(void)sweep;
	(void)count;
	mp_destroy_pool(pool);
}

static void do_nothing(void *data)
{
	(void)data;
}

#define POOL_HAS_CLEANUPS
static inline void *pool_cleanup(struct mp_pool_s *pool, size_t size)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, size);

	cleanup->handler = do_nothing;
	return cleanup->data;
}

#define POOL_HAS_CHILDREN
#define pool_create_child(slot, parent, size) mp_create_child(parent, size)

#include <tests/host/bench/bench_loop.h>

/*
 * The number of heap blocks that a trace takes: for pools, and for their records. An allocation
 * that takes a block for a node, a large block or a cleanup makes it the newest record.
 */
size_t bench_blocks(const struct bench_trace *trace)
{
	struct bench_trace one = { .sweep = trace->sweep, .nr_events = 1 };
	size_t blocks = 0;

	for (size_t i = 0; i < trace->nr_events; i++) {
		const struct bench_event *event = &trace->events[i];
		bool allocates = event->op >= BENCH_ALLOC && event->op <= BENCH_CLEANUP;
		const struct mp_pool_s *pool = bench_pools[event->pool];
		const struct mp_record_s *newest = allocates ? pool->records : NULL;

		one.events = &trace->events[i];
		bench_loop(&one, false);
		blocks += event->op == BENCH_CREATE || event->op == BENCH_CREATE_CHILD;
		if (allocates)
			blocks += pool->records != newest;
	}
	return blocks;
}

static bool is_there(void)
{
	if (page_add_range(&kernel_pages, bench_memory(ARENA), ARENA))
		return false;
	heap_init(&kernel_heap, &kernel_pages);
	return true;
}

struct bench_contender bench_ours = {
	.name = "mp_pool",
	.is_there = is_there,
	.replay = replay,
	.fill = fill,
};
