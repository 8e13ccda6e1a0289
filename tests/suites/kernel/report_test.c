// SPDX-License-Identifier: MIT
/*
 * report_test.c - what crash reports say about addresses
 *
 * A whole report stops the kernel. tests/crash/crash tests those.
 */
#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>
#include <kernel/report/report.h>
#include <kernel/sanitize/stack_guard.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

static void expect_address(struct kunit *test, const void *p, const char *words)
{
	struct report_text text = address_text((uintptr_t)p);

	if (!strstr(text.text, words))
		KUNIT_FAIL(test, "%p is \"%s\", not \"%s\"", p, text.text, words);
}

static void expect_symbol(struct kunit *test, uintptr_t address, const char *begin)
{
	struct report_text text = symbol_text(address);

	if (strncmp(text.text, begin, strlen(begin)))
		KUNIT_FAIL(test, "%#lx is \"%s\", not \"%s\"", address, text.text, begin);
}

static void symbols_are_in_order(struct kunit *test)
{
	KUNIT_ASSERT_GT(test, __symbols_end - __symbols_start, 100);
	for (const struct symbol *s = __symbols_start; s + 1 < __symbols_end; s++)
		KUNIT_ASSERT_LE(test, s[0].address, s[1].address);
	KUNIT_ASSERT_GT(test, __unwind_end - __unwind_start, 100);
	for (const struct unwind_row *row = __unwind_start; row + 1 < __unwind_end; row++)
		KUNIT_ASSERT_LE(test, row[0].address, row[1].address);
}

static void symbols_have_names(struct kunit *test)
{
	uintptr_t function = (uintptr_t)kernel_main;

	expect_symbol(test, function, "kernel_main+0x0/0x");
	expect_symbol(test, function + 5, "kernel_main+0x5/0x");
	expect_symbol(test, (uintptr_t)&kernel_heap, "kernel_heap+0x0/0x");
	KUNIT_EXPECT_EQ(test, symbol_start(function + 5), function);

	expect_symbol(test, 0, "0x0");
	expect_symbol(test, IMAGE_START - 1, "0xfffff");
	KUNIT_EXPECT_EQ(test, symbol_start(IMAGE_START - 1), 0);
	KUNIT_EXPECT_EQ(test, symbol_start(IMAGE_END), 0);
	KUNIT_EXPECT_EQ(test, symbol_start(UINTPTR_MAX), 0);
}

/*
 * If a call is the last instruction of a function, its return address is the start
 * of the next function. The report must still name the caller.
 */
static void returns_belong_to_the_caller(struct kunit *test)
{
	struct place place = { .pc = (uintptr_t)kernel_main, .returned = true };

	KUNIT_EXPECT_NULL(test, strstr(place_text(&place).text, "kernel_main"));
	place.pc++;
	KUNIT_EXPECT_NOT_NULL(test, strstr(place_text(&place).text, "kernel_main+0x1/"));
}

static void parts_of_the_kernel(struct kunit *test)
{
	static int variable;
	static const int constant = 1;
	int local = 0;

	expect_address(test, (void *)kernel_main, "kernel text, kernel_main+0x0/");
	expect_address(test, &constant, "kernel rodata");
	expect_address(test, &variable, "kernel data");
	expect_address(test, __symbols_start, "kernel symbols");
	expect_address(test, &local, "main stack");
	expect_address(test, NULL, "the null page");
	expect_address(test, (void *)4095, "the null page");
	expect_address(test, (void *)4096, "outside RAM");
	expect_address(test, (void *)UINTPTR_MAX, "outside RAM");
	expect_address(test, (void *)0xfee00000, "outside RAM (APICs, flash)");
}

