// SPDX-License-Identifier: MIT
/*
 * mp_dead_test.c - calls with pools that were destroyed, or that never were pools
 *
 *	|## pool ##|## guard ##|        destroyed: |.. dead ..|## guard ##|
 *
 * The guard keeps the dead pool's memory out of the top, so it goes into a list, and the
 * heap writes its links there. A call must say what is wrong; a fault would end the boot.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>

#define NODE 512

static struct mp_pool_s *pool;
static void *guard;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	pool = mp_create_pool_on(&arena_heap, NODE);
	guard = heap_alloc(&arena_heap, 32, 100);
	return !pool || !guard;
}

static void stop(struct kunit *test)
{
	heap_free(&arena_heap, guard);
	arena_exit(test);
}

/* Every call that can look must refuse @dead. */
static void expect_refused(struct kunit *test, struct mp_pool_s *dead)
{
	KUNIT_EXPECT_PANIC(test, "mp_destroy_pool: ", mp_destroy_pool(dead));
	KUNIT_EXPECT_PANIC(test, "is no pool, or was destroyed already", mp_destroy_pool(dead));
	KUNIT_EXPECT_PANIC(test, "mp_reset_pool: ", mp_reset_pool(dead));
	KUNIT_EXPECT_PANIC(test, "mp_memalign: ", mp_memalign(dead, 10, 64));
	/* The fast paths believe the pool. These are what they end in. */
	KUNIT_EXPECT_PANIC(test, "mp_alloc: ", mp_alloc_slow(dead, 10));
	KUNIT_EXPECT_PANIC(test, "mp_nalloc: ", mp_nalloc_slow(dead, 10));
}

static void after_destroy(struct kunit *test)
{
	static const size_t sizes[] = { 1, 24, 100, NODE, NODE + 1, 4095, 4096, 100000 };
	void *large = mp_alloc(pool, 4096);

	mp_alloc(pool, 100);
	mp_destroy_pool(pool);
	expect_refused(test, pool);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		KUNIT_EXPECT_PANIC(test, "mp_alloc: ", mp_alloc(pool, sizes[i]));
		KUNIT_EXPECT_PANIC(test, "mp_alloc: ", mp_calloc(pool, sizes[i]));
		KUNIT_EXPECT_PANIC(test, "mp_nalloc: ", mp_nalloc(pool, sizes[i]));
	}
	KUNIT_EXPECT_EQ(test, mp_free(pool, large), -ENOENT);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/* The same where the dead pool has become part of the top: nothing was written into it. */
static void after_destroy_into_the_top(struct kunit *test)
{
	struct mp_pool_s *last = mp_create_pool_on(&arena_heap, NODE);

	KUNIT_ASSERT_NOT_NULL(test, last);
	mp_destroy_pool(last);
	expect_refused(test, last);
	KUNIT_EXPECT_PANIC(test, "mp_alloc: ", mp_alloc(last, 1));
	KUNIT_EXPECT_PANIC(test, "mp_nalloc: ", mp_nalloc(last, 1));
	mp_destroy_pool(pool);
}

/* Memory that was handed out again, and overwritten: its new owner's bytes are no pool. */
static void after_reuse(struct kunit *test)
{
	static const int fill[] = { 0, 1, 'A', 0x80, 0xff };
	void *again;

	mp_destroy_pool(pool);
	again = heap_alloc(&arena_heap, MP_ALIGNMENT, NODE);
	KUNIT_ASSERT_PTR_EQ(test, again, pool);
	for (size_t i = 0; i < sizeof(fill) / sizeof(*fill); i++) {
		memset(again, fill[i], NODE);
		expect_refused(test, pool);
	}
	heap_free(&arena_heap, again);
}

/* A copy of a live pool: right in all but its address. */
static void copy_elsewhere(struct kunit *test)
{
	static struct mp_pool_s copy;

	copy = *pool;
	expect_refused(test, &copy);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	mp_destroy_pool(pool);
}

/* One byte of what vouches for the pool, or of what that vouches for. */
static mm_trusted void one_byte_overwritten(struct kunit *test)
{
	void *fields[] = { &pool->heap,	 &pool->size,	 &pool->max,
			   &pool->older, &pool->records, &pool->entry.cookie };

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		for (size_t byte = 0; byte < sizeof(uintptr_t); byte++) {
			((unsigned char *)fields[i])[byte] ^= 0x10;
			expect_refused(test, pool);
			((unsigned char *)fields[i])[byte] ^= 0x10;
		}
	mp_destroy_pool(pool);
}

static struct kunit_case mp_dead_cases[] = {
	KUNIT_CASE_PLAIN(after_destroy),  KUNIT_CASE_PLAIN(after_destroy_into_the_top),
	KUNIT_CASE_PLAIN(after_reuse),	  KUNIT_CASE(copy_elsewhere),
	KUNIT_CASE(one_byte_overwritten), {},
};

static struct kunit_suite mp_dead_suite = {
	.name = "mp_dead",
	.init = start,
	.exit = stop,
	.test_cases = mp_dead_cases,
};

kunit_test_suite(mp_dead_suite);
