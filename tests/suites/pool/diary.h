/* SPDX-License-Identifier: MIT */
/*
 * diary.h - handlers that write down that they ran, for tests of pools
 *
 *	DIARY_ADD(test, pool, 'a');	when it runs, it appends a to diary
 *	...
 *	KUNIT_EXPECT_STREQ(test, diary, "cba");
 */
#ifndef TESTS_SUITES_POOL_DIARY_H
#define TESTS_SUITES_POOL_DIARY_H

#include <mm/mp_pool.h>
#include <tests/kunit/kunit.h>

#define DIARY_SIZE 32

static char diary[DIARY_SIZE];
static size_t diary_length;

static inline void diary_clear(void)
{
	diary_length = 0;
	diary[0] = '\0';
}

/* A handler: @data points to a character, which may lie in the data of its record. */
static inline void diary_write(void *data)
{
	if (diary_length < DIARY_SIZE - 1)
		diary[diary_length++] = *(char *)data;
	diary[diary_length] = '\0';
}

/* Registers a handler that writes @name. Returns its record, or NULL. */
static inline struct mp_cleanup_s *diary_add(struct mp_pool_s *pool, char name)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, 1);

	if (!cleanup)
		return NULL;
	*(char *)cleanup->data = name;
	cleanup->handler = diary_write;
	return cleanup;
}

#define DIARY_ADD(test, pool, name) KUNIT_ASSERT_NOT_NULL(test, diary_add(pool, name))

#endif /* TESTS_SUITES_POOL_DIARY_H */
