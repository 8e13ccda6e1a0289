// SPDX-License-Identifier: MIT
/*
 * bench_many.c - constant time: the same calls with 1 to 100,000 of everything
 *
 * Each row is one call. It is measured with 1, 10, ... 100,000 pools, nodes, records, blocks
 * or objects alive. All figures of a row must be the same.
 */
#include <kernel/lib/printk.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>
#include <tests/kunit/arena.h>

#define MANY 100000
#define STEPS 6 /* 1, 10, ... 100,000 */
#define OBJECT 32

/* The pools or blocks that there are many of. The table lies in pages of its own. */
static void **things;
static size_t nr_things;

/* Makes room at the top of the heap, so that the measured call needs no new pages. */
static void warm_up(void)
{
	heap_free(&bench_heap, heap_alloc(&bench_heap, HEAP_ALIGN, 32768));
}

static void print_row(struct kunit *test, const char *what, const uint64_t *measured)
{
	bool same = true;

	for (int i = 1; i < STEPS; i++)
		same = same && measured[i] == measured[0];
	printk("#   %-45s", what);
	for (int i = 0; i < STEPS; i++)
		printk(" %5lu", measured[i]);
	printk("%s\n", same ? "" : " -");
	if (!same)
		KUNIT_FAIL(test, "%s: the figures differ", what);
}

static void head(const char *title)
{
	printk("#\n# %-47s %5d %5d %5d %5s %5s %5s\n", title, 1, 10, 100, "1000", "10000", "1e5");
}

static uint64_t pool_pair(void)
{
	uintptr_t pool;
	uint64_t spent;

	warm_up();
	spent = BENCH_CALL(&pool, mp_create_pool_on, &bench_heap, 4096, 0);
	return spent + BENCH_CALL(NULL, mp_destroy_pool, pool, 0, 0);
}

static uint64_t large_pair(struct mp_pool_s *pool)
{
	uintptr_t block;
	uint64_t spent;

	warm_up();
	spent = BENCH_CALL(&block, bench_alloc, pool, 100, 0);
	return spent + BENCH_CALL(NULL, mp_free, pool, block, 0);
}

static uint64_t heap_pair(void)
{
	uintptr_t block;
	uint64_t spent;

	warm_up();
	spent = BENCH_CALL(&block, heap_alloc, &bench_heap, HEAP_ALIGN, 100);
	return spent + BENCH_CALL(NULL, heap_free, &bench_heap, block, 0);
}

struct pairs {
	uint64_t pool[STEPS], large[STEPS], heap[STEPS];
};

static void measure_pairs(struct pairs *pairs, size_t step, struct mp_pool_s *pool)
{
	pairs->pool[step] = pool_pair();
	pairs->large[step] = large_pair(pool);
	pairs->heap[step] = heap_pair();
}

static void print_pairs(struct kunit *test, const struct pairs *pairs)
{
	print_row(test, "mp_create_pool(4096) + mp_destroy_pool", pairs->pool);
	print_row(test, "mp_alloc + mp_free of a large block", pairs->large);
	print_row(test, "heap_alloc + heap_free", pairs->heap);
}

/* Many pools of one small node each. */
static void bench_many_pools(struct kunit *test)
{
	static struct pairs pairs;
	uint64_t alloc[STEPS];

	for (size_t step = 0, n = 1; step < STEPS; step++, n *= 10) {
		while (nr_things < n)
			things[nr_things++] = mp_create_pool_on(&bench_heap, 2 * OBJECT);
		KUNIT_ASSERT_NOT_NULL(test, things[n - 1]);
		alloc[step] = BENCH_CALL(NULL, bench_alloc, things[n / 2], 8, 0);
		measure_pairs(&pairs, step, things[n / 2]);
	}
	head("pools alive");
	print_row(test, "mp_alloc", alloc);
	print_pairs(test, &pairs);
	while (nr_things)
		mp_destroy_pool(things[--nr_things]);
}

/* One pool of many nodes. Each is filled by one object. */
static void bench_many_nodes(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, OBJECT);
	static struct pairs pairs;
	uint64_t alloc[STEPS], slow[STEPS];
	size_t nodes = 1;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	bench_alloc(pool, OBJECT);
	/* The search window is full from the third node on, so the first step is 3, not 1. */
	for (size_t step = 0, n = 3; step < STEPS; step++, n = step == 1 ? 10 : n * 10) {
		for (; nodes < n; nodes++)
			KUNIT_ASSERT_NOT_NULL(test, bench_alloc(pool, OBJECT));
		warm_up();
		alloc[step] = BENCH_CALL(NULL, bench_alloc, pool, 0, 0);
		slow[step] = BENCH_CALL(NULL, bench_alloc, pool, OBJECT, 0);
		nodes++;
		measure_pairs(&pairs, step, pool);
	}
	head("nodes in the pool (the first: 3)");
	print_row(test, "mp_alloc", alloc);
	print_row(test, "mp_alloc, with a new node", slow);
	print_pairs(test, &pairs);
	mp_destroy_pool(pool);
}

