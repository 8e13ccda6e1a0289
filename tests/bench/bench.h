/* SPDX-License-Identifier: MIT */
/*
 * bench.h - counts instructions, and compares the counts with budgets
 *
 * Under QEMU's -icount the time stamp counter counts guest instructions. The count
 * is the same on every machine and every day, so a budget is a test like any other:
 * a case fails if a count is above its budget.
 *
 *	command line		what runs
 *	bench test=bench	the budgets; needs 12 MiB of RAM
 *	bench test=bench_many	with up to 100,000 of everything, no count grows
 *	bench test=bench_trace	the trace in module 0: mp_pool and the reference
 *	tune test=tune		the trace in module 0, with nodes of many sizes; needs 1 GiB of RAM
 *	plot test=plot		the trace in module 0, for pictures (tests/plot); 1 GiB of RAM
 *
 * Figures in the tables are instructions; those with two decimals are means.
 */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define noinline __attribute__((noinline))

/* The allocators that the cases measure; bench_ranges() sets them up. */
extern struct page_allocator bench_pages;
extern struct heap bench_heap;

/* Up to 4 ranges of pages are in every budget. Each further one may cost this much. */
static inline uint64_t bench_more_ranges(size_t ranges)
{
	return ranges > 4 ? 10 * (ranges - 4) : 0;
}

/**
 * struct bench_sum - counts of many calls
 * @count: number of calls
 * @total: instructions of all calls
 * @worst: the most instructions of one call
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

/* The instructions that BENCH_INLINED adds to those of its expression. */
extern uint32_t bench_empty;

/* The clock. It takes two instructions, whatever code the compiler puts around it. */
static inline uint32_t bench_clock(void)
{
	uint32_t low;

	__asm__ volatile("rdtsc\n\tmovl %%eax, %0" : "=r"(low) : : "rax", "rdx", "memory");
	return low;
}

/* Hides the value of @x from the compiler, so that it moves no code out of the timed part. */
#define BENCH_HIDE(x) ({ __asm__ volatile("" : "+r"(x)); })

/*
 * The instructions that an inlined @expression takes. Stores its value, a pointer,
 * in *@result. @hide is BENCH_HIDE() of its operands, which puts them in registers.
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
int bench_init_huge(struct kunit *test);
void bench_exit(struct kunit *test);
bool bench_is_wanted(void);
bool bench_is_tuning(void);
bool bench_is_plotting(void);
void bench_ranges(struct kunit *test, size_t ranges);
void bench_spread(struct kunit *test, size_t ranges);
const void *bench_module(size_t *size);
const char *bench_module_name(void);
uint32_t bench_call(void *result, const void *function, uintptr_t a, uintptr_t b, uintptr_t c);

/* The instructions of a call of @function (at most three arguments), from its entry to its ret. */
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
void bench_nodes_head(const char *title);
void bench_nodes_row(const char *what, struct bench_sum events, struct bench_sum allocations,
		     size_t pages);

/* Cases of the suite "bench". */
void bench_fast_paths(struct kunit *test);
void bench_create_destroy(struct kunit *test);
void bench_destroy_reset(struct kunit *test);
void bench_undo_pairs(struct kunit *test);
void bench_undo_children(struct kunit *test);
void bench_heap_idle(struct kunit *test);
void bench_heap_busy(struct kunit *test);
void bench_page_alloc(struct kunit *test);
void bench_string(struct kunit *test);
void bench_inlined_strings(struct kunit *test);

#endif /* TESTS_BENCH_H */
