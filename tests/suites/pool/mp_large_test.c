// SPDX-License-Identifier: MIT
/*
 * mp_large_test.c - large blocks: what mp_free() frees, and what it declines
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define A ((size_t)MP_ALIGNMENT)
#define RECORD sizeof(struct mp_large_s)

static struct mp_pool_s *pool, *other;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	pool = mp_create_pool_on(&arena_heap, 800);
	other = mp_create_pool_on(&arena_heap, 800);
	return !pool || !other;
}

static void stop(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS) {
		mp_destroy_pool(other);
		mp_destroy_pool(pool);
	}
	arena_exit(test);
}

/* mp_free() must decline @p and leave both pools and the heap as they are. */
static void expect_declined(struct kunit *test, void *p)
{
	static struct heap heap;
	struct mp_pool_s before[2] = { *pool, *other };

	heap = arena_heap;
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), -ENOENT);
	KUNIT_EXPECT_MEMEQ(test, pool, &before[0], sizeof(*pool));
	KUNIT_EXPECT_MEMEQ(test, other, &before[1], sizeof(*other));
	KUNIT_ASSERT_MEMEQ(test, &arena_heap, &heap, sizeof(heap));
}

/*
 *	pool->large --> third --> second --> first     free them in any order
 */
static void free_in_any_order(struct kunit *test)
{
	static const unsigned char order[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
						   { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

	for (size_t i = 0; i < 6; i++) {
		unsigned char *p[3];

		for (size_t n = 0; n < 3; n++) {
			p[n] = mp_alloc(pool, 2000 + n);
			KUNIT_ASSERT_NOT_NULL(test, p[n]);
			pattern_fill(p[n], 2000 + n, n);
		}
		for (size_t n = 0; n < 3; n++) {
			size_t k = order[i][n];

			KUNIT_EXPECT_EQ(test, pattern_check(p[k], 2000 + k, k), 2000 + k);
			KUNIT_EXPECT_EQ(test, mp_free(pool, p[k]), 0);
			expect_declined(test, p[k]);
			KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		}
		KUNIT_EXPECT_NULL(test, pool->records);
	}
}

static void free_nothing_of_ours(struct kunit *test)
{
	static unsigned char elsewhere[128] __attribute__((aligned(64)));
	unsigned char *p = mp_alloc(pool, 5000);

	KUNIT_ASSERT_NOT_NULL(test, p);
	expect_declined(test, NULL);
	expect_declined(test, (void *)A);
	expect_declined(test, (void *)-A);
	expect_declined(test, (void *)UINTPTR_MAX);
	expect_declined(test, elsewhere + 64);
	/* At the edges of the arena and at the frontier of the pages given out. */
	expect_declined(test, arena_memory);
	expect_declined(test, arena_memory + 64);
	expect_declined(test, arena_memory + ARENA_PAGES * MM_PAGE_SIZE);
	expect_declined(test, (void *)arena_pages.ranges[0].next);
	expect_declined(test, (void *)(arena_pages.ranges[0].next + 64));
	expect_declined(test, arena_memory + (ARENA_PAGES - 1) * MM_PAGE_SIZE);
	expect_declined(test, pool);
	expect_declined(test, pool->head);
	expect_declined(test, p - RECORD);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

/* Pointers into a large block, but not to its start, and pointers just outside it. */
static void free_inside(struct kunit *test)
{
	unsigned char *p = mp_alloc(pool, 1500);

	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 0, 1500);
	for (size_t i = 1; i < 1600; i++)
		KUNIT_EXPECT_EQ(test, mp_free(pool, p + i), -ENOENT);
	for (size_t i = 1; i <= 64; i++)
		KUNIT_EXPECT_EQ(test, mp_free(pool, p - i), -ENOENT);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

static void free_small(struct kunit *test)
{
	for (size_t size = 0; size <= 800; size += 13) {
		unsigned char *p = mp_alloc(pool, size), *q = mp_nalloc(pool, size);

		KUNIT_ASSERT_TRUE(test, p && q);
		memset(p, 0xff, size);
		expect_declined(test, p);
		expect_declined(test, q);
	}
}

/*
 *	|record|## live block ##|      a copy of the record at another address is not
 *	   |                           valid: not in a small object, not in a large
 *	   +--> |record|##|            block, not in place of another record
 */
static void free_look_alikes(struct kunit *test)
{
	unsigned char *live = mp_alloc(pool, 2000);
	unsigned char *small = mp_alloc(pool, 256), *large = mp_alloc(pool, 3000);
	unsigned char *own = mp_alloc(pool, 2000);

	KUNIT_ASSERT_TRUE(test, live && small && large && own);
	for (size_t at = 0; at < 192; at += A) {
		memcpy(small + at, live - RECORD, RECORD);
		memcpy(large + at, live - RECORD, RECORD);
		memcpy(live + at, live - RECORD, RECORD);
	}
	for (size_t at = 0; at < 192; at++) {
		expect_declined(test, small + at + RECORD);
		expect_declined(test, large + at + RECORD);
		expect_declined(test, live + at + RECORD);
	}
	/* Not even in place of another live record: the cookie depends on the address. */
	memcpy(small, own - RECORD, RECORD);
	memcpy(own - RECORD, live - RECORD, RECORD);
	expect_declined(test, own);
	memcpy(own - RECORD, small, RECORD);
	KUNIT_EXPECT_EQ(test, mp_free(pool, own), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, live), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, large), 0);
}

static void free_through_another_pool(struct kunit *test)
{
	void *p = mp_alloc(other, 2000), *q = mp_memalign(other, 100, 4096);

	KUNIT_ASSERT_TRUE(test, p && q);
	expect_declined(test, p);
	expect_declined(test, q);
	expect_declined(test, other);
	KUNIT_EXPECT_EQ(test, mp_free(other, p), 0);
	KUNIT_EXPECT_EQ(test, mp_free(other, q), 0);
}

/* Two pools side by side, with few nodes and with many: neither takes the other's blocks. */
static void free_through_the_pool_next_door(struct kunit *test)
{
	struct mp_pool_s *near[2] = { mp_create_pool_on(&arena_heap, 1),
				      mp_create_pool_on(&arena_heap, 1) };
	void *p[2];

	KUNIT_ASSERT_TRUE(test, near[0] && near[1]);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 2; i++)
			KUNIT_ASSERT_NOT_NULL(test, p[i] = mp_alloc(near[i], 500));
		for (size_t i = 0; i < 2; i++) {
			KUNIT_ASSERT_EQ(test, mp_free(near[i], p[!i]), -ENOENT);
			for (int n = 0; n < 600; n++)
				KUNIT_ASSERT_NOT_NULL(test, mp_alloc(near[i], 1));
			KUNIT_ASSERT_EQ(test, mp_free(near[0], p[1]), -ENOENT);
			KUNIT_ASSERT_EQ(test, mp_free(near[1], p[0]), -ENOENT);
		}
	}
	mp_destroy_pool(near[0]);
	mp_destroy_pool(near[1]);
}

