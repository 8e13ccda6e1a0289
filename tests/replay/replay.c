// SPDX-License-Identifier: MIT
/*
 * replay.c - a replay from start to end: make tables, play events, give all memory back
 *
 *	kernel_pages:  |.. tables ..|.. the heap: pools and their objects ..|....
 *
 * The trace is read twice. The first reading counts pools and objects, so that the
 * tables fit one run of pages below those of the heap. These pages can go back once
 * the heap has been trimmed. The second reading plays the events. Only the pools
 * under test use the heap.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/replay.h>

static size_t pages_used(void)
{
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	return stats.used;
}

/*
 * Counts pools and what they will hold, up to the end of the trace or its first
 * malformed line, where the replay will stop, and allocates the tables.
 */
static bool make_tables(struct replay *replay, const void *data, size_t size)
{
	size_t pools = 0, objects = 0, others = 0, bytes;
	struct trace *trace = &replay->trace;
	struct trace_record record;

	trace_open(trace, data, size);
	while (trace_next(trace, &record) == TRACE_RECORD) {
		pools += record.type == 'c';
		others += record.type == 'k' || (record.type == 'c' && record.nr_fields == 3);
		objects += record.type == 'a' || record.type == 'n' || record.type == 'z' ||
			   record.type == 'm';
	}
	if (trace->line >= REPLAY_NO_BLOCK)
		return replay_fail(replay, "more lines than a replay can number");

	/* Both tables have 8-byte words, so one may follow the other. At least one page. */
	bytes = pools * sizeof(*replay->pools) + (objects + others) * sizeof(*replay->blocks);
	replay->table_pages = bytes / MM_PAGE_SIZE + 1;
	replay->blocks = page_alloc(&kernel_pages, replay->table_pages);
	if (!replay->blocks)
		return replay_fail(replay, "no %zu pages for the replay's own tables",
				   replay->table_pages);
	replay->pools = (struct replay_pool *)(replay->blocks + objects + others);
	replay->max_objects = objects;
	return true;
}

/* Instructions that two readings of the clock take: the smallest of a few results. */
static uint64_t measure_clock(const struct replay *replay)
{
	uint64_t least = UINT64_MAX;

	if (!replay->clock)
		return 0;
	for (int i = 0; i < 4; i++) {
		uint64_t start = replay->clock();
		uint64_t spent = replay->clock() - start;

		if (spent < least)
			least = spent;
	}
	return least;
}

static bool ends_by_itself(const struct replay_pool *owner)
{
	return owner->pool && owner->block == REPLAY_NO_BLOCK;
}

static bool play(struct replay *replay, const void *data, size_t size)
{
	struct replay_report *report = &replay->report;
	struct trace_record record;
	uint64_t unused;
	size_t pages;

	trace_open(&replay->trace, data, size);
	while (trace_next(&replay->trace, &record) == TRACE_RECORD) {
		if (!replay_event(replay, &record))
			return false;
		report->events++;
		pages = pages_used() - replay->pages_before;
		if (report->peak_pages < pages)
			report->peak_pages = pages;
		if (report->peak_asked < report->asked)
			report->peak_asked = report->asked;
	}
	if (replay->trace.error[0])
		return replay_fail(replay, "%s", replay->trace.error);

	/* The trace may end with pools alive. Children end with their parents. */
	for (size_t i = 0; i < report->pools; i++)
		if (ends_by_itself(&replay->pools[i]) &&
		    !replay_end(replay, &replay->pools[i], mp_destroy_pool, &unused))
			return false;
	return true;
}

/**
 * replay_run() - replay a trace
 * @replay: clock and tamper set, the rest zero; holds the report and the error on return
 * @data: the trace
 * @size: its size in bytes
 *
 * Uses pages of kernel_pages and pools on kernel_heap. Gives all of them back, also
 * after an error.
 *
 * Return: true if the trace is well-formed and no check failed.
 */
bool replay_run(struct replay *replay, const void *data, size_t size)
{
	bool good;

	heap_trim(&kernel_heap);
	good = make_tables(replay, data, size);
	if (!replay->blocks)
		return false;
	replay->pages_before = pages_used();
	replay->clock_cost = measure_clock(replay);
	replay_expect_handlers_of(replay);
	good = good && play(replay, data, size);

	/* After an error, pools are left. Their handlers check nothing any more. */
	for (size_t i = 0; i < replay->report.pools; i++)
		if (ends_by_itself(&replay->pools[i]))
			mp_destroy_pool(replay->pools[i].pool);
	heap_trim(&kernel_heap);
	if (pages_used() != replay->pages_before && good)
		good = replay_fail(replay, "the heap keeps %zu pages after all pools are gone",
				   pages_used() - replay->pages_before);
	if (page_put_back(&kernel_pages, replay->blocks, replay->table_pages) && good)
		good = replay_fail(replay, "the pages of the replay's tables cannot go back");
	return good;
}

static struct {
	const char *name;
	const void *data;
	size_t size;
	uint64_t (*exact_clock)(void);
} module;

/**
 * replay_set_module() - set the trace for the suite "replay"
 * @name: the trace's name in messages; not copied
 * @data: the trace; not copied
 * @size: its size in bytes
 * @exact_clock: a clock that counts instructions exactly, or NULL
 */
void replay_set_module(const char *name, const void *data, size_t size,
		       uint64_t (*exact_clock)(void))
{
	module.name = name;
	module.data = data;
	module.size = size;
	module.exact_clock = exact_clock;
}

/**
 * replay_module_is_at() - does the trace of the suite "replay" overlap a range of memory?
 * @start: the first address of the range
 * @size: its size in bytes
 *
 * Return: true if any byte of the trace lies in the range.
 */
bool replay_module_is_at(uintptr_t start, size_t size)
{
	uintptr_t data = (uintptr_t)module.data;

	return data < start + size && start < data + module.size;
}

static bool module_is_set(void)
{
	return module.name;
}

static void fail(struct kunit *test, const struct replay *replay)
{
	/* The runner repeats this line on stderr. */
	printk("# %s: %s\n", module.name, replay->error);
	KUNIT_FAIL(test, "%s", replay->error);
}

static void replay_trace(struct kunit *test)
{
	struct replay replay = { .clock = module.exact_clock };

	if (replay_run(&replay, module.data, module.size))
		replay_print_report(&replay, module.name);
	else
		fail(test, &replay);
}

/* The trace through mp_pool and then through the reference, which has the text's reset. */
static void replay_reference(struct kunit *test)
{
	struct replay replay = { 0 };

	if (!replay_run(&replay, module.data, module.size) ||
	    !replay_through_reference(&replay, module.data, module.size))
		fail(test, &replay);
}

static struct kunit_case replay_cases[] = {
	KUNIT_CASE(replay_trace),
	KUNIT_CASE_BY_NAME(replay_reference),
	{},
};

static struct kunit_suite replay_suite = {
	.name = "replay",
	.test_cases = replay_cases,
	.wanted = module_is_set,
	.needs = "a trace",
};

kunit_test_suite(replay_suite);
