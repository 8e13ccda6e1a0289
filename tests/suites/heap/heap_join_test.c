// SPDX-License-Identifier: MIT
/*
 * heap_join_test.c - two used blocks become one, or nothing happens
 *
 * In a build with red zones, heap_join() always returns false. There, only the first
 * case runs.
 */
#include <kernel/lib/string.h>
#include <mm/heap_block.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

static unsigned char *a, *b, *c;

/* The first byte behind a block. The header of the next block begins there. */
static unsigned char *end_of(unsigned char *p)
{
	return p + heap_usable_size(p);
}

/* |#a#|#b#|#c#|...top...|    the three begin a span */
static void make_row(struct kunit *test)
{
	a = heap_alloc(&arena_heap, 32, 100);
	b = heap_alloc(&arena_heap, 32, 1000);
	c = heap_alloc(&arena_heap, 32, 10);
	KUNIT_ASSERT_TRUE(test, a && b && c);
	KUNIT_ASSERT_PTR_EQ(test, end_of(a) + BLOCK_HEADER, b);
	KUNIT_ASSERT_PTR_EQ(test, end_of(b) + BLOCK_HEADER, c);
	pattern_fill(a, heap_usable_size(a), 1);
	pattern_fill(b, heap_usable_size(b), 2);
	pattern_fill(c, heap_usable_size(c), 3);
}

static void free_row(void)
{
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, c);
}

/* heap_join() must make one block of the two. */
static void expect_joined(struct kunit *test, unsigned char *low, unsigned char *high)
{
	size_t size = heap_usable_size(low) + BLOCK_HEADER + heap_usable_size(high);
	struct heap before = arena_heap;

	KUNIT_ASSERT_TRUE(test, heap_join(&arena_heap, low, high));
	KUNIT_EXPECT_EQ(test, heap_usable_size(low), size);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_MEMEQ(test, &arena_heap, &before, sizeof(before));
}

/* The heap and the page that the row is in, to see that nothing has changed. */
static struct heap heap_before;
static unsigned char page_before[MM_PAGE_SIZE];

static void note_all(void)
{
	heap_before = arena_heap;
	memcpy(page_before, arena_memory, MM_PAGE_SIZE);
}

static void expect_unchanged(struct kunit *test)
{
	KUNIT_ASSERT_MEMEQ(test, &arena_heap, &heap_before, sizeof(heap_before));
	KUNIT_ASSERT_MEMEQ(test, arena_memory, page_before, MM_PAGE_SIZE);
}

static void expect_refused(struct kunit *test, void *low, void *high)
{
	note_all();
	KUNIT_EXPECT_FALSE(test, heap_join(&arena_heap, low, high));
	expect_unchanged(test);
}

static void expect_panic(struct kunit *test, const char *words, void *low, void *high)
{
	note_all();
	KUNIT_EXPECT_PANIC(test, words, heap_join(&arena_heap, low, high));
	expect_unchanged(test);
}

/* Freed one by one, if they cannot be joined: the callers of heap_join() do the same. */
static void join_or_free(struct kunit *test)
{
	make_row(test);
	KUNIT_EXPECT_EQ(test, heap_join(&arena_heap, b, c), !MP_REDZONE);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	if (MP_REDZONE)
		heap_free(&arena_heap, c);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, a);
}

/*
 *	|#a#|#b#|#c#|top    b and c    |#a#|###b###|top    a and b    |#####a#####|top
 */
static void join_a_row(struct kunit *test)
{
	make_row(test);
	expect_joined(test, b, c);
	expect_joined(test, a, b);
	KUNIT_EXPECT_PTR_EQ(test, end_of(a), arena_heap.top);
	KUNIT_EXPECT_EQ(test, pattern_check(a, 100, 1), 100);
	/* What was freed has lost its first 16 bytes, and no more. */
	KUNIT_EXPECT_EQ(test, pattern_check(b, 1000, 2), 0);
	KUNIT_EXPECT_EQ(test, pattern_check(c, 10, 3), 0);
	pattern_fill(b, 16, 2);
	KUNIT_EXPECT_EQ(test, pattern_check(b, 1000, 2), 1000);
	/* The upper blocks count as freed. Until the lower one is, they lie inside it. */
	expect_refused(test, a, b);
	expect_refused(test, a, c);
	KUNIT_EXPECT_PANIC(test, "inside a block", heap_free(&arena_heap, b));
	KUNIT_EXPECT_PANIC(test, "inside a block", heap_free(&arena_heap, c));
	expect_unchanged(test);
	heap_free(&arena_heap, a);
	KUNIT_EXPECT_PTR_EQ(test, arena_heap.top, block_of(a));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, a));
	KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, b));
	KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, c));
}

