// SPDX-License-Identifier: MIT
/*
 * mp_realloc_test.c - mp_realloc(): objects grow and shrink
 *
 *	|####|## p ##|..........|## q ##|###|	p, aligned, and q, packed, are the newest ones
 *	|####|## p #####|....|### q ####|###|	both have grown, without a copy of p
 */
#include <tests/suites/grow/grow.h>

/* (NULL, n) is mp_alloc(n), whatever the old size. */
static void null_allocates(struct kunit *test)
{
	static const size_t sizes[] = { 0, 1, MP_ALIGNMENT, MP_ALIGNMENT + 1, 100 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		unsigned char *last = pool->current->last;

		KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, NULL, i * 1000, sizes[i]), last);
		KUNIT_EXPECT_PTR_EQ(test, pool->current->last, last + MP_ROOM(sizes[i]));
	}
	KUNIT_EXPECT_EQ(test, mp_free(pool, mp_realloc(pool, NULL, 0, pool->max)), -ENOENT);
	KUNIT_EXPECT_EQ(test, mp_free(pool, mp_realloc(pool, NULL, 0, pool->max + 1)), 0);
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, NULL, 0, SIZE_MAX));
}

/* |##p##|......| to |##p#####|...|, to the last byte of the node, and back. */
static void newest_aligned(struct kunit *test)
{
	unsigned char *other = get(test, 10, 1), *p = get(test, 10, 2);
	size_t most = (size_t)(pool->head->end - p) - MP_REDZONE;

	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 10, 100), p);
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p + MP_ROOM(100));
	expect_whole(test, p, 10, 2);
	pattern_fill(p, 100, 2);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 100, most), p);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), 0);
	expect_whole(test, p, 100, 2);
	pattern_fill(p, most, 2);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, most, 1), p);
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p + MP_ROOM(1));
	expect_whole(test, p, 1, 2);
	/* The same size: nothing happens. */
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 1, 1), p);
	expect_whole(test, other, 10, 1);
	KUNIT_EXPECT_PTR_EQ(test, mp_alloc(pool, 1), p + MP_ROOM(1));
}

/* |......|##q##| to |...|##q#####|: it ends where it ended, so it moves. */
static void newest_packed(struct kunit *test)
{
	unsigned char *other = get_packed(test, 10, 1), *q = get_packed(test, 7, 2), *moved;
	unsigned char *behind = q + MP_PACKED(7);
	size_t most = (size_t)(behind - pool->head->last) - MP_REDZONE;

	moved = mp_realloc(pool, q, 7, 50);
	KUNIT_EXPECT_PTR_EQ(test, moved, behind - MP_PACKED(50));
	KUNIT_EXPECT_PTR_EQ(test, pool->head->end, moved);
	expect_whole(test, moved, 7, 2);
	pattern_fill(moved, 50, 2);
	moved = mp_realloc(pool, moved, 50, most);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), 0);
	expect_whole(test, moved, 50, 2);
	pattern_fill(moved, most, 2);
	moved = mp_realloc(pool, moved, most, 3);
	KUNIT_EXPECT_PTR_EQ(test, moved, behind - MP_PACKED(3));
	KUNIT_EXPECT_PTR_EQ(test, pool->head->end, moved);
	expect_whole(test, moved, 3, 2);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, moved, 3, 3), moved);
	expect_whole(test, other, 10, 1);
	KUNIT_EXPECT_PTR_EQ(test, mp_nalloc(pool, 1), moved - MP_PACKED(1));
}

/* In one node both kinds grow, each at its end, until they meet. */
static void both_kinds_meet(struct kunit *test)
{
	unsigned char *p = get(test, 8, 1), *q = get_packed(test, 8, 2);
	size_t p_size = 8, q_size = 8;

	while (mp_node_room(pool->head) >= 2 * (size_t)MP_ALIGNMENT) {
		KUNIT_ASSERT_PTR_EQ(test, mp_realloc(pool, p, p_size, p_size + MP_ALIGNMENT), p);
		p_size += MP_ALIGNMENT;
		q = mp_realloc(pool, q, q_size, q_size + 8);
		q_size += 8;
		KUNIT_ASSERT_PTR_EQ(test, pool->head->end, q);
		expect_whole(test, p, 8, 1);
		expect_whole(test, q, 8, 2);
	}
	KUNIT_EXPECT_NULL(test, pool->records);
	/* The next step does not fit: p moves, and its bytes are free for q. */
	KUNIT_EXPECT_PTR_NE(test, mp_realloc(pool, p, p_size, p_size + 2 * MP_ALIGNMENT), p);
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p);
	expect_whole(test, q, 8, 2);
}

