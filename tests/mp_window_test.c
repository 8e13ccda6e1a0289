// SPDX-License-Identifier: MIT
/*
 * mp_window_test.c - which node serves, and what a reset brings back
 *
 * A node holds 4 units, and requests are counted in units. A request looks at
 * current, then at one older node, and then gets a node of its own.
 */
#include <kernel/string.h>
#include <mm/mp_pool.h>
#include <tests/arena.h>
#include <tests/pattern.h>

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
	uintptr_t memory = ((uintptr_t)(node + 1) + UNIT - 1) & -UNIT;

	return (uintptr_t)p - memory < NODE;
}

/* Asks for @units; current, or the older node, or a new one must serve. */
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
 *	first        second       third        what takes 2 units, and why
 *	|###.|                                 first has 1 left
 *	|###.|       |##..|                    a new node; first failed once
 *	|###.|       |###.|                    1 unit: current serves
 *	|###.|       |###.|       |##..|       neither fits: both failed; first has
 *	 failed 2     failed 1                 failed more often and is out
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

	/* Third is full, second has 1 left, and so has first: nobody asks it. */
	take(test, 2, third);
	take(test, 1, second);
	KUNIT_EXPECT_EQ(test, third->failed, 1);
	KUNIT_EXPECT_EQ(test, second->failed, 1);
	fourth = take(test, 1, NULL);
	KUNIT_EXPECT_EQ(test, first->failed, 2);
	KUNIT_EXPECT_EQ(test, second->failed, 2);
	KUNIT_EXPECT_EQ(test, third->failed, 2);
	/* A tie: the older of the two is out for good. */
	KUNIT_EXPECT_PTR_EQ(test, pool->older, third);
	KUNIT_EXPECT_PTR_EQ(test, pool->current, fourth);
}

/*
 *	older        current      filled by 4 units, then served by the older node:
 *	|#...|       |####|       current fails each time, more often than older
 *	|####|       |####|       and leaves, when both are asked in vain
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
	/* It has one unit yet, and gives it. */
	take(test, 1, older);
	KUNIT_EXPECT_EQ(test, older->failed, 2);
}

/* One and the same rule for packed objects. */
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

/* Large requests and those of no bytes ask no node. */
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

#define REQUESTS 60

/* The same row of requests each time it is called: small and large ones, packed. */
static void request(struct kunit *test, void **got, bool with_large)
{
	uint64_t seed = 5;

	for (size_t i = 0; i < REQUESTS; i++) {
		size_t size = arena_random(&seed) % NODE;

		/* Blocks of the same size as nodes: they take each other's places. */
		if (with_large && i % 3 == 0)
			size = NODE + 1;
		got[i] = i % 2 ? mp_alloc(pool, size) : mp_nalloc(pool, size);
		KUNIT_ASSERT_NOT_NULL(test, got[i]);
		memset(got[i], 0x11, size);
	}
}

static void expect_as_new(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, pool->current, pool->head);
	KUNIT_EXPECT_NULL(test, pool->older);
	KUNIT_EXPECT_NULL(test, pool->large);
	KUNIT_EXPECT_NULL(test, pool->head->next);
	KUNIT_EXPECT_EQ(test, pool->head->failed, 0);
	KUNIT_EXPECT_EQ(test, pool->max, NODE);
}

static void reset_gives_same_addresses(struct kunit *test)
{
	void *before[REQUESTS], *after[REQUESTS];
	struct mp_pool_s *neighbour;

	request(test, before, true);
	for (int i = 0; i < 3; i++) {
		mp_reset_pool(pool);
		expect_as_new(test);
		request(test, after, true);
		KUNIT_EXPECT_MEMEQ(test, after, before, sizeof(before));
	}
	mp_reset_pool(pool);
	/* What it had taken is back: the next one gets it. */
	neighbour = mp_create_pool_on(&arena_heap, 5000);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	mp_destroy_pool(neighbour);
	mp_destroy_pool(pool);
	arena_trim(test);
	pool = NULL;
}

/* A heap full of holes of the size of a node: |#|..|#|..|#|..|#|..|#| */
static void **make_holes(struct kunit *test)
{
	static void *keep[100], *hole[100];

	for (size_t i = 0; i < 100; i++) {
		hole[i] = heap_alloc(&arena_heap, 32, NODE + 32);
		keep[i] = heap_alloc(&arena_heap, 32, 1);
		KUNIT_ASSERT_TRUE(test, hole[i] && keep[i]);
	}
	for (size_t i = 0; i < 100; i++)
		heap_free(&arena_heap, hole[i * 37 % 100]);
	return keep;
}

static void reset_among_holes(struct kunit *test, bool with_large)
{
	void *before[REQUESTS], *after[REQUESTS], **keep = make_holes(test);

	request(test, before, with_large);
	mp_reset_pool(pool);
	request(test, after, with_large);
	KUNIT_EXPECT_MEMEQ(test, after, before, sizeof(before));
	for (size_t i = 0; i < 100; i++)
		heap_free(&arena_heap, keep[i]);
}

static void reset_nodes_among_holes(struct kunit *test)
{
	reset_among_holes(test, false);
}

static void reset_large_among_holes(struct kunit *test)
{
	reset_among_holes(test, true);
}

/* Memory is not cleared: a reset takes no longer for large nodes. */
static void reset_does_not_clear(struct kunit *test)
{
	unsigned char *p = mp_alloc(pool, NODE);

	pattern_fill(p, NODE, 1);
	mp_reset_pool(pool);
	KUNIT_EXPECT_PTR_EQ(test, mp_alloc(pool, NODE), p);
	KUNIT_EXPECT_EQ(test, pattern_check(p, NODE, 1), NODE);
}

static void reset_of_a_new_pool(struct kunit *test)
{
	struct mp_pool_s before = *pool;
	struct mp_node_s head = *pool->head;

	mp_reset_pool(pool);
	KUNIT_EXPECT_MEMEQ(test, pool, &before, sizeof(before));
	KUNIT_EXPECT_MEMEQ(test, pool->head, &head, sizeof(head));
}

static struct kunit_case mp_window_cases[] = {
	KUNIT_CASE_PLAIN(more_failures_leave),	KUNIT_CASE_PLAIN(current_leaves),
	KUNIT_CASE_PLAIN(packed_objects),	KUNIT_CASE(others_do_not_count),
	KUNIT_CASE(reset_gives_same_addresses), KUNIT_CASE(reset_nodes_among_holes),
	KUNIT_CASE(reset_large_among_holes),	KUNIT_CASE(reset_does_not_clear),
	KUNIT_CASE(reset_of_a_new_pool),	{},
};

static struct kunit_suite mp_window_suite = {
	.name = "mp_window",
	.init = start,
	.exit = stop,
	.test_cases = mp_window_cases,
};

kunit_test_suite(mp_window_suite);
