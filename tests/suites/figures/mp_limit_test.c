// SPDX-License-Identifier: MIT
/*
 * mp_limit_test.c - mp_set_limit(): how much a pool and all below may hold
 *
 *	server (limit)
 *	  connection
 *	    request (limit)	what a subrequest takes, both limits lose
 *	      subrequest
 */
#include <tests/suites/figures/tree.h>

/* A new pool takes one block; after that, a limit of what it holds lets nothing through. */
static void no_byte_more(struct kunit *test)
{
	struct mp_pool_s *pool = tree.below;
	size_t held = pool->held,
	       block = block_bytes(sizeof(struct mp_large_s) + 5000 + MP_REDZONE);

	KUNIT_EXPECT_EQ(test, held, bytes_of(pool));
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, held - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, 1), -EINVAL);
	KUNIT_EXPECT_NULL(test, pool->bounded);
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, held), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, held + block - 1), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, held + block), 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_EQ(test, pool->left, 0);
	/* Small objects that fit the node cost nothing. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 100));
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, SIZE_MAX), 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, 0), 0);
	KUNIT_EXPECT_NULL(test, pool->bounded);
	KUNIT_EXPECT_EQ(test, mp_set_limit(pool, 0), 0);
	expect_limits(test);
}

/* Each kind of request at a limit: NULL, and nothing has changed but the count of refusals. */
static void each_kind_of_request(struct kunit *test)
{
	struct mp_pool_s *pool = tree.request, before;
	struct mp_mark_s mark;
	uint64_t sum;

	mp_alloc(pool, 8);
	mp_nalloc(pool, mp_node_room(pool->current) - MP_REDZONE);
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, mp_tree_held(pool)), 0);
	before = *pool;
	sum = sum_of(pool);
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 1));
	KUNIT_EXPECT_NULL(test, mp_nalloc(pool, 1));
	KUNIT_EXPECT_NULL(test, mp_calloc(pool, 1));
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, pool->max + 1));
	KUNIT_EXPECT_NULL(test, mp_memalign(pool, 1, 64));
	KUNIT_EXPECT_NULL(test, mp_alloc_aligned(pool, 1, 64));
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(pool, 0));
	KUNIT_EXPECT_NULL(test, mp_create_child(pool, 100));
	mark = mp_mark(pool);
	KUNIT_EXPECT_NULL(test, mark.savepoint);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_cleanup_or_run(pool, diary_write, "x"), -ENOMEM);
	KUNIT_EXPECT_STREQ(test, diary, "x");
	KUNIT_EXPECT_NULL(test, mp_create_pool_with(&(struct mp_options_s){ .parent = pool }));
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, 11);
	KUNIT_EXPECT_MEMEQ(test, pool, &before, sizeof(before));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	/* 0 bytes need none. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 0));
	expect_limits(test);
}

/* When memory is out, what was taken from the limits is given back. */
static void memory_is_out(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, SIZE_MAX / 2), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, SIZE_MAX / 2), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.request, ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_create_child(tree.below, ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_cleanup_add(tree.below, ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_realloc(tree.below, mp_alloc(tree.below, 5000), 5000,
					   ARENA_PAGES * MM_PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, tree.request->left, SIZE_MAX / 2 - mp_tree_held(tree.request));
	KUNIT_EXPECT_EQ(test, tree.server->left, SIZE_MAX / 2 - mp_tree_held(tree.server));
	expect_limits(test);
}

/* All limits above hold. The nearest may be the wider one. */
static void over_a_tree(struct kunit *test)
{
	size_t held = mp_tree_held(tree.server);
	void *p;

	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, 1000000), 0);
	KUNIT_EXPECT_EQ(test, mp_set_limit(tree.server, held - 1), -EINVAL);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, held + 10000), 0);
	KUNIT_EXPECT_PTR_EQ(test, tree.below->bounded, tree.request);
	KUNIT_EXPECT_PTR_EQ(test, tree.connection->bounded, tree.server);
	p = mp_alloc(tree.below, 9000);
	KUNIT_EXPECT_NOT_NULL(test, p);
	expect_limits(test);
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.below, 9000));
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.server, 9000));
	KUNIT_EXPECT_EQ(test, mp_history(tree.below)->refused, 1);
	KUNIT_EXPECT_EQ(test, mp_history(tree.server)->refused, 1);
	KUNIT_EXPECT_EQ(test, mp_history(tree.request)->refused, 0);
	KUNIT_EXPECT_EQ(test, mp_free(tree.below, p), 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.connection, 9000));
	expect_limits(test);
}

