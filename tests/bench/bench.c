// SPDX-License-Identifier: MIT
/*
 * bench.c - the stage of the benchmarks: a clock, memory, who asked for them
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
uint32_t bench_empty;

static const struct boot_info *boot;
static bool is_exact;
static uint32_t cost_of_call;
#define MIB ((uintptr_t)1 << 20)
#define MIB_PAGES (MIB >> PAGE_SHIFT)

static void *memory; /* begins with a MiB, whatever was taken before: guesses are by MiB */
static size_t memory_pages;
static void *taken; /* what it is the end of */

/* Before the tests, which do not know of it: is the word "bench" there? */
static enum verdict note_words(const struct boot_info *info)
{
	if (!cmdline_has(info->cmdline, "bench"))
		return VERDICT_NOTHING;
	boot = info;
	is_exact = cmdline_has(info->cmdline, "icount");
	if (!is_exact)
		printk("# bench: nobody counts instructions here: 'make bench' has QEMU do it\n");
	return VERDICT_NOTHING;
}

static const struct program bench = {
	.name = "bench",
	.options = "bench",
	.run = note_words,
};

REGISTER_PROGRAM(4, bench);

/**
 * bench_is_wanted() - is this a boot for benchmarks?
 *
 * Return: whether the command line says so.
 */
bool bench_is_wanted(void)
{
	return boot;
}

/**
 * bench_module() - the trace
 * @size: its size in bytes goes here
 *
 * Return: it, or NULL if there is none.
 */
const void *bench_module(size_t *size)
{
	if (!boot || !boot->nr_modules)
		return NULL;
	*size = boot->modules[0].size;
	return (const void *)boot->modules[0].start;
}

/**
 * bench_module_name() - what the runner calls the trace
 *
 * Return: the name.
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
 * @result: the word where its value goes; may be NULL
 * @function: what to call
 * @a: its first argument, if it has any; so on
 * @b: its second
 * @c: its third
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

static int start(struct kunit *test, size_t pages)
{
	void *nothing;

	/* Said once for all: see note_words(). */
	KUNIT_ASSERT_TRUE(test, is_exact);

	bench_empty = 0;
	bench_empty = bench_inlined_nothing(&nothing, NULL);
	cost_of_call = measure_call(&(uintptr_t){ 0 }, bench_just_ret, 0, 0, 0) - 1;
	/* One rdtsc and one mov, or else the compiler put something between them. */
	KUNIT_ASSERT_EQ(test, bench_empty, 2);

	memory_pages = pages;
	taken = page_alloc(&kernel_pages, pages + MIB_PAGES);
	if (!taken)
		return 1;
	memory = (void *)(((uintptr_t)taken + MIB - 1) & -MIB);
	bench_ranges(test, 1);
	return 0;
}

/* What fits 8 MiB of RAM, and what needs the usual 128 MiB. */
int bench_init(struct kunit *test)
{
	return start(test, 1024);
}

int bench_init_large(struct kunit *test)
{
	return start(test, 24 * 1024);
}

/**
 * bench_ranges() - set up bench_pages and bench_heap anew
 * @test: the case; nothing of it must be left in them
 * @ranges: how many ranges of pages there are
 *
 *	|#|.|#|.|#|.|..........................|
 *	 1   2   3   4: the only one with room
 *
 * All but the last are of one page, and full: the longest search.
 */
void bench_ranges(struct kunit *test, size_t ranges)
{
	unsigned char *at = memory;
	size_t last = memory_pages - 2 * (ranges - 1);

	bench_pages = (struct page_allocator){ 0 };
	for (size_t i = 1; i < ranges; i++, at += 2 * PAGE_SIZE) {
		KUNIT_ASSERT_EQ(test, page_add_range(&bench_pages, at, PAGE_SIZE), 0);
		KUNIT_ASSERT_PTR_EQ(test, page_alloc(&bench_pages, 1), at);
	}
	KUNIT_ASSERT_EQ(test, page_add_range(&bench_pages, at, last * PAGE_SIZE), 0);
	heap_init(&bench_heap, &bench_pages);
	heap_set_secret(&bench_heap, 0x5eed5eed5eed5eed);
}

/**
 * bench_spread() - set up bench_pages and bench_heap anew, with ranges alike
 * @test: the case; nothing of it must be left in them
 * @ranges: how many ranges of pages there are
 *
 * What is more than one range holds lies in all of them.
 */
void bench_spread(struct kunit *test, size_t ranges)
{
	size_t bytes = memory_pages / ranges << PAGE_SHIFT;

	bench_pages = (struct page_allocator){ 0 };
	for (size_t i = 0; i < ranges; i++)
		KUNIT_ASSERT_EQ(test, page_add_range(&bench_pages, memory + i * bytes, bytes), 0);
	heap_init(&bench_heap, &bench_pages);
	heap_set_secret(&bench_heap, 0x5eed5eed5eed5eed);
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
