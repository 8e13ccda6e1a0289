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

#define FRAGMENTED 450 /* to create a pool of one node and to destroy it, worst case */

/* On an idle heap, and on a fragmented one. */
void bench_create_destroy(struct kunit *test)
{
	struct bench_sum busy = { 0 }, unused = { 0 };

	bench_head("mp_create_pool(4096) + mp_destroy_pool");
	for (size_t ranges = 1; ranges <= 32; ranges *= ranges == 1 ? 4 : 8) {
		bench_ranges(test, ranges);
		create_and_destroy();
		bench_row(test, bench_text("idle heap, %zu ranges", ranges),
			  250 + bench_more_ranges(ranges), create_and_destroy());
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
		bench_row_mean(test, "mean", FRAGMENTED, busy);
		bench_row(test, "worst of 1,000", FRAGMENTED, busy.worst);
	}
}

static void do_nothing(void *data)
{
	(void)data;
}

static const struct contents {
	const char *name;
	size_t nodes, large, cleanups, children, marks;
} contents[] = {
	{ "1 node", .nodes = 1 },
	{ "2 nodes", .nodes = 2 },
	{ "1 node, 1 large block", .nodes = 1, .large = 1 },
	{ "100 nodes", .nodes = 100 },
	{ "1 node, 100 large blocks", .nodes = 1, .large = 100 },
	{ "50 nodes, 50 large blocks", .nodes = 50, .large = 50 },
	{ "1 node, 100 cleanups", .nodes = 1, .cleanups = 100 },
	{ "1 node, 100 children, each with its node", .nodes = 1, .children = 100 },
	{ "1 node, 100 marks", .nodes = 1, .marks = 100 },
	{ "20 of each", 20, 20, 20, 20, 20 },
};

static void add_handler(struct kunit *test, struct mp_pool_s *pool, size_t size)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, size);

	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	cleanup->handler = do_nothing;
}

/* Fills the current node up to its last byte, so that the next object needs a new one. */
static void add_node(struct kunit *test, struct mp_pool_s *pool)
{
	const struct mp_node_s *full = pool->current;

	while (pool->current == full)
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 32));
}

/* Makes a pool that holds @what, with other heap blocks between. */
static struct mp_pool_s *make_pool(struct kunit *test, const struct contents *what)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, 1024);
	struct bench_sum unused = { 0 };
	struct contents left = *what;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	left.nodes--;
	while (left.nodes || left.large || left.cleanups || left.children || left.marks) {
		bench_heap_random(&bench_mixes[0], 10, &unused, &unused, &unused);
		if (left.large && left.large--)
			KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 1500 + 64 * (left.large % 16)));
		if (left.nodes && left.nodes--)
			add_node(test, pool);
		if (left.cleanups && left.cleanups--)
			add_handler(test, pool, left.cleanups % 64);
		if (left.children && left.children--)
			KUNIT_ASSERT_NOT_NULL(test, mp_create_child(pool, 1024));
		if (left.marks && left.marks--)
			KUNIT_ASSERT_NOT_NULL(test, mp_mark(pool).savepoint);
	}
	return pool;
}

/* Measures @function for several pools: instructions for each record. The pool's node is one. */
static void measure_release(struct kunit *test, void (*function)(struct mp_pool_s *pool))
{
	for (size_t i = 0; i < sizeof(contents) / sizeof(*contents); i++) {
		const struct contents *what = &contents[i];
		struct bench_sum sum = { 0 };
		struct mp_pool_s *pool;

		bench_ranges(test, 4);
		pool = make_pool(test, what);
		sum.count =
			what->nodes + what->large + what->cleanups + what->children + what->marks;
		sum.total = BENCH_CALL(NULL, function, pool, 0, 0);
		if (function == mp_reset_pool)
			mp_destroy_pool(pool);
		bench_heap_empty();
		/* A child is a whole pool: its end is that of a record, and mp_destroy_pool(). */
		bench_row_mean(test, bench_text("%s, 4 ranges", what->name),
			       what->children > 20 ? 390 : 300, sum);
	}
}

/*
 * The cost depends on the number of records: nodes, large blocks, cleanups (handlers that do
 * nothing), children, marks. Small objects cost nothing.
 */
void bench_destroy_reset(struct kunit *test)
{
	bench_head("mp_destroy_pool, for each record");
	measure_release(test, mp_destroy_pool);
	bench_head("mp_reset_pool, for each record");
	measure_release(test, mp_reset_pool);
}
