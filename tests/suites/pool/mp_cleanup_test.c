// SPDX-License-Identifier: MIT
/*
 * mp_cleanup_test.c - cleanup handlers run once each, newest first, or are forgotten
 *
 *	pool->records --> c --> b --> a --> NULL	added in the order a, b, c
 *	                  runs 1st          runs last
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>

#define NODE 512

static struct mp_pool_s *pool;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	pool = mp_create_pool_on(&arena_heap, NODE);
	return !pool;
}

static void stop(struct kunit *test)
{
	mp_destroy_pool(pool);
	arena_exit(test);
}

static void data_of_each_size(struct kunit *test)
{
	static const size_t sizes[] = { 1, 8, NODE, NODE + 1, 4095, 4096, 20000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, sizes[i]);

		KUNIT_ASSERT_NOT_NULL(test, cleanup);
		KUNIT_EXPECT_NULL(test, cleanup->handler);
		KUNIT_ASSERT_NOT_NULL(test, cleanup->data);
		KUNIT_EXPECT_EQ(test, (uintptr_t)cleanup->data % MP_ALIGNMENT, 0);
		pattern_fill(cleanup->data, sizes[i], i);
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 100));
		KUNIT_EXPECT_EQ(test, pattern_check(cleanup->data, sizes[i], i), sizes[i]);
		/* It is no large block. */
		KUNIT_EXPECT_EQ(test, mp_free(pool, cleanup->data), -ENOENT);
		KUNIT_EXPECT_EQ(test, mp_free(pool, cleanup), -ENOENT);
	}
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

static void no_data(struct kunit *test)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, 0);

	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	KUNIT_EXPECT_NULL(test, cleanup->handler);
	KUNIT_EXPECT_NULL(test, cleanup->data);
}

static void impossible_sizes(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(pool, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(pool, SIZE_MAX - 47));
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(pool, HEAP_MAX_SIZE + 1));
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(pool, HEAP_MAX_SIZE));
	KUNIT_EXPECT_NULL(test, pool->records);
}

/* Each way to end runs all handlers once, the newest first. */
static void run_in_reverse_order(struct kunit *test)
{
	struct mp_mark_s mark = mp_mark(pool);

	DIARY_ADD(test, pool, 'a');
	DIARY_ADD(test, pool, 'b');
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_STREQ(test, diary, "ba");
	DIARY_ADD(test, pool, 'c');
	DIARY_ADD(test, pool, 'd');
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "badc");
	DIARY_ADD(test, pool, 'e');
	DIARY_ADD(test, pool, 'f');
	mp_destroy_pool(pool);
	pool = NULL;
	KUNIT_EXPECT_STREQ(test, diary, "badcfe");
}

/* nginx's reset forgets none of them and runs none; then the list leads into new objects. */
static void reset_leaves_none(struct kunit *test)
{
	for (int round = 0; round < 3; round++) {
		DIARY_ADD(test, pool, 'a');
		mp_reset_pool(pool);
		KUNIT_EXPECT_NULL(test, pool->records);
	}
	KUNIT_EXPECT_STREQ(test, diary, "aaa");
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "aaa");
}

static void without_a_handler(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, mp_cleanup_add(pool, 10));
	DIARY_ADD(test, pool, 'a');
	KUNIT_ASSERT_NOT_NULL(test, mp_cleanup_add(pool, 0));
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "a");
}

/* The newest, the oldest and one between them leave the list. */
static void removed(struct kunit *test)
{
	struct mp_cleanup_s *cleanup[5];

	for (int i = 0; i < 5; i++) {
		cleanup[i] = diary_add(pool, (char)('a' + i));
		KUNIT_ASSERT_NOT_NULL(test, cleanup[i]);
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, NODE)); /* a node between them */
	}
	for (int i = 0; i < 5; i += 2) {
		KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, cleanup[i]), 0);
		KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, cleanup[i]), -ENOENT);
		KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, cleanup[i]), -ENOENT);
	}
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "db");
}

static void run_before(struct kunit *test)
{
	struct mp_cleanup_s *a = diary_add(pool, 'a'), *b = diary_add(pool, 'b');
	struct mp_cleanup_s *none = mp_cleanup_add(pool, 5);

	KUNIT_ASSERT_TRUE(test, a && b && none);
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, none), 0);
	KUNIT_EXPECT_STREQ(test, diary, "");
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, a), 0);
	KUNIT_EXPECT_STREQ(test, diary, "a");
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, a), -ENOENT);
	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, a), -ENOENT);
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "ab");
}

/* A handler that mp_cleanup_run() calls may end the pool: its own record is not on the list. */
static void destroy_it(void *data)
{
	struct mp_pool_s **victim = data;

	mp_destroy_pool(*victim);
	*victim = NULL;
}

