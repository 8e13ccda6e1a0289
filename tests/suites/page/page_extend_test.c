// SPDX-License-Identifier: MIT
/*
 * page_extend_test.c - page_extend(): pages that a caller holds grow in place, or nothing changes
 *
 * A page allocator never touches the memory it gives out, so these tests use
 * addresses without memory.
 */
#include <kernel/lib/string.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define BASE ((uintptr_t)0x100000)
#define MAX_COUNT (SIZE_MAX >> MM_PAGE_SHIFT)

static struct page_allocator pages;

/* The address of page @n. */
static unsigned char *page(size_t n)
{
	return (unsigned char *)(BASE + n * MM_PAGE_SIZE);
}

static int add(size_t first, size_t count)
{
	return page_add_range(&pages, page(first), count * MM_PAGE_SIZE);
}

/* Each case starts with one range, pages 0 to 7, none given out. */
static int start(struct kunit *test)
{
	(void)test;
	memset(&pages, 0, sizeof(pages));
	return add(0, 8);
}

/* page_extend() must refuse, and not a byte of the allocator may change. */
static void expect_refused(struct kunit *test, const void *end, size_t count)
{
	struct page_allocator before = pages;

	KUNIT_EXPECT_FALSE(test, page_extend(&pages, (void *)(uintptr_t)end, count));
	KUNIT_EXPECT_MEMEQ(test, &pages, &before, sizeof(before));
}

static void expect_counts(struct kunit *test, size_t used, size_t peak)
{
	KUNIT_EXPECT_EQ(test, pages.used, used);
	KUNIT_EXPECT_EQ(test, pages.peak, peak);
	KUNIT_EXPECT_EQ(test, pages.failed, 0);
}

/*
 *	|##|......|    page_extend(page 2, 3)    |##|###|...|
 */
static void extend_in_place(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 2));
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(2), 3));
	expect_counts(test, 5, 5);
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, page(0), 5 * MM_PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, page(0), 5 * MM_PAGE_SIZE + 1));
	/* The next caller gets the pages behind. All of them can go back in one call. */
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(5));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 6), 0);
	expect_counts(test, 0, 6);
}

/*
 *	|##|......|    6 pages are left: 0, 7 and counts that overflow as bytes are refused
 *	|##|######|    all 6 at once
 */
static void extend_counts(struct kunit *test)
{
	static const size_t bad[] = {
		0,
		7,
		8,
		MAX_COUNT - 1,
		MAX_COUNT,
		MAX_COUNT + 1,
		MAX_COUNT + 2,
		MAX_COUNT + 7,
		SIZE_MAX - 5,
		SIZE_MAX,
	};

	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 2));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		expect_refused(test, page(2), bad[i]);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(2), 6));
	expect_counts(test, 8, 8);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		expect_refused(test, page(8), bad[i]);
	expect_refused(test, page(8), 1);
}

/* One page at a time, until the range is full. */
static void extend_page_by_page(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 1));
	for (size_t n = 1; n < 8; n++) {
		expect_refused(test, page(n), 9 - n);
		KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(n), 1));
		expect_counts(test, n + 1, n + 1);
	}
	expect_refused(test, page(8), 1);
}

/*
 *	start    frontier   end
 *	|########|..........|      only the frontier itself will do
 *	   ^  ^ ^ ^    ^    ^
 */
static void extend_no_frontier(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 4));
	for (size_t n = 0; n <= 9; n++)
		if (n != 4)
			expect_refused(test, page(n), 1);
	for (size_t bytes = 1; bytes < MM_PAGE_SIZE; bytes *= 2) {
		expect_refused(test, page(4) - bytes, 1);
		expect_refused(test, page(4) + bytes, 1);
	}
	expect_refused(test, page(1) + 1, 1);
	expect_refused(test, (void *)MM_PAGE_SIZE, 1);
	expect_refused(test, (void *)-MM_PAGE_SIZE, 1);
	expect_refused(test, (void *)UINTPTR_MAX, 1);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(4), 1));
}

static void extend_null(struct kunit *test)
{
	expect_refused(test, NULL, 0);
	expect_refused(test, NULL, 1);
	expect_refused(test, (void *)1, 1);
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 4));
	expect_refused(test, NULL, 1);
	memset(&pages, 0, sizeof(pages));
	expect_refused(test, NULL, 1);
}

