// SPDX-License-Identifier: MIT
/*
 * mp_aligned_test.c - mp_alloc_aligned(), and objects and arrays of a type
 *
 *	|####|- padding -|## p ##|......|	p is aligned to 256, say; last was not
 */
#include <tests/suites/grow/grow.h>

/* What an object of more than MP_ALIGNMENT can cost in front of it. */
static size_t padding_of(size_t alignment)
{
	return alignment > MP_ALIGNMENT ? alignment - MP_ALIGNMENT : 0;
}

/* One request from a pool that is as it happens to be; mp_free() must agree. */
static void check_request(struct kunit *test, struct mp_pool_s *in, size_t size, size_t alignment)
{
	bool is_small = size + padding_of(alignment) <= in->max;
	size_t nodes = count_records(in, MP_NODE), larges = count_records(in, MP_LARGE);
	unsigned char *p = mp_alloc_aligned(in, size, alignment);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, (uintptr_t)p % alignment, 0);
	KUNIT_EXPECT_EQ(test, (uintptr_t)p % MP_ALIGNMENT, 0);
	memset(p, 0x77, size);
	KUNIT_EXPECT_LE(test, count_records(in, MP_NODE), nodes + is_small);
	KUNIT_EXPECT_EQ(test, count_records(in, MP_LARGE), larges + !is_small);
	KUNIT_EXPECT_EQ(test, mp_free(in, p), is_small ? -ENOENT : 0);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/* Around the border between small and large, in pools whose nodes are small, large, or double. */
static void all_alignments(struct kunit *test)
{
	static const struct mp_options_s options[] = {
		{ .heap = &arena_heap, .size = 100 },
		{ .heap = &arena_heap, .size = 1024 },
		{ .heap = &arena_heap, .size = 4095 },
		{ .heap = &arena_heap, .size = 16384 },
		{ .heap = &arena_heap, .size = 64, .max_size = 8192 },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		struct mp_pool_s *in = mp_create_pool_with(&options[i]);

		KUNIT_ASSERT_NOT_NULL(test, in);
		for (size_t alignment = 1; alignment <= 8192; alignment *= 2) {
			size_t most = in->max - padding_of(alignment);

			check_request(test, in, 0, alignment);
			check_request(test, in, 1, alignment);
			if (padding_of(alignment) < in->max) {
				check_request(test, in, most - 1, alignment);
				check_request(test, in, most, alignment);
				check_request(test, in, most + 1, alignment);
			}
			check_request(test, in, in->max, alignment);
			check_request(test, in, in->max + 1, alignment);
			mp_alloc(in, 1); /* so that last is not always a multiple of 64 */
			if (alignment % 3 == 1)
				mp_reset_pool(in);
		}
		mp_destroy_pool(in);
	}
}

/* An alignment that last has already costs nothing; else, at most alignment - MP_ALIGNMENT. */
static void takes_little(struct kunit *test)
{
	struct mp_pool_s *wide = mp_create_pool_on(&arena_heap, 10 * MP_ROOM(1) + MP_ALIGNMENT);
	unsigned char *last, *p, *q;

	KUNIT_ASSERT_NOT_NULL(test, wide);
	p = mp_alloc_aligned(wide, 1, 2 * MP_ALIGNMENT);
	last = wide->head->last;
	KUNIT_EXPECT_PTR_EQ(test, last, p + MP_ROOM(1));
	for (size_t alignment = 1; alignment <= MP_ALIGNMENT; alignment *= 2) {
		q = mp_alloc_aligned(wide, 1, alignment);
		KUNIT_EXPECT_PTR_EQ(test, q, last);
		last = q + MP_ROOM(1);
	}
	if ((uintptr_t)last % (2 * MP_ALIGNMENT))
		last += MP_ALIGNMENT;
	KUNIT_EXPECT_PTR_EQ(test, mp_alloc_aligned(wide, 1, 2 * MP_ALIGNMENT), last);
	KUNIT_EXPECT_PTR_EQ(test, wide->head->last, last + MP_ROOM(1));
	mp_destroy_pool(wide);
}

/* It is a newest object as any other: it grows in place, keeps its alignment, and goes back. */
static void grows_in_place(struct kunit *test)
{
	unsigned char *p = mp_alloc_aligned(pool, 50, 4 * MP_ALIGNMENT);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 50, 90), p);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 90), 0);
	KUNIT_EXPECT_PTR_EQ(test, mp_alloc_aligned(pool, 1, 4 * MP_ALIGNMENT), p);
}

static void bad_requests(struct kunit *test)
{
	static const size_t sizes[] = {
		0, 1, 100, 5000, HEAP_MAX_SIZE, HEAP_MAX_SIZE + 1, SIZE_MAX
	};
	static const size_t bad[] = { 0, 3, 48, 96, 4097, SIZE_MAX / 2, SIZE_MAX };
	static const size_t good[] = { 1, MP_ALIGNMENT, 128, 4096, SIZE_MAX / 2 + 1 };
	uint64_t sum = sum_of(pool);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (size_t k = 0; k < sizeof(bad) / sizeof(*bad); k++)
			KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, sizes[i], bad[k]));
		for (size_t k = 0; sizes[i] > 5000 && k < sizeof(good) / sizeof(*good); k++)
			KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, sizes[i], good[k]));
	}
	KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, 1, HEAP_MAX_SIZE));
	KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, 1, SIZE_MAX / 2 + 1));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
}

