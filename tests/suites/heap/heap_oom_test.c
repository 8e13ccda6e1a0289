// SPDX-License-Identifier: MIT
/*
 * heap_oom_test.c - heap_set_oom(): who is asked before a request gets NULL, and how often
 *
 *	|######## spare ########|## rest ##|	all pages are used
 *	|........ free .........|## rest ##|	asked, the program frees the spare block
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>

#define SPARE (20 * MM_PAGE_SIZE)

static void *spare, *nested;
static size_t asked, asked_size;
static void *asked_arg;

/* What the program does when it is asked. */
static bool frees, tries, says;

static bool oom(struct heap *heap, size_t size, void *arg)
{
	asked++;
	asked_size = size;
	asked_arg = arg;
	if (frees) {
		heap_free(heap, spare);
		spare = NULL;
	}
	if (tries)
		nested = heap_alloc(heap, 32, 2 * SPARE);
	return says;
}

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	arena_use(test, 1, 32);
	asked = 0;
	frees = false;
	tries = false;
	says = false;
	nested = NULL;
	spare = heap_alloc(&arena_heap, 32, SPARE);
	heap_set_oom(&arena_heap, oom, &asked);
	return !spare;
}

static void stop(struct kunit *test)
{
	heap_set_oom(&arena_heap, NULL, NULL);
	heap_free(&arena_heap, spare);
	arena_exit(test);
}

static void not_asked_while_there_is_memory(struct kunit *test)
{
	void *p = heap_alloc(&arena_heap, 32, 100);

	KUNIT_EXPECT_NOT_NULL(test, p);
	heap_free(&arena_heap, p);
	KUNIT_EXPECT_EQ(test, asked, 0);
}

static void not_asked_for_the_impossible(struct kunit *test)
{
	says = true;
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 3, 100));
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, HEAP_MAX_SIZE + 1));
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, heap_alloc_at(&arena_heap, 64, 33, 100));
	KUNIT_EXPECT_EQ(test, asked, 0);
}

/* Nothing changes but the counts of failures. */
static void no_means_null(struct kunit *test)
{
	struct heap before = arena_heap;

	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, SPARE));
	KUNIT_EXPECT_EQ(test, asked, 1);
	KUNIT_EXPECT_GE(test, asked_size, SPARE);
	KUNIT_EXPECT_LT(test, asked_size, SPARE + 32);
	KUNIT_EXPECT_PTR_EQ(test, asked_arg, &asked);
	KUNIT_EXPECT_MEMEQ(test, &arena_heap, &before, sizeof(before));
}

static void one_more_try(struct kunit *test)
{
	void *p;

	says = true;
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, SPARE));
	KUNIT_EXPECT_EQ(test, asked, 1);
	frees = true;
	p = heap_alloc(&arena_heap, 32, SPARE);
	KUNIT_EXPECT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, asked, 2);
	heap_free(&arena_heap, p);
}

static void aligned_requests(struct kunit *test)
{
	unsigned char *p;

	says = true;
	frees = true;
	p = heap_alloc_at(&arena_heap, 4096, 64, SPARE - 4096);
	KUNIT_EXPECT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, ((uintptr_t)p + 64) % 4096, 0);
	KUNIT_EXPECT_EQ(test, asked, 1);
	heap_free(&arena_heap, p);
}

static void not_asked_while_it_is_asked(struct kunit *test)
{
	tries = true;
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, SPARE));
	KUNIT_EXPECT_NULL(test, nested);
	KUNIT_EXPECT_EQ(test, asked, 1);
	/* Afterwards it is asked again. */
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, SPARE));
	KUNIT_EXPECT_EQ(test, asked, 2);
}

static void pools_ask_too(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&arena_heap, 1024);
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, SPARE));
	KUNIT_EXPECT_EQ(test, asked, 1);
	says = true;
	frees = true;
	p = mp_alloc(pool, SPARE - 1024);
	KUNIT_EXPECT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, asked, 2);
	mp_destroy_pool(pool);
}

/* The program frees a large block of the pool that asks, and resets it. */
static struct mp_pool_s *asking;
static void *large;
static bool resets;

static bool free_of_the_same_pool(struct heap *heap, size_t size, void *arg)
{
	(void)heap;
	(void)size;
	(void)arg;
	if (resets)
		mp_reset_pool(asking);
	else
		mp_free(asking, large);
	large = NULL;
	return true;
}

static void the_pool_that_asks(struct kunit *test)
{
	for (resets = false;; resets = true) {
		asking = mp_create_pool_on(&arena_heap, 512);
		KUNIT_ASSERT_NOT_NULL(test, asking);
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(asking, 1000));
		large = mp_alloc(asking, 6 * MM_PAGE_SIZE);
		KUNIT_ASSERT_NOT_NULL(test, large);
		heap_set_oom(&arena_heap, free_of_the_same_pool, NULL);
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(asking, 7 * MM_PAGE_SIZE));
		KUNIT_EXPECT_NULL(test, large);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		heap_set_oom(&arena_heap, NULL, NULL);
		mp_destroy_pool(asking);
		if (resets)
			break;
	}
}

static void nobody_is_asked(struct kunit *test)
{
	heap_set_oom(&arena_heap, NULL, NULL);
	KUNIT_EXPECT_NULL(test, heap_alloc(&arena_heap, 32, SPARE));
	KUNIT_EXPECT_EQ(test, asked, 0);
}

static struct kunit_case heap_oom_cases[] = {
	KUNIT_CASE(not_asked_while_there_is_memory),
	KUNIT_CASE(not_asked_for_the_impossible),
	KUNIT_CASE(no_means_null),
	KUNIT_CASE(one_more_try),
	KUNIT_CASE(aligned_requests),
	KUNIT_CASE(not_asked_while_it_is_asked),
	KUNIT_CASE(pools_ask_too),
	KUNIT_CASE(the_pool_that_asks),
	KUNIT_CASE(nobody_is_asked),
	{},
};

static struct kunit_suite heap_oom_suite = {
	.name = "heap_oom",
	.init = start,
	.exit = stop,
	.test_cases = heap_oom_cases,
};

kunit_test_suite(heap_oom_suite);
