// SPDX-License-Identifier: MIT
/*
 * quarantine_test.c - freed blocks of kernel_heap wait, 64 of them (builds with red zones)
 *
 *	freed:   b0 b1 ... b63   all wait, and nobody gets their memory
 *	freed:   b64             takes the place of b0, which is free now
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/kunit/kunit.h>

#if MP_REDZONE
static void *block[MM_QUARANTINE_BLOCKS + 1];

static int start(struct kunit *test)
{
	(void)test;
	heap_trim(&kernel_heap);
	for (size_t i = 0; i <= MM_QUARANTINE_BLOCKS; i++)
		block[i] = heap_alloc(&kernel_heap, 32, 112);
	return !block[MM_QUARANTINE_BLOCKS];
}

static enum heap_kind kind_of(const void *p)
{
	struct heap_place place;

	heap_find(&kernel_heap, p, &place);
	return place.kind;
}

/* Nobody gets a block that waits. */
static void waits_for_64(struct kunit *test)
{
	static void *other[MM_QUARANTINE_BLOCKS];

	for (size_t i = 0; i < MM_QUARANTINE_BLOCKS; i++) {
		heap_free(&kernel_heap, block[i]);
		KUNIT_EXPECT_EQ(test, kind_of(block[0]), HEAP_USED);
		other[i] = heap_alloc(&kernel_heap, 32, 112);
		for (size_t k = 0; k <= i; k++)
			KUNIT_EXPECT_PTR_NE(test, other[i], block[k]);
	}
	heap_free(&kernel_heap, block[MM_QUARANTINE_BLOCKS]);
	for (size_t i = 0; i < MM_QUARANTINE_BLOCKS; i++)
		heap_free(&kernel_heap, other[i]);
	heap_trim(&kernel_heap);
}

static void the_65th_frees_the_first(struct kunit *test)
{
	for (size_t i = 0; i < MM_QUARANTINE_BLOCKS; i++)
		heap_free(&kernel_heap, block[i]);
	KUNIT_EXPECT_EQ(test, kind_of(block[0]), HEAP_USED);
	heap_free(&kernel_heap, block[MM_QUARANTINE_BLOCKS]);
	KUNIT_EXPECT_EQ(test, kind_of(block[0]), HEAP_FREE);
	KUNIT_EXPECT_EQ(test, kind_of(block[1]), HEAP_USED);
	heap_trim(&kernel_heap);
	KUNIT_EXPECT_NE(test, kind_of(block[1]), HEAP_USED);
}

static void freed_twice(struct kunit *test)
{
	for (size_t i = 0; i <= MM_QUARANTINE_BLOCKS; i++)
		heap_free(&kernel_heap, block[i]);
	for (size_t i = 1; i <= MM_QUARANTINE_BLOCKS; i++)
		KUNIT_EXPECT_PANIC(test, "was freed already", heap_free(&kernel_heap, block[i]));
	heap_trim(&kernel_heap);
}

static struct kunit_case quarantine_cases[] = {
	KUNIT_CASE(waits_for_64),
	KUNIT_CASE(the_65th_frees_the_first),
	KUNIT_CASE(freed_twice),
	{},
};

static struct kunit_suite quarantine_suite = {
	.name = "quarantine",
	.init = start,
	.test_cases = quarantine_cases,
};

kunit_test_suite(quarantine_suite);
#endif
