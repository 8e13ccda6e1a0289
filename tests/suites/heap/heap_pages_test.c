// SPDX-License-Identifier: MIT
/*
 * heap_pages_test.c - how a heap takes pages and gives all of them back
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define SLACK_PAGES (HEAP_SLACK / MM_PAGE_SIZE)

static size_t failures(void)
{
	struct page_stats st;

	page_get_stats(&arena_pages, &st);
	return st.failed;
}

/* Allocates blocks of @size bytes until memory is out or there are @max. Returns how many. */
static size_t fill_up(unsigned char **block, size_t max, size_t size)
{
	size_t n = 0;

	while (n < max && (block[n] = heap_alloc(&arena_heap, 32, size)))
		pattern_fill(block[n], size, n), n++;
	return n;
}

static void free_filled(struct kunit *test, unsigned char **block, size_t count, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		KUNIT_EXPECT_EQ(test, pattern_check(block[i], size, i), size);
		heap_free(&arena_heap, block[i]);
	}
}

/* With 1 to 4 pages memory runs out. No block is damaged then, and no memory is lost. */
static void out_of_memory(struct kunit *test)
{
	static unsigned char *block[256];

	for (size_t pages = 1; pages <= 4; pages++) {
		size_t count;

		arena_use(test, 1, pages);
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, pages * MM_PAGE_SIZE));
		KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
		count = fill_up(block, 256, 200);
		/* Each block takes 224 bytes with its header. Less than two blocks are wasted. */
		KUNIT_EXPECT_GE(test, count, pages * MM_PAGE_SIZE / 224 - 1);
		KUNIT_EXPECT_LE(test, count, pages * MM_PAGE_SIZE / 224);
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, 200));
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 4096, 0));
		KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 4096, 32, 40));
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, HEAP_MAX_SIZE));
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		KUNIT_EXPECT_GE(test, failures(), 3);
		free_filled(test, block, count, 200);
		KUNIT_EXPECT_NOT_NULL(test, block[0] = heap_alloc(&arena_heap, 32, 200));
		heap_free(&arena_heap, block[0]);
		arena_trim(test);
	}
}

static void no_pages_at_all(struct kunit *test)
{
	arena_use(test, 0, 0);
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, 0));
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, 1));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 0);
}

/* One block can take all of a range but its headers: at most 64 bytes. */
static void whole_range_in_one_block(struct kunit *test)
{
	unsigned char *block;
	size_t size = 4 * MM_PAGE_SIZE;

	arena_use(test, 1, 4);
	while (!(block = heap_alloc(&arena_heap, 32, size)))
		size--;
	KUNIT_EXPECT_GE(test, size, 4 * MM_PAGE_SIZE - 64);
	pattern_fill(block, size, 1);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, 0));
	heap_free(&arena_heap, block);
}

/* |## a ##|##### b #####|   b fits without padding and takes all that is left */
static void aligned_to_the_end(struct kunit *test)
{
	void *a, *b;

	arena_use(test, 1, 3);
	a = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE - 48);
	b = heap_alloc(&arena_heap, MM_PAGE_SIZE, 2 * MM_PAGE_SIZE - 16);
	KUNIT_EXPECT_NOT_NULL(test, a);
	KUNIT_EXPECT_PTR_EQ(test, b, arena_memory + MM_PAGE_SIZE);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, a);
}

/*
 *	|## a ##|..|                 a leaves less than 200 bytes of its pages free
 *	|## a ##|####### b #######|  new pages follow directly: b begins in the old ones
 */
static void growth_joins_its_own_end(struct kunit *test)
{
	unsigned char *a = heap_alloc(&arena_heap, 32, 2 * MM_PAGE_SIZE - 200);
	unsigned char *b = heap_alloc(&arena_heap, 32, 4 * MM_PAGE_SIZE);

	KUNIT_ASSERT_TRUE(test, a && b);
	KUNIT_EXPECT_LE(test, b - a, 2 * MM_PAGE_SIZE);
	KUNIT_EXPECT_LE(test, arena_pages.used, 7 + SLACK_PAGES);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
}

/*
 *	|##a##|other|..........|    another owner's page follows the heap's pages
 *	|##a##|other|##b##|....|    the heap continues behind it and does not touch it
 */
