// SPDX-License-Identifier: MIT
/*
 * bench.c - what all benchmarks need: a clock, memory, words of the command line
 */
#include <arch/x86_64/cpu.h>
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/program.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>

struct page_allocator bench_pages;
struct heap bench_heap;

static const struct boot_info *boot;
static bool is_wanted, is_tuning, is_plotting, is_exact;
static uint32_t cost_of_call;
#define MIB ((uintptr_t)1 << 20)
#define MIB_PAGES (MIB >> MM_PAGE_SHIFT)

static void *taken;	    /* pages from kernel_pages */
static void *memory;	    /* the part of them from the first MiB boundary on */
static size_t memory_pages; /* of @memory */

/* Runs before the tests, which do not see the command line: is this a boot for benchmarks? */
static enum verdict note_words(const struct boot_info *info)
{
	is_wanted = cmdline_has(info->cmdline, "bench");
	is_tuning = cmdline_has(info->cmdline, "tune") && info->nr_modules;
	is_plotting = cmdline_has(info->cmdline, "plot");
	if (!is_wanted && !is_tuning && !is_plotting)
		return VERDICT_NOTHING;
	boot = info;
	is_exact = cmdline_has(info->cmdline, "icount");
	if (!is_exact)
		printk("# bench: this boot cannot count instructions; 'make bench' can\n");
	return VERDICT_NOTHING;
}

static const struct program bench = {
	.name = "bench",
	.options = PROGRAM_WORDS("bench tune plot"),
	.run = note_words,
};

REGISTER_PROGRAM(4, bench);

/**
 * bench_is_wanted() - is this a boot for benchmarks?
 *
 * Return: true if the command line has the word "bench".
 */
bool bench_is_wanted(void)
{
	return is_wanted;
}

/**
 * bench_is_tuning() - is this a boot of "make tune"?
 *
 * Return: true if the command line has the word "tune", and there is a trace.
 */
bool bench_is_tuning(void)
{
	return is_tuning;
}

/**
 * bench_is_plotting() - is this a boot for pictures?
 *
 * Return: true if the command line has the word "plot".
 */
bool bench_is_plotting(void)
{
	return is_plotting;
}

/**
 * bench_module() - get the trace
 * @size: set to the size of the trace in bytes
 *
 * Return: the trace, or NULL if there is none.
 */
const void *bench_module(size_t *size)
{
	if (!boot || !boot->nr_modules)
		return NULL;
	*size = boot->modules[0].size;
	return (const void *)boot->modules[0].start;
}

/**
 * bench_module_name() - get the name of the trace
 *
 * Return: the name that the runner gave it on the command line.
 */
const char *bench_module_name(void)
{
	static char name[64];

	cmdline_get(boot->cmdline, "trace", name, sizeof(name));
	return name;
}

static noinline uint32_t measure_call(uintptr_t *result, const void *function, uintptr_t a,
				      uintptr_t b, uintptr_t c)
{
	uint32_t spent;

	__asm__ volatile("rdtsc\n\t"
			 "movl %%eax, %%ebx\n\t"
			 "movq %[c], %%rdx\n\t"
			 "call *%[function]\n\t"
			 "movq %%rax, %[result]\n\t"
			 "rdtsc\n\t"
			 "subl %%ebx, %%eax"
			 : "=&a"(spent), [result] "=&r"(*result), "+D"(a), "+S"(b)
			 : [function] "r"(function), [c] "r"(c)
			 : "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc");
	return spent;
}

void bench_just_ret(void);
__asm__(".pushsection .text\nbench_just_ret:\n\tret\n.popsection");

/**
 * bench_call() - measure a call
 * @result: set to the function's result, a word of 8 bytes; may be NULL
 * @function: the function to call
 * @a: its first argument
 * @b: its second argument
 * @c: its third argument; a function with fewer arguments ignores the rest
 *
 * Return: instructions, from the function's first to its ret.
 */
