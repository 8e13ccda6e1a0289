// SPDX-License-Identifier: MIT
/*
 * reference_test.c - the reference pool works
 *
 * Benchmarks compare mp_pool with tests/replay/reference.c, the original
 * text's algorithm. A comparison with a broken pool would prove nothing.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/replay/reference.h>

#define OBJECTS 400

static struct ref_pool *pool;

static int reference_init(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	pool = ref_create_pool_on(&arena_heap, 1000);
	return !pool;
}

static void reference_exit(struct kunit *test)
{
	ref_destroy_pool(pool);
	pool = NULL;
	arena_exit(test);
}

/* Small and large objects, packed and aligned: each keeps its bytes, so none overlap. */
static void reference_objects(struct kunit *test)
{
	static struct {
		unsigned char *at;
		size_t size;
	} objects[OBJECTS];
	uint64_t random = 1;

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < OBJECTS; i++) {
			size_t size = 1 + arena_random(&random) % 1200;

			objects[i].size = size;
			switch (i % 4) {
			case 0:
				objects[i].at = ref_nalloc(pool, size);
				break;
			case 1:
				objects[i].at = ref_calloc(pool, size);
				break;
			case 2:
				objects[i].at = ref_alloc(pool, size);
				break;
			default:
				objects[i].at = ref_memalign(pool, size, 256);
			}
			KUNIT_ASSERT_NOT_NULL(test, objects[i].at);
			if (i % 4)
				KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i].at % MP_ALIGNMENT, 0);
			if (i % 4 == 3)
				KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i].at % 256, 0);
			for (size_t j = 0; i % 4 == 1 && j < size; j++)
				KUNIT_ASSERT_EQ(test, objects[i].at[j], 0);
			memset(objects[i].at, (int)i, size);
		}
		for (size_t i = 0; i < OBJECTS; i++)
			for (size_t j = 0; j < objects[i].size; j++)
				KUNIT_ASSERT_EQ(test, objects[i].at[j], (unsigned char)i);
		ref_reset_pool(pool);
	}
}

/* max bytes are small, max + 1 are large. Only large blocks can be freed, and only once. */
static void reference_max(struct kunit *test)
{
	void *small = ref_alloc(pool, pool->max), *large = ref_alloc(pool, pool->max + 1);

	KUNIT_EXPECT_EQ(test, pool->max, mp_align(1000, MP_ALIGNMENT));
	KUNIT_EXPECT_EQ(test, ref_free(pool, small), -ENOENT);
	KUNIT_EXPECT_EQ(test, ref_free(pool, NULL), -ENOENT);
	KUNIT_EXPECT_EQ(test, ref_free(pool, large), 0);
	KUNIT_EXPECT_EQ(test, ref_free(pool, large), -ENOENT);
}

/* 200 pairs of allocation and free reuse one record: the node gives out no more bytes. */
static void reference_records(struct kunit *test)
{
	unsigned char *last;

	KUNIT_EXPECT_EQ(test, ref_free(pool, ref_memalign(pool, 64, 64)), 0);
	last = pool->head->last;
	for (int i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, ref_free(pool, ref_memalign(pool, 64, 64)), 0);
		KUNIT_EXPECT_EQ(test, ref_free(pool, ref_alloc(pool, 5000)), 0);
	}
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, last);
}

/* A node leaves the search once it has failed six times, not before. */
static void reference_failed(struct kunit *test)
{
	struct ref_node *first = pool->head;

	for (int i = 0; i < 7; i++) {
		KUNIT_EXPECT_PTR_EQ(test, pool->current, first);
		KUNIT_EXPECT_NOT_NULL(test, ref_alloc(pool, pool->max));
		KUNIT_EXPECT_EQ(test, first->failed, i ? i - 1 : 0);
	}
	KUNIT_EXPECT_NOT_NULL(test, ref_alloc(pool, pool->max));
	KUNIT_EXPECT_PTR_NE(test, pool->current, first);
}

