// SPDX-License-Identifier: MIT
/*
 * misuse_test.c - runs the tables as a KUnit suite, each row on a fresh arena
 *
 * A panic is caught. A fault would end the boot, so rows that are excused or open run
 * only in the Linux program, tests/host/misuse.c.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/misuse/misuse.h>

static void *back[5];  /* where a panic jumps to */
static char said[320]; /* the panic's message, or the result of the call */

static void catch_panic(const char *reason)
{
	snprintf(said, sizeof(said), "%s", reason);
	__builtin_longjmp(back, 1);
}

/*
 * Runs @row. Returns whether its words came. With red zones any panic will do: KASAN may
 * be first, and heap_join() declines all.
 */
__attribute__((noinline)) static bool has_words(const struct misuse_row *row)
{
	if (__builtin_setjmp(back)) {
		panic_notifier = NULL;
		printk_taker = NULL;
		return MP_REDZONE || (row->words[0] != '=' && strstr(said, row->words));
	}
	panic_notifier = catch_panic;
	misuse_prepare(row);
	snprintf(said, sizeof(said), "%s", misuse_call(&row->call));
	panic_notifier = NULL;
	return !strcmp(said, row->words) || (MP_REDZONE && row->call.run == join);
}

static void run_table(struct kunit *test, const struct misuse_row *rows)
{
	for (const struct misuse_row *row = rows; row->name; row++) {
		bool is_caught_here = MP_REDZONE && row->kind == 4;

		if (row->open || (row->kind && !is_caught_here))
			continue;
		mm_unpoison(arena_memory, MISUSE_PAGES * MM_PAGE_SIZE);
		memset(arena_memory, 0xa5, MISUSE_PAGES * MM_PAGE_SIZE);
		arena_use(test, 1, MISUSE_PAGES);
		misuse_start(&arena_pages, &arena_heap, arena_memory);
		if (!has_words(row))
			KUNIT_FAIL(test, "\"%s\": expected \"%s\", got \"%s\"", row->name,
				   row->words, said);
	}
}

/* The rows have damaged the arena's heap: forgets it. */
static void stop(struct kunit *test)
{
	mm_unpoison(arena_memory, MISUSE_PAGES * MM_PAGE_SIZE);
	arena_use(test, 1, MISUSE_PAGES);
	arena_exit(test);
}

static void blocks_freed_wrongly(struct kunit *test)
{
	run_table(test, misuse_free);
}

static void headers_overwritten(struct kunit *test)
{
	run_table(test, misuse_header);
	run_table(test, misuse_partial);
	run_table(test, misuse_edge);
}

static void freed_memory_written_to(struct kunit *test)
{
	run_table(test, misuse_freed);
}

static void pools_that_are_none(struct kunit *test)
{
	run_table(test, misuse_dead);
}

static void pools_overwritten(struct kunit *test)
{
	run_table(test, misuse_pool);
}

static void large_blocks_overwritten(struct kunit *test)
{
	run_table(test, misuse_large);
}

static void nodes_overwritten(struct kunit *test)
{
	run_table(test, misuse_node);
}

static void undo_calls_with_no_pool(struct kunit *test)
{
	run_table(test, undo_dead);
}

static void handlers_children_marks_forged(struct kunit *test)
{
	run_table(test, undo_cleanup);
	run_table(test, undo_child);
	run_table(test, undo_mark);
}

static void records_overwritten(struct kunit *test)
{
	run_table(test, undo_words);
	run_table(test, undo_newest);
	run_table(test, undo_beside);
}

static void handlers_end_what_is_being_undone(struct kunit *test)
{
	run_table(test, undo_handler);
}

static void handlers_never_end(struct kunit *test)
{
	run_table(test, undo_recurse);
}

static void handlers_overwrite(struct kunit *test)
{
	run_table(test, undo_wreck);
}

static void new_calls_with_no_pool(struct kunit *test)
{
	run_table(test, grow_dead);
}

static void blocks_resized_wrongly(struct kunit *test)
{
	run_table(test, grow_heap);
}

static void objects_resized_wrongly(struct kunit *test)
{
	run_table(test, grow_object);
}

static void words_that_new_calls_read(struct kunit *test)
{
	run_table(test, grow_words);
}

static void limits_passed_and_overwritten(struct kunit *test)
{
	run_table(test, grow_limit);
}

static void handlers_resize_and_limit(struct kunit *test)
{
	run_table(test, grow_handler);
}

static void spans_overwritten(struct kunit *test)
{
	run_table(test, misuse_span);
}

static void wrong_arguments(struct kunit *test)
{
	run_table(test, misuse_page);
	run_table(test, misuse_heap);
}

/* For the kernel with KASAN. */
static void with_red_zones(struct kunit *test)
{
	for (const struct misuse_table *table = misuse_tables; table->name; table++)
		run_table(test, table->rows);
}

static struct kunit_case misuse_cases[] = {
	KUNIT_CASE_PLAIN(blocks_freed_wrongly),
	KUNIT_CASE_PLAIN(headers_overwritten),
	KUNIT_CASE_PLAIN(freed_memory_written_to),
	KUNIT_CASE_PLAIN(pools_that_are_none),
	KUNIT_CASE_PLAIN(pools_overwritten),
	KUNIT_CASE_PLAIN(large_blocks_overwritten),
	KUNIT_CASE_PLAIN(nodes_overwritten),
	KUNIT_CASE_PLAIN(undo_calls_with_no_pool),
	KUNIT_CASE_PLAIN(handlers_children_marks_forged),
	KUNIT_CASE_PLAIN(records_overwritten),
	KUNIT_CASE_PLAIN(handlers_end_what_is_being_undone),
	KUNIT_CASE_PLAIN(handlers_never_end),
	KUNIT_CASE_PLAIN(handlers_overwrite),
	KUNIT_CASE_PLAIN(new_calls_with_no_pool),
	KUNIT_CASE_PLAIN(blocks_resized_wrongly),
	KUNIT_CASE_PLAIN(objects_resized_wrongly),
	KUNIT_CASE_PLAIN(words_that_new_calls_read),
	KUNIT_CASE_PLAIN(limits_passed_and_overwritten),
	KUNIT_CASE_PLAIN(handlers_resize_and_limit),
	KUNIT_CASE_PLAIN(spans_overwritten),
	KUNIT_CASE_PLAIN(wrong_arguments),
	KUNIT_CASE_BY_NAME(with_red_zones),
	{},
};

static struct kunit_suite misuse_suite = {
	.name = "misuse",
	.init = arena_init,
	.exit = stop,
	.test_cases = misuse_cases,
};

kunit_test_suite(misuse_suite);
