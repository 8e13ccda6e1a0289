// SPDX-License-Identifier: MIT
/*
 * kunit.c - runs the suites and writes their log: KTAP, version 1
 *
 *	KTAP version 1                           the kernel, or the Linux program, begins with it
 *	1..2                                     plan: 2 suites will run
 *	    KTAP version 1
 *	    # Subtest: page
 *	    1..2                                 plan: 2 cases of this suite
 *	    ok 1 page_alloc_zero
 *	    # page_alloc_all: EXPECTATION FAILED at tests/suites/page/page_test.c:42
 *	    #   st.used == 4
 *	    #   expected 4 (0x4)
 *	    #   got 3 (0x3)
 *	    # page_alloc_all: again with: make run APPEND=test=page.page_alloc_all
 *	    not ok 2 page_alloc_all
 *	# page: pass:1 fail:1 skip:0 total:2
 *	not ok 1 page
 *	...
 *	# Totals: pass:7 fail:1 skip:0 total:8
 *
 * ASSERT and kunit_skip() end a case early: __builtin_longjmp() brings it back to
 * run_body(). An expected panic calls panic_notifier, which jumps back into
 * KUNIT_EXPECT_PANIC. An unexpected panic ends the run, and panic() logs it.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

const char *kunit_again = "make run APPEND=test=";

/* The case inside KUNIT_EXPECT_PANIC, and the panic's message ("" if there was no panic). */
static struct kunit *awaiting;
static char panic_reason[320];

/*
 * The panic_notifier while a panic is expected. Does not return to panic(), nor to the
 * statements of KUNIT_EXPECT_MESSAGE inside, so it ends these.
 */
static void catch_panic(const char *reason)
{
	snprintf(panic_reason, sizeof(panic_reason), "%s", reason);
	while (kunit_awaited != awaiting->awaited)
		kunit_check_message(kunit_awaited);
	__builtin_longjmp(awaiting->caught, 1);
}

void kunit_await_panic(struct kunit *test)
{
	panic_reason[0] = '\0';
	awaiting = test;
	test->awaited = kunit_awaited;
	panic_notifier = catch_panic;
}

void kunit_check_panic(struct kunit *test, const struct kunit_site *site, const char *words)
{
	char expected[80], got[sizeof(panic_reason) + 16] = "no panic";

	panic_notifier = NULL;
	if (panic_reason[0] && strstr(panic_reason, words))
		return;
	snprintf(expected, sizeof(expected), "a panic with \"%s\"", words);
	if (panic_reason[0])
		snprintf(got, sizeof(got), "\"%s\"", panic_reason);
	kunit_report(test, site, KUNIT_EQ, expected, got);
}

/* A case must leave these as it found them. */
struct memory_state {
	size_t used; /* pages given out after kernel_heap was trimmed */
	int damage;  /* result of heap_check() */
};

static struct memory_state memory_state(void)
{
	struct page_stats st;
	int damage = heap_check(&kernel_heap);

	if (!damage)
		heap_trim(&kernel_heap);
	page_get_stats(&kernel_pages, &st);
	return (struct memory_state){ .used = st.used, .damage = damage };
}

/* Fails the case only for what changed: damage done by an earlier case is not its fault. */
static void check_memory(struct kunit *test, struct memory_state before)
{
	struct memory_state after = memory_state();

	if (after.damage && !before.damage && kunit_note_failure(test))
		kunit_info(test, "heap_check() says %d: the case damaged the heap", after.damage);
	if (after.used > before.used && kunit_note_failure(test))
		kunit_info(test, "pages leaked: %zu", after.used - before.used);
	if (after.used < before.used && kunit_note_failure(test))
		kunit_info(test, "pages put back that were not its own: %zu",
			   before.used - after.used);
}

/*
 * run_body() and run_exit() are two functions because end_case() jumps into either. Their stack
 * frames must still exist then, so the barrier at the end prevents a tail call.
 */
__attribute__((noinline)) static void run_body(const struct kunit_suite *suite,
					       const struct kunit_case *one, struct kunit *test)
{
	int error;

	if (__builtin_setjmp(test->abort))
		return;
	error = suite->init ? suite->init(test) : 0;
	if (!error)
		one->run_case(test);
	else if (kunit_note_failure(test))
		kunit_info(test, "init of the suite failed: %d", error);
	__asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) static void run_exit(const struct kunit_suite *suite, struct kunit *test)
{
	if (suite->exit && !__builtin_setjmp(test->abort))
		suite->exit(test);
	__asm__ volatile("" ::: "memory");
}

