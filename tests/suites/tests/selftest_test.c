// SPDX-License-Identifier: MIT
/*
 * selftest_test.c - does kunit.c notice failures, leaks and damage?
 *
 * Every other test relies on kunit.c. Here a case runs an inner case and checks how
 * it ended; the log of the inner case goes to a string:
 *
 *	kunit_run ---> leak_is_noticed ---> kunit_run_case ---> leaks_three_pages
 *	   prints          checks               fails the           page_alloc()
 *	   "ok"         inner, inner_log        inner case
 */
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

static char inner_log[2048];
static struct kunit inner;
static unsigned int exits;
static void (*notifier_at_exit)(const char *reason);

static int init_fails(struct kunit *test)
{
	(void)test;
	return -7;
}

static void count_exit(struct kunit *test)
{
	(void)test;
	exits++;
	notifier_at_exit = panic_notifier;
}

static void run_inner(int (*init)(struct kunit *test), void (*body)(struct kunit *test))
{
	struct kunit_case inner_case = { .run_case = body, .name = "inner" };
	struct kunit_suite suite = { .name = "private", .init = init, .exit = count_exit };

	inner = (struct kunit){ .log = inner_log, .log_size = sizeof(inner_log) };
	inner_log[0] = '\0';
	exits = 0;
	kunit_run_case(&suite, &inner_case, &inner);
}

static void fails_often(struct kunit *test)
{
	for (int i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, i, -1);
}

static void many_failures_are_summed_up(struct kunit *test)
{
	run_inner(NULL, fails_often);
	KUNIT_EXPECT_EQ(test, inner.failures, 100);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "got 7 (0x7)"));
	KUNIT_EXPECT_NULL(test, strstr(inner_log, "got 8 (0x8)"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "# inner: and 92 more\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "private.inner\n"));
}

static bool reached;

static void asserts(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 1, 1);
	reached = true;
	KUNIT_ASSERT_EQ(test, 1, 2);
	KUNIT_FAIL(test, "went on after ASSERT");
}

static void assert_ends_the_case(struct kunit *test)
{
	reached = false;
	run_inner(NULL, asserts);
	KUNIT_EXPECT_TRUE(test, reached);
	KUNIT_EXPECT_EQ(test, inner.failures, 1);
	KUNIT_EXPECT_EQ(test, exits, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "ASSERTION FAILED at "));
}

static void is_reached(struct kunit *test)
{
	(void)test;
	reached = true;
}

static void failed_init_fails_the_case(struct kunit *test)
{
	reached = false;
	run_inner(init_fails, is_reached);
	KUNIT_EXPECT_FALSE(test, reached);
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_FAILURE);
	KUNIT_EXPECT_EQ(test, exits, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "init of the suite failed: -7"));

	run_inner(NULL, is_reached);
	KUNIT_EXPECT_TRUE(test, reached);
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SUCCESS);
}

static void skips(struct kunit *test)
{
	kunit_skip(test, "no reason");
	KUNIT_FAIL(test, "went on after kunit_skip()");
}

static void fails_then_skips(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, false);
	kunit_skip(test, "no reason");
}

static void skip_ends_the_case(struct kunit *test)
{
	run_inner(NULL, skips);
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SKIPPED);
	KUNIT_EXPECT_EQ(test, exits, 1);
	KUNIT_EXPECT_STREQ(test, inner.skip_reason, "no reason");
	KUNIT_EXPECT_STREQ(test, inner_log, "");

	run_inner(NULL, fails_then_skips);
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_FAILURE);
}

static void expects_panic(struct kunit *test)
{
	KUNIT_EXPECT_PANIC(test, "inner", panic("the inner one"));
}

static void ends_while_awaiting(struct kunit *test)
{
	KUNIT_EXPECT_PANIC(test, "words", kunit_skip(test, "early"));
}

static void panic_in_a_case_in_a_case(struct kunit *test)
{
	KUNIT_EXPECT_PANIC(test, "outer", {
		run_inner(NULL, expects_panic);
		panic("the outer one");
	});
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SUCCESS);

	run_inner(NULL, ends_while_awaiting);
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SKIPPED);
	KUNIT_EXPECT_FALSE(test, notifier_at_exit);
	KUNIT_EXPECT_NULL(test, panic_notifier);
}

static void *kept;

