// SPDX-License-Identifier: MIT
/*
 * heap_top_test.c - the free memory at the end of the heap: cut, grown, retired
 *
 *	|##|..|######|......top......|END|
 */
#include <kernel/lib/string.h>
#include <mm/heap_block.h>
#include <mm/heap_span.h>
#include <tests/kunit/arena.h>

/* The payload of a block that fills a span of @n pages: all but span, header and sentinel. */
static size_t full(size_t n)
{
	return n * MM_PAGE_SIZE - HEAP_ALIGN - BLOCK_HEADER;
}

static void *alloc(struct kunit *test, size_t align, size_t size)
{
	void *block = heap_alloc(&arena_heap, align, size);

	KUNIT_ASSERT_NOT_NULL(test, block);
	return block;
}

/* A walk must find a block of @kind with @size bytes of payload at @p. */
static void expect_block(struct kunit *test, const void *p, enum heap_kind kind, size_t size)
{
	struct heap_place place;

	heap_find(&arena_heap, p, &place);
	KUNIT_EXPECT_EQ(test, place.kind, kind);
	KUNIT_EXPECT_PTR_EQ(test, place.block, p);
	KUNIT_EXPECT_EQ(test, place.size, size);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/*
 *	|...............top..........|    an aligned block
 *	|...gap...|#a#|.....top......|    a block of the gap's size
 *	|####b####|#a#|.....top......|
 */
static void gap_is_used_again(struct kunit *test)
{
	static const size_t aligns[] = { 64, 128, 1024, MM_PAGE_SIZE };

	for (size_t i = 0; i < sizeof(aligns) / sizeof(*aligns); i++) {
		const size_t gap = aligns[i] - HEAP_ALIGN;
		unsigned char *a = alloc(test, aligns[i], 100);
		void *b;

		KUNIT_EXPECT_PTR_EQ(test, a, arena_memory + aligns[i]);
		expect_block(test, a - gap, HEAP_FREE, gap - BLOCK_HEADER);
		KUNIT_EXPECT_NE(test, arena_heap.fl_bitmap, 0);
		b = alloc(test, 32, gap - BLOCK_HEADER);
		KUNIT_EXPECT_PTR_EQ(test, b, a - gap);
		KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
		/* The gap, freed, joins with a, and both with the top. */
		heap_free(&arena_heap, b);
		heap_free(&arena_heap, a);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.top, block_of(a - gap));
		KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
	}
}

/* No gap: the top is aligned as asked already. |#a#|...top| -> |#a#|#b#|.top| */
static void no_gap(struct kunit *test)
{
	unsigned char *a = alloc(test, 32, MM_PAGE_SIZE - HEAP_ALIGN - BLOCK_HEADER);
	void *b = alloc(test, MM_PAGE_SIZE, 100);

	KUNIT_EXPECT_PTR_EQ(test, b, arena_memory + MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
}

/*
 * The first block takes as many pages as it needs. So does the second, which begins in
 * what the first one left:
 *
 *	|#a#|top|    |#a#|####b####|top|
 */
static void pages_are_counted_exactly(struct kunit *test)
{
	for (size_t n = 1; n < 4; n++) {
		void *a = alloc(test, 32, full(n)), *b;

		KUNIT_EXPECT_EQ(test, arena_pages.used, n);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.top, arena_heap.sentinel);
		heap_free(&arena_heap, a);
		arena_trim(test);

		a = alloc(test, 32, full(n) + 1);
		KUNIT_EXPECT_EQ(test, arena_pages.used, n + 1);
		heap_free(&arena_heap, a);
		arena_trim(test);

		/* 1024 bytes of the first page are a's, and 32 bytes of it are the span's. */
		a = alloc(test, 32, 1024 - BLOCK_HEADER);
		b = alloc(test, 32, full(n + 1) - 1024);
		KUNIT_EXPECT_EQ(test, arena_pages.used, n + 1);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.top, arena_heap.sentinel);
		heap_free(&arena_heap, b);
		heap_trim(&arena_heap);
		b = alloc(test, 32, full(n + 1) - 1024 + 1);
		KUNIT_EXPECT_EQ(test, arena_pages.used, n + 2);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		heap_free(&arena_heap, a);
		heap_free(&arena_heap, b);
		arena_trim(test);
	}
}

/*
 * The same with an alignment. A new span has room for the block wherever it begins; a
 * span that grows takes only the pages that the gap and the block need.
 *
 *	|...gap...|### 4096 ###|top|           a new span: 3 pages
 *	|#a#|.gap.|### 4096 ###|top|           1 page, and 2 more
 */
static void pages_for_aligned_blocks(struct kunit *test)
{
	void *a, *b = alloc(test, MM_PAGE_SIZE, MM_PAGE_SIZE);

	KUNIT_EXPECT_EQ(test, arena_pages.used, 3);
	heap_free(&arena_heap, b);
	arena_trim(test);
	a = alloc(test, 32, 1000);
	b = alloc(test, MM_PAGE_SIZE, 2 * MM_PAGE_SIZE - BLOCK_HEADER - HEAP_ALIGN);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 3);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, a);
}

