// SPDX-License-Identifier: MIT
/*
 * heap_realloc_test.c - blocks become larger and smaller, in place or elsewhere
 *
 *	|## a ##|.....|## c ##|..top..|		before
 *	|## a #####|..|## c ##|..top..|		a has grown into the free block behind it
 *
 * With red zones, each block moves. Cases of KUNIT_CASE_PLAIN show what stays in place.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap_block.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

/* A payload of so many bytes fills a block of @bytes bytes. */
static size_t fills(size_t bytes)
{
	return bytes - BLOCK_HEADER;
}

static unsigned char *get(struct kunit *test, size_t size, size_t number)
{
	unsigned char *p = heap_alloc(&arena_heap, HEAP_ALIGN, size);

	KUNIT_ASSERT_NOT_NULL(test, p);
	pattern_fill(p, size, number);
	return p;
}

/* The first @size bytes at @p must be those of object @number, and the heap must be whole. */
static void expect_whole(struct kunit *test, const unsigned char *p, size_t size, size_t number)
{
	KUNIT_EXPECT_EQ(test, pattern_check(p, size, number), size);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

static void null_gets_a_new_block(struct kunit *test)
{
	static const size_t sizes[] = { 0, 1, 16, 17, 4096 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		void *p = heap_realloc(&arena_heap, NULL, sizes[i]);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, (uintptr_t)p % HEAP_ALIGN, 0);
		KUNIT_EXPECT_EQ(test, heap_usable_size(p), fills(block_bytes(sizes[i])));
		heap_free(&arena_heap, p);
	}
	KUNIT_EXPECT_NULL(test, heap_realloc(&arena_heap, NULL, SIZE_MAX));
}

/* |## a: 1024 ##|#b#| becomes |a: 128|... 896 ...|#b#|: the rest serves another request. */
static void shrinks_in_place(struct kunit *test)
{
	unsigned char *a = get(test, fills(1024), 1), *b = get(test, fills(64), 2), *rest;

	KUNIT_EXPECT_PTR_EQ(test, heap_realloc(&arena_heap, a, fills(128)), a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(128));
	expect_whole(test, a, fills(128), 1);
	rest = get(test, fills(896), 3);
	KUNIT_EXPECT_PTR_EQ(test, rest, a + 128);
	expect_whole(test, b, fills(64), 2);
	heap_free(&arena_heap, rest);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, a);
}

/* Within the same 32 bytes, nothing changes. */
static void size_of_the_same_block(struct kunit *test)
{
	unsigned char *a = get(test, fills(64), 1), *b = get(test, 1, 2);

	KUNIT_EXPECT_PTR_EQ(test, heap_realloc(&arena_heap, a, fills(33)), a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(64));
	KUNIT_EXPECT_PTR_EQ(test, heap_realloc(&arena_heap, a, fills(64)), a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(64));
	expect_whole(test, a, fills(33), 1);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
}

/* 0 bytes get the smallest block; it is not freed. */
static void zero_bytes(struct kunit *test)
{
	unsigned char *a = get(test, 500, 1), *b = get(test, 500, 2);

	a = heap_realloc(&arena_heap, a, 0);
	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(HEAP_ALIGN));
	a = heap_realloc(&arena_heap, a, 1);
	KUNIT_ASSERT_NOT_NULL(test, a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(HEAP_ALIGN));
	expect_whole(test, b, 500, 2);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
}