uint32_t bench_call(void *result, const void *function, uintptr_t a, uintptr_t b, uintptr_t c)
{
	uintptr_t value;
	uint32_t spent = measure_call(&value, function, a, b, c);

	if (result)
		*(uintptr_t *)result = value;
	return spent - cost_of_call;
}

/**
 * bench_ranges() - set up bench_pages and bench_heap anew, with one range to allocate from
 * @test: the case; it must use no block of the old heap any more
 * @ranges: number of ranges
 *
 *	|#|.|#|.|#|.|..........................|
 *	 1   2   3   4: the only one with room
 *
 * All ranges but the last have one page, which is in use. So every search for room
 * passes them all.
 */
void bench_ranges(struct kunit *test, size_t ranges)
{
	unsigned char *at = memory;
	size_t last = memory_pages - 2 * (ranges - 1);

	bench_pages = (struct page_allocator){ 0 };
	for (size_t i = 1; i < ranges; i++, at += 2 * MM_PAGE_SIZE) {
		KUNIT_ASSERT_EQ(test, page_add_range(&bench_pages, at, MM_PAGE_SIZE), 0);
		KUNIT_ASSERT_PTR_EQ(test, page_alloc(&bench_pages, 1), at);
	}
	KUNIT_ASSERT_EQ(test, page_add_range(&bench_pages, at, last * MM_PAGE_SIZE), 0);
	heap_init(&bench_heap, &bench_pages);
	heap_set_secret(&bench_heap, 0x5eed5eed5eed5eed);
}

/**
 * bench_spread() - set up bench_pages and bench_heap anew, with ranges of the same size
 * @test: the case; it must use no block of the old heap any more
 * @ranges: number of ranges
 *
 * A heap that outgrows one range goes on in the next.
 */
void bench_spread(struct kunit *test, size_t ranges)
{
	size_t bytes = memory_pages / ranges << MM_PAGE_SHIFT;

	bench_pages = (struct page_allocator){ 0 };
	for (size_t i = 0; i < ranges; i++)
		KUNIT_ASSERT_EQ(test, page_add_range(&bench_pages, memory + i * bytes, bytes), 0);
	heap_init(&bench_heap, &bench_pages);
	heap_set_secret(&bench_heap, 0x5eed5eed5eed5eed);
}

static int start(struct kunit *test, size_t pages)
{
	void *nothing;

	/* note_words() has printed the reason. */
	KUNIT_ASSERT_TRUE(test, is_exact);

	bench_empty = 0;
	bench_empty = bench_inlined_nothing(&nothing, NULL);
	cost_of_call = measure_call(&(uintptr_t){ 0 }, bench_just_ret, 0, 0, 0) - 1;
	/* One rdtsc and one mov: if there are more, the compiler put code between them. */
	KUNIT_ASSERT_EQ(test, bench_empty, 2);

	memory_pages = pages;
	taken = page_alloc(&kernel_pages, pages + MIB_PAGES);
	if (!taken)
		return 1;
	memory = (void *)(((uintptr_t)taken + MIB - 1) & -MIB);
	bench_ranges(test, 1);
	return 0;
}

/* 4 MiB of pages: fits a machine with 12 MiB of RAM. */
int bench_init(struct kunit *test)
{
	return start(test, 1024);
}

/* 96 MiB of pages: fits a machine with 1212 MiB of RAM. */
int bench_init_large(struct kunit *test)
{
	return start(test, 24 * 1024);
}

/* 800 MiB of pages: fits a machine with 1 GiB of RAM. */
int bench_init_huge(struct kunit *test)
{
	return start(test, 200 * 1024);
}

void bench_exit(struct kunit *test)
{
	if (memory && test->status == KUNIT_SUCCESS)
		KUNIT_EXPECT_EQ(test, heap_check(&bench_heap), 0);
	if (taken)
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, taken, memory_pages + MIB_PAGES),
				0);
	taken = NULL;
	memory = NULL;
}
