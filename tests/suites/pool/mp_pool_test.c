// SPDX-License-Identifier: MIT
/*
 * mp_pool_test.c - creating pools, and allocating small objects from them
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>
#include <tests/suites/pool/pool_records.h>

#define A ((size_t)MP_ALIGNMENT)

static const size_t pool_sizes[] = { 1, 31, 32, 100, 4095, 4096, 16384 };

/* How many bytes each node of a pool of @size bytes holds. */
static size_t capacity(size_t size)
{
	return (size + A - 1) / A * A;
}

/* The largest small request in a pool of @size bytes. */
static size_t small_max(size_t size)
{
	return capacity(size) < 4095 ? capacity(size) : 4095;
}

static struct mp_pool_s *create(struct kunit *test, size_t size)
{
	struct mp_pool_s *pool = mp_create_pool_on(&arena_heap, size);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	return pool;
}

static void expect_small(struct kunit *test, struct mp_pool_s *pool, void *p)
{
	KUNIT_EXPECT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), -ENOENT);
}

static void expect_large(struct kunit *test, struct mp_pool_s *pool, void *p)
{
	KUNIT_EXPECT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	KUNIT_EXPECT_EQ(test, (uintptr_t)p % A, 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), -ENOENT);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 0);
}

static void create_sizes(struct kunit *test)
{
	for (size_t i = 0; i < sizeof(pool_sizes) / sizeof(*pool_sizes); i++) {
		struct mp_pool_s *pool = create(test, pool_sizes[i]);

		KUNIT_EXPECT_EQ(test, pool->max, small_max(pool_sizes[i]));
		KUNIT_EXPECT_PTR_EQ(test, pool->current, pool->head);
		KUNIT_EXPECT_NULL(test, pool->records);
		KUNIT_EXPECT_EQ(test, pool->head->failed, 0);
		mp_destroy_pool(pool);
	}
}

static void create_bad_sizes(struct kunit *test)
{
	static const size_t bad[] = {
		0,
		ARENA_PAGES * MM_PAGE_SIZE,
		HEAP_MAX_SIZE,
		HEAP_MAX_SIZE + 1,
		SIZE_MAX / 2,
		SIZE_MAX / 2 + 1,
		SIZE_MAX - 4096,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, bad[i]));
	for (size_t i = 0; i < 300; i++)
		KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, SIZE_MAX - i));
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
}

static void create_before_heap_init(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_zeroed, 1));
	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_zeroed, 4096));
	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_zeroed, SIZE_MAX));
}

static void create_on_the_kernels_heap(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool(4096);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_TRUE(test, page_is_used(&kernel_pages, pool, 4096));
	KUNIT_EXPECT_NULL(test, mp_create_pool(0));
	KUNIT_EXPECT_NULL(test, mp_create_pool(SIZE_MAX));
	expect_small(test, pool, mp_alloc(pool, 4095));
	expect_large(test, pool, mp_alloc(pool, 4096));
	mp_destroy_pool(pool);
	mp_destroy_pool(NULL);
}

/* The limit between small and large, with sizes that are unknown at compile time. */
static void border_variable_sizes(struct kunit *test)
{
	for (size_t i = 0; i < sizeof(pool_sizes) / sizeof(*pool_sizes); i++) {
		struct mp_pool_s *pool = create(test, pool_sizes[i]);
		volatile size_t max = small_max(pool_sizes[i]);

		for (int round = 0; round < 3; round++) {
			expect_small(test, pool, mp_alloc(pool, max));
			expect_large(test, pool, mp_alloc(pool, max + 1));
			expect_small(test, pool, mp_nalloc(pool, max));
			expect_large(test, pool, mp_nalloc(pool, max + 1));
			expect_small(test, pool, mp_calloc(pool, max));
			expect_large(test, pool, mp_calloc(pool, max + 1));
			expect_small(test, pool, mp_alloc(pool, max - 1));
			expect_small(test, pool, mp_nalloc(pool, 1));
			KUNIT_EXPECT_NULL(test, mp_alloc(pool, max + (SIZE_MAX - 4095)));
		}
		mp_destroy_pool(pool);
	}
}