/* No room for the padding, and no more nodes: nothing changes. */
static void limit_is_reached(struct kunit *test)
{
	uint64_t sum;

	mp_alloc(pool, 1);
	mp_nalloc(pool, mp_node_room(pool->head) - MP_REDZONE);
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, pool->held), 0);
	sum = sum_of(pool);
	KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, 1, 1));
	KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, 1, 128));
	KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, 1, 4096));
	KUNIT_EXPECT_NULL(test, mp_new_array(pool, long, 1));
	KUNIT_EXPECT_NULL(test, mp_calloc_array(pool, 1, 8));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, 5);
}

struct wide {
	char c;
	long n[3];
} __attribute__((aligned(128)));

MM_ASSERT(__builtin_types_compatible_p(__typeof__(mp_new(pool, struct wide)), struct wide *),
	  "mp_new() has the right type");
MM_ASSERT(__builtin_types_compatible_p(__typeof__(mp_new_array(pool, char *, 3)), char **),
	  "mp_new_array() has the right type");

/* Before the next request, its memory holds other bytes than 0. */
static void make_dirty(struct kunit *test)
{
	unsigned char *p = mp_alloc(pool, NODE);

	KUNIT_ASSERT_NOT_NULL(test, p);
	memset(p, 0xa5, NODE);
	KUNIT_ASSERT_EQ(test, mp_give_back(pool, p, NODE), 0);
}

static void new_objects(struct kunit *test)
{
	struct wide *wide;
	char *c;
	long *n;

	make_dirty(test);
	wide = mp_new(pool, struct wide);
	c = mp_new(pool, char);
	n = mp_new(pool, long);
	KUNIT_ASSERT_NOT_NULL(test, wide);
	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_EXPECT_EQ(test, (uintptr_t)wide % 128, 0);
	KUNIT_EXPECT_EQ(test, (uintptr_t)n % __alignof__(long), 0);
	KUNIT_EXPECT_EQ(test, pattern_zeros((unsigned char *)wide, sizeof(*wide)), sizeof(*wide));
	KUNIT_EXPECT_EQ(test, *c, 0);
	KUNIT_EXPECT_EQ(test, *n, 0);
}

static void new_arrays(struct kunit *test)
{
	struct wide *wide;
	uint16_t *small, *large;

	make_dirty(test);
	KUNIT_EXPECT_NOT_NULL(test, mp_new_array(pool, struct wide, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_new_array(pool, uint16_t, 0));
	small = mp_new_array(pool, uint16_t, 9);
	wide = mp_new_array(pool, struct wide, 30);
	large = mp_new_array(pool, uint16_t, 4000);
	KUNIT_ASSERT_NOT_NULL(test, small);
	KUNIT_ASSERT_NOT_NULL(test, wide);
	KUNIT_ASSERT_NOT_NULL(test, large);
	KUNIT_EXPECT_EQ(test, pattern_zeros((unsigned char *)small, 18), 18);
	KUNIT_EXPECT_EQ(test, pattern_zeros((unsigned char *)large, 8000), 8000);
	KUNIT_EXPECT_EQ(test, (uintptr_t)wide % 128, 0);
	KUNIT_EXPECT_EQ(test, pattern_zeros((unsigned char *)wide, 30 * sizeof(*wide)),
			30 * sizeof(*wide));
	KUNIT_EXPECT_EQ(test, mp_free(pool, large), 0);
}

/* Products that do not fit a size_t, and some that wrap to a small number. */
static void too_many_elements(struct kunit *test)
{
	const volatile size_t most = SIZE_MAX; /* or else compilers would warn */
	uint64_t sum = sum_of(pool);

	KUNIT_EXPECT_NULL(test, mp_new_array(pool, char, most));
	KUNIT_EXPECT_NULL(test, mp_new_array(pool, long, most));
	KUNIT_EXPECT_NULL(test, mp_new_array(pool, long, most / sizeof(long) + 1)); /* 0 */
	KUNIT_EXPECT_NULL(test, mp_new_array(pool, long, most / sizeof(long) + 2)); /* 8 */
	KUNIT_EXPECT_NULL(test, mp_new_array(pool, struct wide, most / sizeof(struct wide) + 2));
	KUNIT_EXPECT_NULL(test, mp_calloc_array(pool, most, 1));
	KUNIT_EXPECT_NULL(test, mp_calloc_array(pool, 1, most));
	KUNIT_EXPECT_NULL(test, mp_calloc_array(pool, (size_t)1 << 32, (size_t)1 << 32));
	KUNIT_EXPECT_NULL(test, mp_calloc_array(pool, most, most)); /* 1 */
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
}

static void calloc_array(struct kunit *test)
{
	const size_t max = pool->max;
	unsigned char *p;

	KUNIT_EXPECT_NOT_NULL(test, mp_calloc_array(pool, 0, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_calloc_array(pool, 0, SIZE_MAX));
	KUNIT_EXPECT_NOT_NULL(test, mp_calloc_array(pool, SIZE_MAX, 0));
	make_dirty(test);
	p = mp_calloc_array(pool, max, 1);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, pattern_zeros(p, max), max);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), -ENOENT);
	p = mp_calloc_array(pool, 1, max + 1);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, pattern_zeros(p, max + 1), max + 1);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

static struct kunit_case mp_aligned_cases[] = {
	KUNIT_CASE(all_alignments),   KUNIT_CASE(takes_little),
	KUNIT_CASE(grows_in_place),   KUNIT_CASE(bad_requests),
	KUNIT_CASE(limit_is_reached), KUNIT_CASE(new_objects),
	KUNIT_CASE(new_arrays),	      KUNIT_CASE(too_many_elements),
	KUNIT_CASE(calloc_array),     {},
};

static struct kunit_suite mp_aligned_suite = {
	.name = "mp_aligned",
	.init = grow_start,
	.exit = grow_stop,
	.test_cases = mp_aligned_cases,
};

kunit_test_suite(mp_aligned_suite);