static void growth_around_other_owners(struct kunit *test)
{
	unsigned char *a, *b, *others;
	size_t used;

	/* Old headers remain in memory: the other page looks as if the heap's blocks continued. */
	b = heap_alloc(&arena_heap, 32, 6 * MM_PAGE_SIZE);
	heap_free(&arena_heap, b);
	heap_trim(&arena_heap);

	a = heap_alloc(&arena_heap, 32, 1000);
	others = page_alloc(&arena_pages, 1);
	KUNIT_ASSERT_TRUE(test, a && others);
	pattern_fill(others, MM_PAGE_SIZE, 7);
	b = heap_alloc(&arena_heap, 32, 2 * MM_PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_GE(test, b - others, MM_PAGE_SIZE);
	pattern_fill(b, 2 * MM_PAGE_SIZE, 8);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, pattern_check(others, MM_PAGE_SIZE, 7), MM_PAGE_SIZE);

	/* All blocks are free, but a's page cannot go back: the other page is above it. */
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	used = arena_pages.used;
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), used - 2);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, pattern_check(others, MM_PAGE_SIZE, 7), MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, others, 1), 0);
	/* The heap uses the page that it had to keep before it takes new ones. */
	KUNIT_EXPECT_PTR_EQ(test, heap_alloc(&arena_heap, 32, 1000), a);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 1);
	heap_free(&arena_heap, a);
}

/* Two heaps take pages of one allocator in turn. */
static void two_heaps_interleaved(struct kunit *test)
{
	static unsigned char *block[2][12];
	static struct heap other;
	struct heap *const heap[2] = { &arena_heap, &other };

	heap_init(&other, &arena_pages);
	for (size_t i = 0; i < 12; i++)
		for (size_t h = 0; h < 2; h++) {
			block[h][i] = heap_alloc(heap[h], 32, 3000);
			KUNIT_ASSERT_NOT_NULL(test, block[h][i]);
			pattern_fill(block[h][i], 3000, 2 * i + h);
		}
	for (size_t i = 0; i < 12; i++)
		for (size_t h = 0; h < 2; h++) {
			size_t n = i * 5 % 12;

			KUNIT_EXPECT_EQ(test, pattern_check(block[h][n], 3000, 2 * n + h), 3000);
			heap_free(heap[h], block[h][n]);
			KUNIT_EXPECT_EQ(test, heap_check(heap[h]), 0);
		}
	/* Each heap can give back only pages that have none of the other's above them. */
	while (heap_trim(&other) + heap_trim(&arena_heap))
		KUNIT_EXPECT_EQ(test, heap_check(&other) | heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
}

/*
 *	range 0      range 1      range 2
 *	|##|####|    |######|     |####|..|    no block spans two ranges
 */
static void several_ranges(struct kunit *test)
{
	static unsigned char *block[64];
	size_t count;

	arena_use(test, 10, 4);
	count = fill_up(block, 64, 5000);
	KUNIT_EXPECT_EQ(test, count, 30);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 40);
	for (size_t i = 0; i < count; i++)
		KUNIT_EXPECT_TRUE(test, page_is_used(&arena_pages, block[i], 5000));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	/* Every second block first, so that tails become free in ranges between others. */
	for (size_t i = 1; i < count; i += 2)
		heap_free(&arena_heap, block[i]);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_GT(test, heap_trim(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	for (size_t i = 0; i < count; i += 2) {
		KUNIT_EXPECT_EQ(test, pattern_check(block[i], 5000, i), 5000);
		heap_free(&arena_heap, block[i]);
	}
}

/* Two ranges that touch are still two: no block spans both. */
static void adjacent_ranges(struct kunit *test)
{
	static unsigned char *block[64];
	size_t count;

	arena_use(test, 0, 0);
	for (size_t i = 0; i < 2; i++)
		KUNIT_ASSERT_EQ(test,
				page_add_range(&arena_pages, arena_memory + i * 3 * MM_PAGE_SIZE,
					       3 * MM_PAGE_SIZE),
				0);
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, 4 * MM_PAGE_SIZE));
	count = fill_up(block, 64, 1000);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 6);
	for (size_t i = 0; i < count; i++)
		KUNIT_EXPECT_TRUE(test, page_is_used(&arena_pages, block[i], 1000));
	free_filled(test, block, count, 1000);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, 4 * MM_PAGE_SIZE));
}

