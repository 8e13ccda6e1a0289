// SPDX-License-Identifier: MIT
/*
 * mp_options_test.c - mp_create_pool_with(): pools made to measure
 *
 *	.size = 100, .max_size = 800:	|100|, |200|, |400|, |800|, |800| ...
 */
#include <tests/suites/figures/tree.h>

/* All zeros, and NULL: what mp_create_pool(MP_PAGE_SIZE) makes. */
static void nothing_is_wished(struct kunit *test)
{
	struct mp_options_s none = { .size = 0 };
	struct mp_pool_s *pool[] = { mp_create_pool(MP_PAGE_SIZE), mp_create_pool_with(&none),
				     mp_create_pool_with(NULL) };

	for (size_t i = 0; i < 3; i++) {
		KUNIT_ASSERT_NOT_NULL(test, pool[i]);
		KUNIT_EXPECT_PTR_EQ(test, pool[i]->heap, &kernel_heap);
		KUNIT_EXPECT_EQ(test, pool[i]->size, pool[0]->size);
		KUNIT_EXPECT_EQ(test, pool[i]->max_size, pool[0]->size);
		KUNIT_EXPECT_EQ(test, pool[i]->max, pool[0]->max);
		KUNIT_EXPECT_EQ(test, pool[i]->held, pool[0]->held);
		KUNIT_EXPECT_NULL(test, pool[i]->parent);
		KUNIT_EXPECT_NULL(test, pool[i]->bounded);
		KUNIT_EXPECT_NULL(test, pool[i]->name);
	}
	for (size_t i = 0; i < 3; i++) {
		for (size_t n = 0; n < 3; n++) /* nodes do not double */
			KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool[i], pool[i]->max));
		KUNIT_EXPECT_EQ(test, mp_node_size(pool[i], pool[i]->current), pool[i]->size);
	}
	for (size_t i = 0; i < 3; i++)
		mp_destroy_pool(pool[i]);
}

/* The sizes of nodes, one after the other. Each is filled to its last byte. */
static void nodes_double(struct kunit *test)
{
	struct mp_options_s options = { .heap = &arena_heap, .size = 256, .max_size = 2048 + 1 };
	struct mp_pool_s *pool = mp_create_pool_with(&options);
	size_t most = mp_align(2049, MP_ALIGNMENT) + MP_REDZONE, size = 256 + MP_REDZONE;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (size_t n = 0; n < 7; n++) {
		unsigned char *p = mp_nalloc(pool, size - MP_REDZONE);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), n);
		KUNIT_EXPECT_EQ(test, mp_node_size(pool, pool->current), size);
		KUNIT_EXPECT_EQ(test, mp_node_room(pool->current), 0);
		memset(p, 0x5a, size - MP_REDZONE);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		size = 2 * size < most ? 2 * size : most;
	}
	KUNIT_EXPECT_EQ(test, size, most);
	mp_destroy_pool(pool);
}

/* A request that the next size would not hold skips sizes. All up to max are small. */
static void sizes_are_skipped(struct kunit *test)
{
	struct mp_options_s options = { .heap = &arena_heap, .size = 128, .max_size = 65536 };
	struct mp_pool_s *pool = mp_create_pool_with(&options);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_EQ(test, pool->max, MP_MAX_ALLOC_FROM_POOL);
	KUNIT_EXPECT_EQ(test, mp_free(pool, mp_alloc(pool, MP_MAX_ALLOC_FROM_POOL)), -ENOENT);
	KUNIT_EXPECT_EQ(test, mp_free(pool, mp_alloc(pool, MP_MAX_ALLOC_FROM_POOL + 1)), 0);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), 1);
	KUNIT_EXPECT_GE(test, mp_node_size(pool, pool->current), 4096);
	KUNIT_EXPECT_LT(test, mp_node_size(pool, pool->current), 8192 + 64 * MP_REDZONE);
	/* 200 KiB in a few nodes, not in 1600. */
	for (size_t i = 0; i < 2000; i++)
		KUNIT_ASSERT_NOT_NULL(test, mp_nalloc(pool, 100));
	KUNIT_EXPECT_LE(test, count_records(pool, MP_NODE), 8);
	/* After a reset, it begins with its first node again. */
	mp_reset_pool(pool);
	mp_alloc(pool, 128);
	mp_alloc(pool, 1);
	KUNIT_EXPECT_LE(test, mp_node_size(pool, pool->current), 256 + 2 * MP_REDZONE);
	mp_destroy_pool(pool);
}

