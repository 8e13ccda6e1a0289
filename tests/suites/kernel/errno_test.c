// SPDX-License-Identifier: MIT
/*
 * errno_test.c - the numbers of mm/env.h are Linux's
 *
 * A Linux program that uses mm/ compares results with its own <errno.h>: tests/host/main.c
 * does not compile if they differ.
 */
#include <mm/env.h>
#include <tests/kunit/kunit.h>

static void numbers_of_linux(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ENOENT, 2);
	KUNIT_EXPECT_EQ(test, EFAULT, 14);
	KUNIT_EXPECT_EQ(test, EBUSY, 16);
	KUNIT_EXPECT_EQ(test, EINVAL, 22);
	KUNIT_EXPECT_EQ(test, ENOSPC, 28);
}

static struct kunit_case errno_cases[] = {
	KUNIT_CASE(numbers_of_linux),
	{},
};

static struct kunit_suite errno_suite = {
	.name = "errno",
	.test_cases = errno_cases,
};

kunit_test_suite(errno_suite);