/* These requests must fail. Not a byte of the heap or of its four pages may change. */
static mm_trusted void expect_no_growth(struct kunit *test)
{
	static unsigned char memory[4 * MM_PAGE_SIZE];
	static const size_t aligns[] = { 32, 64, MM_PAGE_SIZE, HEAP_MAX_SIZE };
	static const size_t sizes[] = {
		4 * MM_PAGE_SIZE,
		4 * MM_PAGE_SIZE - 32,
		HEAP_MAX_SIZE - 1,
		HEAP_MAX_SIZE,
	};
	struct page_allocator pages;
	struct heap heap = arena_heap;

	memcpy(memory, arena_memory, sizeof(memory));
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++) {
			pages = arena_pages;
			pages.failed++;
			KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, aligns[i], sizes[k]));
			KUNIT_EXPECT_NULL(test,
					  heap_alloc_at(&arena_heap, aligns[i], 32, sizes[k]));
			pages.failed++;
			KUNIT_ASSERT_MEMEQ(test, &arena_heap, &heap, sizeof(heap));
			KUNIT_ASSERT_MEMEQ(test, &arena_pages, &pages, sizeof(pages));
			KUNIT_ASSERT_MEMEQ(test, arena_memory, memory, sizeof(memory));
		}
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/*
 *	|.............|              nothing was allocated yet
 *	|#a#|...|#b#|top|.........|  free blocks, a top, and pages that are too few
 *	|#a#|...|#b#|######c######|  free blocks, and neither top nor pages
 */
static void failed_growth_changes_nothing(struct kunit *test)
{
	void *a, *b, *c, *hole;

	arena_use(test, 1, 4);
	expect_no_growth(test);
	a = alloc(test, 32, 1000);
	hole = alloc(test, 32, 1000);
	b = alloc(test, 32, 1000);
	expect_no_growth(test);
	heap_free(&arena_heap, hole);
	expect_no_growth(test);
	c = alloc(test, 32, 4 * MM_PAGE_SIZE - HEAP_ALIGN - 3 * 1024 - BLOCK_HEADER);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 4);
	KUNIT_EXPECT_PTR_EQ(test, arena_heap.top, arena_heap.sentinel);
	expect_no_growth(test);
	/* What is left can still be used. */
	KUNIT_EXPECT_PTR_EQ(test, alloc(test, 32, 1000), hole);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, hole);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, c);
}

/*
 *	|#a#|...top...|END|other|                   other: a page of somebody else
 *	|#a#|..free...|END|other||##b##|...top...|  b does not fit: a new span
 *	|#a#|####c####|END|other||##b##|...top...|  what was the top is in a list
 */
static mm_trusted void top_is_retired(struct kunit *test)
{
	/* The sizes of what is free at the top: all but a, the smallest block, nothing. */
	static const size_t left[] = { MM_PAGE_SIZE - HEAP_ALIGN - 1024, HEAP_ALIGN, 0 };

	for (size_t i = 0; i < 3; i++) {
		unsigned char *a = alloc(test, 32, full(1) - left[i]), *b, *c = NULL;
		unsigned char *free = a + heap_usable_size(a) + BLOCK_HEADER;
		void *other = page_alloc(&arena_pages, 1);
		struct heap_span *span = arena_heap.spans;

		KUNIT_EXPECT_EQ(test, top_size(&arena_heap), left[i]);
		KUNIT_EXPECT_PTR_EQ(test, other, arena_memory + MM_PAGE_SIZE);
		b = alloc(test, 32, MM_PAGE_SIZE);
		KUNIT_EXPECT_PTR_EQ(test, b, arena_memory + 2 * MM_PAGE_SIZE + HEAP_ALIGN);
		KUNIT_EXPECT_PTR_EQ(test, arena_heap.spans->next, span);
		KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap != 0, left[i] != 0);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		if (left[i]) {
			expect_block(test, free, HEAP_FREE, left[i] - BLOCK_HEADER);
			c = alloc(test, 32, left[i] - BLOCK_HEADER);
			KUNIT_EXPECT_PTR_EQ(test, c, free);
			KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
		}
		heap_free(&arena_heap, a);
		heap_free(&arena_heap, b);
		heap_free(&arena_heap, c);
		/* Other's page lies above the first span, so that cannot go back yet. */
		heap_trim(&arena_heap);
		KUNIT_EXPECT_EQ(test, arena_pages.used, 2);
		KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, other, 1), 0);
		arena_trim(test);
	}
}

/*
 *	|#a#|#### 2 x HEAP_SLACK ####|END|       b is freed: it stays
 *	|#a#|#### 32 bytes more #####|END|       b is freed: all but HEAP_SLACK goes back
 */
static void slack_is_exact(struct kunit *test)
{
	const size_t pages = 2 * HEAP_SLACK / MM_PAGE_SIZE;
	void *a = alloc(test, 32, full(1));
	void *b = alloc(test, 32, 2 * HEAP_SLACK - BLOCK_HEADER);

	KUNIT_EXPECT_EQ(test, arena_pages.used, 1 + pages);
	heap_free(&arena_heap, b);
	KUNIT_EXPECT_EQ(test, top_size(&arena_heap), 2 * HEAP_SLACK);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 1 + pages);
	b = alloc(test, 32, 2 * HEAP_SLACK - BLOCK_HEADER + 32);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 2 + pages);
	heap_free(&arena_heap, b);
	KUNIT_EXPECT_EQ(test, top_size(&arena_heap), HEAP_SLACK);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 1 + pages / 2);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	/* Blocks that fit what was kept take no pages. */
	b = alloc(test, 32, HEAP_SLACK - BLOCK_HEADER);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 1 + pages / 2);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, a);
}

static struct kunit_case heap_top_cases[] = {
	KUNIT_CASE(gap_is_used_again),
	KUNIT_CASE(no_gap),
	KUNIT_CASE(pages_are_counted_exactly),
	KUNIT_CASE(pages_for_aligned_blocks),
	KUNIT_CASE_PLAIN(failed_growth_changes_nothing),
	KUNIT_CASE(top_is_retired),
	KUNIT_CASE(slack_is_exact),
	{},
};

static struct kunit_suite heap_top_suite = {
	.name = "heap_top",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_top_cases,
};

kunit_test_suite(heap_top_suite);