/* |#a#|... 512 ...|#c#|: a grows by 256, then by the rest, then it must move. */
static void grows_into_a_free_block(struct kunit *test)
{
	unsigned char *a = get(test, fills(128), 1), *b = get(test, fills(512), 2);
	unsigned char *c = get(test, 100, 3), *rest, *moved;

	heap_free(&arena_heap, b);
	KUNIT_EXPECT_PTR_EQ(test, heap_realloc(&arena_heap, a, fills(384)), a);
	expect_whole(test, a, fills(128), 1);
	rest = get(test, fills(256), 4);
	KUNIT_EXPECT_PTR_EQ(test, rest, a + 384);
	heap_free(&arena_heap, rest);
	KUNIT_EXPECT_PTR_EQ(test, heap_realloc(&arena_heap, a, fills(640)), a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(640));
	pattern_fill(a, fills(640), 1);
	expect_whole(test, c, 100, 3);

	KUNIT_EXPECT_FALSE(test, heap_resize(&arena_heap, a, fills(640) + 1));
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(640));
	moved = heap_realloc(&arena_heap, a, fills(640) + 1);
	KUNIT_ASSERT_NOT_NULL(test, moved);
	KUNIT_EXPECT_PTR_NE(test, moved, a);
	expect_whole(test, moved, fills(640), 1);
	/* The old place is free. */
	rest = get(test, fills(640), 5);
	KUNIT_EXPECT_PTR_EQ(test, rest, a);
	heap_free(&arena_heap, rest);
	heap_free(&arena_heap, moved);
	heap_free(&arena_heap, c);
}

/* The block before the top takes from it, and new pages when that is too small. */
static void grows_into_the_top(struct kunit *test)
{
	unsigned char *a = get(test, 100, 1);

	KUNIT_EXPECT_EQ(test, arena_pages.used, 1);
	KUNIT_ASSERT_PTR_EQ(test, heap_realloc(&arena_heap, a, 1000), a);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 1);
	KUNIT_ASSERT_PTR_EQ(test, heap_realloc(&arena_heap, a, 10 * MM_PAGE_SIZE), a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(block_bytes(10 * MM_PAGE_SIZE)));
	KUNIT_EXPECT_EQ(test, arena_pages.used, 11);
	expect_whole(test, a, 100, 1);
	/* Smaller again: the pages go back as they do after a heap_free(), but for the slack. */
	KUNIT_ASSERT_PTR_EQ(test, heap_realloc(&arena_heap, a, 100 * MM_PAGE_SIZE), a);
	KUNIT_ASSERT_PTR_EQ(test, heap_realloc(&arena_heap, a, 100), a);
	KUNIT_EXPECT_LE(test, arena_pages.used * MM_PAGE_SIZE, 2 * HEAP_SLACK + MM_PAGE_SIZE);
	expect_whole(test, a, 100, 1);
	heap_free(&arena_heap, a);
}

/* With three pages, a block grows to all that there is, and no byte further. */
static void grows_to_the_last_byte(struct kunit *test)
{
	const size_t most = 3 * MM_PAGE_SIZE - HEAP_ALIGN; /* the span's two headers */
	struct heap before;
	unsigned char *a;

	arena_use(test, 1, 3);
	a = get(test, 100, 1);
	KUNIT_EXPECT_PTR_EQ(test, heap_realloc(&arena_heap, a, fills(most)), a);
	KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(most));
	before = arena_heap;
	KUNIT_EXPECT_NULL(test, heap_realloc(&arena_heap, a, fills(most) + 1));
	KUNIT_EXPECT_MEMEQ(test, &arena_heap, &before, sizeof(before));
	expect_whole(test, a, 100, 1);
	heap_free(&arena_heap, a);
}

/* The range behind the top has no pages left, but another one has: the block moves there. */
static void moves_to_another_range(struct kunit *test)
{
	unsigned char *a, *moved;

	arena_use(test, 2, 2);
	a = get(test, MM_PAGE_SIZE, 1);
	moved = heap_realloc(&arena_heap, a, MM_PAGE_SIZE + 3000);
	KUNIT_ASSERT_NOT_NULL(test, moved);
	expect_whole(test, moved, MM_PAGE_SIZE, 1);
	moved = heap_realloc(&arena_heap, moved, 2 * MM_PAGE_SIZE - 48);
	KUNIT_ASSERT_NOT_NULL(test, moved);
	expect_whole(test, moved, MM_PAGE_SIZE, 1);
	heap_free(&arena_heap, moved);
}

