// SPDX-License-Identifier: MIT
/*
 * bench_tune.c - the suite "tune": a trace with nodes of many sizes
 *
 * Each replay prints a line of figures, from which tests/bench/tune/tune makes a table. All bytes
 * are those of the moment when the heap held most pages.
 */
#include <kernel/lib/printk.h>
#include <mm/mp_pool.h>
#include <tests/bench/trace/bench_play.h>

#define SMALLEST ((size_t)256)
#define LARGEST ((size_t)64 * 1024)

/* @size: of the first node; 0: as recorded. */
static void tune(struct kunit *test, size_t size, bool doubles)
{
	const struct bench_nodes nodes = { size, doubles ? LARGEST : 0 };
	static struct bench_outcome outcome;
	const struct bench_bytes *at_peak = &outcome.at_peak;

	bench_play(test, &bench_ours, &nodes, &outcome);
	printk("# tune: align=%d size=%zu doubles=%d cut=%d events=%lu instructions=%lu pages=%zu",
	       MP_ALIGNMENT, size, doubles, outcome.is_cut, outcome.all.count, outcome.all.total,
	       outcome.peak_pages);
	printk(" asked=%zu tails=%zu headers=%zu padding=%zu heap=%zu\n", at_peak->asked,
	       at_peak->tails, at_peak->headers, at_peak->padding,
	       outcome.peak_pages * MM_PAGE_SIZE - at_peak->held);
}

static void tune_sizes(struct kunit *test)
{
	printk("# tune: trace=%s align=%d\n", bench_module_name(), MP_ALIGNMENT);
	for (int doubles = 0; doubles < 2; doubles++) {
		tune(test, 0, doubles);
		for (size_t size = SMALLEST; size <= LARGEST; size *= 2)
			tune(test, size, doubles);
	}
}

static int tune_init(struct kunit *test)
{
	if (bench_init_huge(test))
		return 1;
	bench_open_trace(test);
	return 0;
}

static void tune_exit(struct kunit *test)
{
	bench_close_trace(test);
	bench_exit(test);
}

static struct kunit_case tune_cases[] = {
	KUNIT_CASE(tune_sizes),
	{},
};

static struct kunit_suite tune_suite = {
	.name = "tune",
	.test_cases = tune_cases,
	.init = tune_init,
	.exit = tune_exit,
	.wanted = bench_is_tuning,
	.needs = "the word \"tune\" and a trace",
};

kunit_test_suite(tune_suite);
