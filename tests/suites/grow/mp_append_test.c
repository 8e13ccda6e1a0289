// SPDX-License-Identifier: MIT
/*
 * mp_append_test.c - mp_append(): arrays that become longer, one element at a time
 *
 *	n = 4: |0|1|2|3|	full
 *	n = 5: |0|1|2|3|4|.|.|.|	room for twice as many, in place if nothing is behind it
 */
#include <tests/suites/grow/grow.h>

/* The last array of a pool grows in place, element by element, until its node is full. */
static void grows_in_place(struct kunit *test)
{
	uint32_t *array = (uint32_t *)1, *first = NULL; /* n is 0: the pointer is not read */
	size_t n = 0;

	for (uint32_t i = 0; i < NODE / sizeof(*array); i++) {
		uint32_t *element = mp_append(pool, &array, &n, sizeof(*array));

		KUNIT_ASSERT_NOT_NULL(test, element);
		KUNIT_ASSERT_PTR_EQ(test, element, &array[i]);
		KUNIT_ASSERT_EQ(test, n, i + 1);
		first = first ? first : array;
		KUNIT_ASSERT_PTR_EQ(test, array, first);
		*element = i;
	}
	KUNIT_EXPECT_NULL(test, pool->records);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), 0);
	for (uint32_t i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, array[i], i);
}

/* Room for as many elements as the next power of two, and a copy only when that is full. */
static void doubles(struct kunit *test)
{
	unsigned char *array = NULL, *before;
	size_t n = 0, moves = 0;

	for (size_t i = 0; i < 10000; i++) {
		unsigned char *element;

		before = array;
		element = mp_append(pool, &array, &n, 7);
		KUNIT_ASSERT_NOT_NULL(test, element);
		KUNIT_ASSERT_PTR_EQ(test, element, array + 7 * i);
		if (i & (i - 1))
			KUNIT_ASSERT_PTR_EQ(test, array, before);
		moves += array != before;
		pattern_fill(element, 7, i);
		if (!(n & (n - 1))) /* it is full, and shall not grow in place */
			KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 1));
	}
	KUNIT_EXPECT_LE(test, moves, 15);
	for (size_t i = 0; i < n; i++)
		KUNIT_ASSERT_EQ(test, pattern_check(array + 7 * i, 7, i), 7);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/* Several arrays of one pool, in turn: of 1, 3, 24 and 3000 bytes. */
static void arrays_in_turn(struct kunit *test)
{
	static const size_t size[] = { 1, 3, 24, 3000 };
	unsigned char *array[4];
	size_t n[4] = { 0 };

	for (size_t i = 0; i < 32; i++)
		for (size_t k = 0; k < 4; k++) {
			unsigned char *element = mp_append(pool, &array[k], &n[k], size[k]);

			KUNIT_ASSERT_NOT_NULL(test, element);
			pattern_fill(element, size[k], 4 * i + k);
		}
	for (size_t i = 0; i < 32; i++)
		for (size_t k = 0; k < 4; k++)
			expect_whole(test, array[k] + i * size[k], size[k], 4 * i + k);
}

/* The array, its length and the pool stay as they are. */
static void is_refused(struct kunit *test)
{
	unsigned char *array = NULL, *same;
	size_t n = 0;
	uint64_t sum = sum_of(pool);

	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, 0));
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, array);
	KUNIT_EXPECT_EQ(test, n, 0);
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);

	KUNIT_ASSERT_NOT_NULL(test, mp_append(pool, &array, &n, 8));
	pattern_fill(array, 8, 1);
	same = array;
	sum = sum_of(pool);
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, 0));
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, SIZE_MAX));
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, SIZE_MAX / 2 + 1)); /* 2 * size is 0 */
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, SIZE_MAX / 2 + 5)); /* it is 8 */
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, SIZE_MAX / 2));
	KUNIT_EXPECT_EQ(test, n, 1);
	n = SIZE_MAX / 2 + 1; /* a power of two: twice as many are no number */
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, 1));
	KUNIT_EXPECT_EQ(test, n, SIZE_MAX / 2 + 1);
	KUNIT_EXPECT_PTR_EQ(test, array, same);
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	expect_whole(test, array, 8, 1);
}

/* At a limit: each element that was appended is still there. */
static void limit_is_reached(struct kunit *test)
{
	unsigned char *array = NULL, *element, *same;
	size_t n = 0, full;
	uint64_t sum;

	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, pool->held + 100000), 0);
	while ((element = mp_append(pool, &array, &n, 100)))
		pattern_fill(element, 100, n - 1);
	KUNIT_EXPECT_EQ(test, n & (n - 1), 0);
	KUNIT_EXPECT_GE(test, 2 * n * 100 + MM_PAGE_SIZE, 100000);
	full = n;
	same = array;
	sum = sum_of(pool);
	KUNIT_EXPECT_NULL(test, mp_append(pool, &array, &n, 100));
	KUNIT_EXPECT_EQ(test, n, full);
	KUNIT_EXPECT_PTR_EQ(test, array, same);
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	for (size_t i = 0; i < n; i++)
		expect_whole(test, array + 100 * i, 100, i);
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, 0), 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_append(pool, &array, &n, 100));
	KUNIT_EXPECT_EQ(test, n, full + 1);
	expect_whole(test, array, 100, 0);
}

/*
 * |0|1| mark: a full array is copied, and the old one is there after a release. The caller's
 * pointer and length are his to restore.
 */
static void across_a_mark(struct kunit *test)
{
	unsigned char *array = NULL, *old;
	size_t n = 0;
	struct mp_mark_s mark;

	for (size_t i = 0; i < 2; i++)
		pattern_fill(mp_append(pool, &array, &n, 20), 20, i);
	old = array;
	mark = mp_mark(pool);
	pattern_fill(mp_append(pool, &array, &n, 20), 20, 2);
	KUNIT_EXPECT_PTR_NE(test, array, old);
	for (size_t i = 0; i < 3; i++)
		expect_whole(test, array + 20 * i, 20, i);
	memset(array, 0xee, 80);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	for (size_t i = 0; i < 2; i++)
		expect_whole(test, old + 20 * i, 20, i);
}

static struct kunit_case mp_append_cases[] = {
	KUNIT_CASE_PLAIN(grows_in_place),
	KUNIT_CASE(doubles),
	KUNIT_CASE(arrays_in_turn),
	KUNIT_CASE(is_refused),
	KUNIT_CASE(limit_is_reached),
	KUNIT_CASE(across_a_mark),
	{},
};

static struct kunit_suite mp_append_suite = {
	.name = "mp_append",
	.init = grow_start,
	.exit = grow_stop,
	.test_cases = mp_append_cases,
};

kunit_test_suite(mp_append_suite);
