/* SPDX-License-Identifier: MIT */
/*
 * bench.h - counts instructions, and holds the counts against budgets
 *
 * Under QEMU's -icount the time stamp counter counts guest instructions, and the
 * count is the same on every machine and every day. So a budget is a test like
 * any other: a case fails if a count is above it.
 *
 *	boot words		what runs
 *	bench test=bench	the budgets: needs 8 MiB of RAM
 *	bench test=bench_many	nothing grows: 100,000 of each
 *	bench test=bench_trace	a trace from module 0, ours beside the reference
 *
 * In the tables, figures are instructions; with two decimals they are means.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define noinline __attribute__((noinline))

/* What bench_ranges() sets up, for the cases. */
extern struct page_allocator bench_pages;
extern struct heap bench_heap;

/* Up to 4 ranges of pages are in every budget. Each further one may cost this much. */
static inline uint64_t bench_more_ranges(size_t ranges)
{
	return ranges > 4 ? 10 * (ranges - 4) : 0;
}

/**
 * struct bench_sum - counts of many calls
 * @count: of calls
 * @total: of their instructions
 * @worst: of one call
 */
struct bench_sum {
	uint64_t count, total, worst;
};

static inline void bench_add(struct bench_sum *sum, uint64_t spent)
{
	sum->count++;
	sum->total += spent;
	if (sum->worst < spent)
		sum->worst = spent;
}

/* What BENCH_INLINED takes beside its expression. */
extern uint32_t bench_empty;

/* The clock: two instructions, whatever the compiler does around them. */
static inline uint32_t bench_clock(void)
{
	uint32_t low;

	__asm__ volatile("rdtsc\n\tmovl %%eax, %0" : "=r"(low) : : "rax", "rdx", "memory");
	return low;
}

/* The compiler forgets what it knows of @x: nothing moves out of what is timed. */
#define BENCH_HIDE(x) ({ __asm__ volatile("" : "+r"(x)); })

/*
 * What @expression takes where it is inlined; stores its value, a pointer, in
 * *@result. @hide is BENCH_HIDE() of its operands, which are in registers then.
 */
#define BENCH_INLINED(result, hide, expression)          \
	({                                               \
		uint32_t start_ = bench_clock(), end_;   \
		void *value_;                            \
		hide;                                    \
		value_ = (expression);                   \
		BENCH_HIDE(value_);                      \
		end_ = bench_clock();                    \
		*(result) = value_;                      \
		(uint32_t)(end_ - start_) - bench_empty; \
	})

/* bench.c */
int bench_init(struct kunit *test);
int bench_init_large(struct kunit *test);
void bench_exit(struct kunit *test);
bool bench_is_wanted(void);
void bench_ranges(struct kunit *test, size_t ranges);
void bench_spread(struct kunit *test, size_t ranges);
const void *bench_module(size_t *size);
const char *bench_module_name(void);
uint32_t bench_call(void *result, const void *function, uintptr_t a, uintptr_t b, uintptr_t c);

/* What a call of @function with three arguments, or fewer, takes: from entry to ret. */
#define BENCH_CALL(result, function, a, b, c) \
	bench_call(result, (const void *)(function), (uintptr_t)(a), (uintptr_t)(b), (uintptr_t)(c))

/* bench_table.c */
const char *bench_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void bench_row_text(const char *text);
void bench_head(const char *title);
void bench_row(struct kunit *test, const char *what, uint64_t budget, uint64_t measured);
void bench_row_mean(struct kunit *test, const char *what, uint64_t budget, struct bench_sum sum);
void bench_row_info(const char *what, struct bench_sum sum);
void bench_versus_head(const char *title);
void bench_versus(const char *what, struct bench_sum ours, struct bench_sum other);

/* Cases of the suite "bench". */
void bench_fast_paths(struct kunit *test);
void bench_create_destroy(struct kunit *test);
void bench_destroy_reset(struct kunit *test);
void bench_heap_idle(struct kunit *test);
void bench_heap_busy(struct kunit *test);
void bench_page_alloc(struct kunit *test);
void bench_string(struct kunit *test);
void bench_inlined_strings(struct kunit *test);

#endif /* TESTS_BENCH_H */
