// SPDX-License-Identifier: MIT
/*
 * mp_give_back_test.c - the newest small objects go back; what is older than a mark stays
 *
 *	|####|## p ##|..........|## q ##|###|	p, aligned, and q, packed, are the newest ones
 *	|####|..........................|###|	both are back
 */
#include <tests/suites/grow/grow.h>

/* What went back is what the next request of its kind gets. */
static void goes_back(struct kunit *test)
{
	unsigned char *p = get(test, 50, 1), *p2 = get(test, 70, 2);
	unsigned char *q = get_packed(test, 5, 3), *q2 = get_packed(test, 9, 4);

	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p2, 70), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, q2, 9), 0);
	KUNIT_EXPECT_PTR_EQ(test, mp_alloc(pool, 10), p2);
	KUNIT_EXPECT_PTR_EQ(test, mp_nalloc(pool, 9), q2);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, q2, 9), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, q, 5), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p2, 10), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 50), 0);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), pool->size);
	/* 0 bytes, and all bytes of a node. */
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, mp_alloc(pool, 0), 0), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, mp_nalloc(pool, 0), 0), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, mp_alloc(pool, pool->max), pool->max), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, mp_nalloc(pool, pool->max), pool->max), 0);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), pool->size);
	KUNIT_EXPECT_NULL(test, pool->records);
}

static void is_refused(struct kunit *test)
{
	unsigned char *p = get(test, 50, 1), *p2 = get(test, 50, 2), *block = get(test, 9000, 5);
	unsigned char *q = get_packed(test, 50, 3), *q2 = get_packed(test, 51, 4);
	struct mp_pool_s *other = mp_create_pool_on(&arena_heap, NODE);
	const struct {
		void *p;
		size_t size;
	} row[] = {
		{ p, 50 },    /* not the newest aligned one */
		{ q, 50 },    /* not the newest packed one */
		{ p2, 1000 }, /* the wrong size */
		{ p2, 0 },
		{ p2, pool->max },
		{ p2, pool->max + 1 },
		{ p2, SIZE_MAX },
		{ p2, SIZE_MAX - MP_REDZONE - MP_ALIGNMENT + 1 },
		{ q2, 1000000 },
		{ q2, SIZE_MAX },
		{ q2, NODE + 1 },
		{ p2 + 1, 49 },
		{ q2 + 1, 50 },
		{ q2 - 1, 52 },
		{ block, 9000 },
		{ NULL, 0 },
		{ NULL, 50 },
		{ pool, 50 },
		{ &pool, 8 },
		{ pool->head, SIZE_MAX },
		{ NULL, SIZE_MAX },
		{ q2, 900 },				     /* more than all packed objects have */
		{ pool->head->last, SIZE_MAX - MP_REDZONE }, /* rounded up, it is 0 */
	};
	uint64_t sum = sum_of(pool);

	KUNIT_ASSERT_NOT_NULL(test, other);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		if (mp_give_back(pool, row[i].p, row[i].size) != -EBUSY)
			KUNIT_FAIL(test, "row %zu was given back", i);
		KUNIT_ASSERT_EQ(test, sum_of(pool), sum);
	}
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, mp_alloc(other, 50), 50), -EBUSY);
	KUNIT_EXPECT_EQ(test, mp_give_back(other, p2, 50), -EBUSY);
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	mp_destroy_pool(other);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p2, 50), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p2, 50), -EBUSY); /* twice */
	KUNIT_EXPECT_EQ(test, mp_free(pool, block), 0);
}

/*
 *	|####|## p ##|.......|## q ##|	a mark is made
 *
 * p and q must be found there by mp_release(): they are copied, and do not go back.
 */
