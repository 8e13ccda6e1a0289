/* SPDX-License-Identifier: MIT */
/*
 * grow.h - a pool for each case, and objects filled with patterns
 *
 * Each object has a number, and a pattern that belongs to it: so a case notices when its bytes
 * were lost on the way, or when another object lies over it.
 */
#ifndef TESTS_SUITES_GROW_H
#define TESTS_SUITES_GROW_H

#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>
#include <tests/suites/pool/pool_sum.h>

#define NODE ((size_t)1024) /* bytes; with red zones, a node holds MP_REDZONE more */

static struct mp_pool_s *pool;

static inline int grow_start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	pool = mp_create_pool_on(&arena_heap, NODE);
	return !pool;
}

static inline void grow_stop(struct kunit *test)
{
	mp_destroy_pool(pool);
	pool = NULL;
	arena_exit(test);
}

/* An aligned object, filled with the pattern of its number. */
static inline unsigned char *get(struct kunit *test, size_t size, size_t number)
{
	unsigned char *p = mp_alloc(pool, size);

	KUNIT_ASSERT_NOT_NULL(test, p);
	pattern_fill(p, size, number);
	return p;
}

static inline unsigned char *get_packed(struct kunit *test, size_t size, size_t number)
{
	unsigned char *p = mp_nalloc(pool, size);

	KUNIT_ASSERT_NOT_NULL(test, p);
	pattern_fill(p, size, number);
	return p;
}

static inline void expect_whole(struct kunit *test, const unsigned char *p, size_t size,
				size_t number)
{
	KUNIT_EXPECT_NOT_NULL(test, p);
	if (p) /* a handler may have called this: no KUNIT_ASSERT */
		KUNIT_EXPECT_EQ(test, pattern_check(p, size, number), size);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

#endif /* TESTS_SUITES_GROW_H */