/* Sizes that wrap return NULL, and so do requests when memory is out. */
static void reference_null(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, ref_create_pool_on(&arena_heap, 0));
	KUNIT_EXPECT_NULL(test, ref_create_pool_on(&arena_heap, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, ref_create_pool_on(&arena_heap, ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, ref_alloc(pool, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, ref_calloc(pool, ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, ref_memalign(pool, SIZE_MAX - 31, 64));
	KUNIT_EXPECT_NULL(test, pool->large);
	while (ref_alloc(pool, pool->max))
		;
	KUNIT_EXPECT_NULL(test, ref_nalloc(pool, pool->max));
}

static char ran[8];
static size_t nr_ran;

static void note(void *data)
{
	ran[nr_ran++ % sizeof(ran)] = data ? *(char *)data : '-';
}

static void add_handler(struct kunit *test, struct ref_pool *to, char name)
{
	struct ref_cleanup *cleanup = ref_cleanup_add(to, name ? 1 : 0);

	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	if (name)
		*(char *)cleanup->data = name;
	else
		KUNIT_EXPECT_NULL(test, cleanup->data);
	cleanup->handler = note;
}

/* Handlers run when the pool is destroyed, newest first. */
static void reference_handlers(struct kunit *test)
{
	struct ref_pool *other = ref_create_pool_on(&arena_heap, 100);

	KUNIT_ASSERT_NOT_NULL(test, other);
	nr_ran = 0;
	add_handler(test, other, 'a');
	add_handler(test, other, '\0');
	add_handler(test, other, 'c');
	KUNIT_ASSERT_NOT_NULL(test, ref_cleanup_add(other, 1)); /* it has no handler */
	KUNIT_EXPECT_NULL(test, ref_cleanup_add(other, SIZE_MAX));
	KUNIT_EXPECT_EQ(test, nr_ran, 0);
	KUNIT_EXPECT_NULL(test, ref_destroy_pool(other));
	KUNIT_ASSERT_EQ(test, nr_ran, 3);
	KUNIT_EXPECT_MEMEQ(test, ran, "c-a", 3);
}

/*
 * The text's reset: it runs no handler, and keeps the list. The record of the first handler after
 * it gets the memory of an old one, and so becomes its own next. If this case fails, the
 * fault is gone, and with it what mp_pool is compared with.
 */
static void reference_reset_loops(struct kunit *test)
{
	struct ref_pool *other = ref_create_pool_on(&arena_heap, 1000);
	struct ref_cleanup *old;

	KUNIT_ASSERT_NOT_NULL(test, other);
	nr_ran = 0;
	add_handler(test, other, 'a');
	old = other->cleanup;
	ref_reset_pool(other);
	KUNIT_EXPECT_EQ(test, nr_ran, 0);
	KUNIT_EXPECT_PTR_EQ(test, other->cleanup, old);
	add_handler(test, other, 'b');
	KUNIT_EXPECT_PTR_EQ(test, other->cleanup, old);
	KUNIT_EXPECT_PTR_EQ(test, old->next, old);
	KUNIT_EXPECT_STREQ(test, ref_destroy_pool(other),
			   "the text's reset: its list of handlers runs in a circle");
	KUNIT_ASSERT_EQ(test, nr_ran, 1);
	KUNIT_EXPECT_EQ(test, ran[0], 'b');
}

/* The same, but something else gets the memory of the old record. */
static void reference_reset_strays(struct kunit *test)
{
	struct ref_pool *other = ref_create_pool_on(&arena_heap, 1000);
	const char *fault;

	KUNIT_ASSERT_NOT_NULL(test, other);
	nr_ran = 0;
	add_handler(test, other, 'a');
	ref_reset_pool(other);
	memset(ref_alloc(other, 100), 0xff, 100);
	fault = ref_destroy_pool(other);
	KUNIT_ASSERT_NOT_NULL(test, fault);
	KUNIT_EXPECT_NOT_NULL(test, strstr(fault, "goes on in memory that was taken back"));
	KUNIT_EXPECT_EQ(test, nr_ran, 0);
}

static struct kunit_case reference_cases[] = {
	KUNIT_CASE(reference_objects),
	KUNIT_CASE(reference_max),
	KUNIT_CASE(reference_records),
	KUNIT_CASE(reference_failed),
	KUNIT_CASE(reference_null),
	KUNIT_CASE(reference_handlers),
	KUNIT_CASE(reference_reset_loops),
	KUNIT_CASE(reference_reset_strays),
	{},
};

static struct kunit_suite reference_suite = {
	.name = "reference",
	.test_cases = reference_cases,
	.init = reference_init,
	.exit = reference_exit,
};

kunit_test_suite(reference_suite);
