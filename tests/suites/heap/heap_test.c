// SPDX-License-Identifier: MIT
/*
 * heap_test.c - blocks of all sizes and alignments; coalescing and reuse
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define TOP_BIT (SIZE_MAX / 2 + 1)

static bool is_aligned(const void *p, size_t align)
{
	return !((uintptr_t)p & (align - 1));
}

/* Sizes around every limit. All blocks are live at once, each with its own pattern. */
static void alloc_sizes(struct kunit *test)
{
	static const size_t sizes[] = {
		0,    1,    15,	  16,	17,   31,   32,	   33,	  47,	 48,	49,   63,
		64,   496,  497,  511,	512,  513,  1008,  1023,  1024,	 1025,	2048, 4079,
		4080, 4081, 4095, 4096, 4097, 8192, 16384, 65535, 65536, 65537,
	};
	unsigned char *block[sizeof(sizes) / sizeof(*sizes)];
	const size_t count = sizeof(sizes) / sizeof(*sizes);

	for (size_t i = 0; i < count; i++) {
		block[i] = heap_alloc(&arena_heap, 1, sizes[i]);
		KUNIT_ASSERT_NOT_NULL(test, block[i]);
		KUNIT_EXPECT_TRUE(test, is_aligned(block[i], HEAP_ALIGN));
		KUNIT_EXPECT_GE(test, heap_usable_size(block[i]), sizes[i]);
		KUNIT_EXPECT_TRUE(test, page_is_used(&arena_pages, block[i], sizes[i]));
		pattern_fill(block[i], heap_usable_size(block[i]), i);
	}
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	for (size_t i = 0; i < count; i++) {
		size_t usable = heap_usable_size(block[i]);

		KUNIT_EXPECT_EQ(test, pattern_check(block[i], usable, i), usable);
		heap_free(&arena_heap, block[i]);
	}
}

/* A block of 0 bytes is a block: it has an address of its own. */
static void alloc_zero(struct kunit *test)
{
	unsigned char *a = heap_alloc(&arena_heap, 32, 0);
	unsigned char *b = heap_alloc(&arena_heap, 32, 0);

	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	/* The smallest block: a header of 16 bytes and 16 usable bytes. */
	KUNIT_EXPECT_EQ(test, b - a, 32);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), 16);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
}

static void alloc_too_much(struct kunit *test)
{
	static const size_t sizes[] = {
		(size_t)ARENA_PAGES << MM_PAGE_SHIFT,
		HEAP_MAX_SIZE - 1,
		HEAP_MAX_SIZE,
		HEAP_MAX_SIZE + 1,
		TOP_BIT - 1,
		TOP_BIT,
		SIZE_MAX - 4096,
		SIZE_MAX - 48,
		SIZE_MAX - 47,
		SIZE_MAX - 32,
		SIZE_MAX - 31,
		SIZE_MAX - 16,
		SIZE_MAX - 15,
		SIZE_MAX - 1,
		SIZE_MAX,
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, sizes[i]));
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 4096, sizes[i]));
		KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 32, 32, sizes[i]));
		KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 4096, 32, sizes[i]));
		KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
	}
}

static void alloc_aligned(struct kunit *test)
{
	for (size_t align = 1; align <= 64 * MM_PAGE_SIZE; align *= 2) {
		unsigned char *a = heap_alloc(&arena_heap, align, 1);
		unsigned char *b = heap_alloc(&arena_heap, align, 3 * align % 10000);

		KUNIT_ASSERT_NOT_NULL(test, a);
		KUNIT_ASSERT_NOT_NULL(test, b);
		KUNIT_EXPECT_TRUE(test, is_aligned(a, align) && is_aligned(a, HEAP_ALIGN));
		KUNIT_EXPECT_TRUE(test, is_aligned(b, align) && is_aligned(b, HEAP_ALIGN));
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		heap_free(&arena_heap, a);
		heap_free(&arena_heap, b);
	}
}