/* The start of a range is its frontier, too, but no caller holds the pages in front of it. */
static void extend_nothing_given_out(struct kunit *test)
{
	expect_refused(test, page(0), 1);
	expect_refused(test, page(0), 8);
	expect_refused(test, page(8), 1);
	/* The same after pages were given out and put back. */
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 2));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 2), 0);
	expect_refused(test, page(0), 1);
	expect_refused(test, page(2), 1);
	/* And where there is no range at all. */
	memset(&pages, 0, sizeof(pages));
	expect_refused(test, page(0), 1);
}

/*
 *	range 0   range 1
 *	|########|........|    the pages of range 0 end where range 1 begins,
 *	         ^             and yet they do not grow into it
 */
static void extend_into_the_next_range(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add(8, 8), 0);
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 8), page(0));
	expect_refused(test, page(8), 1);
	expect_refused(test, page(8), 8);
	/* The same while pages of range 1 are given out, and range 1 moved last. */
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 2), page(8));
	expect_refused(test, page(8), 1);
	/* Range 0 is not full: what is asked for must still end in it. */
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(6), 2), 0);
	expect_refused(test, page(6), 3);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(6), 2));
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(10), 6));
	expect_counts(test, 16, 16);
}

/*
 *	range 0     range 1                          range 0     range 1
 *	|##......|  |###.....|    5 pages behind 3   |##......|  |########|
 */
static void extend_second_range(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add(20, 8), 0);
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 7), page(0));
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 3), page(20));
	KUNIT_ASSERT_EQ(test, page_put_back(&pages, page(2), 5), 0);
	/* Range 0 moved last, and has room. It must not serve for range 1. */
	KUNIT_ASSERT_EQ(test, pages.last, 0);
	expect_refused(test, page(20), 1);
	expect_refused(test, page(23), 6);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(23), 5));
	KUNIT_EXPECT_EQ(test, pages.last, 1);
	KUNIT_EXPECT_PTR_EQ(test, (void *)pages.ranges[0].next, page(2));
	KUNIT_EXPECT_PTR_EQ(test, (void *)pages.ranges[1].next, page(28));
	expect_counts(test, 10, 10);
	/* And range 0 grows in place while range 1 moved last. */
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(2), 6));
	KUNIT_EXPECT_EQ(test, pages.last, 0);
	expect_counts(test, 16, 16);
}

/* The peak rises only if more pages are given out than ever before. */
static void extend_and_the_peak(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 6));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(2), 4), 0);
	expect_counts(test, 2, 6);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(2), 4));
	expect_counts(test, 6, 6);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, page(6), 1));
	expect_counts(test, 7, 7);
}

/* A range may hold the whole address space but its first and last page. */
static void extend_over_everything(struct kunit *test)
{
	memset(&pages, 0, sizeof(pages));
	KUNIT_ASSERT_EQ(test, page_add_range(&pages, (void *)1, SIZE_MAX - 1), 0);
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 1), (void *)MM_PAGE_SIZE);
	expect_refused(test, (void *)(2 * MM_PAGE_SIZE), MAX_COUNT - 1);
	expect_refused(test, (void *)(2 * MM_PAGE_SIZE), MAX_COUNT);
	expect_refused(test, (void *)(2 * MM_PAGE_SIZE), MAX_COUNT + 1);
	KUNIT_EXPECT_TRUE(test, page_extend(&pages, (void *)(2 * MM_PAGE_SIZE), MAX_COUNT - 2));
	expect_counts(test, MAX_COUNT - 1, MAX_COUNT - 1);
	expect_refused(test, (void *)-MM_PAGE_SIZE, 1);
}

static struct kunit_case page_extend_cases[] = {
	KUNIT_CASE(extend_in_place),
	KUNIT_CASE(extend_counts),
	KUNIT_CASE(extend_page_by_page),
	KUNIT_CASE(extend_no_frontier),
	KUNIT_CASE(extend_null),
	KUNIT_CASE(extend_nothing_given_out),
	KUNIT_CASE(extend_into_the_next_range),
	KUNIT_CASE(extend_second_range),
	KUNIT_CASE(extend_and_the_peak),
	KUNIT_CASE(extend_over_everything),
	{},
};

static struct kunit_suite page_extend_suite = {
	.name = "page_extend",
	.init = start,
	.test_cases = page_extend_cases,
};

kunit_test_suite(page_extend_suite);