static void pages(struct kunit *test)
{
	const struct page_range *last = &kernel_pages.ranges[kernel_pages.nr_ranges - 1];
	char *page = page_alloc(&kernel_pages, 1);

	KUNIT_ASSERT_NOT_NULL(test, page);
	expect_address(test, page, "a page given out");
	expect_address(test, page + MM_PAGE_SIZE - 1, "a page given out");
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, page, 1), 0);
	expect_address(test, page, "RAM not given out");
	expect_address(test, (void *)(last->end - 1), "RAM not given out");
	expect_address(test, (void *)last->end, "outside RAM");
}

/*
 *	| header | 112 bytes | header | 112 bytes | header | 112 bytes |
 *	          block                next                 last
 *
 * heap_trim() empties the quarantine, if there is one.
 */
static void heap_blocks(struct kunit *test)
{
	char *block = heap_alloc(&kernel_heap, 32, 112);
	char *next = heap_alloc(&kernel_heap, 32, 112);
	char *last = heap_alloc(&kernel_heap, 32, 112);

	KUNIT_ASSERT_TRUE(test, block && next && last);
	expect_address(test, block, "byte 0 of a used heap block of 112 bytes at 0x");
	expect_address(test, block + 111, "byte 111 of a used heap block of 112 bytes");
	expect_address(test, block + 112, "the header of a used heap block of 112 bytes");
	heap_free(&kernel_heap, block);
	heap_trim(&kernel_heap);
	expect_address(test, block, "byte 0 of a free heap block of 112 bytes");
	heap_free(&kernel_heap, next);
	heap_trim(&kernel_heap);
	expect_address(test, next, "byte 128 of a free heap block of 240 bytes");
	heap_free(&kernel_heap, last);
}

/* There are two pools, so that a report could name the wrong one. */
static void blocks_of_pools(struct kunit *test)
{
	struct mp_pool_s *one = mp_create_pool(512);
	struct mp_pool_s *pool = mp_create_pool(512);
	char *first, *second, *large[2], *block;
	char words[80];

	KUNIT_ASSERT_TRUE(test, one && pool);
	first = mp_alloc(pool, 500);
	second = mp_alloc(pool, 500);
	large[0] = mp_alloc(pool, 5000);
	large[1] = mp_memalign(pool, 100, 4096);
	block = heap_alloc(&kernel_heap, 32, 512);
	mp_alloc(one, 5000);
	KUNIT_ASSERT_TRUE(test, first && second && large[0] && large[1] && block);

	snprintf(words, sizeof(words), ", the first node of the pool at %#lx", (uintptr_t)pool);
	expect_address(test, first, words);
	expect_address(test, pool, words);
	snprintf(words, sizeof(words), ", a node of the pool at %#lx", (uintptr_t)pool);
	expect_address(test, second, words);
	snprintf(words, sizeof(words), ", a large block of the pool at %#lx", (uintptr_t)pool);
	expect_address(test, large[0], words);
	expect_address(test, large[1], words);
	KUNIT_EXPECT_NULL(test, strstr(address_text((uintptr_t)block).text, "pool"));

	mp_destroy_pool(pool);
	KUNIT_EXPECT_NULL(test, strstr(address_text((uintptr_t)first).text, "pool"));
	heap_free(&kernel_heap, block);
	mp_destroy_pool(one);
}

/* The guard is seeded, and one byte of it is 0, so that no string copy can write it. */
static void stack_guard(struct kunit *test)
{
	KUNIT_EXPECT_NE(test, __stack_chk_guard, 0);
	KUNIT_EXPECT_EQ(test, __stack_chk_guard & 0xff, 0);
}

static struct kunit_case report_cases[] = {
	KUNIT_CASE(symbols_are_in_order),
	KUNIT_CASE(symbols_have_names),
	KUNIT_CASE(returns_belong_to_the_caller),
	KUNIT_CASE(parts_of_the_kernel),
	KUNIT_CASE(pages),
	KUNIT_CASE(heap_blocks),
	KUNIT_CASE(blocks_of_pools),
	KUNIT_CASE(stack_guard),
	{},
};

static struct kunit_suite report_suite = {
	.name = "report",
	.test_cases = report_cases,
};

kunit_test_suite(report_suite);