/*
 *	|<--------------- 4096 --------------->|
 *	|heap's header| headers |    objects   |	one page of the heap, no byte more
 */
static void sizes_with_headers(struct kunit *test)
{
	static const size_t sizes[] = { 512, 1024, 4096, 8192, 65536 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct mp_options_s options = {
			.heap = &arena_heap,
			.size = sizes[i],
			.max_size = 2 * sizes[i],
			.size_with_headers = true,
		};
		struct mp_pool_s *pool = mp_create_pool_with(&options);
		size_t bytes;

		KUNIT_ASSERT_NOT_NULL(test, pool);
		/* Blocks of the heap are multiples of 32 bytes, nodes of MP_ALIGNMENT. */
		KUNIT_EXPECT_LE(test, pool->held, sizes[i]);
		KUNIT_EXPECT_GT(test, pool->held + MP_ALIGNMENT, sizes[i]);
		if (MP_ALIGNMENT <= 32)
			KUNIT_EXPECT_EQ(test, pool->held, sizes[i]);
		for (size_t n = 0; n < 3; n++) {
			bytes = pool->held;
			while (pool->held == bytes)
				KUNIT_ASSERT_NOT_NULL(test, mp_nalloc(pool, 1));
			bytes = pool->held - bytes;
			KUNIT_EXPECT_LE(test, bytes, 2 * sizes[i]);
		}
		KUNIT_EXPECT_GT(test, bytes + 64, 2 * sizes[i]);
		mp_destroy_pool(pool);
	}
}

/* The constants for who counts himself. */
static void overheads(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&arena_heap, 4096 - MP_POOL_OVERHEAD);
	size_t held;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	KUNIT_EXPECT_LE(test, pool->held, 4096);
	KUNIT_EXPECT_EQ(test, pool->held, mp_align(pool->held, HEAP_ALIGN));
	if (MP_ALIGNMENT <= 32)
		KUNIT_EXPECT_EQ(test, pool->held, 4096);
	mp_destroy_pool(pool);

	pool = mp_create_pool_on(&arena_heap, 4096 - MP_NODE_OVERHEAD);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	held = pool->held;
	mp_alloc(pool, pool->max - 100);
	mp_alloc(pool, pool->max - 100);
	KUNIT_EXPECT_LE(test, pool->held - held, 4096);
	if (MP_ALIGNMENT <= 32)
		KUNIT_EXPECT_EQ(test, pool->held - held, 4096);
	mp_destroy_pool(pool);
}