/* The same with constant sizes: then the compiler decides a part of the comparison. */
#define BORDER(test, size, max)                                               \
	do {                                                                  \
		struct mp_pool_s *pool = create(test, size);                  \
		for (int round = 0; round < 3; round++) {                     \
			expect_small(test, pool, mp_alloc(pool, max));        \
			expect_large(test, pool, mp_alloc(pool, (max) + 1));  \
			expect_small(test, pool, mp_nalloc(pool, max));       \
			expect_large(test, pool, mp_nalloc(pool, (max) + 1)); \
			expect_small(test, pool, mp_calloc(pool, max));       \
			expect_large(test, pool, mp_calloc(pool, (max) + 1)); \
		}                                                             \
		mp_destroy_pool(pool);                                        \
	} while (0)

static void border_constant_sizes(struct kunit *test)
{
	BORDER(test, 1, MP_ALIGNMENT);
	BORDER(test, 31, (31 + MP_ALIGNMENT - 1) / MP_ALIGNMENT * MP_ALIGNMENT);
	BORDER(test, 32, (32 + MP_ALIGNMENT - 1) / MP_ALIGNMENT * MP_ALIGNMENT);
	BORDER(test, 100, (100 + MP_ALIGNMENT - 1) / MP_ALIGNMENT * MP_ALIGNMENT);
	BORDER(test, 4095, 4095);
	BORDER(test, 4096, 4095);
	BORDER(test, 16384, 4095);
}

static void impossible_sizes(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 100);
	struct mp_pool_s before = *pool;

	for (volatile size_t i = 0; i < 130; i++) {
		KUNIT_EXPECT_NULL(test, mp_alloc(pool, SIZE_MAX - i));
		KUNIT_EXPECT_NULL(test, mp_nalloc(pool, SIZE_MAX - i));
		KUNIT_EXPECT_NULL(test, mp_calloc(pool, SIZE_MAX - i));
	}
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, mp_nalloc(pool, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, SIZE_MAX / 2 + 1));
	KUNIT_EXPECT_NULL(test, mp_nalloc(pool, SIZE_MAX / 2 + 1));
	KUNIT_EXPECT_NULL(test, mp_calloc(pool, HEAP_MAX_SIZE));
	KUNIT_EXPECT_MEMEQ(test, pool, &before, sizeof(before));
	mp_destroy_pool(pool);
}

/* Each node holds exactly its size, filled by large objects or by objects of 1 byte. */
static void nodes_hold_their_size(struct kunit *test)
{
	for (size_t i = 0; i < sizeof(pool_sizes) / sizeof(*pool_sizes); i++) {
		struct mp_pool_s *pool = create(test, pool_sizes[i]);
		size_t left = capacity(pool_sizes[i]);
		struct mp_node_s *node = pool->current;

		for (; left >= 4096; left -= 4095)
			KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 4095));
		KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, left));
		KUNIT_EXPECT_PTR_EQ(test, pool->current, node);
		KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 1));
		KUNIT_EXPECT_PTR_NE(test, pool->current, node);
		node = pool->current;
		for (size_t n = 1; n < capacity(pool_sizes[i]); n++)
			KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 1));
		KUNIT_EXPECT_PTR_EQ(test, pool->current, node);
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 1));
		KUNIT_EXPECT_PTR_NE(test, pool->current, node);
		mp_destroy_pool(pool);
	}
}

/*
 *	|#a1#|#a2#|#a3#|.........|n3|n2|n1|    aligned objects from the low end, packed
 *	                                       ones from the high end: no padding
 */
static void no_padding_between(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 4096);
	size_t pairs = 4096 / (A + 1);

	for (size_t i = 0; i < pairs; i++) {
		KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 1));
		KUNIT_EXPECT_EQ(test, (uintptr_t)mp_alloc(pool, 1) % A, 0);
	}
	KUNIT_EXPECT_PTR_EQ(test, pool->current, pool->head);
	mp_destroy_pool(pool);
}

