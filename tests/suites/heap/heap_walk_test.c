// SPDX-License-Identifier: MIT
/*
 * heap_walk_test.c - heap_find() and heap_next() report which block lies where
 *
 *	span:  |#used[0]#|...hole...|#used[1]#|....|   page of another owner
 *	span:  |#used[2]#|........ top ........|
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>

static unsigned char *used[3], *hole;
static void *others;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	used[0] = heap_alloc(&arena_heap, 32, 100);
	hole = heap_alloc(&arena_heap, 32, 1000);
	used[1] = heap_alloc(&arena_heap, 32, 100);
	others = page_alloc(&arena_pages, 1);
	used[2] = heap_alloc(&arena_heap, 32, 2 * MM_PAGE_SIZE);
	heap_free(&arena_heap, hole);
	return !others || !used[0] || !used[2];
}

static void stop(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS) {
		for (size_t i = 0; i < 3; i++)
			heap_free(&arena_heap, used[i]);
		heap_trim(&arena_heap);
		KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, others, 1), 0);
	}
	arena_exit(test);
}

/* heap_find(@p) must report a place of @kind, in the block at @block. */
static void expect_place(struct kunit *test, const void *p, enum heap_kind kind, const void *block)
{
	struct heap_place place;

	memset(&place, 0xff, sizeof(place));
	heap_find(&arena_heap, p, &place);
	KUNIT_EXPECT_EQ(test, place.kind, kind);
	KUNIT_EXPECT_PTR_EQ(test, place.block, block);
	if (kind == HEAP_OUTSIDE)
		KUNIT_EXPECT_EQ(test, place.size, 0);
	else
		KUNIT_EXPECT_EQ(test, place.size >= 16, true);
	if (kind == HEAP_USED)
		KUNIT_EXPECT_EQ(test, place.size, heap_usable_size(block));
}

static void find_used(struct kunit *test)
{
	for (size_t i = 0; i < 3; i++) {
		expect_place(test, used[i], HEAP_USED, used[i]);
		expect_place(test, used[i] + 1, HEAP_USED, used[i]);
		expect_place(test, used[i] + heap_usable_size(used[i]) - 1, HEAP_USED, used[i]);
		/* A pointer into the header counts as part of the block. */
		expect_place(test, used[i] - 16, HEAP_USED, used[i]);
		expect_place(test, used[i] - 1, HEAP_USED, used[i]);
	}
}

static void find_free(struct kunit *test)
{
	unsigned char *top = used[2] + heap_usable_size(used[2]) + 16;

	expect_place(test, hole, HEAP_FREE, hole);
	expect_place(test, hole + 999, HEAP_FREE, hole);
	expect_place(test, top, HEAP_FREE, top);
	expect_place(test, top + 100, HEAP_FREE, top);
}

static void find_outside(struct kunit *test)
{
	struct heap_place place = { .kind = HEAP_USED };

	expect_place(test, NULL, HEAP_OUTSIDE, NULL);
	expect_place(test, (void *)1, HEAP_OUTSIDE, NULL);
	expect_place(test, (void *)UINTPTR_MAX, HEAP_OUTSIDE, NULL);
	expect_place(test, others, HEAP_OUTSIDE, NULL);
	expect_place(test, (char *)others + MM_PAGE_SIZE - 1, HEAP_OUTSIDE, NULL);
	expect_place(test, arena_memory - 1, HEAP_OUTSIDE, NULL);
	expect_place(test, (void *)arena_pages.ranges[0].next, HEAP_OUTSIDE, NULL);
	heap_find(&arena_zeroed, used[0], &place);
	KUNIT_EXPECT_EQ(test, place.kind, HEAP_OUTSIDE);
}

static mm_trusted void find_behind_damage(struct kunit *test)
{
	uint64_t *tag = (uint64_t *)hole - 1, saved = *tag;

	*tag = 0;
	expect_place(test, used[0], HEAP_USED, used[0]);
	expect_place(test, hole, HEAP_BROKEN, hole);
	expect_place(test, used[1], HEAP_BROKEN, hole);
	expect_place(test, used[2], HEAP_USED, used[2]);
	*tag = saved;
}

static size_t of_kind[HEAP_BROKEN + 1];