/* A wish that cannot be: NULL, and the parent is as it was. */
static void impossible_wishes(struct kunit *test)
{
	const struct mp_options_s row[] = {
		{ .max_size = 100 },			  /* below MP_PAGE_SIZE */
		{ .size = 1000, .max_size = 999 },	  /* below size */
		{ .size = 1, .size_with_headers = true }, /* headers alone take more */
		{ .size = MP_POOL_OVERHEAD, .size_with_headers = true },
		{ .size = HEAP_MAX_SIZE + 1 },
		{ .size = SIZE_MAX },
		{ .size = 100, .max_size = HEAP_MAX_SIZE + 1 },
		{ .size = 100, .max_size = SIZE_MAX },
		{ .size = SIZE_MAX, .max_size = SIZE_MAX, .size_with_headers = true },
		{ .size = ARENA_PAGES * MM_PAGE_SIZE }, /* more memory than there is */
		{ .size = 100, .limit = 1 },		/* the pool alone holds more */
		{ .size = 100, .limit = 100 },
	};
	struct heap other;

	heap_init(&other, &arena_pages);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct mp_options_s options = row[i];
		struct mp_pool_s before = *tree.server;

		options.heap = &arena_heap;
		KUNIT_EXPECT_NULL(test, mp_create_pool_with(&options));
		options.parent = tree.server;
		KUNIT_EXPECT_NULL(test, mp_create_pool_with(&options));
		options.heap = NULL;
		KUNIT_EXPECT_NULL(test, mp_create_pool_with(&options));
		KUNIT_EXPECT_MEMEQ(test, tree.server, &before, sizeof(before));
		expect_limits(test);
	}
	KUNIT_EXPECT_NULL(test, mp_create_pool_with(&(struct mp_options_s){
					.heap = &other, .parent = tree.server }));
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/* A child, on its parent's heap, with a limit and a name of its own. */
static void with_a_parent(struct kunit *test)
{
	struct mp_options_s options = {
		.parent = tree.server, .size = 300, .limit = 5000, .name = "child"
	};
	struct mp_pool_s *child = mp_create_pool_with(&options), *same;

	KUNIT_ASSERT_NOT_NULL(test, child);
	KUNIT_EXPECT_PTR_EQ(test, mp_parent(child), tree.server);
	KUNIT_EXPECT_PTR_EQ(test, child->heap, &arena_heap);
	KUNIT_EXPECT_STREQ(test, child->name, "child");
	KUNIT_EXPECT_PTR_EQ(test, child->bounded, child);
	KUNIT_EXPECT_EQ(test, child->left, 5000 - child->held);
	KUNIT_EXPECT_NULL(test, mp_alloc(child, 6000));
	options.heap = &arena_heap; /* the parent's own */
	options.limit = child->held;
	same = mp_create_pool_with(&options);
	KUNIT_ASSERT_NOT_NULL(test, same);
	KUNIT_EXPECT_EQ(test, same->left, 0);
	expect_limits(test);
	mp_reset_pool(tree.server); /* ends both */
	KUNIT_EXPECT_NULL(test, tree.server->records);
}

/* The name is not copied. A name does not make a pool another one for its parent. */
static void names(struct kunit *test)
{
	static const char name[] = "a name";

	KUNIT_EXPECT_NULL(test, tree.request->name);
	mp_set_name(tree.request, name);
	KUNIT_EXPECT_PTR_EQ(test, tree.request->name, name);
	mp_set_name(tree.request, "another");
	KUNIT_EXPECT_STREQ(test, tree.request->name, "another");
	KUNIT_EXPECT_EQ(test, count_records(tree.connection, MP_CHILD), 1);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(tree.request, 5000));
	mp_reset_pool(tree.request); /* keeps it */
	tree.below = NULL;
	KUNIT_EXPECT_STREQ(test, tree.request->name, "another");
	mp_set_name(tree.request, NULL);
	KUNIT_EXPECT_NULL(test, tree.request->name);
	mp_destroy_pool(tree.request);
	KUNIT_EXPECT_PANIC(test, "mp_set_name", mp_set_name(tree.request, name));
}

static struct kunit_case mp_options_cases[] = {
	KUNIT_CASE(nothing_is_wished),	KUNIT_CASE(nodes_double), KUNIT_CASE(sizes_are_skipped),
	KUNIT_CASE(sizes_with_headers), KUNIT_CASE(overheads),	  KUNIT_CASE(impossible_wishes),
	KUNIT_CASE(with_a_parent),	KUNIT_CASE(names),	  {},
};

static struct kunit_suite mp_options_suite = {
	.name = "mp_options",
	.init = tree_start,
	.exit = tree_stop,
	.test_cases = mp_options_cases,
};

kunit_test_suite(mp_options_suite);
