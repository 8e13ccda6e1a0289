// SPDX-License-Identifier: MIT
/*
 * heap_trim_test.c - what heap_trim() keeps, what it cannot put back, or must not write to
 */
#include <mm/heap_block.h>
#include <mm/heap_span.h>
#include <tests/kunit/arena.h>

/* Another owner's page lies above the heap, so the free pages at its end must stay. */
static void page_behind_the_top(struct kunit *test)
{
	void *block = heap_alloc(&arena_heap, 32, 4 * HEAP_SLACK);
	void *page = page_alloc(&arena_pages, 1);
	size_t used = arena_pages.used;

	heap_free(&arena_heap, block);
	KUNIT_EXPECT_EQ(test, arena_pages.used, used);
	KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, page, 1), 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), used - 1);
}

/*
 *	range 0                     range 1
 *	|#a#|....links.....|END|    |##########b###########|END|
 *
 * The links of the free block behind a are overwritten, or the sentinel of its span.
 * heap_trim() must panic before it writes through the links.
 */
static mm_trusted void overwritten_before_trim(struct kunit *test)
{
	static struct heap_links fake = { &fake, &fake };

	for (int size = 0; size < 2; size++) {
		unsigned char *a;

		arena_use(test, 2, 4);
		a = heap_alloc(&arena_heap, 32, 100);
		KUNIT_ASSERT_NOT_NULL(test, a);
		KUNIT_ASSERT_NOT_NULL(test, heap_alloc(&arena_heap, 32, 16300));
		if (size)
			*(size_t *)(arena_pages.ranges[0].next - 16) ^= 32;
		else
			*(struct heap_links *)(a + heap_usable_size(a) + 16) = fake;
		KUNIT_EXPECT_PANIC(test, "was overwritten", heap_trim(&arena_heap));
		KUNIT_EXPECT_PTR_EQ(test, fake.next, &fake);
	}
	arena_use(test, 1, ARENA_PAGES);
}

/*
 *	page          page          page
 *	|######a#######|######b######|END|    a ends where a sentinel may lie
 *	|######a#######|....free.....|END|    b is freed
 *	|######a###|END|                      heap_trim(): nothing stays free
 *	|##a##|free|END|                      if a ends earlier, 32 or 64 bytes do
 *
 * In the newest span, and in an older one at the end of another range.
 */
static mm_trusted void tail_at_a_page(struct kunit *test)
{
	for (size_t left = 0; left <= 2 * HEAP_ALIGN; left += HEAP_ALIGN)
		for (int newest = 0; newest < 2; newest++) {
			unsigned char *a, *b, *c;

			arena_use(test, 2, 8);
			a = heap_alloc(&arena_heap, 32,
				       MM_PAGE_SIZE - HEAP_ALIGN - BLOCK_HEADER - left);
			b = heap_alloc(&arena_heap, 32, 2 * MM_PAGE_SIZE);
			c = newest ? NULL : heap_alloc(&arena_heap, 32, 6 * MM_PAGE_SIZE);
			KUNIT_ASSERT_EQ(test, !arena_heap.spans->next, newest);
			heap_trim(&arena_heap);
			heap_free(&arena_heap, b);
			KUNIT_EXPECT_GE(test, heap_trim(&arena_heap), 2);
			KUNIT_EXPECT_EQ(test, arena_pages.ranges[0].next,
					(uintptr_t)arena_memory + MM_PAGE_SIZE);
			KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
			/* What is left of the page is a free block, or the top. */
			KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap != 0, left && !newest);
			if (newest)
				KUNIT_EXPECT_EQ(test, top_size(&arena_heap), left);
			b = heap_alloc(&arena_heap, 32, left ? left - BLOCK_HEADER : 10);
			if (left || newest)
				KUNIT_EXPECT_PTR_EQ(test, b,
						    a + heap_usable_size(a) + BLOCK_HEADER);
			heap_free(&arena_heap, a);
			heap_free(&arena_heap, b);
			heap_free(&arena_heap, c);
			arena_trim(test);
		}
	arena_use(test, 1, ARENA_PAGES);
}