/* What is made and taken away: a mark, and from the middle a handler and a child. */
static void measure_records(struct mp_pool_s *pool, size_t n, uint64_t *mark, uint64_t *handler,
			    uint64_t *child)
{
	void **middle = &things[(n + 1) / 2 * 2];
	uintptr_t savepoint;

	warm_up();
	*mark = BENCH_CALL(&savepoint, mp_mark, pool, 0, 0);
	*mark += BENCH_CALL(NULL, mp_release, pool, savepoint, bench_heap.marks);
	*handler = BENCH_CALL(NULL, mp_cleanup_remove, pool, middle[0], 0);
	*handler += BENCH_CALL(&middle[0], mp_cleanup_add, pool, 0, 0);
	*child = BENCH_CALL(NULL, mp_destroy_pool, middle[1], 0, 0);
	*child += BENCH_CALL(&middle[1], mp_create_child, pool, 2 * OBJECT, 0);
}

/* One pool of many handlers, and as many children and marks. */
static void bench_many_records(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, OBJECT);
	uint64_t mark[STEPS], handler[STEPS], child[STEPS];

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (size_t step = 0, n = 1; step < STEPS; step++, n *= 10) {
		/* One more of each, so that those in the middle are not the oldest. */
		while (nr_things < 2 * n + 2) {
			things[nr_things++] = mp_cleanup_add(pool, 0);
			things[nr_things++] = mp_create_child(pool, 2 * OBJECT);
			KUNIT_ASSERT_NOT_NULL(test, mp_mark(pool).savepoint);
		}
		KUNIT_ASSERT_NOT_NULL(test, things[2 * n + 1]);
		measure_records(pool, n, &mark[step], &handler[step], &child[step]);
	}
	head("handlers, children and marks alive, of each");
	print_row(test, "mp_mark + mp_release", mark);
	print_row(test, "mp_cleanup_remove + mp_cleanup_add", handler);
	print_row(test, "mp_destroy_pool of a child + mp_create_child", child);
	mp_destroy_pool(pool);
	nr_things = 0;
}

/* Many objects in one node. No call may depend on how many there are. */
static void bench_many_objects(struct kunit *test)
{
	uint64_t alloc[STEPS], nalloc[STEPS], reset[STEPS], destroy[STEPS];

	/* This pool gets the heap all pages that it needs, so the first step needs none. */
	mp_destroy_pool(mp_create_pool_on(&bench_heap, (MANY + 2) * OBJECT));
	for (size_t step = 0, n = 1; step < STEPS; step++, n *= 10) {
		struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, (MANY + 2) * OBJECT);

		KUNIT_ASSERT_NOT_NULL(test, pool);
		for (size_t i = 0; i < n; i++)
			bench_alloc(pool, OBJECT);
		alloc[step] = BENCH_CALL(NULL, bench_alloc, pool, 8, 0);
		nalloc[step] = BENCH_CALL(NULL, bench_nalloc, pool, 8, 0);
		KUNIT_EXPECT_PTR_EQ(test, pool->current, pool->head);
		reset[step] = BENCH_CALL(NULL, mp_reset_pool, pool, 0, 0);
		warm_up();
		destroy[step] = BENCH_CALL(NULL, mp_destroy_pool, pool, 0, 0);
	}
	head("objects alive");
	print_row(test, "mp_alloc", alloc);
	print_row(test, "mp_nalloc", nalloc);
	print_row(test, "mp_reset_pool", reset);
	print_row(test, "mp_destroy_pool", destroy);
}

/* Many blocks of the heap and as many holes: free blocks of the same size between them. */
static void bench_many_blocks(struct kunit *test)
{
	uint64_t pair[STEPS], hole[STEPS], whole[STEPS];

	for (size_t step = 0, n = 1; step < STEPS; step++, n *= 10) {
		uintptr_t block;

		/* One more hole, so that the free list does not become empty. */
		while (nr_things < 2 * n + 3)
			things[nr_things++] = heap_alloc(&bench_heap, HEAP_ALIGN, 64);
		KUNIT_ASSERT_NOT_NULL(test, things[2 * n + 2]);
		for (size_t i = 1; i < 2 * n + 2; i += 2) {
			heap_free(&bench_heap, things[i]);
			things[i] = NULL;
		}
		whole[step] = heap_pair();
		hole[step] = BENCH_CALL(&block, heap_alloc, &bench_heap, HEAP_ALIGN, 64);
		pair[step] = BENCH_CALL(NULL, heap_free, &bench_heap, block, 0);
	}
	head("blocks alive, and as many holes");
	print_row(test, "heap_alloc + heap_free of 100 bytes", whole);
	print_row(test, "heap_alloc, into a hole", hole);
	print_row(test, "heap_free, between two blocks", pair);
	while (nr_things)
		heap_free(&bench_heap, things[--nr_things]);
}