/* |## a ##|#b#|: what is copied is the smaller of both sizes. */
static void moves(struct kunit *test)
{
	unsigned char *a = get(test, 300, 1), *b = get(test, 100, 2), *moved;

	moved = heap_realloc(&arena_heap, a, 5000);
	KUNIT_ASSERT_NOT_NULL(test, moved);
	KUNIT_EXPECT_PTR_NE(test, moved, a);
	KUNIT_EXPECT_EQ(test, (uintptr_t)moved % HEAP_ALIGN, 0);
	KUNIT_EXPECT_GE(test, heap_usable_size(moved), 5000);
	expect_whole(test, moved, 300, 1);
	memset(moved, 0xff, 5000);
	expect_whole(test, b, 100, 2);
	heap_free(&arena_heap, moved);
	heap_free(&arena_heap, b);
}

/* With red zones, a pointer to the old place is always stale. */
static void moves_always_with_red_zones(struct kunit *test)
{
	unsigned char *a = get(test, 300, 1), *moved;

	KUNIT_EXPECT_EQ(test, heap_resize(&arena_heap, a, 300), !MP_REDZONE);
	KUNIT_EXPECT_EQ(test, heap_resize(&arena_heap, a, 20), !MP_REDZONE);
	moved = heap_realloc(&arena_heap, a, 20);
	KUNIT_ASSERT_NOT_NULL(test, moved);
	KUNIT_EXPECT_EQ(test, moved == a, !MP_REDZONE);
	expect_whole(test, moved, 20, 1);
	heap_free(&arena_heap, moved);
}

/* In place, any alignment stays; a moved block has the heap's. */
static void alignment(struct kunit *test)
{
	unsigned char *a = heap_alloc(&arena_heap, 4096, 100), *moved;

	KUNIT_ASSERT_NOT_NULL(test, a);
	pattern_fill(a, 100, 1);
	moved = heap_realloc(&arena_heap, a, 2000);
	KUNIT_ASSERT_NOT_NULL(test, moved);
	if (!MP_REDZONE)
		KUNIT_EXPECT_PTR_EQ(test, moved, a);
	KUNIT_EXPECT_EQ(test, (uintptr_t)moved % HEAP_ALIGN, 0);
	expect_whole(test, moved, 100, 1);
	heap_free(&arena_heap, moved);
}

static void impossible_sizes(struct kunit *test)
{
	static const size_t sizes[] = { HEAP_MAX_SIZE,	  HEAP_MAX_SIZE + 1, SIZE_MAX / 2,
					SIZE_MAX / 2 + 1, SIZE_MAX - 32,     SIZE_MAX };
	unsigned char *a = get(test, 100, 1);
	struct heap before = arena_heap;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		KUNIT_EXPECT_NULL(test, heap_realloc(&arena_heap, a, sizes[i]));
		KUNIT_EXPECT_FALSE(test, heap_resize(&arena_heap, a, sizes[i]));
		KUNIT_EXPECT_MEMEQ(test, &arena_heap, &before, sizeof(before));
		KUNIT_EXPECT_EQ(test, heap_usable_size(a), fills(block_bytes(100)));
		expect_whole(test, a, 100, 1);
	}
	heap_free(&arena_heap, a);
}

static void *spare;
static size_t asked;

static bool free_the_spare(struct heap *heap, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	asked++;
	heap_free(heap, spare);
	spare = NULL;
	return true;
}

/* When nothing is free, the program is asked, once; what it frees serves. */
static void memory_is_out(struct kunit *test)
{
	struct heap before;
	unsigned char *a;

	arena_use(test, 1, 16);
	asked = 0;
	spare = get(test, 8 * MM_PAGE_SIZE, 9);
	a = get(test, MM_PAGE_SIZE, 1);
	before = arena_heap;
	KUNIT_EXPECT_NULL(test, heap_realloc(&arena_heap, a, 8 * MM_PAGE_SIZE));
	KUNIT_EXPECT_MEMEQ(test, &arena_heap, &before, sizeof(before));
	expect_whole(test, a, MM_PAGE_SIZE, 1);

	heap_set_oom(&arena_heap, free_the_spare, NULL);
	a = heap_realloc(&arena_heap, a, 8 * MM_PAGE_SIZE);
	heap_set_oom(&arena_heap, NULL, NULL);
	KUNIT_EXPECT_EQ(test, asked, 1);
	KUNIT_ASSERT_NOT_NULL(test, a);
	expect_whole(test, a, MM_PAGE_SIZE, 1);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, spare);
}