/* Without the limit in the middle, the one above is the nearest again. */
static void removed_and_lowered(struct kunit *test)
{
	size_t held = mp_tree_held(tree.request);

	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 1000000), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, held + 20000), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, held), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.below, 5000));
	expect_limits(test);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, 0), 0);
	KUNIT_EXPECT_PTR_EQ(test, tree.request->bounded, tree.server);
	KUNIT_EXPECT_PTR_EQ(test, tree.below->bounded, tree.server);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.below, 5000));
	expect_limits(test);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 0), 0);
	KUNIT_EXPECT_NULL(test, tree.below->bounded);
	KUNIT_EXPECT_NULL(test, tree.server->bounded);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.below, 5000));
	expect_limits(test);
}

/* Reset, release, destroy and mp_free() give back exactly what was taken. */
static void all_comes_back(struct kunit *test)
{
	struct mp_mark_s mark;
	size_t left;

	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 1000000), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, 500000), 0);
	left = tree.server->left;
	mark = mp_mark(tree.request);
	for (size_t i = 0; i < 10; i++) {
		struct mp_pool_s *child = mp_create_child(tree.request, 300);

		mp_alloc(child, 1000);
		mp_alloc(tree.request, 300);
		mp_alloc(tree.request, 10000);
		mp_cleanup_add(tree.below, 70);
		expect_limits(test);
		if (i == 5)
			mp_destroy_pool(child);
		expect_limits(test);
	}
	mp_reset_pool(tree.below);
	KUNIT_EXPECT_EQ(test, mp_release(tree.request, mark), 0);
	KUNIT_EXPECT_EQ(test, tree.server->left, left);
	expect_limits(test);
	mp_reset_pool(tree.request);
	tree.below = NULL; /* it ended */
	KUNIT_EXPECT_EQ(test, tree.request->left, 500000 - bytes_of(tree.request));
	expect_limits(test);
	mp_reset_pool(tree.server);
	tree.connection = NULL;
	tree.request = NULL;
	KUNIT_EXPECT_EQ(test, tree.server->left, 1000000 - bytes_of(tree.server));
}

/* Handlers that are removed, or run before their time. */
static void handlers_come_back(struct kunit *test)
{
	struct mp_cleanup_s *removed, *run;
	size_t left;

	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 1000000), 0);
	left = tree.server->left;
	removed = mp_cleanup_add(tree.below, 100);
	run = mp_cleanup_add(tree.below, 200);
	KUNIT_ASSERT_NOT_NULL(test, removed);
	KUNIT_ASSERT_NOT_NULL(test, run);
	KUNIT_EXPECT_LE(test, tree.server->left, left - 300);
	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(tree.below, removed), 0);
	expect_limits(test);
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(tree.below, run), 0);
	KUNIT_EXPECT_EQ(test, tree.server->left, left);
	expect_limits(test);
}

/* A child that is destroyed by itself, with a limit of its own and pools below. */
static void a_child_leaves(struct kunit *test)
{
	size_t gone = mp_tree_held(tree.request), left;

	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, 1000000), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.request, gone), 0);
	left = tree.server->left;
	mp_destroy_pool(tree.request);
	tree.request = NULL;
	tree.below = NULL;
	KUNIT_EXPECT_EQ(test, tree.server->left, left + gone);
	expect_limits(test);
	mp_destroy_pool(tree.connection);
	tree.connection = NULL;
	KUNIT_EXPECT_EQ(test, tree.server->left, 1000000 - bytes_of(tree.server));
}