/*
 *	|#a#|#b#|#c#|    a and b    |###a###|#c#|    free a    |.......|#c#|
 *
 * The hole is one. A second free of b is noticed after it, too, and after a new block
 * took only the place of a.
 */
static void join_the_first(struct kunit *test)
{
	make_row(test);
	expect_joined(test, a, b);
	heap_free(&arena_heap, a);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, b));
	KUNIT_EXPECT_PTR_EQ(test, heap_alloc(&arena_heap, 32, 100), a);
	KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, b));
	heap_free(&arena_heap, a);
	KUNIT_EXPECT_PTR_EQ(test, heap_alloc(&arena_heap, 32, 1112 + BLOCK_HEADER), a);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, c);
}

/*
 *	|..|#b#|#c#|..|#d#|    b and c    |..|###b###|..|#d#|    free b    |.........|#d#|
 */
static void join_between_free_blocks(struct kunit *test)
{
	unsigned char *hole, *d;

	make_row(test);
	hole = heap_alloc(&arena_heap, 32, 500);
	d = heap_alloc(&arena_heap, 32, 500);
	KUNIT_ASSERT_TRUE(test, hole && d);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, hole);
	expect_joined(test, b, c);
	KUNIT_EXPECT_EQ(test, pattern_check(b, 1000, 2), 1000);
	heap_free(&arena_heap, b);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, c));
	KUNIT_EXPECT_PTR_EQ(test, heap_alloc(&arena_heap, 32, d - a - BLOCK_HEADER), a);
	KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, d);
}

/*
 *	span 1, full: |#low#|#high#|END|    span 2: |#c#|...top...|
 *
 * The joined block ends at the sentinel of the newest span, and later of an older span.
 */
static void join_the_last(struct kunit *test)
{
	for (int newest = 0; newest < 2; newest++) {
		unsigned char *low, *high;

		arena_use(test, 2, 2);
		low = heap_alloc(&arena_heap, 32, 1008);
		high = heap_alloc(&arena_heap, 32,
				  2 * MM_PAGE_SIZE - HEAP_ALIGN - 1024 - BLOCK_HEADER);
		KUNIT_ASSERT_TRUE(test, low && high);
		KUNIT_ASSERT_PTR_EQ(test, end_of(high), arena_heap.sentinel);
		c = newest ? NULL : heap_alloc(&arena_heap, 32, 100);
		KUNIT_ASSERT_EQ(test, !arena_heap.spans->next, newest);
		expect_joined(test, low, high);
		heap_free(&arena_heap, low);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&arena_heap, high));
		heap_free(&arena_heap, c);
		arena_trim(test);
	}
	arena_use(test, 1, ARENA_PAGES);
}

/*
 *	range 0       range 1
 *	|#low##|END|  |span|#high#|...top...|    the ranges are adjacent, the blocks are not
 */
static void join_across_spans(struct kunit *test)
{
	unsigned char *low, *high;

	arena_use(test, 1, 1);
	KUNIT_ASSERT_EQ(test,
			page_add_range(&arena_pages, arena_memory + MM_PAGE_SIZE, MM_PAGE_SIZE), 0);
	low = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE - HEAP_ALIGN - BLOCK_HEADER);
	high = heap_alloc(&arena_heap, 32, 100);
	KUNIT_ASSERT_TRUE(test, low && high);
	KUNIT_ASSERT_PTR_EQ(test, low + MM_PAGE_SIZE, high);
	expect_refused(test, low, high);
	expect_refused(test, high, low);
	heap_free(&arena_heap, low);
	heap_free(&arena_heap, high);
}

static void join_no_neighbours(struct kunit *test)
{
	make_row(test);
	expect_refused(test, a, c);
	expect_refused(test, b, a);
	expect_refused(test, c, b);
	expect_refused(test, c, a);
	expect_refused(test, a, a);
	expect_refused(test, c, c);
	expect_refused(test, a, NULL);
	expect_refused(test, a, b + 32);
	expect_refused(test, a, b + 1);
	expect_refused(test, a, b + 8);
	expect_refused(test, a, b - 1);
	expect_refused(test, a, (void *)UINTPTR_MAX);
	expect_refused(test, a, arena_memory + ARENA_PAGES * MM_PAGE_SIZE);
	free_row();
}

/*
 *	|#a#|...|#c#|top    b is free: it cannot be @high, and joins nothing as @low
 *	|#a#|.......top     the top is no block
 */
static void join_free_blocks(struct kunit *test)
{
	make_row(test);
	/* No block has ever been there. */
	expect_panic(test, "heap_free: ", c, end_of(c) + BLOCK_HEADER);
	heap_free(&arena_heap, b);
	expect_panic(test, "was freed already", a, b);
	expect_refused(test, b, c);
	heap_free(&arena_heap, c);
	expect_panic(test, "was freed already", a, b);
	heap_free(&arena_heap, a);
	expect_refused(test, a, b);
	expect_refused(test, b, c);
}

