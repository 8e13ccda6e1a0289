// SPDX-License-Identifier: MIT
/*
 * page_ranges_test.c - adding ranges, and allocating pages from several ranges
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/page.h>
#include <tests/kunit/arena.h>

#define BASE ((uintptr_t)0x100000)

static struct page_allocator pages;
static struct page_stats st;

static void *page(size_t n)
{
	return (void *)(BASE + n * MM_PAGE_SIZE);
}

static int start(struct kunit *test)
{
	(void)test;
	memset(&pages, 0, sizeof(pages));
	return 0;
}

static int add(uintptr_t at, size_t bytes)
{
	return page_add_range(&pages, (void *)at, bytes);
}

static void expect_total(struct kunit *test, size_t ranges, size_t total)
{
	page_get_stats(&pages, &st);
	KUNIT_EXPECT_EQ(test, st.ranges, ranges);
	KUNIT_EXPECT_EQ(test, st.total, total);
	KUNIT_EXPECT_EQ(test, st.used, 0);
}

/*
 *	page       page       page       page
 *	|    =======================      |      bytes added
 *	|          |##########|           |      the whole page among them is used
 */
static void add_rounds_inwards(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, add(BASE + 1, 3 * MM_PAGE_SIZE - 2), 0);
	expect_total(test, 1, 1);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(1));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 1));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(1), 1), 0);
	/* The two pages that were only partly added can still be added as ranges. */
	KUNIT_EXPECT_EQ(test, add(BASE, MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, add(BASE + 2 * MM_PAGE_SIZE, MM_PAGE_SIZE), 0);
	expect_total(test, 3, 3);
}

static void add_sizes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, add(BASE, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE, MM_PAGE_SIZE - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE + 1, MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE + 1, 2 * MM_PAGE_SIZE - 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE + MM_PAGE_SIZE - 1, MM_PAGE_SIZE), -EINVAL);
	expect_total(test, 0, 0);
	KUNIT_EXPECT_EQ(test, add(BASE, MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, add(BASE + MM_PAGE_SIZE + 1, 2 * MM_PAGE_SIZE - 1), 0);
	expect_total(test, 2, 2);
}

static void add_wraps(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, add(BASE, SIZE_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE, SIZE_MAX - BASE + 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE, SIZE_MAX - MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(UINTPTR_MAX, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(UINTPTR_MAX, SIZE_MAX), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(UINTPTR_MAX - 100, 100), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(UINTPTR_MAX - 100, 2 * MM_PAGE_SIZE), -EINVAL);
	expect_total(test, 0, 0);
}

/* The page at address 0 is never given out: its address is NULL, which means failure. */
static void add_null(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, page_add_range(&pages, NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_add_range(&pages, NULL, MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_add_range(&pages, NULL, SIZE_MAX), -EINVAL);
	expect_total(test, 0, 0);
	KUNIT_EXPECT_EQ(test, add(1, 2 * MM_PAGE_SIZE), 0);
	expect_total(test, 1, 1);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), (void *)MM_PAGE_SIZE);
}

/* One range can hold the whole address space: nothing loops over its pages. */
static void add_everything(struct kunit *test)
{
	const size_t total = (SIZE_MAX >> MM_PAGE_SHIFT) - 1;

	KUNIT_EXPECT_EQ(test, add(1, SIZE_MAX - 1), 0);
	expect_total(test, 1, total);
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, total + 1));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, total), (void *)MM_PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, (void *)MM_PAGE_SIZE, total << MM_PAGE_SHIFT));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (void *)MM_PAGE_SIZE, total + 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, (void *)MM_PAGE_SIZE, total), 0);
	expect_total(test, 1, total);
}

/*
 *	    |########|              a range of the allocator
 *	|=====|  |=|  |=====|       each of these overlaps it and is refused
 */
static void add_overlap(struct kunit *test)
{
	const uintptr_t at = BASE + 4 * MM_PAGE_SIZE;

	KUNIT_ASSERT_EQ(test, add(at, 4 * MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, add(at, 4 * MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(at + MM_PAGE_SIZE, MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE, 5 * MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(BASE, 20 * MM_PAGE_SIZE), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(at + 3 * MM_PAGE_SIZE, 20 * MM_PAGE_SIZE), -EINVAL);
	expect_total(test, 1, 4);
	/* These overlap only until they are rounded to whole pages. That is allowed. */
	KUNIT_EXPECT_EQ(test, add(BASE, 4 * MM_PAGE_SIZE + 1), 0);
	KUNIT_EXPECT_EQ(test, add(at + 4 * MM_PAGE_SIZE - 1, MM_PAGE_SIZE + 1), 0);
	expect_total(test, 3, 9);
}

static void add_32_ranges(struct kunit *test)
{
	for (size_t i = 0; i < PAGE_MAX_RANGES; i++)
		KUNIT_EXPECT_EQ(test, add(BASE + 2 * i * MM_PAGE_SIZE, MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_EQ(test, add(BASE + 64 * MM_PAGE_SIZE, MM_PAGE_SIZE), -ENOSPC);
	expect_total(test, 32, 32);
	for (size_t i = 0; i < PAGE_MAX_RANGES; i++)
		KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(2 * i));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 1));
	/* Each range has its own frontier, so the pages can go back in any order. */
	for (size_t i = 0; i < PAGE_MAX_RANGES; i++)
		KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(i * 14 % 64), 1), 0);
	expect_total(test, 32, 32);
}

