/* SPDX-License-Identifier: MIT */
/*
 * kasan_expect.h - what the suites of KASAN share: accesses that must be reported
 */
#ifndef TESTS_KASAN_EXPECT_H
#define TESTS_KASAN_EXPECT_H

#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/crash/crash.h>
#include <tests/kunit/kunit.h>

#define POOL_SIZE 4000
#define LARGE 5000

/* A report begins with the access and its address. It ends with the owner of the memory. */
#define EXPECT_REPORT(test, begin, end, statement)          \
	do {                                                \
		KUNIT_EXPECT_PANIC(test, begin, statement); \
		KUNIT_EXPECT_PANIC(test, end, statement);   \
	} while (0)

/* Reading and writing the byte at @p must be reported as @kind, with @words. */
void expect_guarded(struct kunit *test, unsigned char *p, const char *kind, const char *words);

/* The same for the byte at offset @at of an object of @size bytes, outside the object. */
void expect_beside(struct kunit *test, unsigned char *object, long size, long at);

static inline struct mp_pool_s *create(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool(POOL_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	return pool;
}

/* Writes to each byte. */
static inline void fill(unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		WRITE(p + i);
	memset(p, 0, size);
}

#endif /* TESTS_KASAN_EXPECT_H */