static void alloc_bad_alignment(struct kunit *test)
{
	static const size_t bad[] = {
		0,
		3,
		5,
		12,
		31,
		33,
		48,
		4095,
		4097,
		TOP_BIT - 1,
		TOP_BIT + 1,
		SIZE_MAX - 1,
		SIZE_MAX,
		/* Powers of two, but larger than any memory. */
		HEAP_MAX_SIZE,
		2 * HEAP_MAX_SIZE,
		TOP_BIT,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, bad[i], 0));
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, bad[i], 100));
		KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, bad[i], HEAP_MAX_SIZE));
		KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, bad[i], 32, 100));
	}
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
}

/*
 *	         multiple of align
 *	|<-offset->|
 *	|##########|######################|
 *	block       block + offset
 */
static void alloc_at_offsets(struct kunit *test)
{
	for (size_t align = 1; align <= 4 * MM_PAGE_SIZE; align *= 2) {
		size_t step = align < 32 ? align : 32;

		for (size_t n = 0; n < 6; n++) {
			size_t offset = n < 5 ? n * n * step : -step;
			unsigned char *block = heap_alloc_at(&arena_heap, align, offset, 200);

			KUNIT_ASSERT_NOT_NULL(test, block);
			KUNIT_EXPECT_EQ(test, ((uintptr_t)block + offset) & (align - 1), 0);
			KUNIT_EXPECT_TRUE(test, is_aligned(block, HEAP_ALIGN));
			KUNIT_EXPECT_GE(test, heap_usable_size(block), 200);
			heap_free(&arena_heap, block);
		}
	}
}

/* Every block is aligned to 32. No such block has these offsets aligned as asked. */
static void alloc_at_bad_offset(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 32, 1, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 32, 16, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 32, SIZE_MAX, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 4096, 40, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 8, 4, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 2, 1, 0));
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
}

/*
 *	|..|r|## 4096 ##|.......|r|## 4096 ##|.......|r|## 4096 ##|
 *	    ^ 32 bytes in front of each page   ^ the gaps remain usable for other blocks
 */
static void alloc_at_wastes_nothing(struct kunit *test)
{
	unsigned char *page[8], *small[8];
	size_t used;

	for (size_t i = 0; i < 8; i++) {
		page[i] = heap_alloc_at(&arena_heap, 4096, 32, 32 + 4096);
		KUNIT_ASSERT_NOT_NULL(test, page[i]);
	}
	used = arena_pages.used;
	for (size_t i = 0; i < 8; i++) {
		small[i] = heap_alloc(&arena_heap, 32, 4096 - 32 - 32 - 96);
		KUNIT_ASSERT_NOT_NULL(test, small[i]);
	}
	KUNIT_EXPECT_LE(test, arena_pages.used, used + 1);
	for (size_t i = 0; i < 8; i++) {
		heap_free(&arena_heap, page[i]);
		heap_free(&arena_heap, small[i]);
	}
}

static void usable_size(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, heap_usable_size(NULL), 0);
	for (size_t size = 0; size < 200; size++) {
		void *block = heap_alloc(&arena_heap, 32, size);

		KUNIT_ASSERT_NOT_NULL(test, block);
		KUNIT_EXPECT_GE(test, heap_usable_size(block), size);
		KUNIT_EXPECT_LT(test, heap_usable_size(block), size + 32);
		heap_free(&arena_heap, block);
	}
}

/* On a zeroed heap, before heap_init(), every function fails cleanly. */
static void before_init(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_zeroed, 32, 0));
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_zeroed, 32, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_zeroed, 4096, HEAP_MAX_SIZE));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_zeroed, 4096, 32, 100));
	heap_free(&arena_zeroed, NULL);
	KUNIT_EXPECT_PANIC(test, "outside the heap", heap_free(&arena_zeroed, arena_memory + 64));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_zeroed), 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_zeroed), 0);
}

/* A heap without a page allocator has nothing, and never will. */
static void init_without_pages(struct kunit *test)
{
	static struct heap none;

	heap_init(&none, NULL);
	KUNIT_EXPECT_NULL(test, heap_alloc(&none, 32, 0));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&none, 4096, 32, 100));
	heap_free(&none, NULL);
	KUNIT_EXPECT_PANIC(test, "outside the heap", heap_free(&none, arena_memory + 64));
	KUNIT_EXPECT_EQ(test, heap_check(&none), 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&none), 0);
}

static void free_null(struct kunit *test)
{
	heap_free(&arena_heap, NULL);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
}

