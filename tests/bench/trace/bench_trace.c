// SPDX-License-Identifier: MIT
/*
 * bench_trace.c - the suite "bench_trace": a trace through mp_pool and through the reference
 */
#include <mm/mp_pool.h>
#include <tests/bench/trace/bench_play.h>

static const char *const names[] = {
	"alloc", "nalloc", "calloc, without zeroing",		"memalign", "cleanup", "create",
	"free",	 "reset",  "destroy, with the end of children",
};

static void print(const struct bench_outcome *our, const struct bench_outcome *other)
{
	bench_versus_head("by call: how many, then instructions");
	for (size_t i = 0; i < BENCH_NR_LETTERS; i++)
		if (our->sums[i].count)
			bench_versus(names[i], our->sums[i], other->sums[i]);
	bench_versus("all allocations", our->allocations, other->allocations);
	if (other->fault)
		bench_row_text(bench_text(" the reference: %s", other->fault));
}

/* What is gained if each node holds twice the bytes of the one before, and what it costs. */
static void bench_doubling(struct kunit *test)
{
	static const struct bench_nodes kinds[] = { { .size = 0 }, { .max_size = 64 * 1024 } };
	static struct bench_outcome outcome;

	bench_nodes_head("nodes, all pools made by mp_create_pool_with()");
	for (size_t i = 0; i < 2; i++) {
		bench_play(test, &bench_ours, &kinds[i], &outcome);
		KUNIT_ASSERT_FALSE(test, outcome.is_cut);
		bench_nodes_row(i ? "of the trace's size, doubling up to 65536 bytes" :
				    "of the trace's size",
				outcome.all, outcome.allocations, outcome.peak_pages);
	}
}

/* The trace through mp_pool, then through the reference. */
static void bench_trace_replay(struct kunit *test)
{
	static struct bench_outcome our, other;
	bool has_small_nodes = bench_trace.largest_node <= 2048;
	/*
	 * % of the reference's pages. How many large holes stay whole is half chance: with 16 to
	 * 256 bytes more for each pool or handler, one trace peaks at 963 to 977 pages, or at 1,031
	 * to 1,038, in no order.
	 */
	size_t allowed = 110;
	const char *pages;

	bench_play(test, &bench_ours, NULL, &our);
	bench_play(test, &bench_reference, NULL, &other);
	KUNIT_ASSERT_FALSE(test, our.is_cut || other.is_cut);

	bench_head(bench_text("trace %s: %zu events, MP_ALIGNMENT %d", bench_module_name(),
			      bench_trace.nr_events, MP_ALIGNMENT));
	if (has_small_nodes) /* many of its requests need a new node */
		bench_row_info("allocations, slow paths included, mean", our.allocations);
	else
		bench_row_mean(test, "allocations, slow paths included, mean", 43, our.allocations);
	pages = bench_text("peak pages (the reference: %zu)", other.peak_pages);
	/* In nodes of 256 bytes, two objects leave a tail that only a longer search would fill. */
	if (bench_trace.largest_node <= 256)
		bench_row_info(pages, (struct bench_sum){ 1, our.peak_pages, 0 });
	else
		bench_row(test, pages, other.peak_pages * allowed / 100, our.peak_pages);
	print(&our, &other);
	bench_doubling(test);
}

static int trace_init(struct kunit *test)
{
	if (bench_init_large(test))
		return 1;
	bench_open_trace(test);
	return 0;
}

static void trace_exit(struct kunit *test)
{
	bench_close_trace(test);
	bench_exit(test);
}

static bool trace_is_wanted(void)
{
	size_t size;

	return bench_is_wanted() && bench_module(&size);
}

static struct kunit_case trace_cases[] = {
	KUNIT_CASE(bench_trace_replay),
	{},
};

static struct kunit_suite bench_trace_suite = {
	.name = "bench_trace",
	.test_cases = trace_cases,
	.init = trace_init,
	.exit = trace_exit,
	.wanted = trace_is_wanted,
	.needs = "the word \"bench\" and a trace",
};

kunit_test_suite(bench_trace_suite);
