// SPDX-License-Identifier: MIT
/*
 * page_test.c - allocating pages from one range
 *
 * A page allocator never touches the memory it gives out, so these tests use
 * addresses without memory. page_ranges_test.c tests several ranges.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define BASE ((uintptr_t)0x100000)
#define MAX_COUNT (SIZE_MAX >> MM_PAGE_SHIFT)

/* The address of page @n. */
static void *page(size_t n)
{
	return (void *)(BASE + n * MM_PAGE_SIZE);
}

static struct page_allocator pages;
static struct page_stats st;

/* Each case starts with one range, pages 0 to 7, none given out. */
static int start(struct kunit *test)
{
	(void)test;
	memset(&pages, 0, sizeof(pages));
	return page_add_range(&pages, page(0), 8 * MM_PAGE_SIZE);
}

/* Pages 0 to @count - 1 must be given out, and no other; the statistics must agree. */
static void expect_used(struct kunit *test, size_t count)
{
	page_get_stats(&pages, &st);
	KUNIT_EXPECT_EQ(test, st.used, count);
	KUNIT_EXPECT_EQ(test, st.ranges, 1);
	KUNIT_EXPECT_EQ(test, st.total, 8);
	KUNIT_EXPECT_EQ(test, page_is_used(&pages, page(0), 1), count > 0);
	KUNIT_EXPECT_EQ(test, page_is_used(&pages, page(0), count * MM_PAGE_SIZE), count > 0);
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, page(0), count * MM_PAGE_SIZE + 1));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, page(count), 1));
}

static void stats_of_nothing(struct kunit *test)
{
	static struct page_allocator none;

	memset(&st, 0xff, sizeof(st));
	page_get_stats(&none, &st);
	KUNIT_EXPECT_EQ(test, st.ranges, 0);
	KUNIT_EXPECT_EQ(test, st.total, 0);
	KUNIT_EXPECT_EQ(test, st.used, 0);
	KUNIT_EXPECT_EQ(test, st.peak, 0);
	KUNIT_EXPECT_EQ(test, st.failed, 0);
	KUNIT_EXPECT_FALSE(test, page_is_used(&none, page(0), 0));
	KUNIT_EXPECT_EQ(test, page_put_back(&none, page(0), 1), -EINVAL);
	KUNIT_EXPECT_NULL(test, page_alloc(&none, 1));
	page_get_stats(&none, &st);
	KUNIT_EXPECT_EQ(test, st.failed, 1);
	none.failed = 0;
}

/*
 *	|........|   page_alloc(1), page_alloc(3)   |#|###|....|
 */
static void alloc_goes_up(struct kunit *test)
{
	expect_used(test, 0);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(0));
	expect_used(test, 1);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 3), page(1));
	expect_used(test, 4);
	KUNIT_EXPECT_EQ(test, st.peak, 4);
	KUNIT_EXPECT_EQ(test, st.failed, 0);
}

/* 8 pages are all there are. 0, 9 and counts that overflow as bytes fail. */
static void alloc_counts(struct kunit *test)
{
	static const size_t bad[] = {
		0,
		9,
		MAX_COUNT - 1,
		MAX_COUNT,
		MAX_COUNT + 1,
		MAX_COUNT + 2,
		MAX_COUNT + 9,
		SIZE_MAX - 7,
		SIZE_MAX,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		KUNIT_EXPECT_NULL(test, page_alloc(&pages, bad[i]));
		expect_used(test, 0);
		KUNIT_EXPECT_EQ(test, st.failed, i + 1);
	}
	KUNIT_EXPECT_EQ(test, st.peak, 0);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 8), page(0));
	expect_used(test, 8);
}

static void alloc_until_full(struct kunit *test)
{
	for (size_t i = 0; i < 8; i++)
		KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(i));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 1));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 8));
	expect_used(test, 8);
	KUNIT_EXPECT_EQ(test, st.peak, 8);
	KUNIT_EXPECT_EQ(test, st.failed, 2);
}

/*
 *	|######|..|   pages 4 and 5 go back   |####|....|   and are given out again
 */
static void put_back_from_the_end(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 6));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(4), 2), 0);
	expect_used(test, 4);
	KUNIT_EXPECT_EQ(test, st.peak, 6);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(4));
	/* Pages that were allocated by two calls can go back in one. */
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 5), 0);
	expect_used(test, 0);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 8), page(0));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 8), 0);
}

/* Pages that are given out but do not end at the frontier: -EBUSY, and nothing changes. */
static void put_back_busy(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 6));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 5), -EBUSY);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(4), 1), -EBUSY);
	expect_used(test, 6);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(6));
}

static void put_back_invalid(struct kunit *test)
{
	static const size_t bad[] = {
		0, 3, 9, MAX_COUNT, MAX_COUNT + 1, MAX_COUNT + 3, SIZE_MAX - 1, SIZE_MAX,
	};

	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 6));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(4), bad[i]), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (char *)page(5) + 1, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (char *)page(6) - 1, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (char *)page(4) + 32, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(6), 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(100), 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (char *)page(0) - MM_PAGE_SIZE, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (char *)page(0) - MM_PAGE_SIZE, 7), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, NULL, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (void *)-MM_PAGE_SIZE, 1), -EINVAL);
	expect_used(test, 6);
}

static void put_back_twice(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 2));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(1), 1), 0);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(1), 1), -EINVAL);
	expect_used(test, 1);
}

static void is_used(struct kunit *test)
{
	unsigned char *first = page(0), *end = page(2);

	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 2));
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, first, 0));
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, end - 1, 0));
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, end - 1, 1));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, end - 1, 2));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, end, 0));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, first - 1, 0));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, first - 1, 2));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, first, SIZE_MAX));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, end - 1, SIZE_MAX));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, first + 1, -(size_t)first));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, NULL, 0));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, NULL, SIZE_MAX));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, (void *)UINTPTR_MAX, 1));
}

static struct kunit_case page_cases[] = {
	KUNIT_CASE(stats_of_nothing),
	KUNIT_CASE(alloc_goes_up),
	KUNIT_CASE(alloc_counts),
	KUNIT_CASE(alloc_until_full),
	KUNIT_CASE(put_back_from_the_end),
	KUNIT_CASE(put_back_busy),
	KUNIT_CASE(put_back_invalid),
	KUNIT_CASE(put_back_twice),
	KUNIT_CASE(is_used),
	{},
};

static struct kunit_suite page_suite = {
	.name = "page",
	.init = start,
	.test_cases = page_cases,
};

kunit_test_suite(page_suite);
