// SPDX-License-Identifier: MIT
/*
 * mp_window_test.c - which node serves a small request
 *
 * The search window is the current node and one older node. A request is tried on
 * current, then on older; if neither has room, the pool gets a new node. In these
 * tests a node holds 4 units of MP_ALIGNMENT bytes, and requests are in units.
 */
#include <mm/mp_internal.h>
#include <tests/kunit/arena.h>

#define UNIT ((size_t)MP_ALIGNMENT)
#define NODE (4 * UNIT)

static struct mp_pool_s *pool;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	pool = mp_create_pool_on(&arena_heap, NODE);
	return !pool;
}

static void stop(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS)
		mp_destroy_pool(pool);
	arena_exit(test);
}

/* Did @node serve @p? */
static bool serves(const struct mp_node_s *node, const void *p)
{
	return (uintptr_t)p - mp_node_start(pool, node) < NODE;
}

/* Allocates @units; the node @from must serve, or a new node if @from is NULL. */
static struct mp_node_s *take(struct kunit *test, size_t units, const struct mp_node_s *from)
{
	struct mp_node_s *before = pool->current;
	void *p = mp_alloc(pool, units * UNIT);

	KUNIT_ASSERT_NOT_NULL(test, p);
	if (from) {
		KUNIT_EXPECT_PTR_EQ(test, pool->current, before);
		KUNIT_EXPECT_TRUE(test, serves(from, p));
	} else {
		KUNIT_EXPECT_PTR_NE(test, pool->current, before);
		KUNIT_EXPECT_TRUE(test, serves(pool->current, p));
		KUNIT_EXPECT_EQ(test, pool->current->failed, 0);
	}
	return pool->current;
}

/*
 *	first        second       third
 *	|###.|                                 3 units: first serves
 *	|###.|       |##..|                    2 units: no room, so a new node; first
 *	 failed 1                              has failed once
 *	|###.|       |###.|                    1 unit: current (second) serves
 *	|###.|       |###.|       |##..|       2 units: no room in either, so a new node;
 *	 failed 2     failed 1                 first failed more often, it leaves the window
 */
static void more_failures_leave(struct kunit *test)
{
	struct mp_node_s *first = pool->current, *second, *third, *fourth;

	KUNIT_EXPECT_NULL(test, pool->older);
	take(test, 3, first);
	second = take(test, 2, NULL);
	KUNIT_EXPECT_EQ(test, first->failed, 1);
	KUNIT_EXPECT_PTR_EQ(test, pool->older, first);
	take(test, 1, second);
	KUNIT_EXPECT_EQ(test, second->failed, 0);
	third = take(test, 2, NULL);
	KUNIT_EXPECT_EQ(test, first->failed, 2);
	KUNIT_EXPECT_EQ(test, second->failed, 1);
	KUNIT_EXPECT_PTR_EQ(test, pool->older, second);

	/* third is full. second and first have 1 unit left, but first is out of the window. */
	take(test, 2, third);
	take(test, 1, second);
	KUNIT_EXPECT_EQ(test, third->failed, 1);
	KUNIT_EXPECT_EQ(test, second->failed, 1);
	fourth = take(test, 1, NULL);
	KUNIT_EXPECT_EQ(test, first->failed, 2);
	KUNIT_EXPECT_EQ(test, second->failed, 2);
	KUNIT_EXPECT_EQ(test, third->failed, 2);
	/* A tie of second and third: the older one, second, leaves the window for good. */
	KUNIT_EXPECT_PTR_EQ(test, pool->older, third);
	KUNIT_EXPECT_PTR_EQ(test, pool->current, fourth);
}

/*
 *	older        current
 *	|#...|       |####|       current is full, so the older node serves 1 unit at a time;
 *	|###.|       |####|       current fails each time and has then failed more often.
 *	                          4 units fit neither: current leaves the window, not older
 */
static void current_leaves(struct kunit *test)
{
	struct mp_node_s *older = pool->current, *current;

	take(test, 1, older);
	current = take(test, 4, NULL);
	KUNIT_EXPECT_EQ(test, older->failed, 1);
	for (size_t i = 1; i <= 2; i++) {
		take(test, 1, older);
		KUNIT_EXPECT_EQ(test, current->failed, i);
		KUNIT_EXPECT_EQ(test, older->failed, 1);
	}
	take(test, 4, NULL);
	KUNIT_EXPECT_EQ(test, current->failed, 3);
	KUNIT_EXPECT_EQ(test, older->failed, 2);
	KUNIT_EXPECT_PTR_EQ(test, pool->older, older);
	/* older still has one unit, and serves it. */
	take(test, 1, older);
	KUNIT_EXPECT_EQ(test, older->failed, 2);
}

/* The same rules hold for packed objects. */
static void packed_objects(struct kunit *test)
{
	struct mp_node_s *first = pool->current, *second;
	void *p;

	KUNIT_EXPECT_TRUE(test, serves(first, mp_nalloc(pool, NODE - 5)));
	KUNIT_EXPECT_TRUE(test, serves(first, mp_nalloc(pool, 1)));
	p = mp_nalloc(pool, NODE - 1);
	second = pool->current;
	KUNIT_EXPECT_PTR_NE(test, second, first);
	KUNIT_EXPECT_TRUE(test, serves(second, p));
	KUNIT_EXPECT_EQ(test, first->failed, 1);
	KUNIT_EXPECT_TRUE(test, serves(first, mp_nalloc(pool, 3)));
	KUNIT_EXPECT_EQ(test, second->failed, 1);
	KUNIT_EXPECT_TRUE(test, serves(second, mp_nalloc(pool, 1)));
	KUNIT_EXPECT_TRUE(test, serves(first, mp_nalloc(pool, 1)));
	KUNIT_EXPECT_EQ(test, first->failed, 1);
	p = mp_nalloc(pool, 1);
	KUNIT_EXPECT_TRUE(test, serves(pool->current, p));
	KUNIT_EXPECT_EQ(test, first->failed, 2);
	KUNIT_EXPECT_EQ(test, second->failed, 3);
	KUNIT_EXPECT_PTR_EQ(test, pool->older, first);
}

/* Large requests and requests of 0 bytes are not tried on a node: no miss is counted. */
static void others_do_not_count(struct kunit *test)
{
	struct mp_node_s *first = pool->current, *second;

	take(test, 4, first);
	second = take(test, 4, NULL);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 0));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, NODE + 1));
	KUNIT_EXPECT_NOT_NULL(test, mp_nalloc(pool, 5000));
	KUNIT_EXPECT_NOT_NULL(test, mp_memalign(pool, 1, 64));
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, SIZE_MAX));
	KUNIT_EXPECT_PTR_EQ(test, pool->current, second);
	KUNIT_EXPECT_EQ(test, first->failed, 1);
	KUNIT_EXPECT_EQ(test, second->failed, 0);
}

static struct kunit_case mp_window_cases[] = {
	KUNIT_CASE_PLAIN(more_failures_leave),
	KUNIT_CASE_PLAIN(current_leaves),
	KUNIT_CASE_PLAIN(packed_objects),
	KUNIT_CASE(others_do_not_count),
	{},
};

static struct kunit_suite mp_window_suite = {
	.name = "mp_window",
	.init = start,
	.exit = stop,
	.test_cases = mp_window_cases,
};

kunit_test_suite(mp_window_suite);
