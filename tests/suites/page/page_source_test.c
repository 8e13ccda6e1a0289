// SPDX-License-Identifier: MIT
/*
 * page_source_test.c - page_set_source(): more memory when none is left, and word of what went back
 *
 *	|#### 4 pages ####|              nothing is free: page_alloc() asks for more
 *	|#### 4 pages ####|  |########|  another range came: page_alloc() tries once more
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/arena.h>

#define FIRST 4 /* pages that the allocator has at first */

/* What the source was asked and told. */
static struct {
	struct page_allocator *pa;
	void *arg;
	size_t asked; /* how often */
	size_t pages; /* for how many, the last time */
	size_t adds;  /* what it adds when it is asked */
	bool answer;
	size_t told; /* how often */
	void *start;
	size_t gone;
} source;

static struct page_allocator pages;

static bool more(struct page_allocator *pa, size_t count, void *arg)
{
	source.asked++;
	source.pa = pa;
	source.arg = arg;
	source.pages = count;
	/* A page is left out, so that the ranges do not touch. */
	if (source.adds)
		page_add_range(pa, arena_memory + (FIRST + 1) * MM_PAGE_SIZE,
			       source.adds * MM_PAGE_SIZE);
	return source.answer;
}

static void gave_back(struct page_allocator *pa, void *start, size_t count, void *arg)
{
	source.told++;
	source.pa = pa;
	source.arg = arg;
	source.start = start;
	source.gone = count;
}

static int init(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	memset(&source, 0, sizeof(source));
	memset(&pages, 0, sizeof(pages));
	page_set_source(&pages, more, gave_back, &source);
	return page_add_range(&pages, arena_memory, FIRST * MM_PAGE_SIZE);
}

static void not_asked_while_there_is_room(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 1), arena_memory);
	KUNIT_EXPECT_NOT_NULL(test, page_alloc(&pages, FIRST - 1));
	KUNIT_EXPECT_EQ(test, source.asked, 0);
	KUNIT_EXPECT_EQ(test, pages.failed, 0);
}

static void not_asked_for_the_impossible(struct kunit *test)
{
	source.answer = true;
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, 0));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, (SIZE_MAX >> MM_PAGE_SHIFT) + 1));
	KUNIT_EXPECT_EQ(test, source.asked, 0);
	KUNIT_EXPECT_EQ(test, pages.failed, 3);
}

static void gets_more(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&pages, FIRST));
	source.adds = 3;
	source.answer = true;
	KUNIT_EXPECT_PTR_EQ(test, page_alloc(&pages, 2), arena_memory + (FIRST + 1) * MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, source.asked, 1);
	KUNIT_EXPECT_EQ(test, source.pages, 2);
	KUNIT_EXPECT_PTR_EQ(test, source.pa, &pages);
	KUNIT_EXPECT_PTR_EQ(test, source.arg, &source);
	KUNIT_EXPECT_EQ(test, pages.failed, 0);
	KUNIT_EXPECT_EQ(test, pages.used, FIRST + 2);
}

/* What the source adds counts only if it says so; and one question is all. */
static void no_or_too_little(struct kunit *test)
{
	source.answer = true;
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, FIRST + 1));
	KUNIT_EXPECT_EQ(test, source.asked, 1);
	source.adds = FIRST + 1;
	source.answer = false;
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, FIRST + 1));
	KUNIT_EXPECT_EQ(test, source.asked, 2);
	KUNIT_EXPECT_EQ(test, pages.failed, 2);
	KUNIT_EXPECT_EQ(test, pages.used, 0);
}

static void told_of_what_goes_back(struct kunit *test)
{
	unsigned char *p = page_alloc(&pages, 3);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, p, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, p, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, p + 1, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, source.told, 0);
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, p + MM_PAGE_SIZE, 2), 0);
	KUNIT_EXPECT_EQ(test, source.told, 1);
	KUNIT_EXPECT_PTR_EQ(test, source.start, p + MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, source.gone, 2);
	KUNIT_EXPECT_PTR_EQ(test, source.pa, &pages);
	KUNIT_EXPECT_PTR_EQ(test, source.arg, &source);
}

static void no_source(struct kunit *test)
{
	page_set_source(&pages, NULL, NULL, NULL);
	KUNIT_EXPECT_NULL(test, page_alloc(&pages, FIRST + 1));
	KUNIT_EXPECT_EQ(test, page_put_back(&pages, page_alloc(&pages, FIRST), FIRST), 0);
	KUNIT_EXPECT_EQ(test, source.asked + source.told, 0);
}

/* A heap grows into the new range, and what it gives back is heard of. */
static void under_a_heap(struct kunit *test)
{
	static struct heap heap;
	void *a, *b;

	heap_init(&heap, &pages);
	source.adds = 8;
	source.answer = true;
	a = heap_alloc(&heap, 32, 2 * MM_PAGE_SIZE);
	b = heap_alloc(&heap, 32, 6 * MM_PAGE_SIZE);
	KUNIT_ASSERT_TRUE(test, a && b);
	KUNIT_EXPECT_EQ(test, source.asked, 1);
	KUNIT_EXPECT_EQ(test, heap_check(&heap), 0);
	heap_free(&heap, a);
	heap_free(&heap, b);
	heap_trim(&heap);
	KUNIT_EXPECT_EQ(test, pages.used, 0);
	KUNIT_EXPECT_EQ(test, source.told, 2);
}

static struct kunit_case page_source_cases[] = {
	KUNIT_CASE(not_asked_while_there_is_room),
	KUNIT_CASE(not_asked_for_the_impossible),
	KUNIT_CASE(gets_more),
	KUNIT_CASE(no_or_too_little),
	KUNIT_CASE(told_of_what_goes_back),
	KUNIT_CASE(no_source),
	KUNIT_CASE(under_a_heap),
	{},
};

static struct kunit_suite page_source_suite = {
	.name = "page_source",
	.init = init,
	.exit = arena_exit,
	.test_cases = page_source_cases,
};

kunit_test_suite(page_source_suite);