static void leaks_three_pages(struct kunit *test)
{
	kept = page_alloc(&kernel_pages, 3);
	KUNIT_ASSERT_NOT_NULL(test, kept);
}

static void leaks_a_block(struct kunit *test)
{
	kept = heap_alloc(&kernel_heap, 32, 5000);
	KUNIT_ASSERT_NOT_NULL(test, kept);
}

static void puts_back_one_page(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, (char *)kept + MM_PAGE_SIZE, 1), 0);
}

/*
 * before:  |#######|..............|    leaked:  |#######|3 pages|......|
 *                  ^ frontier                           ^ it must come back to here
 */
static void leak_is_noticed(struct kunit *test)
{
	run_inner(NULL, leaks_three_pages);
	KUNIT_EXPECT_EQ(test, inner.failures, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "pages leaked: 3\n"));

	/* The next case did not leak, so it must pass. */
	run_inner(NULL, is_reached);
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SUCCESS);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, kept, 3), 0);
}

/* The number of pages depends on what else is in the heap, so it is not checked. */
static void leaked_block_is_noticed(struct kunit *test)
{
	run_inner(NULL, leaks_a_block);
	KUNIT_EXPECT_EQ(test, inner.failures, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "pages leaked: "));
	heap_free(&kernel_heap, kept);
}

/* before:  |#######|2 pages|...|    after:  |#######|1 page|......| */
static void foreign_pages_put_back(struct kunit *test)
{
	kept = page_alloc(&kernel_pages, 2);
	KUNIT_ASSERT_NOT_NULL(test, kept);
	run_inner(NULL, puts_back_one_page);
	KUNIT_EXPECT_EQ(test, inner.failures, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "not its own: 1\n"));
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, kept, 1), 0);
}

static mm_trusted void overwrites_a_header(struct kunit *test)
{
	(void)test;
	((unsigned char *)kept)[-1] ^= 0x80;
}

/* ... | header | kept: 100 bytes | header | ...  heap_check() reads every header. */
static void damage_is_noticed(struct kunit *test)
{
	kept = heap_alloc(&kernel_heap, 32, 100);
	KUNIT_ASSERT_NOT_NULL(test, kept);
	KUNIT_EXPECT_MESSAGE(test, "a header was overwritten",
			     run_inner(NULL, overwrites_a_header));
	KUNIT_EXPECT_EQ(test, inner.failures, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "damaged the heap"));

	/*
	 * The damage was there before the next case, so that case must pass. The heap is
	 * checked before and after it: two messages.
	 */
	KUNIT_EXPECT_MESSAGE(test, "a header was overwritten",
			     KUNIT_EXPECT_MESSAGE(test, "a header was overwritten",
						  run_inner(NULL, is_reached)));
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SUCCESS);
	overwrites_a_header(test);
	heap_free(&kernel_heap, kept);
}

/*
 * The last five cases run by name only, and none of them passes. They show what such
 * a run looks like, to readers and to the tests of the runner. Try
 * make run APPEND=test=selftest.leak
 */
static void leak(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, page_alloc(&kernel_pages, 1));
}

static void fail(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 6 * 9, 42);
}

static void skip(struct kunit *test)
{
	kunit_skip(test, "it was asked to");
}

static void panics(struct kunit *test)
{
	panic("%s.%s was asked to", test->suite, test->name);
}

static void hang(struct kunit *test)
{
	(void)test;
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static struct kunit_case selftest_cases[] = {
	KUNIT_CASE(many_failures_are_summed_up),
	KUNIT_CASE(assert_ends_the_case),
	KUNIT_CASE(failed_init_fails_the_case),
	KUNIT_CASE(skip_ends_the_case),
	KUNIT_CASE(panic_in_a_case_in_a_case),
	KUNIT_CASE(leak_is_noticed),
	KUNIT_CASE(leaked_block_is_noticed),
	KUNIT_CASE(foreign_pages_put_back),
	KUNIT_CASE(damage_is_noticed),
	KUNIT_CASE_BY_NAME(leak),
	KUNIT_CASE_BY_NAME(fail),
	KUNIT_CASE_BY_NAME(skip),
	KUNIT_CASE_BY_NAME(panics),
	KUNIT_CASE_BY_NAME(hang),
	{},
};

static struct kunit_suite selftest_suite = {
	.name = "selftest",
	.test_cases = selftest_cases,
};

kunit_test_suite(selftest_suite);