/*
 * Mixes of large blocks: which sizes there are, and which block is freed next. Nearly
 * every block of mp_memalign() has a free gap on both sides, so freeing it coalesces
 * with both neighbours.
 */
static const struct large_mix {
	const char *name;
	size_t most;		/* blocks alive at once */
	unsigned int low, high; /* 2^low <= size < 2^(high + 1) */
	bool any;		/* sizes and the block to free are random */
	bool is_aligned;	/* from mp_memalign() */
	uint64_t budget;	/* of mp_free(), in the mean */
} large_mixes[] = {
	{ "the oldest", MANY, 6, 6, false, false, 300 },
	{ "any of them", MANY, 6, 8, true, false, 300 },
	{ "any, 4 to 8 KiB", 1000, 12, 12, true, false, 300 },
	{ "any, 64 bytes to 64 KiB", 1000, 6, 16, true, false, 300 },
	{ "any, aligned to 64 to 4096", 1000, 6, 12, true, true, 340 },
};

static void *alloc_large(struct mp_pool_s *pool, const struct large_mix *mix, uint64_t *random)
{
	uint64_t r = arena_random(random);
	unsigned int shift = mix->low + (r >> 32) % (mix->high - mix->low + 1);
	size_t size = ((size_t)1 << shift) + (mix->any ? r & (((size_t)1 << shift) - 1) : 0);

	if (mix->is_aligned)
		return mp_memalign(pool, size, (size_t)64 << (r >> 48) % 7);
	return bench_alloc(pool, size);
}

/* 20,000 times, frees one of @alive large blocks and allocates another. @more adds to budgets. */
static void measure_free(struct kunit *test, size_t alive, const struct large_mix *mix,
			 uint64_t more)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, OBJECT);
	uint64_t random = 88172645463325252;
	struct bench_sum sum = { 0 };

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (size_t i = 0; i < alive; i++) {
		things[i] = alloc_large(pool, mix, &random);
		KUNIT_ASSERT_NOT_NULL(test, things[i]);
	}
	for (size_t i = 0; i < 20000; i++) {
		size_t victim = mix->any ? (arena_random(&random) >> 32) % alive : i % alive;

		bench_add(&sum, BENCH_CALL(NULL, mp_free, pool, things[victim], 0));
		things[victim] = alloc_large(pool, mix, &random);
		KUNIT_ASSERT_NOT_NULL(test, things[victim]);
	}
	mp_destroy_pool(pool);

	bench_row_mean(test, bench_text("%zu alive, %s, mean", alive, mix->name),
		       mix->budget + more, sum);
	bench_row(test, "    worst", 420 + more, sum.worst);
}

static void measure_frees(struct kunit *test, size_t ranges, bool spread)
{
	uint64_t more = bench_more_ranges(ranges);

	bench_head(bench_text("mp_free of a large block, %s%zu ranges",
			      spread ? "spread over " : "", ranges));
	for (size_t i = 0; i < sizeof(large_mixes) / sizeof(*large_mixes); i++) {
		for (size_t alive = 10; alive <= large_mixes[i].most; alive *= 100) {
			if (spread)
				bench_spread(test, ranges);
			else
				bench_ranges(test, ranges);
			measure_free(test, alive, &large_mixes[i], more);
		}
	}
}

static void bench_many_large(struct kunit *test)
{
	measure_frees(test, 4, false);
	measure_frees(test, 4, true);
	measure_frees(test, 32, false);
}

#define TABLE_PAGES ((2 * MANY + 3) * sizeof(*things) / MM_PAGE_SIZE + 1)

static int many_init(struct kunit *test)
{
	if (bench_init_large(test))
		return 1;
	nr_things = 0;
	things = page_alloc(&kernel_pages, TABLE_PAGES);
	return !things;
}

static void many_exit(struct kunit *test)
{
	if (things)
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, things, TABLE_PAGES), 0);
	things = NULL;
	bench_exit(test);
}

static struct kunit_case many_cases[] = {
	KUNIT_CASE(bench_many_pools),
	KUNIT_CASE(bench_many_nodes),
	KUNIT_CASE(bench_many_objects),
	KUNIT_CASE(bench_many_records),
	KUNIT_CASE(bench_many_blocks),
	KUNIT_CASE(bench_many_large),
	{},
};

static struct kunit_suite bench_many_suite = {
	.name = "bench_many",
	.test_cases = many_cases,
	.init = many_init,
	.exit = many_exit,
	.wanted = bench_is_wanted,
	.needs = "the word \"bench\"",
};

kunit_test_suite(bench_many_suite);
