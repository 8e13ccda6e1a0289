// SPDX-License-Identifier: MIT
/*
 * heap_join_test.c - two used blocks become one, or nothing happens
 */
#include <kernel/lib/string.h>
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define HEADER ((size_t)16) /* of a block */

static unsigned char *a, *b, *c;

/* |a|b|c|top */
static void make_row(struct kunit *test)
{
	a = heap_alloc(&arena_heap, 32, 100);
	b = heap_alloc(&arena_heap, 32, 1000);
	c = heap_alloc(&arena_heap, 32, 10);
	KUNIT_ASSERT_TRUE(test, a && b && c);
	KUNIT_ASSERT_PTR_EQ(test, a + heap_usable_size(a) + HEADER, b);
	KUNIT_ASSERT_PTR_EQ(test, b + heap_usable_size(b) + HEADER, c);
}

/* heap_join() must refuse and change nothing. */
static mm_trusted void expect_refused(struct kunit *test, void *low, void *high)
{
	static struct heap heap;
	unsigned char *blocks[] = { a, b, c };
	uint64_t headers[3][2];

	heap = arena_heap;
	for (size_t i = 0; i < 3; i++)
		memcpy(headers[i], blocks[i] - HEADER, HEADER);
	KUNIT_EXPECT_FALSE(test, heap_join(&arena_heap, low, high));
	KUNIT_EXPECT_MEMEQ(test, &arena_heap, &heap, sizeof(heap));
	for (size_t i = 0; i < 3; i++)
		KUNIT_ASSERT_MEMEQ(test, blocks[i] - HEADER, headers[i], HEADER);
}

/*
 *	|  a  |  b  |  c  |        |  a  |     b     |        |        b        |
 *	                     b + c                      a + b
 */
static void join_a_row(struct kunit *test)
{
	size_t sum;

	make_row(test);
	sum = heap_usable_size(a) + heap_usable_size(b) + heap_usable_size(c) + 2 * HEADER;
	pattern_fill(a, heap_usable_size(a), 1);
	KUNIT_EXPECT_TRUE(test, heap_join(&arena_heap, b, c));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_TRUE(test, heap_join(&arena_heap, a, b));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), sum);
	KUNIT_EXPECT_EQ(test, pattern_check(a, 100, 1), 100);
	KUNIT_EXPECT_PANIC(test, "inside a block", heap_free(&arena_heap, b));
	heap_free(&arena_heap, a);
	KUNIT_EXPECT_PANIC(test, "freed already", heap_free(&arena_heap, a));
	KUNIT_EXPECT_PANIC(test, "freed already", heap_free(&arena_heap, b));
	KUNIT_EXPECT_PANIC(test, "freed already", heap_free(&arena_heap, c));
}

/* Between other blocks, too: the one behind learns how large its neighbour is now. */
static void join_between_others(struct kunit *test)
{
	make_row(test);
	KUNIT_EXPECT_TRUE(test, heap_join(&arena_heap, a, b));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	heap_free(&arena_heap, a);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	/* The hole is one. */
	KUNIT_EXPECT_PTR_EQ(test, heap_alloc(&arena_heap, 32, 1100), a);
	heap_free(&arena_heap, c);
	heap_free(&arena_heap, a);
}

static void join_no_neighbours(struct kunit *test)
{
	make_row(test);
	expect_refused(test, a, c);
	expect_refused(test, b, a);
	expect_refused(test, c, b);
	expect_refused(test, a, a);
	expect_refused(test, a, NULL);
	expect_refused(test, NULL, a);
	expect_refused(test, NULL, NULL);
	expect_refused(test, a, b + 32);
	expect_refused(test, a + 32, b);
	expect_refused(test, a + 1, b);
	expect_refused(test, a, b + 1);
	expect_refused(test, a, b + 8);
	expect_refused(test, c, c + heap_usable_size(c) + HEADER); /* the top */
	expect_refused(test, a, (void *)UINTPTR_MAX);
	expect_refused(test, a, arena_memory + ARENA_PAGES * PAGE_SIZE);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, c);
}

static void join_free_blocks(struct kunit *test)
{
	make_row(test);
	heap_free(&arena_heap, b);
	expect_refused(test, a, b);
	expect_refused(test, b, c);
	heap_free(&arena_heap, a);
	expect_refused(test, a, b);
	expect_refused(test, a, c);
	heap_free(&arena_heap, c);
	expect_refused(test, a, b);
	expect_refused(test, b, c);
}

/* Every word of the three headers that say how large the two are. */
static void join_overwritten(struct kunit *test)
{
	unsigned char *headers[4];
	static const uint64_t flips[] = { 1, 2, 8, 32, 4096, 1ul << 47, 1ul << 63 };

	make_row(test);
	headers[0] = a - 8;
	headers[1] = b - 16;
	headers[2] = b - 8;
	headers[3] = c - 16;
	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < sizeof(flips) / sizeof(*flips); k++) {
			*(uint64_t *)headers[i] ^= flips[k];
			expect_refused(test, a, b);
			*(uint64_t *)headers[i] ^= flips[k];
		}
	}
	KUNIT_EXPECT_TRUE(test, heap_join(&arena_heap, a, b));
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, c);
}

/* Where blocks of another heap lie. */
static void join_in_another_heap(struct kunit *test)
{
	static struct heap other;
	unsigned char *p;

	make_row(test);
	heap_init(&other, &arena_pages);
	heap_set_secret(&other, 12345);
	KUNIT_EXPECT_FALSE(test, heap_join(&other, a, b));
	p = heap_alloc(&other, 32, 10);
	KUNIT_ASSERT_NOT_NULL(test, p);
	expect_refused(test, a, p);
	expect_refused(test, c, p);
	heap_free(&other, p);
	heap_trim(&other);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, c);
}

static struct kunit_case heap_join_cases[] = {
	KUNIT_CASE(join_a_row),
	KUNIT_CASE(join_between_others),
	KUNIT_CASE_PLAIN(join_no_neighbours),
	KUNIT_CASE_PLAIN(join_free_blocks),
	KUNIT_CASE_PLAIN(join_overwritten),
	KUNIT_CASE_PLAIN(join_in_another_heap),
	{},
};

static struct kunit_suite heap_join_suite = {
	.name = "heap_join",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_join_cases,
};

kunit_test_suite(heap_join_suite);
