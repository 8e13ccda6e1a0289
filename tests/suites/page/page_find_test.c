// SPDX-License-Identifier: MIT
/*
 * page_find_test.c - page_find(), and the range that it looks at first
 *
 * A page allocator never touches the memory it gives out, so these tests use
 * addresses without memory.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define BASE ((uintptr_t)0x100000)
#define NOWHERE PAGE_MAX_RANGES

static struct page_allocator pages;

/* The address of page @n. */
static unsigned char *page(size_t n)
{
	return (unsigned char *)(BASE + n * MM_PAGE_SIZE);
}

static int start(struct kunit *test)
{
	(void)test;
	memset(&pages, 0, sizeof(pages));
	return 0;
}

/*
 *	range 0     range 1      range 2   range 3      four ranges, not in order of addresses
 *	|##......|  |########|   |....|    |#......|
 *	20          0            10        30
 */
static int add_four(struct kunit *test)
{
	static const size_t first[4] = { 20, 0, 10, 30 };
	static const size_t count[4] = { 8, 8, 4, 7 };

	start(test);
	for (size_t i = 0; i < 4; i++)
		if (page_add_range(&pages, page(first[i]), count[i] * MM_PAGE_SIZE))
			return 1;
	pages.ranges[0].next = (uintptr_t)page(22);
	pages.ranges[1].next = (uintptr_t)page(8);
	pages.ranges[3].next = (uintptr_t)page(31);
	pages.used = 11;
	return 0;
}

/*
 * page_find() must name range @i, or none if @i is NOWHERE, whichever range moved last.
 * It must not change anything.
 */
static void expect_in(struct kunit *test, uintptr_t p, size_t i)
{
	const struct page_range *range = i == NOWHERE ? NULL : &pages.ranges[i];
	size_t last = pages.last;

	pages.last = 0;
	do {
		struct page_allocator before = pages;

		KUNIT_EXPECT_PTR_EQ(test, page_find(&pages, (void *)p), range);
		KUNIT_EXPECT_MEMEQ(test, &pages, &before, sizeof(before));
	} while (++pages.last < pages.nr_ranges);
	pages.last = last;
}

/*
 *	start       next        end
 *	|###########|...........|
 *	^           ^           ^     one byte before each, the byte there, and one behind
 */
static void find_borders(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add_four(test), 0);
	for (size_t i = 0; i < 4; i++) {
		const struct page_range *range = &pages.ranges[i];
		size_t inside = range->next > range->start ? i : NOWHERE;

		expect_in(test, range->start - 1, NOWHERE);
		expect_in(test, range->start, inside);
		expect_in(test, range->start + 1, inside);
		expect_in(test, range->next - 1, inside);
		expect_in(test, range->next, NOWHERE);
		expect_in(test, range->next + 1, NOWHERE);
		expect_in(test, range->end - 1, range->next == range->end ? i : NOWHERE);
		expect_in(test, range->end, NOWHERE);
		expect_in(test, range->end + 1, NOWHERE);
	}
	expect_in(test, 0, NOWHERE);
	expect_in(test, 1, NOWHERE);
	expect_in(test, UINTPTR_MAX, NOWHERE);
}

/* Every page and its last byte, against a comparison with the four ranges one by one. */
static void find_every_page(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add_four(test), 0);
	for (size_t n = 0; n < 40; n++) {
		size_t i = n < 8 ? 1 : n == 20 || n == 21 ? 0 : n == 30 ? 3 : NOWHERE;

		expect_in(test, (uintptr_t)page(n), i);
		expect_in(test, (uintptr_t)page(n) + MM_PAGE_SIZE - 1, i);
	}
}

/*
 *	range 0 range 1           range 0 range 1         range 0 range 1
 *	|###....|.......|         |#######|.......|       |#######|#......|
 */
static void find_in_adjacent_ranges(struct kunit *test)
{
	const uintptr_t border = (uintptr_t)page(7);

	KUNIT_ASSERT_EQ(test, page_add_range(&pages, page(0), 7 * MM_PAGE_SIZE), 0);
	KUNIT_ASSERT_EQ(test, page_add_range(&pages, page(7), 7 * MM_PAGE_SIZE), 0);
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, 3));
	expect_in(test, border - 1, NOWHERE);
	expect_in(test, border, NOWHERE);
	KUNIT_ASSERT_TRUE(test, page_extend(&pages, page(3), 4));
	expect_in(test, border - 1, 0);
	expect_in(test, border, NOWHERE);
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 1), page(7));
	expect_in(test, border - 1, 0);
	expect_in(test, border, 1);
	expect_in(test, border + MM_PAGE_SIZE, NOWHERE);
}