/* Counts the blocks of each kind. Returns the bytes they take, with their headers. */
static size_t walk(const struct heap *heap)
{
	struct heap_place place = { 0 };
	size_t bytes = 0;

	memset(of_kind, 0, sizeof(of_kind));
	while (heap_next(heap, &place)) {
		of_kind[place.kind]++;
		bytes += place.size + 16;
	}
	return bytes;
}

static void walk_all(struct kunit *test)
{
	/* There are no gaps: only 32 bytes of each of the two spans belong to no block. */
	KUNIT_EXPECT_EQ(test, walk(&arena_heap), (arena_pages.used - 1) * MM_PAGE_SIZE - 2 * 32);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_USED], 3);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_FREE], 3);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_BROKEN], 0);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_OUTSIDE], 0);
}

/* After the end, heap_next() keeps returning false; a cleared place starts a new walk. */
static void walk_twice(struct kunit *test)
{
	struct heap_place place = { 0 };
	const void *first;

	KUNIT_ASSERT_TRUE(test, heap_next(&arena_heap, &place));
	first = place.block;
	for (int i = 0; i < 5; i++)
		KUNIT_EXPECT_TRUE(test, heap_next(&arena_heap, &place));
	KUNIT_EXPECT_FALSE(test, heap_next(&arena_heap, &place));
	KUNIT_EXPECT_FALSE(test, heap_next(&arena_heap, &place));
	place = (struct heap_place){ 0 };
	KUNIT_ASSERT_TRUE(test, heap_next(&arena_heap, &place));
	KUNIT_EXPECT_PTR_EQ(test, place.block, first);
}

static void walk_nothing(struct kunit *test)
{
	struct heap_place place = { 0 };

	KUNIT_EXPECT_FALSE(test, heap_next(&arena_zeroed, &place));
	heap_init(&arena_zeroed, &arena_pages);
	KUNIT_EXPECT_FALSE(test, heap_next(&arena_zeroed, &place));
	arena_zeroed = (struct heap){ 0 };
}

static mm_trusted void walk_behind_damage(struct kunit *test)
{
	uint64_t *tag = (uint64_t *)hole - 1, saved = *tag;

	*tag = 0;
	walk(&arena_heap);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_BROKEN], 1);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_USED], 2);
	KUNIT_EXPECT_EQ(test, of_kind[HEAP_FREE], 1);
	*tag = saved;
}

/*
 *	newest span --> itself, or another's page, or nowhere
 *
 * The walk ends, and so does a panic that walks to find its words.
 */
static mm_trusted void walk_with_a_wrong_span(struct kunit *test)
{
	uintptr_t *span = (void *)arena_heap.spans;
	const uintptr_t next[] = { (uintptr_t)span, (uintptr_t)others, 0x5858585858585858, 32, 1 };
	const uintptr_t end[] = { 0, 1, span[1] + MM_PAGE_SIZE, UINTPTR_MAX, (uintptr_t)span };
	uintptr_t saved[2] = { span[0], span[1] };

	for (size_t i = 0; i < 5; i++) {
		span[0] = next[i];
		walk(&arena_heap);
		KUNIT_EXPECT_LE(test, of_kind[HEAP_USED], 1);
		KUNIT_EXPECT_PANIC(test, "is outside the heap",
				   heap_free(&arena_heap, (char *)others + 64));
		KUNIT_EXPECT_PANIC(test, "heap_trim: the ", heap_trim(&arena_heap));
		span[0] = saved[0];
		span[1] = end[i];
		walk(&arena_heap);
		KUNIT_EXPECT_EQ(test, of_kind[HEAP_USED], 0);
		KUNIT_EXPECT_PANIC(test, "heap_trim: the span", heap_trim(&arena_heap));
		span[1] = saved[1];
	}
}

static struct kunit_case heap_walk_cases[] = {
	KUNIT_CASE(find_used),
	KUNIT_CASE(find_free),
	KUNIT_CASE(find_outside),
	KUNIT_CASE(find_behind_damage),
	KUNIT_CASE(walk_all),
	KUNIT_CASE(walk_twice),
	KUNIT_CASE(walk_nothing),
	KUNIT_CASE(walk_behind_damage),
	KUNIT_CASE_PLAIN(walk_with_a_wrong_span),
	{},
};

static struct kunit_suite heap_walk_suite = {
	.name = "heap_walk",
	.init = start,
	.exit = stop,
	.test_cases = heap_walk_cases,
};

kunit_test_suite(heap_walk_suite);