/*
 *	range 0    range 1        3 pages fit only range 1,
 *	|..|       |###.|         and 1 page then still comes from range 0
 */
static void alloc_first_with_room(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add(BASE, 2 * MM_PAGE_SIZE), 0);
	KUNIT_ASSERT_EQ(test, add(BASE + 8 * MM_PAGE_SIZE, 4 * MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 3), page(8));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(0));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 2));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(1));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(11));
	page_get_stats(&pages, &st);
	KUNIT_EXPECT_EQ(test, st.used, 6);
	KUNIT_EXPECT_EQ(test, st.peak, 6);
	KUNIT_EXPECT_EQ(test, st.failed, 1);
	/* Page 0 is not at the frontier of range 0; the frontier of range 1 does not matter. */
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 2), 0);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(8), 4), 0);
	page_get_stats(&pages, &st);
	KUNIT_EXPECT_EQ(test, st.used, 0);
	KUNIT_EXPECT_EQ(test, st.peak, 6);
}

/*
 *	range 0   range 1
 *	|........|........|    adjacent, but still two: no allocation spans both
 *	BASE     + 4       + 8
 */
static void adjacent_ranges_stay_apart(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add(BASE, 4 * MM_PAGE_SIZE), 0);
	KUNIT_ASSERT_EQ(test, add(BASE + 4 * MM_PAGE_SIZE, 4 * MM_PAGE_SIZE), 0);
	expect_total(test, 2, 8);
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 5));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 3), page(0));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 3), page(4));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(3));
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, page(3), MM_PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, page(3), MM_PAGE_SIZE + 1));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(3), 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(3), 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(0), 4), 0);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(4), 3), 0);
	expect_total(test, 2, 8);
}

/* Ranges may be added in any order of addresses. */
static void ranges_in_any_order(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, add(BASE + 4 * MM_PAGE_SIZE, 4 * MM_PAGE_SIZE), 0);
	KUNIT_ASSERT_EQ(test, add(BASE, 4 * MM_PAGE_SIZE), 0);
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 4), page(4));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 4), page(0));
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, page(3), MM_PAGE_SIZE + 1));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page(6), 2), 0);
	KUNIT_EXPECT_FALSE(test, page_is_used(&pages, page(6), 1));
	KUNIT_EXPECT_TRUE(test, page_is_used(&pages, page(5), MM_PAGE_SIZE));
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), page(6));
}

/*
 * 32 ranges, added in mixed order, and random requests: page_is_used() finds each
 * page that is given out, and no other.
 */
static void all_ranges_in_no_order(struct kunit *test)
{
	static size_t used[PAGE_MAX_RANGES];
	uint64_t seed = 7;

	for (size_t i = 0; i < PAGE_MAX_RANGES; i++) {
		KUNIT_ASSERT_EQ(test, add(BASE + i * 13 % 32 * 4 * MM_PAGE_SIZE, 3 * MM_PAGE_SIZE),
				0);
		used[i] = 0;
	}
	for (size_t i = 0; i < 500; i++) {
		size_t count = 1 + arena_random(&seed) % 3, k;
		uintptr_t at = (uintptr_t)page_alloc(&pages, count);

		if (at)
			used[(at - BASE) / (4 * MM_PAGE_SIZE)] += count;
		for (k = arena_random(&seed) % 32; used[k] && !(i & 1); used[k]--)
			KUNIT_ASSERT_EQ(test, page_put_back(&pages, page(4 * k + used[k] - 1), 1),
					0);
		for (size_t n = 0; n < 4 * 32; n++)
			KUNIT_ASSERT_EQ(test, page_is_used(&pages, page(n), MM_PAGE_SIZE),
					n % 4 < used[n / 4]);
	}
}

static struct kunit_case page_ranges_cases[] = {
	KUNIT_CASE(add_rounds_inwards),
	KUNIT_CASE(add_sizes),
	KUNIT_CASE(add_wraps),
	KUNIT_CASE(add_null),
	KUNIT_CASE(add_everything),
	KUNIT_CASE(add_overlap),
	KUNIT_CASE(add_32_ranges),
	KUNIT_CASE(alloc_first_with_room),
	KUNIT_CASE(adjacent_ranges_stay_apart),
	KUNIT_CASE(ranges_in_any_order),
	KUNIT_CASE(all_ranges_in_no_order),
	{},
};

static struct kunit_suite page_ranges_suite = {
	.name = "page_ranges",
	.init = start,
	.test_cases = page_ranges_cases,
};

kunit_test_suite(page_ranges_suite);
