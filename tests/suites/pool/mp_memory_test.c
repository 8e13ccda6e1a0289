// SPDX-License-Identifier: MIT
/*
 * mp_memory_test.c - pools when memory runs out, and random requests
 *
 * A failure changes nothing: after a NULL, every byte of the pool is as before, except that the
 * refusal was counted.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>
#include <tests/suites/pool/pool_records.h>
#include <tests/suites/pool/pool_sum.h>

/* Each kind of request in turn, with sizes that vary from 0 to 1699 bytes. */
static void *request(struct mp_pool_s *pool, size_t i)
{
	size_t size = i * 97 % 700;

	switch (i % 9) {
	case 0:
		return mp_alloc(pool, size);
	case 1:
		return mp_nalloc(pool, size);
	case 2:
		return mp_calloc(pool, size);
	case 3:
		return mp_memalign(pool, size, 256);
	case 4:
		return mp_cleanup_add(pool, size);
	case 5:
		return mp_cleanup_add(pool, 0);
	case 6:
		return mp_create_child(pool, 1 + size);
	case 7:
		return mp_mark(pool).savepoint;
	default:
		return mp_alloc(pool, 1000 + size);
	}
}

/* With 1 to 8 pages, so that memory runs out in each kind of request. */
static void failure_changes_nothing(struct kunit *test)
{
	size_t failed_in_all[9] = { 0 };

	for (size_t pages = 1; pages <= 8; pages++) {
		struct mp_pool_s *pool;
		size_t failed = 0;

		arena_use(test, 1, pages);
		pool = mp_create_pool_on(&arena_heap, 500);
		KUNIT_ASSERT_NOT_NULL(test, pool);
		for (size_t i = 0; i < 150; i++) {
			uint64_t sum = sum_of(pool);

			if (request(pool, i))
				continue;
			failed++;
			failed_in_all[i % 9]++;
			KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
			KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, failed);
			KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		}
		KUNIT_EXPECT_GT(test, failed, 40);
		mp_destroy_pool(pool);
		arena_trim(test);
	}
	for (size_t kind = 0; kind < 9; kind++)
		KUNIT_EXPECT_GT(test, failed_in_all[kind], 0);
}

/* Allocates all memory that is left. Returns the number of blocks in @block. */
static size_t exhaust(void **block)
{
	size_t count = 0;

	for (size_t size = MM_PAGE_SIZE; size; size /= 2)
		while ((block[count] = heap_alloc(&arena_heap, 32, size)))
			count++;
	return count;
}

/* A miss counts in a node's "failed" only after the request was served. Here none is. */
static void failure_leaves_the_window(struct kunit *test)
{
	static void *block[64];
	struct mp_node_s *first, *second;
	struct mp_pool_s *pool;
	size_t count;

	arena_use(test, 1, 3);
	pool = mp_create_pool_on(&arena_heap, 500);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	first = pool->current;
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 300));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 300));
	second = pool->current;
	count = exhaust(block);
	for (int i = 0; i < 3; i++) {
		KUNIT_EXPECT_NULL(test, mp_alloc(pool, 300));
		KUNIT_EXPECT_NULL(test, mp_nalloc(pool, 300));
		KUNIT_EXPECT_NULL(test, mp_calloc(pool, 300));
		KUNIT_EXPECT_NULL(test, mp_alloc(pool, 3000));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, 10, 64));
	}
	KUNIT_EXPECT_PTR_EQ(test, pool->current, second);
	KUNIT_EXPECT_EQ(test, first->failed, 1);
	KUNIT_EXPECT_EQ(test, second->failed, 0);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 0);
	/* A request that fits a node still succeeds. When memory is back, all do. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 100));
	while (count)
		heap_free(&arena_heap, block[--count]);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 300));
	KUNIT_EXPECT_EQ(test, first->failed, 2);
	KUNIT_EXPECT_EQ(test, second->failed, 1);
	mp_destroy_pool(pool);
}

static void zero_bytes_when_memory_is_out(struct kunit *test)
{
	static void *block[64];
	struct mp_pool_s *pool;
	volatile size_t zero = 0;
	size_t count;

	arena_use(test, 1, 1);
	pool = mp_create_pool_on(&arena_heap, 64);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 64));
	count = exhaust(block);
	KUNIT_EXPECT_NULL(test, mp_nalloc(pool, 1));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_calloc(pool, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, zero));
	KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, zero));
	KUNIT_EXPECT_NOT_NULL(test, mp_calloc(pool, zero));
	/* mp_memalign() of 0 bytes is a large block, and needs memory. */
	KUNIT_EXPECT_NULL(test, mp_memalign(pool, 0, 64));
	while (count)
		heap_free(&arena_heap, block[--count]);
	mp_destroy_pool(pool);
}