/*
 *	|##a##|##b##|##c##|##last##|    free a, b and c in any order:
 *	|.................|##last##|    they coalesce, and one block takes their place
 */
static void neighbours_join(struct kunit *test)
{
	static const unsigned char order[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
						   { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	for (size_t i = 0; i < 6; i++) {
		unsigned char *block[4], *whole;

		for (size_t n = 0; n < 4; n++) {
			block[n] = heap_alloc(&arena_heap, 32, 1008);
			KUNIT_ASSERT_NOT_NULL(test, block[n]);
		}
		for (size_t n = 0; n < 3; n++) {
			heap_free(&arena_heap, block[order[i][n]]);
			KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		}
		whole = heap_alloc(&arena_heap, 32, (size_t)(block[3] - block[0]) - 16);
		KUNIT_EXPECT_PTR_EQ(test, whole, block[0]);
		heap_free(&arena_heap, whole);
		heap_free(&arena_heap, block[3]);
	}
}

/*
 *	|##a##|##b##|##c##|    b is freed            |##a##|.....|##c##|
 *	                       the hole serves next  |##a##|#|#|.|##c##|
 */
static void hole_is_used_first(struct kunit *test)
{
	unsigned char *a = heap_alloc(&arena_heap, 32, 1000);
	unsigned char *b = heap_alloc(&arena_heap, 32, 1000);
	unsigned char *c = heap_alloc(&arena_heap, 32, 1000);
	unsigned char *part[2];

	KUNIT_ASSERT_TRUE(test, a && b && c);
	heap_free(&arena_heap, b);
	part[0] = heap_alloc(&arena_heap, 32, 100);
	part[1] = heap_alloc(&arena_heap, 32, 100);
	KUNIT_EXPECT_PTR_EQ(test, part[0], b);
	KUNIT_EXPECT_TRUE(test, part[1] > b && part[1] < c);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	heap_free(&arena_heap, part[0]);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, part[1]);
	heap_free(&arena_heap, c);
}

/* The mark of an address depends on the address and on the heap's secret, on nothing else. */
static void marks(struct kunit *test)
{
	static struct heap other;

	heap_init(&other, &arena_pages);
	heap_set_secret(&other, 1);
	KUNIT_EXPECT_EQ(test, heap_mark(&other, &other), heap_mark(&other, &other));
	KUNIT_EXPECT_NE(test, heap_mark(&other, arena_memory), heap_mark(&other, arena_memory + 1));
	KUNIT_EXPECT_NE(test, heap_mark(&other, arena_memory),
			heap_mark(&arena_heap, arena_memory));
	KUNIT_EXPECT_EQ(test, heap_check(&other), 0);
}

/* A new secret would make all existing blocks look overwritten, so it is refused. */
static void secret_of_a_heap_in_use(struct kunit *test)
{
	void *block = heap_alloc(&arena_heap, 32, 100);

	KUNIT_EXPECT_PANIC(test, "in use", heap_set_secret(&arena_heap, 1));
	heap_free(&arena_heap, block);
	heap_trim(&arena_heap);
	heap_set_secret(&arena_heap, 1);
	block = heap_alloc(&arena_heap, 32, 100);
	KUNIT_EXPECT_NOT_NULL(test, block);
	heap_free(&arena_heap, block);
}

static struct kunit_case heap_cases[] = {
	KUNIT_CASE(alloc_sizes),
	KUNIT_CASE(alloc_zero),
	KUNIT_CASE(alloc_too_much),
	KUNIT_CASE(alloc_aligned),
	KUNIT_CASE(alloc_bad_alignment),
	KUNIT_CASE(alloc_at_offsets),
	KUNIT_CASE(alloc_at_bad_offset),
	KUNIT_CASE(alloc_at_wastes_nothing),
	KUNIT_CASE(usable_size),
	KUNIT_CASE(before_init),
	KUNIT_CASE(init_without_pages),
	KUNIT_CASE(free_null),
	KUNIT_CASE(neighbours_join),
	KUNIT_CASE(hole_is_used_first),
	KUNIT_CASE(marks),
	KUNIT_CASE(secret_of_a_heap_in_use),
	{},
};

static struct kunit_suite heap_suite = {
	.name = "heap",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_cases,
};

kunit_test_suite(heap_suite);