/* An allocator without ranges, and one of whose only range nothing is given out. */
static void find_nothing(struct kunit *test)
{
	static const uintptr_t some[] = {
		0, 1, MM_PAGE_SIZE - 1, MM_PAGE_SIZE, BASE - 1, BASE, BASE + 1, UINTPTR_MAX,
	};

	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		expect_in(test, some[i], NOWHERE);
	KUNIT_ASSERT_EQ(test, page_add_range(&pages, page(0), MM_PAGE_SIZE), 0);
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		expect_in(test, some[i], NOWHERE);
}

/* All 32 ranges: the last one is searched, too. */
static void find_in_32_ranges(struct kunit *test)
{
	for (size_t i = 0; i < PAGE_MAX_RANGES; i++)
		KUNIT_ASSERT_EQ(test, page_add_range(&pages, page(3 * i), MM_PAGE_SIZE), 0);
	for (size_t i = 0; i < PAGE_MAX_RANGES; i++)
		KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 1), page(3 * i));
	for (size_t i = 0; i < PAGE_MAX_RANGES; i++) {
		expect_in(test, (uintptr_t)page(3 * i) - 1, NOWHERE);
		expect_in(test, (uintptr_t)page(3 * i), i);
		expect_in(test, (uintptr_t)page(3 * i + 1) - 1, i);
		expect_in(test, (uintptr_t)page(3 * i + 1), NOWHERE);
	}
}

/*
 *	range 0  range 1
 *	|....|   |........|    page_alloc(6): only range 1 has room
 *	|....|   |######..|    last is 1 now
 *
 * Each call that moves a frontier notes its range. No other call does.
 */
static void last_is_what_moved_last(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, page_add_range(&pages, page(0), 4 * MM_PAGE_SIZE), 0);
	KUNIT_ASSERT_EQ(test, page_add_range(&pages, page(10), 8 * MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, pages.last, 0);
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 6), page(10));
	KUNIT_EXPECT_EQ(test, pages.last, 1);
	KUNIT_ASSERT_PTR_EQ(test, page_alloc(&pages, 2), page(0));
	KUNIT_EXPECT_EQ(test, pages.last, 0);
	KUNIT_ASSERT_TRUE(test, page_extend(&pages, page(16), 1));
	KUNIT_EXPECT_EQ(test, pages.last, 1);
	KUNIT_ASSERT_EQ(test, page_put_back(&pages, page(1), 1), 0);
	KUNIT_EXPECT_EQ(test, pages.last, 0);
	KUNIT_ASSERT_EQ(test, page_put_back(&pages, page(16), 1), 0);
	KUNIT_EXPECT_EQ(test, pages.last, 1);
	/* Calls that fail, or that only ask. */
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 9));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 0));
	KUNIT_EXPECT_FALSE(test, page_extend(&pages, page(1), 4));
	KUNIT_EXPECT_FALSE(test, page_extend(&pages, page(0), 1));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 0), -EINVAL);
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, page(0), MM_PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, page_add_range(&pages, page(30), MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, page_add_range(&pages, page(30), MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, pages.last, 1);
	/* -EBUSY: pages 10 and 11 are in range 1, pages 0 and 1 in range 0. */
	KUNIT_ASSERT_TRUE(test, page_extend(&pages, page(1), 1));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(10), 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, pages.last, 0);
	/* The last range is empty now. Pages of the other one are still found. */
	KUNIT_ASSERT_EQ(test, page_put_back(&pages, page(0), 2), 0);
	KUNIT_EXPECT_EQ(test, pages.last, 0);
	KUNIT_EXPECT_PTR_EQ(test, page_find(&pages, page(10)), &pages.ranges[1]);
	KUNIT_EXPECT_NULL(test, page_find(&pages, page(0)));
}

static struct kunit_case page_find_cases[] = {
	KUNIT_CASE(find_borders),
	KUNIT_CASE(find_every_page),
	KUNIT_CASE(find_in_adjacent_ranges),
	KUNIT_CASE(find_nothing),
	KUNIT_CASE(find_in_32_ranges),
	KUNIT_CASE(last_is_what_moved_last),
	{},
};

static struct kunit_suite page_find_suite = {
	.name = "page_find",
	.init = start,
	.test_cases = page_find_cases,
};

kunit_test_suite(page_find_suite);
