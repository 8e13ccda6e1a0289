// SPDX-License-Identifier: MIT
/*
 * errno_test.c - the numbers of mm/env.h are Linux's
 *
 * A Linux program that uses mm/ compares results with those of its own <errno.h>.
 */
#if __STDC_HOSTED__
#include <errno.h>

enum {
	HOST_ENOENT = ENOENT,
	HOST_EFAULT = EFAULT,
	HOST_EBUSY = EBUSY,
	HOST_EINVAL = EINVAL,
	HOST_ENOSPC = ENOSPC,
};

#undef ENOENT
#undef EFAULT
#undef EBUSY
#undef EINVAL
#undef ENOSPC
#endif
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

#if __STDC_HOSTED__
static void numbers_of_the_host(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ENOENT, HOST_ENOENT);
	KUNIT_EXPECT_EQ(test, EFAULT, HOST_EFAULT);
	KUNIT_EXPECT_EQ(test, EBUSY, HOST_EBUSY);
	KUNIT_EXPECT_EQ(test, EINVAL, HOST_EINVAL);
	KUNIT_EXPECT_EQ(test, ENOSPC, HOST_ENOSPC);
}
#endif

static struct kunit_case errno_cases[] = {
	KUNIT_CASE(numbers_of_linux),
#if __STDC_HOSTED__
	KUNIT_CASE(numbers_of_the_host),
#endif
	{},
};

static struct kunit_suite errno_suite = {
	.name = "errno",
	.test_cases = errno_cases,
};

kunit_test_suite(errno_suite);