static void create_when_memory_is_out(struct kunit *test)
{
	static void *block[64];
	size_t count;

	arena_use(test, 1, 2);
	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, 2 * MM_PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
	count = exhaust(block);
	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, 1));
	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, 4096));
	while (count)
		heap_free(&arena_heap, block[--count]);
}

/* An oracle for random requests: the live objects of each pool. */
#define POOLS 3
#define OBJECTS 100

static struct object {
	unsigned char *p;
	size_t size;
	bool is_large;
} objects[POOLS][OBJECTS];

static void expect_patterns(struct kunit *test, size_t k)
{
	for (size_t i = 0; i < OBJECTS; i++)
		if (objects[k][i].p)
			KUNIT_ASSERT_EQ(test,
					pattern_check(objects[k][i].p, objects[k][i].size,
						      k * OBJECTS + i),
					objects[k][i].size);
}

static void free_or_allocate(struct kunit *test, struct mp_pool_s *pool, size_t k, uint64_t dice)
{
	size_t i = dice % OBJECTS, size = dice >> 8 & 0x3fff;
	struct object *object = &objects[k][i];

	if (object->p) {
		KUNIT_ASSERT_EQ(test, pattern_check(object->p, object->size, k * OBJECTS + i),
				object->size);
		KUNIT_ASSERT_EQ(test, mp_free(pool, object->p), object->is_large ? 0 : -ENOENT);
		if (object->is_large)
			object->p = NULL;
		return;
	}
	/* Shifted by 0 to 13 bits, so that most sizes are small. */
	size >>= (dice >> 24) % 14;
	object->is_large = size > pool->max || dice >> 60 == 0;
	if (dice >> 60 == 0)
		object->p = mp_memalign(pool, size, (size_t)1 << (dice >> 32) % 12);
	else if (dice >> 63)
		object->p = mp_alloc(pool, size);
	else if (dice >> 62)
		object->p = mp_nalloc(pool, size);
	else
		object->p = mp_calloc(pool, size);
	object->size = size;
	if (object->p)
		pattern_fill(object->p, size, k * OBJECTS + i);
}

static void random_requests(struct kunit *test)
{
	static const size_t sizes[POOLS] = { 100, 1024, 16384 };
	struct mp_pool_s *pool[POOLS] = { NULL };
	uint64_t seed = 6;

	arena_use(test, 2, 80);
	memset(objects, 0, sizeof(objects));
	for (size_t i = 0; i < 20000; i++) {
		uint64_t dice = arena_random(&seed);
		size_t k = dice % POOLS;

		dice = arena_random(&seed);
		if (!pool[k])
			pool[k] = mp_create_pool_on(&arena_heap, sizes[(k + i) % POOLS]);
		KUNIT_ASSERT_NOT_NULL(test, pool[k]);
		if (i % 500 < 498) {
			free_or_allocate(test, pool[k], k, dice);
			continue;
		}
		for (size_t n = 0; n < POOLS; n++)
			expect_patterns(test, n);
		KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
		memset(objects[k], 0, sizeof(objects[k]));
		if (dice & 1) {
			mp_reset_pool(pool[k]);
		} else {
			mp_destroy_pool(pool[k]);
			pool[k] = NULL;
		}
	}
	for (size_t k = 0; k < POOLS; k++) {
		expect_patterns(test, k);
		mp_destroy_pool(pool[k]);
	}
}

static struct kunit_case mp_memory_cases[] = {
	KUNIT_CASE(failure_changes_nothing),
	KUNIT_CASE(failure_leaves_the_window),
	KUNIT_CASE(zero_bytes_when_memory_is_out),
	KUNIT_CASE(create_when_memory_is_out),
	KUNIT_CASE(random_requests),
	{},
};

static struct kunit_suite mp_memory_suite = {
	.name = "mp_memory",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = mp_memory_cases,
};

kunit_test_suite(mp_memory_suite);
