// SPDX-License-Identifier: MIT
/*
 * mp_memalign_test.c - large blocks of every alignment, and what they cost
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define A ((size_t)MP_ALIGNMENT)

static struct mp_pool_s *pool;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	pool = mp_create_pool_on(&arena_heap, 800);
	return !pool;
}

static void stop(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS)
		mp_destroy_pool(pool);
	arena_exit(test);
}

static void memalign_alignments(struct kunit *test)
{
	for (size_t align = 1; align <= 64 * MM_PAGE_SIZE; align *= 2)
		for (size_t size = 0; size <= 5000; size = size * 3 + 1) {
			unsigned char *p = mp_memalign(pool, size, align);

			KUNIT_ASSERT_NOT_NULL(test, p);
			KUNIT_EXPECT_EQ(test, (uintptr_t)p % align, 0);
			KUNIT_EXPECT_EQ(test, (uintptr_t)p % A, 0);
			pattern_fill(p, size, size);
			KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
			/* mp_free() takes it: the block is large, whatever its size. */
			KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
			KUNIT_EXPECT_EQ(test, mp_free(pool, p), -ENOENT);
		}
}

static void memalign_bad(struct kunit *test)
{
	static const size_t bad[] = { 0,       3, 6, 24, 33, 48, 4095, SIZE_MAX / 2, SIZE_MAX - 1,
				      SIZE_MAX };
	uintptr_t start = (uintptr_t)arena_memory, end = start + ARENA_PAGES * MM_PAGE_SIZE;
	struct mp_pool_s before = *pool;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, 0, bad[i]));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, 1, bad[i]));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, SIZE_MAX, bad[i]));
	}
	/* Powers of two, but size + alignment overflows, or no address is aligned so. */
	for (size_t align = 1; align; align *= 2) {
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, SIZE_MAX, align));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, SIZE_MAX - 31, align));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, SIZE_MAX - 64 - align, align));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, -align, align));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, HEAP_MAX_SIZE, align));
		if (start % align && start / align == end / align)
			KUNIT_EXPECT_NULL(test, mp_memalign(pool, 1, align));
	}
	KUNIT_EXPECT_MEMEQ(test, pool, &before, sizeof(before));
}

/* Free bytes of the heap, found by taking all blocks of 32 bytes (with their headers). */
static size_t room_left(void)
{
	void **last = NULL, **block;
	size_t count = 0;

	for (; (block = heap_alloc(&arena_heap, 32, 16)); count++) {
		*block = last;
		last = block;
	}
	for (; last; last = block) {
		block = *last;
		heap_free(&arena_heap, last);
	}
	return count * 32;
}

/*
 *	|pool|....|r|# 4096 #|.......|r|# 4096 #|.......|r|# 4096 #|....
 *	     page            page               page
 *
 * Each block takes at most 128 bytes more than asked. The gaps between the blocks
 * remain usable.
 */
static void memalign_takes_little(struct kunit *test)
{
	size_t room;

	arena_use(test, 1, 24);
	pool = mp_create_pool_on(&arena_heap, 64);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	room = room_left();
	for (size_t i = 0; i < 8; i++)
		KUNIT_ASSERT_NOT_NULL(test, mp_memalign(pool, 4096, 4096));
	KUNIT_EXPECT_LE(test, room - room_left(), 8 * (4096 + 128));
	KUNIT_EXPECT_GE(test, room - room_left(), 8 * 4096);
}

static struct kunit_case mp_memalign_cases[] = {
	KUNIT_CASE(memalign_alignments),
	KUNIT_CASE(memalign_bad),
	KUNIT_CASE(memalign_takes_little),
	{},
};

static struct kunit_suite mp_memalign_suite = {
	.name = "mp_memalign",
	.init = start,
	.exit = stop,
	.test_cases = mp_memalign_cases,
};

kunit_test_suite(mp_memalign_suite);
