// SPDX-License-Identifier: MIT
/*
 * plot_calls.c - what single calls cost: beside live objects, live large blocks, and RAM
 *
 *	suite		measures
 *	plot_calls	with 1 to 100,000 objects in a pool: mp_alloc(), and the reference's
 *			with 1 to 100,000 large blocks in a pool: mp_free(), and the reference's
 *	plot_ram	with all RAM in kernel_pages and kernel_heap: a page, a block, a pool
 */
#include <kernel/lib/printk.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>
#include <tests/kunit/arena.h>
#include <tests/replay/reference.h>

#define MANY ((size_t)100000)
#define NODE 4096
#define OBJECTS 1000 /* how many calls a mean is made of */
#define FREES 200

#define SEED 88172645463325252

/* Large blocks. The table lies in pages of its own. */
static void **things;
#define TABLE_PAGES (MANY * sizeof(*things) / MM_PAGE_SIZE + 1)

/* The next of 1, 3, 10, 30, ... */
static size_t next_step(size_t n)
{
	for (size_t ten = 1; ten <= n; ten *= 10)
		if (n == ten)
			return 3 * n;
	return n / 3 * 10;
}

/* Prints the mean with two decimals: printk() knows no floating point. */
static void print_mean(struct bench_sum sum)
{
	uint64_t hundredths = (sum.total * 100 + sum.count / 2) / sum.count;

	printk(" %lu.%02lu", hundredths / 100, hundredths % 100);
}

/* Allocates @calls objects of 1 to 128 bytes. */
static struct bench_sum alloc_objects(void *pool, const void *alloc, size_t calls, uint64_t *random)
{
	struct bench_sum sum = { 0 };

	for (size_t i = 0; i < calls; i++)
		bench_add(&sum, BENCH_CALL(NULL, alloc, pool, 1 + arena_random(random) % 128, 0));
	return sum;
}

/* The cost of OBJECTS more, when @n are alive. */
static struct bench_sum measure_objects(void *pool, const void *alloc, size_t n)
{
	uint64_t random = SEED;

	alloc_objects(pool, alloc, n, &random);
	return alloc_objects(pool, alloc, OBJECTS, &random);
}

static void plot_objects(struct kunit *test)
{
	for (size_t n = 1; n <= MANY; n = next_step(n)) {
		struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, NODE);
		struct ref_pool *other = ref_create_pool_on(&bench_heap, NODE);

		KUNIT_ASSERT_TRUE(test, pool && other);
		printk("# plot-objects: %zu", n);
		print_mean(measure_objects(pool, bench_alloc, n));
		print_mean(measure_objects(other, ref_alloc, n));
		printk("\n");
		mp_destroy_pool(pool);
		ref_destroy_pool(other);
	}
}

/* The cost of freeing one of @n large blocks, whichever. Another one takes its place each time. */
static struct bench_sum measure_frees(void *pool, const void *alloc, const void *free, size_t n)
{
	struct bench_sum sum = { 0 };
	uint64_t random = SEED;

	for (size_t i = 0; i < n; i++)
		BENCH_CALL(&things[i], alloc, pool, NODE, 0);
	for (size_t i = 0; i < FREES; i++) {
		size_t victim = (arena_random(&random) >> 32) % n;

		bench_add(&sum, BENCH_CALL(NULL, free, pool, things[victim], 0));
		BENCH_CALL(&things[victim], alloc, pool, NODE, 0);
	}
	return sum;
}

static void plot_large(struct kunit *test)
{
	for (size_t n = 1; n <= MANY; n = next_step(n)) {
		struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, NODE / 8);
		struct ref_pool *other = ref_create_pool_on(&bench_heap, NODE / 8);

		KUNIT_ASSERT_TRUE(test, pool && other);
		printk("# plot-large: %zu", n);
		print_mean(measure_frees(pool, bench_alloc, mp_free, n));
		KUNIT_ASSERT_NOT_NULL(test, things[n - 1]);
		mp_destroy_pool(pool);
		print_mean(measure_frees(other, ref_alloc, ref_free, n));
		KUNIT_ASSERT_NOT_NULL(test, things[n - 1]);
		ref_destroy_pool(other);
		printk("\n");
	}
}

static void plot_ram(struct kunit *test)
{
	uintptr_t pool, block, page;
	uint32_t pools, blocks, pages;

	/* The heap gets the pages that it needs. */
	mp_destroy_pool(mp_create_pool(NODE));
	pools = BENCH_CALL(&pool, mp_create_pool, NODE, 0, 0);
	KUNIT_ASSERT_NE(test, pool, 0);
	pools += BENCH_CALL(NULL, mp_destroy_pool, pool, 0, 0);
	blocks = BENCH_CALL(&block, heap_alloc, &kernel_heap, HEAP_ALIGN, 100);
	KUNIT_ASSERT_NE(test, block, 0);
	blocks += BENCH_CALL(NULL, heap_free, &kernel_heap, block, 0);
	pages = BENCH_CALL(&page, page_alloc, &kernel_pages, 1, 0);
	KUNIT_ASSERT_NE(test, page, 0);
	pages += BENCH_CALL(NULL, page_put_back, &kernel_pages, page, 1);
	/* The heap's pages lie behind those of the suite, which can go back only after them. */
	heap_trim(&kernel_heap);
	printk("# plot-ram: pool=%u block=%u page=%u\n", pools, blocks, pages);
}

static int calls_init(struct kunit *test)
{
	if (bench_init_huge(test))
		return 1;
	things = page_alloc(&kernel_pages, TABLE_PAGES);
	return !things;
}

static void calls_exit(struct kunit *test)
{
	if (things)
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, things, TABLE_PAGES), 0);
	things = NULL;
	bench_exit(test);
}

static struct kunit_case calls_cases[] = {
	KUNIT_CASE(plot_objects),
	KUNIT_CASE(plot_large),
	{},
};

static struct kunit_suite plot_calls_suite = {
	.name = "plot_calls",
	.test_cases = calls_cases,
	.init = calls_init,
	.exit = calls_exit,
	.wanted = bench_is_plotting,
	.needs = "the word \"plot\"",
};

kunit_test_suite(plot_calls_suite);

static struct kunit_case ram_cases[] = {
	KUNIT_CASE(plot_ram),
	{},
};

static struct kunit_suite plot_ram_suite = {
	.name = "plot_ram",
	.test_cases = ram_cases,
	.init = bench_init,
	.exit = bench_exit,
	.wanted = bench_is_plotting,
	.needs = "the word \"plot\"",
};

kunit_test_suite(plot_ram_suite);