static void older_than_the_mark(struct kunit *test)
{
	unsigned char *p = get(test, 50, 1), *q = get_packed(test, 51, 2);
	struct mp_pool_s before = *pool;
	struct mp_mark_s mark = mp_mark(pool);
	unsigned char *copy;

	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 50), -EBUSY);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, q, 51), -EBUSY);
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, p, 50, 0));
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, before.head->last);
	for (size_t size = 1; size < 90; size += 44) {
		copy = mp_realloc(pool, p, 50, size);
		KUNIT_EXPECT_TRUE(test, copy >= before.head->last && copy < q);
		expect_whole(test, copy, size < 50 ? size : 50, 1);
		memset(copy, 0xee, size);
		copy = mp_realloc(pool, q, 51, size);
		KUNIT_EXPECT_TRUE(test, copy >= before.head->last && copy < q);
		expect_whole(test, copy, size < 51 ? size : 51, 2);
		memset(copy, 0xee, size);
	}
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	expect_whole(test, p, 50, 1);
	expect_whole(test, q, 51, 2);
	KUNIT_EXPECT_MEMEQ(test, pool, &before, sizeof(before));
	/* The mark is gone: p and q are newest ones again. */
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 50, 90), p);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, q, 51), 0);
}

/* What is younger than the newest mark grows, shrinks and goes back as ever. */
static void younger_than_the_mark(struct kunit *test)
{
	unsigned char *old = get(test, 50, 1), *p, *q, *in_new_node;
	struct mp_mark_s mark = mp_mark(pool);

	p = get(test, 50, 2);
	q = get_packed(test, 50, 3);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 50, 60), p);
	q = mp_realloc(pool, q, 50, 60);
	KUNIT_EXPECT_PTR_EQ(test, q, pool->head->end);
	expect_whole(test, q, 50, 3);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, q, 60), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 60), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, old, 50), -EBUSY);
	in_new_node = get(test, NODE, 4);
	KUNIT_EXPECT_PTR_NE(test, pool->current, pool->head);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, in_new_node, NODE), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	expect_whole(test, old, 50, 1);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, old, 50), 0);
}

/* With two marks, only the newest counts; when it is released, the outer one does. */
static void nested_marks(struct kunit *test)
{
	struct mp_mark_s outer = mp_mark(pool), inner;
	unsigned char *between = get(test, 50, 1);

	KUNIT_EXPECT_EQ(test, mp_give_back(pool, between, 50), 0);
	between = get(test, 50, 1);
	inner = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, between, 50), -EBUSY);
	KUNIT_EXPECT_EQ(test, mp_release(pool, inner), 0);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, between, 50), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, outer), 0);
}

static unsigned char *in_first_node;

/* All nodes of the window have ended, and the first one serves, but the mark is still alive. */
static void give_back_older(void *data)
{
	struct kunit *test = data;

	KUNIT_EXPECT_PTR_EQ(test, pool->current, pool->head);
	KUNIT_EXPECT_NOT_NULL(test, pool->mark);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, in_first_node, 50), -EBUSY);
	expect_whole(test, in_first_node, 50, 1);
	diary_write("h");
}

/* records: 2 nodes -> handler -> mark -> 3 nodes: the mark has not seen the first node. */
static void first_node_is_older_than_all_marks(struct kunit *test)
{
	in_first_node = get(test, 50, 1);
	for (size_t i = 0; i < 3; i++)
		get(test, NODE, 2);
	KUNIT_ASSERT_NOT_NULL(test, mp_mark(pool).savepoint);
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, give_back_older, test), 0);
	for (size_t i = 0; i < 2; i++)
		get(test, NODE, 2);
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "h");
}

/* A large block that is older than the mark, and moved, is still older: a release keeps it. */
static void large_across_a_mark(struct kunit *test)
{
	unsigned char *p = get(test, 5000, 1), *q;
	struct mp_mark_s mark = mp_mark(pool);

	q = get(test, 5000, 2);
	p = mp_realloc(pool, p, 5000, 40000);
	q = mp_realloc(pool, q, 5000, 50000);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_ASSERT_NOT_NULL(test, q);
	expect_whole(test, q, 5000, 2);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, q), -ENOENT);
	expect_whole(test, p, 5000, 1);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

static struct kunit_case mp_give_back_cases[] = {
	KUNIT_CASE(goes_back),		 KUNIT_CASE(is_refused),
	KUNIT_CASE(older_than_the_mark), KUNIT_CASE(younger_than_the_mark),
	KUNIT_CASE(nested_marks),	 KUNIT_CASE(first_node_is_older_than_all_marks),
	KUNIT_CASE(large_across_a_mark), {},
};

static struct kunit_suite mp_give_back_suite = {
	.name = "mp_give_back",
	.init = grow_start,
	.exit = grow_stop,
	.test_cases = mp_give_back_cases,
};

kunit_test_suite(mp_give_back_suite);
