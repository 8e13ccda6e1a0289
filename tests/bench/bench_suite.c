// SPDX-License-Identifier: MIT
/*
 * bench_suite.c - the suite "bench": all budgets that can be measured in 12 MiB of RAM
 */
#include <tests/bench/bench.h>

static struct kunit_case bench_cases[] = {
	KUNIT_CASE(bench_fast_paths),
	KUNIT_CASE(bench_create_destroy),
	KUNIT_CASE(bench_destroy_reset),
	KUNIT_CASE(bench_undo_pairs),
	KUNIT_CASE(bench_undo_children),
	KUNIT_CASE(bench_heap_idle),
	KUNIT_CASE(bench_heap_busy),
	KUNIT_CASE(bench_page_alloc),
	KUNIT_CASE(bench_string),
	KUNIT_CASE(bench_inlined_strings),
	{},
};

static struct kunit_suite bench_suite = {
	.name = "bench",
	.test_cases = bench_cases,
	.init = bench_init,
	.exit = bench_exit,
	.wanted = bench_is_wanted,
	.needs = "the word \"bench\"",
};

kunit_test_suite(bench_suite);