/* mp_alloc() aligns each object, and no two objects overlap. */
static void aligned_and_apart(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 1000);
	unsigned char *p[120];
	size_t size[120];

	for (size_t i = 0; i < 120; i++) {
		size[i] = i * 37 % 600;
		p[i] = i % 3 ? mp_alloc(pool, size[i]) : mp_nalloc(pool, size[i]);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
		if (i % 3)
			KUNIT_EXPECT_EQ(test, (uintptr_t)p[i] % A, 0);
		pattern_fill(p[i], size[i], i);
	}
	for (size_t i = 0; i < 120; i++)
		KUNIT_EXPECT_EQ(test, pattern_check(p[i], size[i], i), size[i]);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	mp_destroy_pool(pool);
}

/* mp_calloc() clears all bytes of the object and none behind it; the memory was 0xff. */
static void calloc_clears(struct kunit *test)
{
	static const size_t sizes[] = { 0, 1, 7, 100, 4095, 4096, 10000 };
	struct mp_pool_s *pool = create(test, 16384);

	memset(mp_alloc(pool, 4095), 0xff, 4095);
	memset(mp_alloc(pool, 4095), 0xff, 4095);
	memset(mp_alloc(pool, 4095), 0xff, 4095);
	mp_reset_pool(pool);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		unsigned char *p = mp_calloc(pool, sizes[i]);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, (uintptr_t)p % A, 0);
		KUNIT_EXPECT_EQ(test, pattern_zeros(p, sizes[i]), sizes[i]);
		if (sizes[i] < 4096)
			KUNIT_EXPECT_EQ(test, p[sizes[i]], 0xff);
	}
	mp_destroy_pool(pool);
}

/* A request of 0 bytes gets a pointer into the pool, takes nothing, and is never NULL. */
static void zero_bytes(struct kunit *test)
{
	for (size_t i = 0; i < sizeof(pool_sizes) / sizeof(*pool_sizes); i++) {
		struct mp_pool_s *pool = create(test, pool_sizes[i]);
		volatile size_t zero = 0;

		for (int full = 0; full < 2; full++) {
			struct mp_node_s before = *pool->current;
			unsigned char *p[] = {
				mp_alloc(pool, 0),    mp_nalloc(pool, 0),    mp_calloc(pool, 0),
				mp_alloc(pool, zero), mp_nalloc(pool, zero), mp_calloc(pool, zero),
			};

			for (size_t n = 0; n < 6; n++) {
				KUNIT_EXPECT_TRUE(test,
						  p[n] > (unsigned char *)pool &&
							  p[n] <= (unsigned char *)pool +
									  heap_usable_size(pool));
				expect_small(test, pool, p[n]);
			}
			KUNIT_EXPECT_MEMEQ(test, pool->current, &before, sizeof(before));
			KUNIT_EXPECT_NULL(test, pool->records);
			for (size_t n = 0; n < capacity(pool_sizes[i]); n++)
				KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, full ? 0 : 1));
		}
		mp_destroy_pool(pool);
	}
}

static struct kunit_case mp_pool_cases[] = {
	KUNIT_CASE(create_sizes),
	KUNIT_CASE(create_bad_sizes),
	KUNIT_CASE(create_before_heap_init),
	KUNIT_CASE(create_on_the_kernels_heap),
	KUNIT_CASE(border_variable_sizes),
	KUNIT_CASE(border_constant_sizes),
	KUNIT_CASE(impossible_sizes),
	KUNIT_CASE_PLAIN(nodes_hold_their_size),
	KUNIT_CASE_PLAIN(no_padding_between),
	KUNIT_CASE(aligned_and_apart),
	KUNIT_CASE_PLAIN(calloc_clears),
	KUNIT_CASE_PLAIN(zero_bytes),
	{},
};

static struct kunit_suite mp_pool_suite = {
	.name = "mp_pool",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = mp_pool_cases,
};

kunit_test_suite(mp_pool_suite);