/**
 * kunit_run_case() - run one case, its suite's init and exit, and the leak check
 * @suite: the case's suite
 * @one: the case
 * @test: receives the result; @test->log and @test->log_size must be set or zero
 *
 * Prints only diagnostics, no result line. A case may call this to run another
 * case; the tests of kunit do.
 */
void kunit_run_case(const struct kunit_suite *suite, const struct kunit_case *one,
		    struct kunit *test)
{
	void (*outer_notifier)(const char *reason) = panic_notifier;
	void (*outer_taker)(const char *text, size_t size) = printk_taker;
	struct kunit *outer_awaiting = awaiting;
	struct kunit_message *outer_message = kunit_awaited;
	struct memory_state before = memory_state();

	test->suite = suite->name;
	test->name = one->name;
	run_body(suite, one, test);
	kunit_drop_messages(outer_message);
	printk_taker = outer_taker;
	panic_notifier = outer_notifier;
	run_exit(suite, test);
	kunit_drop_messages(outer_message);
	printk_taker = outer_taker;
	panic_notifier = outer_notifier;
	awaiting = outer_awaiting;
	check_memory(test, before);

	if (test->failures > KUNIT_FAILURES_SHOWN)
		kunit_info(test, "and %u more", test->failures - KUNIT_FAILURES_SHOWN);
	if (test->failures)
		kunit_info(test, "again with: %s%s.%s", kunit_again, suite->name, one->name);
}

static unsigned int count_chosen(const struct kunit_suite *suite)
{
	unsigned int count = 0;

	for (const struct kunit_case *one = suite->test_cases; one->run_case; one++)
		count += one->chosen;
	return count;
}

static void print_counts(const char *name, struct kunit_counts counts)
{
	printk("# %s: pass:%u fail:%u skip:%u total:%u\n", name, counts.passed, counts.failed,
	       counts.skipped, counts.passed + counts.failed + counts.skipped);
}

static struct kunit_counts run_suite(const struct kunit_suite *suite)
{
	struct kunit_counts counts = { 0 };
	unsigned int number = 0;

	printk("    KTAP version 1\n    # Subtest: %s\n    1..%u\n", suite->name,
	       count_chosen(suite));
	for (const struct kunit_case *one = suite->test_cases; one->run_case; one++) {
		struct kunit test = { 0 };

		if (!one->chosen)
			continue;
		kunit_run_case(suite, one, &test);
		counts.passed += test.status == KUNIT_SUCCESS;
		counts.failed += test.status == KUNIT_FAILURE;
		counts.skipped += test.status == KUNIT_SKIPPED;
		printk("    %sok %u %s%s%s\n", test.status == KUNIT_FAILURE ? "not " : "", ++number,
		       one->name, test.status == KUNIT_SKIPPED ? " # SKIP " : "",
		       test.status == KUNIT_SKIPPED ? test.skip_reason : "");
	}
	print_counts(suite->name, counts);
	return counts;
}

/**
 * kunit_run() - run the cases that kunit_choose() chose, and print their log
 *
 * The line "KTAP version 1" is not part of it: that is the first line of the whole log. Afterwards
 * nothing is chosen.
 *
 * Return: how many cases passed, failed and were skipped.
 */
struct kunit_counts kunit_run(void)
{
	struct kunit_counts totals = { 0 };
	unsigned int suites = 0, number = 0;
	struct kunit_suite *const *suite;

	for (suite = __start_kunit_suites; suite < __stop_kunit_suites; suite++)
		suites += count_chosen(*suite) != 0;
	printk("1..%u\n", suites);
	for (suite = __start_kunit_suites; suite < __stop_kunit_suites; suite++) {
		struct kunit_counts counts;

		if (!count_chosen(*suite))
			continue;
		counts = run_suite(*suite);
		printk("%sok %u %s\n", counts.failed ? "not " : "", ++number, (*suite)->name);
		totals.passed += counts.passed;
		totals.failed += counts.failed;
		totals.skipped += counts.skipped;
	}
	print_counts("Totals", totals);
	for (suite = __start_kunit_suites; suite < __stop_kunit_suites; suite++)
		for (struct kunit_case *one = (*suite)->test_cases; one->run_case; one++)
			one->chosen = false;
	return totals;
}