/* An object that others lie behind is copied; its old bytes stay as they are. */
static void others_are_copied(struct kunit *test)
{
	unsigned char *p = get(test, 50, 1), *p2 = get(test, 8, 2);
	unsigned char *q = get_packed(test, 51, 3), *q2 = get_packed(test, 8, 4), *copy;

	copy = mp_realloc(pool, p, 50, 60);
	KUNIT_EXPECT_PTR_EQ(test, copy, p2 + MP_ROOM(8));
	expect_whole(test, copy, 50, 1);
	copy = mp_realloc(pool, p, 50, 20);
	KUNIT_EXPECT_PTR_NE(test, copy, p);
	KUNIT_EXPECT_EQ(test, (uintptr_t)copy % MP_ALIGNMENT, 0);
	expect_whole(test, copy, 20, 1);
	if ((uintptr_t)q % MP_ALIGNMENT) {
		copy = mp_realloc(pool, q, 51, 61);
		KUNIT_EXPECT_PTR_EQ(test, copy, q2 - MP_PACKED(61));
		expect_whole(test, copy, 51, 3);
	}
	expect_whole(test, p, 50, 1);
	expect_whole(test, p2, 8, 2);
	expect_whole(test, q, 51, 3);
	expect_whole(test, q2, 8, 4);
}

/* A copy takes old_size bytes at most: behind them, it has what was there. */
static void old_size_is_what_is_copied(struct kunit *test)
{
	unsigned char *p = get(test, 50, 1), *copy;

	get(test, 8, 2);
	copy = get(test, 100, 3);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, copy, 100), 0);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 20, 100), copy);
	expect_whole(test, copy, 20, 1);
	for (size_t i = 20; i < 100; i++)
		KUNIT_EXPECT_EQ(test, copy[i], pattern_byte(3, i));
}

/*
 *	older |###|##p##|..|	current |#####|....|
 *
 * The newest object of the older node grows there. If it does not fit, it moves to the current
 * one, and its old bytes come back.
 */
static void newest_of_the_older_node(struct kunit *test)
{
	unsigned char *p, *moved;

	get(test, NODE / 2, 1);
	p = get(test, NODE / 4, 2);
	get(test, NODE / 4 + MP_ALIGNMENT, 3);
	KUNIT_ASSERT_PTR_EQ(test, pool->older, pool->head);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, NODE / 4, NODE / 4 + MP_ALIGNMENT), p);
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p + MP_ROOM(NODE / 4 + MP_ALIGNMENT));
	moved = mp_realloc(pool, p, NODE / 4 + MP_ALIGNMENT, NODE / 2 + MP_ALIGNMENT);
	KUNIT_EXPECT_TRUE(test,
			  moved > (unsigned char *)pool->current && moved < pool->current->last);
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p);
	expect_whole(test, moved, NODE / 4, 2);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), 1);
}

/* A node that has left the window keeps what it has: its newest object is copied. */
static void node_outside_the_window(struct kunit *test)
{
	unsigned char *p = get(test, NODE / 2 + MP_ALIGNMENT, 1), *last = pool->head->last;
	unsigned char *copy;

	for (size_t i = 2; i < 4; i++)
		get(test, NODE / 2 + MP_ALIGNMENT, i);
	KUNIT_ASSERT_PTR_NE(test, pool->older, pool->head);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, NODE / 2 + MP_ALIGNMENT), -EBUSY);
	copy = mp_realloc(pool, p, NODE / 2 + MP_ALIGNMENT, 10);
	KUNIT_EXPECT_PTR_NE(test, copy, p);
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, last);
	expect_whole(test, copy, 10, 1);
	expect_whole(test, p, NODE / 2 + MP_ALIGNMENT, 1);
}

/* At max it is small, at max + 1 large, and its bytes in the node come back. */
static void small_becomes_large(struct kunit *test)
{
	unsigned char *p = get(test, 10, 1);

	p = mp_realloc(pool, p, 10, pool->max);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 0);
	expect_whole(test, p, 10, 1);
	pattern_fill(p, pool->max, 1);
	p = mp_realloc(pool, p, pool->max, pool->max + 1);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), pool->size);
	expect_whole(test, p, pool->max, 1);
	/* It stays large, however small it becomes, until it is freed. */
	p = mp_realloc(pool, p, pool->max + 1, 1);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	expect_whole(test, p, 1, 1);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

/* In a node that could hold it, too: above MP_MAX_ALLOC_FROM_POOL, all is large. */
static void becomes_large_in_a_large_node(struct kunit *test)
{
	struct mp_pool_s *in = mp_create_pool_on(&arena_heap, 16384);
	unsigned char *p;

	KUNIT_ASSERT_NOT_NULL(test, in);
	p = mp_realloc(in, mp_alloc(in, 10), 10, MP_MAX_ALLOC_FROM_POOL);
	KUNIT_EXPECT_EQ(test, mp_free(in, p), -ENOENT);
	p = mp_realloc(in, p, MP_MAX_ALLOC_FROM_POOL, MP_MAX_ALLOC_FROM_POOL + 1);
	KUNIT_EXPECT_EQ(test, mp_free(in, p), 0);
	mp_destroy_pool(in);
}

