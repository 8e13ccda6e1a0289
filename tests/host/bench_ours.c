// SPDX-License-Identifier: MIT
/*
 * bench_ours.c - mp_pool on a heap on pages, as the kernel has them
 *
 * The pages are an arena from mmap(), one range. It is larger than any trace
 * needs; what is never touched costs nothing.
 */
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <tests/host/bench.h>

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

#include <tests/host/bench_loop.h>

/* The blocks that a pool holds: nodes and large ones. */
static size_t held(const struct mp_pool_s *pool)
{
	size_t blocks = pool->nr_nodes;

	for (const struct mp_large_s *large = pool->large; large; large = large->next)
		blocks++;
	return blocks;
}

/* How many blocks of the heap a trace takes in all: its objects come out of those. */
size_t bench_blocks(const struct bench_trace *trace)
{
	const struct bench_event *end = trace->events + trace->nr_events;
	size_t blocks = 0;

	for (const struct bench_event *event = trace->events; event < end; event++) {
		struct bench_trace one = *trace;
		struct mp_pool_s *pool = bench_pools[event->pool];
		size_t before = event->op == BENCH_CREATE ? 0 : held(pool);

		one.events = (struct bench_event *)event;
		one.nr_events = 1;
		if (event->op == BENCH_RESET || event->op == BENCH_DESTROY)
			before = SIZE_MAX;
		bench_loop(&one, false);
		pool = bench_pools[event->pool];
		if (before != SIZE_MAX && held(pool) > before)
			blocks += held(pool) - before;
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
