// SPDX-License-Identifier: MIT
/*
 * bench_pool.c - budgets of the pool
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>
#include <tests/bench/bench_heap.h>
#include <tests/kunit/arena.h>

/* The current node has room: the usual case. */
void bench_fast_paths(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, 16384);
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	bench_head("small allocations");
	bench_row(test, "mp_alloc, constant size, inlined", 8, bench_inlined_alloc_24(&p, pool));
	bench_row(test, "mp_alloc, constant size, a function of its own", 10,
		  BENCH_CALL(NULL, bench_alloc_24, pool, 0, 0));
	bench_row(test, "mp_alloc, variable size, inlined", 12, bench_inlined_alloc(&p, pool, 24));
	bench_row(test, "mp_alloc, variable size, a function of its own", 14,
		  BENCH_CALL(NULL, bench_alloc, pool, 24, 0));
	bench_row(test, "mp_nalloc, inlined", 10, bench_inlined_nalloc(&p, pool, 24));
	bench_row(test, "mp_nalloc, a function of its own", 11,
		  BENCH_CALL(NULL, bench_nalloc, pool, 24, 0));
	mp_destroy_pool(pool);
}

static uint32_t create_and_destroy(void)
{
	uintptr_t pool;
	uint32_t spent = BENCH_CALL(&pool, mp_create_pool_on, &bench_heap, 4096, 0);

	return spent + BENCH_CALL(NULL, mp_destroy_pool, pool, 0, 0);
}

/* On an idle heap, and on a fragmented one. */
void bench_create_destroy(struct kunit *test)
{
	struct bench_sum busy = { 0 }, unused = { 0 };

	bench_head("mp_create_pool(4096) + mp_destroy_pool");
	for (size_t ranges = 1; ranges <= 32; ranges *= ranges == 1 ? 4 : 8) {
		bench_ranges(test, ranges);
		create_and_destroy();
		bench_row(test, bench_text("idle heap, %zu ranges", ranges),
			  220 + bench_more_ranges(ranges), create_and_destroy());
	}
	for (unsigned int i = 0; i < BENCH_MIXES; i++) {
		bench_ranges(test, 4);
		bench_heap_start(&bench_mixes[i]);
		bench_heap_random(&bench_mixes[i], 5000, &unused, &unused, &unused);
		busy = (struct bench_sum){ 0 };
		for (int n = 0; n < 1000; n++) {
			bench_heap_random(&bench_mixes[i], 10, &unused, &unused, &unused);
			bench_add(&busy, create_and_destroy());
		}
		bench_heap_empty();
		bench_row_text(bench_text("fragmented heap, 4 ranges: %s", bench_mixes[i].name));
		bench_row_mean(test, "mean", 435, busy);
		bench_row(test, "worst of 1,000", 435, busy.worst);
	}
}

/* Makes a pool of @nodes nodes and @large large blocks, with other heap blocks between them. */
static struct mp_pool_s *make_pool(struct kunit *test, size_t nodes, size_t large)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, 1024);
	struct bench_sum unused = { 0 };
	size_t n = 1, l = 0;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	while (n < nodes || l < large) {
		bench_heap_random(&bench_mixes[0], 10, &unused, &unused, &unused);
		if (l < large && l++ < large)
			KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 1500 + 64 * (l % 16)));
		if (n < nodes && n++ < nodes)
			for (int objects = n == 2 ? 64 : 32; objects; objects--)
				KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 32));
	}
	return pool;
}

static const struct {
	size_t nodes, large;
} pools[] = { { 1, 0 }, { 2, 0 }, { 1, 1 }, { 100, 0 }, { 1, 100 }, { 50, 50 } };

/* Measures @function for several pools: instructions for each node and large block. */
static void measure_release(struct kunit *test, void (*function)(struct mp_pool_s *pool))
{
	for (size_t i = 0; i < sizeof(pools) / sizeof(*pools); i++) {
		struct bench_sum sum = { .count = pools[i].nodes + pools[i].large };
		struct mp_pool_s *pool;

		bench_ranges(test, 4);
		pool = make_pool(test, pools[i].nodes, pools[i].large);
		sum.total = BENCH_CALL(NULL, function, pool, 0, 0);
		if (function == mp_reset_pool)
			mp_destroy_pool(pool);
		bench_heap_empty();
		bench_row_mean(test,
			       bench_text("%zu nodes, %zu large blocks, 4 ranges", pools[i].nodes,
					  pools[i].large),
			       280, sum);
	}
}

/* The cost depends on the number of nodes and large blocks. Small objects cost nothing. */
void bench_destroy_reset(struct kunit *test)
{
	bench_head("mp_destroy_pool, for each node and large block");
	measure_release(test, mp_destroy_pool);
	bench_head("mp_reset_pool, for each node and large block");
	measure_release(test, mp_reset_pool);
}