/* The heap decides whether a large block stays in place, and its figures follow. */
static void large_in_place(struct kunit *test)
{
	unsigned char *p = get(test, 10000, 1);
	size_t before = pool->held;

	KUNIT_ASSERT_PTR_EQ(test, mp_realloc(pool, p, 10000, 30000), p);
	KUNIT_EXPECT_EQ(test, pool->held, before + 30000 - 10000);
	expect_whole(test, p, 10000, 1);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 30000, 10000), p);
	KUNIT_EXPECT_EQ(test, pool->held, before);
	expect_whole(test, p, 10000, 1);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
}

static unsigned char *large;

/* A handler that is younger than the large block finds it whole. */
static void expect_alive(void *test)
{
	expect_whole(test, large, 5000, 7);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	diary_write("y");
}

/* One that is older finds it gone. */
static void expect_gone(void *test)
{
	KUNIT_EXPECT_EQ(test, mp_free(pool, large), -ENOENT);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 0);
	diary_write("o");
}

/* records: younger -> large -> older: a large block that moves keeps its place. */
static void moved_large_keeps_its_place(struct kunit *test)
{
	unsigned char *old;

	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, expect_gone, test), 0);
	old = get(test, 5000, 7);
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, expect_alive, test), 0);
	large = mp_realloc(pool, old, 5000, 50000);
	KUNIT_ASSERT_NOT_NULL(test, large);
	KUNIT_EXPECT_PTR_NE(test, large, old);
	KUNIT_EXPECT_EQ(test, (uintptr_t)large % MP_ALIGNMENT, 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, old), -ENOENT);
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "yo");
}

/* As the newest record, as the oldest, between nodes, a mark, a child and other large blocks. */
static void moved_large_among_others(struct kunit *test)
{
	unsigned char *p[6];

	for (size_t i = 0; i < 6; i++) {
		p[i] = get(test, 5000 + i, i);
		if (i == 1)
			KUNIT_ASSERT_NOT_NULL(test, mp_create_child(pool, 100));
		if (i == 2)
			KUNIT_ASSERT_NOT_NULL(test, mp_mark(pool).savepoint);
		if (i == 3)
			get(test, NODE - MP_ALIGNMENT, 9), get(test, NODE - MP_ALIGNMENT, 9);
	}
	for (size_t round = 1; round <= 3; round++)
		for (size_t i = 0; i < 6; i++) {
			p[i] = mp_realloc(pool, p[i], 5000 + i, 5000 + i + 1000 * (round % 3));
			KUNIT_ASSERT_NOT_NULL(test, p[i]);
			for (size_t k = 0; k < 6; k++)
				expect_whole(test, p[k], 5000 + k, k);
			KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 6);
		}
	for (size_t i = 0; i < 6; i += 2)
		KUNIT_EXPECT_EQ(test, mp_free(pool, p[i]), 0);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 3);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), 1);
}

/* New size 0 gives p back if it can; the result is NULL in any case. */
static void new_size_zero(struct kunit *test)
{
	unsigned char *p = get(test, 50, 1), *p2 = get(test, 50, 2), *q = get_packed(test, 9, 3);
	unsigned char *block = get(test, 9000, 4);

	KUNIT_EXPECT_NULL(test, mp_realloc(pool, p, 50, 0));
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p2 + MP_ROOM(50)); /* it cannot */
	expect_whole(test, p, 50, 1);
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, p2, 50, 0));
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p2);
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, p, 50, 0)); /* now it is a newest one */
	KUNIT_EXPECT_PTR_EQ(test, pool->head->last, p);
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, q, 9, 0));
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), pool->size);
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, block, 9000, 0));
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, block), -ENOENT);
	KUNIT_EXPECT_NOT_NULL(test, mp_realloc(pool, NULL, 0, 0));
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, 0);
}

static struct kunit_case mp_realloc_cases[] = {
	KUNIT_CASE(null_allocates),
	KUNIT_CASE(newest_aligned),
	KUNIT_CASE(newest_packed),
	KUNIT_CASE(both_kinds_meet),
	KUNIT_CASE(others_are_copied),
	KUNIT_CASE_PLAIN(old_size_is_what_is_copied),
	KUNIT_CASE(newest_of_the_older_node),
	KUNIT_CASE(node_outside_the_window),
	KUNIT_CASE(small_becomes_large),
	KUNIT_CASE(becomes_large_in_a_large_node),
	KUNIT_CASE_PLAIN(large_in_place),
	KUNIT_CASE(moved_large_keeps_its_place),
	KUNIT_CASE(moved_large_among_others),
	KUNIT_CASE(new_size_zero),
	{},
};

static struct kunit_suite mp_realloc_suite = {
	.name = "mp_realloc",
	.init = grow_start,
	.exit = grow_stop,
	.test_cases = mp_realloc_cases,
};

kunit_test_suite(mp_realloc_suite);