/* Reset and destroy wipe the records of the blocks that they free, as mp_free() does. */
static void free_what_reset_took(struct kunit *test)
{
	void *p = mp_alloc(pool, 2000);

	KUNIT_ASSERT_NOT_NULL(test, p);
	mp_reset_pool(pool);
	KUNIT_ASSERT_TRUE(test, page_is_used(&arena_pages, p, 2000));
	expect_declined(test, p);
}

static void free_what_destroy_took(struct kunit *test)
{
	struct mp_pool_s *old = pool;
	void *p, *guard = heap_alloc(&arena_heap, 32, 6000);

	p = mp_alloc(pool, 2000);
	KUNIT_ASSERT_TRUE(test, p && guard);
	mp_destroy_pool(pool);
	/* A new pool at the same address does not own the old pool's blocks. */
	pool = mp_create_pool_on(&arena_heap, 800);
	KUNIT_ASSERT_PTR_EQ(test, pool, old);
	KUNIT_ASSERT_TRUE(test, page_is_used(&arena_pages, p, 2000));
	expect_declined(test, p);
	heap_free(&arena_heap, guard);
}

/* An address that is given out again can be freed again. */
static void free_again_after_alloc_again(struct kunit *test)
{
	void *p = mp_alloc(pool, 2000);

	for (int i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
		expect_declined(test, p);
		KUNIT_ASSERT_PTR_EQ(test, mp_alloc(pool, 2000), p);
	}
	/* Given out by another pool, it belongs to that pool. */
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
	KUNIT_ASSERT_PTR_EQ(test, mp_alloc(other, 2000), p);
	expect_declined(test, p);
	KUNIT_EXPECT_EQ(test, mp_free(other, p), 0);
}

/* Flips each bit of the record but those of the gap behind its tag, and puts it back. */
static void overwritten_record(struct kunit *test)
{
	unsigned char *p = mp_alloc(pool, 2000), *entry;
	const size_t gap = offsetof(struct mp_entry_s, record.tag) + sizeof(uint32_t);

	KUNIT_ASSERT_NOT_NULL(test, p);
	entry = p - RECORD;
	for (size_t byte = 0; byte < RECORD; byte++)
		for (int bit = 0; bit < 8; bit++) {
			if (byte == gap)
				byte = offsetof(struct mp_entry_s, prev);
			entry[byte] ^= 1u << bit;
			expect_declined(test, p);
			entry[byte] ^= 1u << bit;
		}
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

/* Reset and destroy check the tag. */
static void overwritten_tag(struct kunit *test)
{
	void *p = mp_alloc(pool, 2000);
	uint32_t saved;

	KUNIT_ASSERT_NOT_NULL(test, p);
	saved = pool->records->tag;
	pool->records->tag = 0;
	KUNIT_EXPECT_PANIC(test, "overwritten", mp_reset_pool(pool));
	KUNIT_EXPECT_PANIC(test, "overwritten", mp_destroy_pool(pool));
	pool->records->tag = saved;
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

static void destroyed_already(struct kunit *test)
{
	void *guard = heap_alloc(&arena_heap, 32, 1000);

	mp_destroy_pool(other);
	KUNIT_EXPECT_PANIC(test, "destroyed already", mp_destroy_pool(other));
	KUNIT_EXPECT_PANIC(test, "destroyed already", mp_reset_pool(other));
	other = NULL;
	heap_free(&arena_heap, guard);
}

static struct kunit_case mp_large_cases[] = {
	KUNIT_CASE(free_in_any_order),
	KUNIT_CASE(free_nothing_of_ours),
	KUNIT_CASE(free_inside),
	KUNIT_CASE(free_small),
	KUNIT_CASE(free_look_alikes),
	KUNIT_CASE(free_through_another_pool),
	KUNIT_CASE(free_through_the_pool_next_door),
	KUNIT_CASE(free_what_reset_took),
	KUNIT_CASE(free_what_destroy_took),
	KUNIT_CASE(free_again_after_alloc_again),
	KUNIT_CASE(overwritten_record),
	KUNIT_CASE(overwritten_tag),
	KUNIT_CASE(destroyed_already),
	{},
};

static struct kunit_suite mp_large_suite = {
	.name = "mp_large",
	.init = start,
	.exit = stop,
	.test_cases = mp_large_cases,
};

kunit_test_suite(mp_large_suite);