/*
 *	range 0                    range 1
 *	|##a##|..free..|END|       |##b##|...top...|END|
 *	|##a##|...top..|END|                                heap_trim() after b is freed
 *
 * Range 1 goes whole, with its span. What stays of the free tail of the older span becomes
 * the top: all of it, if a page of somebody else lies behind.
 */
static mm_trusted void newest_span_goes_whole(struct kunit *test)
{
	for (int others = 0; others < 2; others++) {
		unsigned char *a, *b, *hole, *page = NULL, *behind_a;

		arena_use(test, 2, 8);
		a = heap_alloc(&arena_heap, 32, 100);
		hole = heap_alloc(&arena_heap, 32, 3 * MM_PAGE_SIZE);
		if (others)
			page = page_alloc(&arena_pages, 1);
		b = heap_alloc(&arena_heap, 32, 6 * MM_PAGE_SIZE);
		KUNIT_ASSERT_TRUE(test, a && hole && b && (page || !others));
		KUNIT_ASSERT_NOT_NULL(test, arena_heap.spans->next);
		behind_a = a + heap_usable_size(a);
		heap_free(&arena_heap, hole);
		heap_free(&arena_heap, b);
		heap_trim(&arena_heap);
		KUNIT_EXPECT_NULL(test, arena_heap.spans->next);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.spans, arena_memory);
		KUNIT_EXPECT_EQ(test, arena_pages.ranges[1].next, arena_pages.ranges[1].start);
		KUNIT_EXPECT_EQ(test, arena_pages.used, others ? 5 : 1);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.top, behind_a);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.sentinel, span_sentinel(arena_heap.spans));
		KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		b = heap_alloc(&arena_heap, 32, 100);
		KUNIT_EXPECT_PTR_EQ(test, b, behind_a + BLOCK_HEADER);
		heap_free(&arena_heap, b);
		heap_free(&arena_heap, a);
		if (page)
			KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, page, 1), 0);
		arena_trim(test);
	}
	arena_use(test, 1, ARENA_PAGES);
}

/*
 *	|##########a##########|END|   |##b##|...top...|END|    range 0 is full
 *	|##########a##########|END|                            b is freed: the top is empty
 *	                                                       a is freed: no span is left
 */
static mm_trusted void every_span_goes(struct kunit *test)
{
	void *a, *b;

	arena_use(test, 2, 2);
	a = heap_alloc(&arena_heap, 32, 2 * MM_PAGE_SIZE - HEAP_ALIGN - BLOCK_HEADER);
	b = heap_alloc(&arena_heap, 32, 100);
	KUNIT_ASSERT_TRUE(test, a && b);
	heap_free(&arena_heap, b);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 1);
	KUNIT_EXPECT_PTR_EQ(test, arena_heap.sentinel, span_sentinel(arena_heap.spans));
	KUNIT_EXPECT_EQ(test, top_size(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	b = heap_alloc(&arena_heap, 32, 100);
	KUNIT_EXPECT_PTR_EQ(test, b, arena_memory + 3 * MM_PAGE_SIZE + HEAP_ALIGN);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 3);
	KUNIT_EXPECT_NULL(test, arena_heap.spans);
	KUNIT_EXPECT_NULL(test, arena_heap.top);
	KUNIT_EXPECT_NULL(test, arena_heap.sentinel);
	KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), 0);
	/* And the heap begins anew. */
	a = heap_alloc(&arena_heap, 32, 100);
	KUNIT_EXPECT_PTR_EQ(test, a, arena_memory + HEAP_ALIGN);
	heap_free(&arena_heap, a);
	arena_trim(test);
	arena_use(test, 1, ARENA_PAGES);
}

static struct kunit_case heap_trim_cases[] = {
	KUNIT_CASE_PLAIN(page_behind_the_top),
	KUNIT_CASE_PLAIN(overwritten_before_trim),
	KUNIT_CASE(tail_at_a_page),
	KUNIT_CASE(newest_span_goes_whole),
	KUNIT_CASE(every_span_goes),
	{},
};

static struct kunit_suite heap_trim_suite = {
	.name = "heap_trim",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_trim_cases,
};

kunit_test_suite(heap_trim_suite);