static void run_ends_the_pool(struct kunit *test)
{
	struct mp_pool_s *victim = mp_create_pool_on(&arena_heap, NODE);
	struct mp_cleanup_s *cleanup;

	KUNIT_ASSERT_NOT_NULL(test, victim);
	DIARY_ADD(test, victim, 'a');
	cleanup = mp_cleanup_add(victim, 0);
	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	cleanup->handler = destroy_it;
	cleanup->data = &victim;
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(victim, cleanup), 0);
	KUNIT_EXPECT_NULL(test, victim);
	KUNIT_EXPECT_STREQ(test, diary, "a");
}

/* Nothing but a live handler of this pool is removed or run. */
static void not_ours(struct kunit *test)
{
	struct mp_pool_s *other = mp_create_child(pool, NODE);
	struct mp_cleanup_s *theirs, *ours = diary_add(pool, 'a'), copy;
	struct mp_mark_s mark = mp_mark(pool);
	static unsigned char zeros[256] __attribute__((aligned(64)));

	KUNIT_ASSERT_TRUE(test, other && ours && mark.savepoint);
	theirs = diary_add(other, 'b');
	KUNIT_ASSERT_NOT_NULL(test, theirs);
	copy = *ours;
	{
		void *wrong[] = {
			NULL,
			theirs,
			&copy,
			zeros,
			(char *)ours + 32,
			(char *)ours + 1,
			ours->data,
			mp_alloc(pool, 200),
			mp_alloc(pool, 5000),
			mp_cleanup_add(other, 0),
			mark.savepoint,
			other,
			pool,
			(void *)(uintptr_t)-32,
		};

		for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
			KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, wrong[i]), -ENOENT);
			KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, wrong[i]), -ENOENT);
		}
	}
	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(NULL, ours), -ENOENT);
	KUNIT_EXPECT_STREQ(test, diary, "");
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "ab"); /* a is younger than the other pool */
}

static void or_run(struct kunit *test)
{
	static char a = 'a', b = 'b', c = 'c';
	static void *block[2 * ARENA_PAGES];
	size_t count = 0;

	KUNIT_EXPECT_EQ(test, mp_cleanup_or_run(pool, diary_write, &a), 0);
	KUNIT_EXPECT_STREQ(test, diary, "");
	while ((block[count] = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE - 100)))
		count++;
	/* Small blocks may be left. */
	while (mp_cleanup_or_run(pool, diary_write, &b) == 0)
		;
	KUNIT_EXPECT_STREQ(test, diary, "b");
	KUNIT_EXPECT_EQ(test, mp_cleanup_or_run(pool, diary_write, &c), -ENOMEM);
	KUNIT_EXPECT_EQ(test, mp_cleanup_or_run(pool, NULL, &c), -ENOMEM);
	KUNIT_EXPECT_STREQ(test, diary, "bc");
	diary_clear();
	mp_reset_pool(pool);
	KUNIT_EXPECT_EQ(test, diary[0], 'b');
	while (count)
		heap_free(&arena_heap, block[--count]);
}

/* Whoever adds and removes for ever takes no more memory than who does it once. */
static void add_and_remove_for_ever(struct kunit *test)
{
	size_t used = 0;

	for (size_t i = 0; i < 100000; i++) {
		struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, i % 300);

		if (!cleanup ||
		    (i & 1 ? mp_cleanup_run(pool, cleanup) : mp_cleanup_remove(pool, cleanup))) {
			KUNIT_FAIL(test, "round %zu failed", i);
			break;
		}
		if (i == 300)
			used = arena_pages.used;
	}
	KUNIT_EXPECT_EQ(test, arena_pages.used, used);
	KUNIT_EXPECT_NULL(test, pool->records);
}

static struct kunit_case mp_cleanup_cases[] = {
	KUNIT_CASE(data_of_each_size),
	KUNIT_CASE(no_data),
	KUNIT_CASE(impossible_sizes),
	KUNIT_CASE(run_in_reverse_order),
	KUNIT_CASE(reset_leaves_none),
	KUNIT_CASE(without_a_handler),
	KUNIT_CASE(removed),
	KUNIT_CASE(run_before),
	KUNIT_CASE(run_ends_the_pool),
	KUNIT_CASE(not_ours),
	KUNIT_CASE(or_run),
	KUNIT_CASE(add_and_remove_for_ever),
	{},
};

static struct kunit_suite mp_cleanup_suite = {
	.name = "mp_cleanup",
	.init = start,
	.exit = stop,
	.test_cases = mp_cleanup_cases,
};

kunit_test_suite(mp_cleanup_suite);