static const uint64_t flips[] = { 1, 2, 4, 32, 4096, 1ul << 47, 1ul << 48, 1ul << 63 };

/*
 *	|prev|tag|## a ##|prev|tag|## b ##|prev|tag|## c ##|    join a and b, and each
 *	      ^           ^    ^           ^                    of these words is overwritten
 */
static void join_overwritten(struct kunit *test)
{
	make_row(test);
	for (size_t i = 0; i < sizeof(flips) / sizeof(*flips); i++) {
		const uint64_t flip = flips[i];

		/* Then a does not end where b begins. */
		block_of(a)->tag ^= flip;
		expect_refused(test, a, b);
		block_of(a)->tag ^= flip;

		block_of(b)->prev ^= flip;
		expect_panic(test, "overwritten", a, b);
		block_of(b)->prev ^= flip;

		/* One flip makes the header that of a free block. */
		block_of(b)->tag ^= flip;
		expect_panic(test, flip == BLOCK_FREE ? "was freed already" : "overwritten", a, b);
		block_of(b)->tag ^= flip;

		block_of(c)->prev ^= flip;
		expect_panic(test, "overwritten", a, b);
		block_of(c)->prev ^= flip;
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	}
	free_row();
}

/*
 *	|prev|tag|### b ###|prev|tag|# c #|    b was joined. heap_join() did not read these two
 *	 ^                       ^             words; heap_free() of b checks them
 *
 * Of the header behind, it checks the stamp and the flags, and the links of a free block.
 */
static void join_and_free_overwritten(struct kunit *test)
{
	static struct heap_links fake = { &fake, &fake };

	make_row(test);
	expect_joined(test, b, c);
	c = heap_alloc(&arena_heap, 32, 10);
	KUNIT_ASSERT_NOT_NULL(test, c);
	block_of(c)->links = fake;
	for (size_t i = 0; i < sizeof(flips) / sizeof(*flips); i++) {
		if (flips[i] & ~BLOCK_SIZE_MASK) {
			block_of(c)->tag ^= flips[i];
			KUNIT_EXPECT_PANIC(test, "overwritten", heap_free(&arena_heap, b));
			block_of(c)->tag ^= flips[i];
		}
		block_of(b)->prev ^= flips[i];
		KUNIT_EXPECT_PANIC(test, "overwritten", heap_free(&arena_heap, b));
		block_of(b)->prev ^= flips[i];
	}
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	free_row();
}

/*
 * 64 blocks in a row. One after the other is joined to the one below it, or freed, in
 * mixed order. In the end all is free.
 */
static void join_in_any_order(struct kunit *test)
{
	unsigned char *block[64];
	size_t size[64];
	uint64_t seed = 3;

	for (size_t i = 0; i < 64; i++) {
		size[i] = arena_random(&seed) % 700;
		block[i] = heap_alloc(&arena_heap, 32, size[i]);
		KUNIT_ASSERT_NOT_NULL(test, block[i]);
		pattern_fill(block[i], size[i], i);
	}
	for (size_t n = 0; n < 64; n++) {
		size_t i = n * 37 % 64;

		if (i && block[i - 1] && block[i] && i % 4) {
			KUNIT_ASSERT_TRUE(test, heap_join(&arena_heap, block[i - 1], block[i]));
			block[i] = NULL;
		} else if (i % 8 == 0) {
			heap_free(&arena_heap, block[i]);
			block[i] = NULL;
		}
		KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
	}
	for (size_t i = 0; i < 64; i++) {
		if (!block[i])
			continue;
		KUNIT_EXPECT_EQ(test, pattern_check(block[i], size[i], i), size[i]);
		heap_free(&arena_heap, block[i]);
		KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
	}
}

static struct kunit_case heap_join_cases[] = {
	KUNIT_CASE(join_or_free),
	KUNIT_CASE_PLAIN(join_a_row),
	KUNIT_CASE_PLAIN(join_the_first),
	KUNIT_CASE_PLAIN(join_between_free_blocks),
	KUNIT_CASE_PLAIN(join_the_last),
	KUNIT_CASE_PLAIN(join_across_spans),
	KUNIT_CASE_PLAIN(join_no_neighbours),
	KUNIT_CASE_PLAIN(join_free_blocks),
	KUNIT_CASE_PLAIN(join_overwritten),
	KUNIT_CASE_PLAIN(join_and_free_overwritten),
	KUNIT_CASE_PLAIN(join_in_any_order),
	{},
};

static struct kunit_suite heap_join_suite = {
	.name = "heap_join",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_join_cases,
};

kunit_test_suite(heap_join_suite);