static void bad_pointers(struct kunit *test)
{
	unsigned char *a = get(test, 100, 1), *b = get(test, 100, 2);

	heap_free(&arena_heap, b);
	KUNIT_EXPECT_PANIC(test, "heap_realloc", heap_realloc(&arena_heap, a + 32, 200));
	KUNIT_EXPECT_PANIC(test, "heap_realloc", heap_realloc(&arena_heap, a + 1, 200));
	KUNIT_EXPECT_PANIC(test, "heap_realloc", heap_realloc(&arena_heap, b, 200));
	KUNIT_EXPECT_PANIC(test, "heap_realloc", heap_resize(&arena_heap, &arena_heap, 200));
	expect_whole(test, a, 100, 1);
	heap_free(&arena_heap, a);
}

#define OBJECTS 60

/* Each object is resized to random sizes. All are whole at each step, and all pages come back. */
static void random_sizes(struct kunit *test)
{
	static unsigned char *p[OBJECTS];
	static size_t size[OBJECTS];
	uint64_t seed = 14;
	size_t in_place = 0;

	arena_use(test, 2, 90);
	for (size_t step = 0; step < 20000; step++) {
		uint64_t dice = arena_random(&seed);
		size_t i = dice % OBJECTS, wanted = (dice >> 8 & 0x7fff) >> (dice >> 32) % 15;
		unsigned char *resized = heap_realloc(&arena_heap, p[i], wanted);

		if (step % 1000 == 0)
			KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
		if (!resized) {
			KUNIT_ASSERT_EQ(test, pattern_check(p[i], size[i], i), size[i]);
			continue;
		}
		in_place += resized == p[i];
		if (p[i])
			KUNIT_ASSERT_GE(test, pattern_check(resized, wanted, i),
					wanted < size[i] ? wanted : size[i]);
		p[i] = resized;
		size[i] = wanted;
		pattern_fill(resized, wanted, i);
		if (dice >> 60 == 0) {
			heap_free(&arena_heap, p[i]);
			p[i] = NULL;
			size[i] = 0;
		}
	}
	for (size_t i = 0; i < OBJECTS; i++) {
		KUNIT_EXPECT_EQ(test, pattern_check(p[i], size[i], i), size[i]);
		heap_free(&arena_heap, p[i]);
		p[i] = NULL;
		size[i] = 0;
	}
	if (!MP_REDZONE)
		KUNIT_EXPECT_GT(test, in_place, 5000);
}

static struct kunit_case heap_realloc_cases[] = {
	KUNIT_CASE(null_gets_a_new_block),
	KUNIT_CASE_PLAIN(shrinks_in_place),
	KUNIT_CASE_PLAIN(size_of_the_same_block),
	KUNIT_CASE(zero_bytes),
	KUNIT_CASE_PLAIN(grows_into_a_free_block),
	KUNIT_CASE_PLAIN(grows_into_the_top),
	KUNIT_CASE_PLAIN(grows_to_the_last_byte),
	KUNIT_CASE(moves_to_another_range),
	KUNIT_CASE(moves),
	KUNIT_CASE(moves_always_with_red_zones),
	KUNIT_CASE(alignment),
	KUNIT_CASE(impossible_sizes),
	KUNIT_CASE(memory_is_out),
	KUNIT_CASE(bad_pointers),
	KUNIT_CASE(random_sizes),
	{},
};

static struct kunit_suite heap_realloc_suite = {
	.name = "heap_realloc",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_realloc_cases,
};

kunit_test_suite(heap_realloc_suite);