/* It is in a child that is destroyed by itself: the pool with the limit may end before it. */
static void end_the_server(void *data)
{
	struct kunit *test = data;

	KUNIT_EXPECT_NULL(test, mp_parent(tree.connection));
	KUNIT_EXPECT_NULL(test, tree.connection->bounded);
	KUNIT_EXPECT_NULL(test, tree.below->bounded);
	mp_destroy_pool(tree.server);
	tree.server = NULL;
	/* The limit holds no longer. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.connection, 30000));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.below, 30000));
	diary_write("s");
}

static void handler_ends_the_limit(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(tree.connection, end_the_server, test), 0);
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, mp_tree_held(tree.server)), 0);
	/* The handler is the newest record of its pool: the pools below are still there. */
	mp_destroy_pool(tree.connection);
	KUNIT_EXPECT_STREQ(test, diary, "s");
	tree.connection = NULL;
	tree.request = NULL;
	tree.below = NULL;
}

static size_t in_a_handler_limit;

static void set_limits(void *data)
{
	struct kunit *test = data;
	struct mp_stats_s stats;
	struct mp_pool_s *child;

	KUNIT_EXPECT_EQ(test, mp_set_limit(tree.connection, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, mp_set_limit(tree.connection, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, mp_set_limit(tree.connection, SIZE_MAX), -EBUSY);
	child = mp_create_child(tree.connection, 200);
	KUNIT_ASSERT_NOT_NULL(test, child);
	KUNIT_EXPECT_EQ(test, mp_set_limit(child, child->held), 0);
	KUNIT_EXPECT_NULL(test, mp_alloc(child, 5000));
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.connection, 40000)); /* the limit above holds */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.connection, 1000));
	mp_get_tree_stats(tree.server, &stats);
	KUNIT_EXPECT_EQ(test, stats.limit, in_a_handler_limit);
	KUNIT_EXPECT_EQ(test, tree.server->left, stats.limit - stats.held);
	diary_write("l");
}

/* A pool that is being undone keeps its limit; pools above and below it may get others. */
static void in_a_handler(struct kunit *test)
{
	in_a_handler_limit = mp_tree_held(tree.server) + 30000;
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.server, in_a_handler_limit), 0);
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(tree.connection, set_limits, test), 0);
	mp_reset_pool(tree.connection);
	KUNIT_EXPECT_STREQ(test, diary, "l");
	tree.request = NULL;
	tree.below = NULL;
	expect_limits(test);
}

static int set_in_callback;
static struct mp_pool_s *made_in_callback;

static bool set_a_limit(struct heap *heap, size_t size, void *arg)
{
	struct mp_options_s options = { .heap = heap };

	(void)size;
	(void)arg;
	set_in_callback = mp_set_limit(tree.below, 60000);
	made_in_callback = mp_create_pool_with(&options);
	return false;
}

/* The heap's oom callback runs in the middle of a request, which is charged already. */
static void in_the_oom_callback(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, mp_set_limit(tree.below, 1 << 30), 0);
	heap_set_oom(&arena_heap, set_a_limit, NULL);
	KUNIT_EXPECT_NULL(test, mp_alloc(tree.below, ARENA_PAGES * MM_PAGE_SIZE));
	heap_set_oom(&arena_heap, NULL, NULL);
	KUNIT_EXPECT_EQ(test, set_in_callback, -EBUSY);
	/* A pool without a limit can be created there. */
	KUNIT_EXPECT_NOT_NULL(test, made_in_callback);
	mp_destroy_pool(made_in_callback);
	expect_limits(test);
}

static struct kunit_case mp_limit_cases[] = {
	KUNIT_CASE(no_byte_more),	    KUNIT_CASE(each_kind_of_request),
	KUNIT_CASE(memory_is_out),	    KUNIT_CASE(over_a_tree),
	KUNIT_CASE(removed_and_lowered),    KUNIT_CASE(all_comes_back),
	KUNIT_CASE(handlers_come_back),	    KUNIT_CASE(a_child_leaves),
	KUNIT_CASE(handler_ends_the_limit), KUNIT_CASE(in_a_handler),
	KUNIT_CASE(in_the_oom_callback),    {},
};

static struct kunit_suite mp_limit_suite = {
	.name = "mp_limit",
	.init = tree_start,
	.exit = tree_stop,
	.test_cases = mp_limit_cases,
};

kunit_test_suite(mp_limit_suite);
