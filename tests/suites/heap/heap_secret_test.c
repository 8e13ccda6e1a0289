// SPDX-License-Identifier: MIT
/*
 * heap_secret_test.c - the secret of a heap decides the marks of addresses
 */
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/kunit.h>

#define ROUNDS (__STDC_HOSTED__ ? 3000 : 100) /* the kernel runs in an emulator: fewer */
#define NR_HEAPS 4

/* Until heap_set_secret(), the secret is made from the clock: it differs each time. */
static void secrets_of_new_heaps(struct kunit *test)
{
	static struct heap heaps[NR_HEAPS];

	/* Often: clocks and addresses that differ by the same bits come together now and then. */
	for (int round = 0; round < ROUNDS && test->status == KUNIT_SUCCESS; round++) {
		for (int i = 0; i < NR_HEAPS; i++) {
			heap_init(&heaps[i], &arena_pages);
			for (int j = 0; j < i; j++)
				KUNIT_EXPECT_NE(test, heap_mark(&heaps[i], NULL),
						heap_mark(&heaps[j], NULL));
		}
	}
}

/* Heaps with the same secret have the same marks, and heaps with other secrets other marks. */
static void secret_decides_the_marks(struct kunit *test)
{
	static const uintptr_t secrets[] = { 0, 1, 2, 1ul << 31, 1ul << 32, 1ul << 63, -1ul };
	static struct heap one, other;

	heap_init(&one, &arena_pages);
	heap_init(&other, &arena_pages);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		for (size_t j = 0; j < sizeof(secrets) / sizeof(*secrets); j++) {
			heap_set_secret(&one, secrets[i]);
			heap_set_secret(&other, secrets[j]);
			KUNIT_EXPECT_EQ(test,
					heap_mark(&one, arena_memory) ==
						heap_mark(&other, arena_memory),
					i == j);
		}
	}
}

static struct kunit_case heap_secret_cases[] = {
	KUNIT_CASE(secrets_of_new_heaps),
	KUNIT_CASE(secret_decides_the_marks),
	{},
};

static struct kunit_suite heap_secret_suite = {
	.name = "heap_secret",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_secret_cases,
};

kunit_test_suite(heap_secret_suite);