/* If more than 2 x HEAP_SLACK bytes are free at the end, all but HEAP_SLACK go back. */
static void free_keeps_slack(struct kunit *test)
{
	void *block = heap_alloc(&arena_heap, 32, (2 * SLACK_PAGES - 1) * MM_PAGE_SIZE);
	size_t used = arena_pages.used;

	KUNIT_ASSERT_NOT_NULL(test, block);
	heap_free(&arena_heap, block);
	KUNIT_EXPECT_EQ(test, arena_pages.used, used);

	block = heap_alloc(&arena_heap, 32, 3 * SLACK_PAGES * MM_PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, block);
	heap_free(&arena_heap, block);
	KUNIT_EXPECT_GE(test, arena_pages.used, SLACK_PAGES);
	KUNIT_EXPECT_LE(test, arena_pages.used, SLACK_PAGES + 1);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/* The same, when freeing the last block coalesces it with a free block in front of it. */
static void free_keeps_slack_after_joining(struct kunit *test)
{
	void *first = heap_alloc(&arena_heap, 32, 100);
	void *a = heap_alloc(&arena_heap, 32, 2 * SLACK_PAGES * MM_PAGE_SIZE);
	void *b = heap_alloc(&arena_heap, 32, 100);

	KUNIT_ASSERT_TRUE(test, first && a && b);
	heap_free(&arena_heap, a);
	KUNIT_EXPECT_GT(test, arena_pages.used, 2 * SLACK_PAGES);
	heap_free(&arena_heap, b);
	KUNIT_EXPECT_LE(test, arena_pages.used, SLACK_PAGES + 1);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	heap_free(&arena_heap, first);
}

/*
 *	|##a##|.......|##b##|........|    heap_trim(): only the free tail goes back
 *	|##a##|.......|##b##|
 *	|##a##|.............|             b is freed, then heap_trim()
 *	|##a##|
 */
static void trim_keeps_what_is_used(struct kunit *test)
{
	unsigned char *a = heap_alloc(&arena_heap, 32, 1000);
	unsigned char *hole = heap_alloc(&arena_heap, 32, 5 * MM_PAGE_SIZE);
	unsigned char *b = heap_alloc(&arena_heap, 32, 1000);
	unsigned char *tail = heap_alloc(&arena_heap, 32, 5 * MM_PAGE_SIZE);

	KUNIT_ASSERT_TRUE(test, a && hole && b && tail);
	heap_trim(&arena_heap);
	pattern_fill(a, 1000, 1);
	pattern_fill(b, 1000, 2);
	heap_free(&arena_heap, hole);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 0);
	heap_free(&arena_heap, tail);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 5);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, pattern_check(b, 1000, 2), 1000);
	heap_free(&arena_heap, b);
	heap_trim(&arena_heap);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 1);
	KUNIT_EXPECT_EQ(test, pattern_check(a, 1000, 1), 1000);
	heap_free(&arena_heap, a);
}

/* The free tail begins at each multiple of 32 around a page's start. */
static void trim_at_every_offset(struct kunit *test)
{
	for (size_t size = MM_PAGE_SIZE - 160; size <= MM_PAGE_SIZE + 64; size += 32) {
		void *a = heap_alloc(&arena_heap, 32, size);
		void *b = heap_alloc(&arena_heap, 32, 3 * MM_PAGE_SIZE);

		KUNIT_ASSERT_TRUE(test, a && b);
		heap_free(&arena_heap, b);
		KUNIT_EXPECT_GE(test, heap_trim(&arena_heap), 2);
		KUNIT_EXPECT_LE(test, arena_pages.used, 2);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		b = heap_alloc(&arena_heap, 32, 3 * MM_PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		heap_free(&arena_heap, a);
		heap_free(&arena_heap, b);
		arena_trim(test);
	}
}

static struct kunit_case heap_pages_cases[] = {
	KUNIT_CASE(out_of_memory),
	KUNIT_CASE(no_pages_at_all),
	KUNIT_CASE(whole_range_in_one_block),
	KUNIT_CASE(aligned_to_the_end),
	KUNIT_CASE(growth_joins_its_own_end),
	KUNIT_CASE(growth_around_other_owners),
	KUNIT_CASE(two_heaps_interleaved),
	KUNIT_CASE(several_ranges),
	KUNIT_CASE(adjacent_ranges),
	KUNIT_CASE(free_keeps_slack),
	KUNIT_CASE(free_keeps_slack_after_joining),
	KUNIT_CASE(trim_keeps_what_is_used),
	KUNIT_CASE(trim_at_every_offset),
	{},
};

static struct kunit_suite heap_pages_suite = {
	.name = "heap_pages",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_pages_cases,
};

kunit_test_suite(heap_pages_suite);
