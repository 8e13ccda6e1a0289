// SPDX-License-Identifier: MIT
/*
 * mp_scope_test.c - MP_SCOPE(pool) { ... } releases what was made in it, however it is left
 */
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>

static struct mp_pool_s *pool;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	pool = mp_create_pool_on(&arena_heap, 256);
	return !pool;
}

static void stop(struct kunit *test)
{
	mp_destroy_pool(pool);
	arena_exit(test);
}

static void end_of_block(struct kunit *test)
{
	unsigned char *before = pool->current->last;

	MP_SCOPE(pool) {
		DIARY_ADD(test, pool, 'a');
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 100));
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 1000));
		KUNIT_EXPECT_STREQ(test, diary, "");
	}
	KUNIT_EXPECT_STREQ(test, diary, "a");
	KUNIT_EXPECT_PTR_EQ(test, pool->current->last, before);
	KUNIT_EXPECT_NULL(test, pool->records);
}

static int leave_by_return(void)
{
	MP_SCOPE(pool) {
		diary_add(pool, 'r');
		return 1;
	}
	return 0;
}

static int leave_by_goto(void)
{
	MP_SCOPE(pool) {
		diary_add(pool, 'g');
		goto out;
	}
	return 0;
out:
	return 1;
}

static void other_ways_out(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, leave_by_return(), 1);
	KUNIT_EXPECT_STREQ(test, diary, "r");
	KUNIT_EXPECT_EQ(test, leave_by_goto(), 1);
	KUNIT_EXPECT_STREQ(test, diary, "rg");
	KUNIT_EXPECT_NULL(test, pool->records);
}

/* break and continue leave the scope, not the loop around it. */
static void break_leaves_the_scope(struct kunit *test)
{
	int rounds = 0;

	for (int i = 0; i < 3; i++) {
		MP_SCOPE(pool) {
			diary_add(pool, (char)('a' + i));
			if (i == 0)
				break;
			if (i == 1)
				continue;
			diary_add(pool, 'x');
		}
		rounds++;
	}
	KUNIT_EXPECT_EQ(test, rounds, 3);
	KUNIT_EXPECT_STREQ(test, diary, "abxc");
}

static void one_in_another(struct kunit *test)
{
	MP_SCOPE(pool) {
		diary_add(pool, 'a');
		MP_SCOPE(pool) {
			diary_add(pool, 'b');
			MP_SCOPE(pool)
				diary_add(pool, 'c');
			KUNIT_EXPECT_STREQ(test, diary, "c");
		}
		KUNIT_EXPECT_STREQ(test, diary, "cb");
	}
	KUNIT_EXPECT_STREQ(test, diary, "cba");
}

static struct mp_pool_s *next_pool(int *calls)
{
	++*calls;
	return pool;
}

static void argument_is_evaluated_once(struct kunit *test)
{
	int calls = 0;

	MP_SCOPE(next_pool(&calls))
		KUNIT_EXPECT_EQ(test, calls, 1);
	KUNIT_EXPECT_EQ(test, calls, 1);
}

/* A pool that is reset or destroyed inside its scope leaves nothing to release. */
static void pool_ends_inside(struct kunit *test)
{
	MP_SCOPE(pool) {
		diary_add(pool, 'a');
		mp_reset_pool(pool);
	}
	MP_SCOPE(pool)
		mp_destroy_pool(pool);
	pool = NULL;
	KUNIT_EXPECT_STREQ(test, diary, "a");
}

static struct kunit_case mp_scope_cases[] = {
	KUNIT_CASE(end_of_block),
	KUNIT_CASE(other_ways_out),
	KUNIT_CASE(break_leaves_the_scope),
	KUNIT_CASE(one_in_another),
	KUNIT_CASE(argument_is_evaluated_once),
	KUNIT_CASE(pool_ends_inside),
	{},
};

static struct kunit_suite mp_scope_suite = {
	.name = "mp_scope",
	.init = start,
	.exit = stop,
	.test_cases = mp_scope_cases,
};

kunit_test_suite(mp_scope_suite);
