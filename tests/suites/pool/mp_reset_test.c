// SPDX-License-Identifier: MIT
/*
 * mp_reset_test.c - mp_reset_pool() gives back all memory, and addresses repeat
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define NODE (4 * (size_t)MP_ALIGNMENT)

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

#define REQUESTS 60

/* Makes the same requests each time: aligned and packed objects, and large blocks if asked. */
static void request(struct kunit *test, void **got, bool with_large)
{
	uint64_t seed = 5;

	for (size_t i = 0; i < REQUESTS; i++) {
		size_t size = arena_random(&seed) % NODE;

		/* As large as a node, so that nodes and large blocks can swap places. */
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
	KUNIT_EXPECT_NULL(test, pool->records);
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
	/* The memory is back in the heap: another pool can use it. */
	neighbour = mp_create_pool_on(&arena_heap, 5000);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	mp_destroy_pool(neighbour);
	mp_destroy_pool(pool);
	arena_trim(test);
	pool = NULL;
}

/* Makes 100 holes as large as a node in the heap: |#|..|#|..|#|..|#|..|#| */
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

/* Makes one random request: mp_alloc(), or mp_memalign() in one of four. */
static void *request_any(uint64_t *seed)
{
	uint64_t r = arena_random(seed);
	size_t size = r >> 32 & ((1ul << (r & 15)) - 1);

	if (r >> 8 & 3)
		return mp_alloc(pool, size % 10000);
	return mp_memalign(pool, size % 10000, 1ul << (r >> 16) % 13);
}

/*
 *	|##|....|#|..|####|........|##|.|###|....          random blocks and holes
 *	|##|1.2.|#|..|####|33333...|##|.|###|444           random requests fill some holes
 *	|##|....|#|..|####|........|##|.|###|....          reset: the free lists are as before
 *	|##|1.2.|#|..|####|33333...|##|.|###|444           the same requests, the same addresses
 */
static void reset_among_random_blocks(struct kunit *test)
{
	static void *blocks[100], *got[50];
	uint64_t seed = 88172645463325252, again;

	for (size_t round = 0; round < 100; round++) {
		for (size_t i = 0; i < 100; i++) {
			blocks[i] = heap_alloc(&arena_heap, 32, arena_random(&seed) % 3000);
			KUNIT_ASSERT_NOT_NULL(test, blocks[i]);
		}
		for (size_t i = 0; i < 100; i += 1 + arena_random(&seed) % 2) {
			heap_free(&arena_heap, blocks[i]);
			blocks[i] = NULL;
		}
		again = seed;
		for (size_t i = 0; i < 50; i++) {
			got[i] = request_any(&seed);
			KUNIT_ASSERT_NOT_NULL(test, got[i]);
		}
		mp_reset_pool(pool);
		for (size_t i = 0; i < 50; i++)
			KUNIT_ASSERT_PTR_EQ(test, request_any(&again), got[i]);
		mp_reset_pool(pool);
		for (size_t i = 0; i < 100; i++)
			heap_free(&arena_heap, blocks[i]);
	}
}

/* The list of records was cut. Without a check, reset would leak the rest silently. */
static void reset_with_a_node_missing(struct kunit *test)
{
	struct mp_record_s *newest, *lost;

	for (size_t i = 0; i < 3; i++)
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, NODE));
	newest = pool->records;
	lost = newest->next;
	newest->next = NULL;
	KUNIT_EXPECT_PANIC(test, "the list of its records was overwritten", mp_reset_pool(pool));
	newest->next = lost;
}

/*
 *	newest --> the middle of an object --> the bytes of that object
 *
 * The link points to something that is not a block. Reset must notice this before it
 * follows a link in there.
 */
static void reset_with_a_wrong_link(struct kunit *test)
{
	for (int fill = 0; fill <= 0x11; fill += 0x11) {
		struct mp_record_s *newest, *second;

		for (size_t i = 0; i < 3; i++) {
			void *p = mp_alloc(pool, NODE);

			KUNIT_ASSERT_NOT_NULL(test, p);
			memset(p, fill, NODE);
		}
		newest = pool->records;
		second = newest->next;
		newest->next = (struct mp_record_s *)((char *)second + NODE / 2);
		KUNIT_EXPECT_PANIC(test, "the list of its records was overwritten",
				   mp_reset_pool(pool));
		newest->next = second;
		mp_reset_pool(pool);
	}
}

/* Reset does not clear memory, so its time does not grow with the size of the nodes. */
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

static struct kunit_case mp_reset_cases[] = {
	KUNIT_CASE(reset_gives_same_addresses),
	KUNIT_CASE(reset_nodes_among_holes),
	KUNIT_CASE(reset_large_among_holes),
	KUNIT_CASE(reset_among_random_blocks),
	KUNIT_CASE(reset_with_a_node_missing),
	KUNIT_CASE(reset_with_a_wrong_link),
	KUNIT_CASE(reset_does_not_clear),
	KUNIT_CASE(reset_of_a_new_pool),
	{},
};

static struct kunit_suite mp_reset_suite = {
	.name = "mp_reset",
	.init = start,
	.exit = stop,
	.test_cases = mp_reset_cases,
};

kunit_test_suite(mp_reset_suite);
