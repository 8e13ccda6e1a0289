// SPDX-License-Identifier: MIT
/*
 * cpu_test.c - the clock and random numbers
 *
 * arch_random() takes its numbers from RDRAND, or multiplies the clock by an odd constant.
 * Multiplied by the inverse of that constant, two numbers made from the clock are close to
 * each other, and two from RDRAND are not.
 */
#include <kernel/arch.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define MULTIPLIER 0x9e3779b97f4a7c15ULL
#define INVERSE 0xf1de83e19937733dULL
#define ROUNDS 8
#define LONG_AGO (1ULL << 40) /* cycles: minutes */

static bool has_rdrand(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return c & 1u << 30;
}

static void clock_goes_on(struct kunit *test)
{
	uint64_t last = arch_cycles();

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t now = arch_cycles();

		KUNIT_EXPECT_GT(test, now, last);
		KUNIT_EXPECT_LT(test, now - last, LONG_AGO);
		last = now;
	}
}

static void random_numbers(struct kunit *test)
{
	uint64_t last = arch_random();
	int close = 0;

	KUNIT_ASSERT_EQ(test, MULTIPLIER * INVERSE, 1);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t number = arch_random();

		KUNIT_EXPECT_NE(test, number, last);
		close += (number - last) * INVERSE < LONG_AGO;
		last = number;
	}
	/* By chance, one number in 2^24 from RDRAND is close to the last one. */
	if (has_rdrand())
		KUNIT_EXPECT_LE(test, close, 1);
	else
		KUNIT_EXPECT_EQ(test, close, ROUNDS);
	/* The clock began with the machine, so a number made of it is not far from 0. */
	if (!has_rdrand())
		KUNIT_EXPECT_LT(test, last * INVERSE, LONG_AGO);
}

/* kernel_heap's secret is a random number, so no other heap has it. */
static void secret_of_the_kernel_heap(struct kunit *test)
{
	static struct heap heap;

	heap_init(&heap, &kernel_pages);
	KUNIT_EXPECT_NE(test, heap_mark(&kernel_heap, NULL), heap_mark(&heap, NULL));
	heap_set_secret(&heap, 0);
	KUNIT_EXPECT_NE(test, heap_mark(&kernel_heap, NULL), heap_mark(&heap, NULL));
}

static struct kunit_case cpu_cases[] = {
	KUNIT_CASE(clock_goes_on),
	KUNIT_CASE(random_numbers),
	KUNIT_CASE(secret_of_the_kernel_heap),
	{},
};

static struct kunit_suite cpu_suite = {
	.name = "cpu",
	.test_cases = cpu_cases,
};

kunit_test_suite(cpu_suite);
