// SPDX-License-Identifier: MIT
/*
 * mp_faults_test.c - the faults of the text that this project starts from
 *
 * One case for each. To see one at work, switch it back on in mm/ and run
 * "make run APPEND=test=faults"; each of these changes fails the case named:
 *
 * 1 room_wraps
 *	bump_fit(): "*at = next + padding; return (size_t)(end - *at) >= size;"
 *	mp_create_pool_on(): does not round @size up; mp_nalloc(): takes from
 *	"last", too; mp_alloc(): aligns it, then "(size_t)(node->end - p) >= size"
 * 2 sizes_wrap
 *	mp_create_pool_on(): without "!size", or without the upper limit
 *	mp_alloc(): without the comparison with MP_MAX_ALLOC_FROM_POOL, in both
 *	mp_align(): without the parentheses around n, or around alignment
 * 3 first_node_is_short
 *	start(): "end = (unsigned char *)(head + 1) + size", last aligned; and
 *	MP_ALIGNMENT 64, or one more field in struct mp_pool_s
 * 4 next_nodes_are_short
 *	mp_alloc_block(): the same; and MP_ALIGNMENT 64, or one more field in
 *	struct mp_node_s
 * 5 search_is_long
 *	mp_alloc_block(): the older node stays until it has failed 6 times
 *	find_room(): walks all nodes, the oldest first
 * 6 free_scans
 *	mp_free(): looks for the block from pool->large on
 * 7 functions_are_missing
 *	mp_calloc(): does not clear; mp_nalloc(): is mp_alloc();
 *	mp_free(): does nothing; mp_destroy_pool(): frees no large blocks
 * 9 records_pile_up
 *	mp_alloc_large(): takes its record out of the pool's nodes
 * 10 next_is_not_set
 *	start(): without "head->next = NULL"
 * 11 large_blocks_are_misaligned
 *	mp_alloc_large(): 16 bytes further on; takes a record, then fails; or
 *	aligns to 16, and MP_ALIGNMENT 64
 *
 * (8 is about cleanups, which pools do not have.)
 */
#include <kernel/lib/string.h>
#include <mm/bump.h>
#include <mm/mp_pool.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define A ((size_t)MP_ALIGNMENT)

static struct mp_pool_s *create(struct kunit *test, size_t size)
{
	struct mp_pool_s *pool = mp_create_pool_on(&arena_heap, size);

	KUNIT_ASSERT_NOT_NULL(test, pool);
	return pool;
}

/* Is all of the @size bytes at @p in the block of one node? */
static bool in_a_node(struct mp_pool_s *pool, const unsigned char *p, size_t size)
{
	const unsigned char *block = (unsigned char *)pool;
	const struct mp_node_s *node = pool->head;

	while (p < block || p > block + heap_usable_size(block) ||
	       size > (size_t)(block + heap_usable_size(block) - p)) {
		node = node->next;
		if (!node)
			return false;
		block = (const unsigned char *)node;
	}
	return true;
}

/*
 *	     last     end     m
 *	|######|.......|      |      (size_t)(end - m) is huge, so there is room
 */
static void room_wraps(struct kunit *test)
{
	uintptr_t at;

	KUNIT_EXPECT_FALSE(test, bump_fit(97, 100, 1, 32, &at));
	for (size_t packed = 0; packed <= 104; packed++)
		for (size_t size = 1; size <= 40; size += 3) {
			struct mp_pool_s *pool = create(test, 100);
			unsigned char *bytes = mp_nalloc(pool, packed);
			unsigned char *p = mp_alloc(pool, size), *q = mp_nalloc(pool, 1);

			KUNIT_ASSERT_TRUE(test, bytes && p && q);
			KUNIT_EXPECT_TRUE(test, in_a_node(pool, p, size));
			pattern_fill(bytes, packed, 1);
			pattern_fill(p, size, 2);
			pattern_fill(q, 1, 3);
			KUNIT_EXPECT_EQ(test, pattern_check(bytes, packed, 1), packed);
			KUNIT_EXPECT_EQ(test, pattern_check(p, size, 2), size);
			KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
			mp_destroy_pool(pool);
		}
}

static void sizes_wrap(struct kunit *test)
{
	struct mp_pool_s *pool;
	volatile size_t size;

	KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, 0));
	for (size_t i = 0; i < 200; i++)
		KUNIT_EXPECT_NULL(test, mp_create_pool_on(&arena_heap, SIZE_MAX - i));
	KUNIT_ASSERT_EQ(test, arena_pages.used, 0);

	pool = create(test, 4096);
	for (size = SIZE_MAX; size > SIZE_MAX - 200; size--) {
		KUNIT_EXPECT_NULL(test, mp_alloc(pool, size));
		KUNIT_EXPECT_NULL(test, mp_nalloc(pool, size));
		KUNIT_EXPECT_NULL(test, mp_memalign(pool, size, 64));
	}
	mp_destroy_pool(pool);

	/* Arguments that are expressions, of types as narrow as they come. */
	size = 3;
	KUNIT_EXPECT_EQ(test, mp_align(size ? 33 : 1, size ? 32 : 64), 64);
	KUNIT_EXPECT_EQ(test, mp_align(size | 64, 16 << 1), 96);
	KUNIT_EXPECT_EQ(test, mp_align((unsigned char)255, (unsigned char)32), 256);
	KUNIT_EXPECT_EQ(test, mp_align(0x100000001, 32u), 0x100000020);
	KUNIT_EXPECT_PTR_EQ(test, mp_align_ptr(arena_memory + 1, 16 + 16), arena_memory + 32);
	KUNIT_EXPECT_PTR_EQ(test, mp_align_ptr(arena_memory, 4096), arena_memory);
	KUNIT_EXPECT_EQ(test, mp_align(0, 32), 0);
	KUNIT_EXPECT_EQ(test, mp_align(1, 32), 32);
	KUNIT_EXPECT_EQ(test, mp_align(SIZE_MAX - 31, 32), SIZE_MAX - 31);
}

/* Objects of one unit until a new node comes: how many fit into the current one? */
static size_t units_in_node(struct kunit *test, struct mp_pool_s *pool, size_t used)
{
	struct mp_node_s *node = pool->current;

	while (pool->current == node && used < 100) {
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, A));
		used++;
	}
	return used - 1;
}

/*
 *	| headers 80 |~~|#unit#|#unit#|#un|    what aligning takes must not be missing
 */
static void first_node_is_short(struct kunit *test)
{
	for (size_t units = 1; units <= 33; units++) {
		struct mp_pool_s *pool = create(test, units * A);

		KUNIT_EXPECT_EQ(test, units_in_node(test, pool, 0), units);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		mp_destroy_pool(pool);
	}
}

static void next_nodes_are_short(struct kunit *test)
{
	for (size_t units = 1; units <= 33; units++) {
		struct mp_pool_s *pool = create(test, units * A);

		units_in_node(test, pool, 0);
		/* The object that did not fit before is its first. */
		KUNIT_EXPECT_EQ(test, units_in_node(test, pool, 1), units);
		KUNIT_EXPECT_EQ(test, units_in_node(test, pool, 1), units);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		mp_destroy_pool(pool);
	}
}

/*
 *	|###.|  |###.|  |###.|  |###.|  |###.|    room for one unit in each
 *	 out     out     out     older   current  and only two are ever asked
 */
static void search_is_long(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 4 * A);
	struct mp_node_s *node[5];

	for (size_t i = 0; i < 5; i++) {
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 3 * A));
		node[i] = pool->current;
		KUNIT_EXPECT_TRUE(test, !i || node[i] != node[i - 1]);
	}
	KUNIT_EXPECT_EQ(test, node[0]->failed, 2);
	KUNIT_EXPECT_EQ(test, node[1]->failed, 2);
	KUNIT_EXPECT_EQ(test, node[3]->failed, 1);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, A));
	KUNIT_EXPECT_PTR_EQ(test, pool->current, node[4]);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, A));
	KUNIT_EXPECT_PTR_EQ(test, pool->current, node[4]);
	/* Both are full; the other three have room and are not asked. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, A));
	KUNIT_EXPECT_PTR_NE(test, pool->current, node[4]);
	KUNIT_EXPECT_EQ(test, node[0]->failed, 2);
	mp_destroy_pool(pool);
}

/*
 *	pool->large --> p[9] -X   p[8] --> ... --> p[1] --> p[0]
 *
 * Who looks for p[0] from the beginning never finds it, for the list is cut.
 */
static void free_scans(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 100);
	struct mp_large_s *saved;
	void *p[10];

	for (size_t i = 0; i < 10; i++) {
		p[i] = mp_alloc(pool, 1000);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
	}
	saved = pool->large->next;
	pool->large->next = NULL;
	KUNIT_EXPECT_EQ(test, mp_free(pool, p[0]), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p[5]), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p[1]), 0);
	pool->large->next = saved;
	mp_destroy_pool(pool);
}

static void functions_are_missing(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 1024);
	unsigned char *p = mp_alloc(pool, 1000), *q;

	/* mp_calloc() clears what was full of other things. */
	memset(p, 0xff, 1000);
	mp_reset_pool(pool);
	p = mp_calloc(pool, 1000);
	KUNIT_EXPECT_EQ(test, pattern_zeros(p, 1000), 1000);
	p = mp_calloc(pool, 3000);
	KUNIT_EXPECT_EQ(test, pattern_zeros(p, 3000), 3000);
	/* mp_free() frees. */
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
	KUNIT_EXPECT_NULL(test, pool->large);
	/* mp_nalloc() packs. */
	p = mp_nalloc(pool, 3);
	q = mp_nalloc(pool, 5);
	KUNIT_EXPECT_TRUE(test, q + 5 == p || p + 3 == q);
	/* mp_destroy_pool() gives all of it back, and has one name. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 1000));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_NOT_NULL(test, mp_memalign(pool, 5000, 4096));
	mp_destroy_pool(pool);
	arena_trim(test);
}

/* 100 pairs of memalign and free ate 1600 bytes; these eat none. */
static void records_pile_up(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 4096);
	struct mp_node_s before = *pool->head;
	void *first = mp_memalign(pool, 100, 64);

	KUNIT_EXPECT_EQ(test, mp_free(pool, first), 0);
	for (int i = 0; i < 100; i++) {
		void *p = mp_memalign(pool, 100, 64), *q = mp_alloc(pool, 5000);

		KUNIT_EXPECT_PTR_EQ(test, p, first);
		KUNIT_EXPECT_EQ(test, mp_free(pool, q), 0);
		KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
	}
	KUNIT_EXPECT_MEMEQ(test, pool->head, &before, sizeof(before));
	KUNIT_EXPECT_NULL(test, pool->large);
	mp_destroy_pool(pool);
}

/* The arena is full of leftovers: what is not set is garbage. */
static void next_is_not_set(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 200);

	KUNIT_ASSERT_NULL(test, pool->head->next);
	KUNIT_ASSERT_NULL(test, pool->large);
	KUNIT_ASSERT_EQ(test, pool->head->failed, 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 200));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 200));
	KUNIT_ASSERT_NOT_NULL(test, pool->head->next);
	KUNIT_ASSERT_NULL(test, pool->head->next->next);
	mp_destroy_pool(pool);
}

static void large_blocks_are_misaligned(struct kunit *test)
{
	struct mp_pool_s *pool;
	struct mp_node_s before;

	arena_use(test, 1, 8);
	pool = create(test, 100);
	before = *pool->head;
	for (size_t size = 200; size < 6000; size += 77) {
		unsigned char *p = mp_alloc(pool, size), *q = mp_nalloc(pool, size);

		KUNIT_ASSERT_TRUE(test, p && q);
		KUNIT_EXPECT_EQ(test, (uintptr_t)p % A, 0);
		KUNIT_EXPECT_EQ(test, (uintptr_t)q % A, 0);
		pattern_fill(p, size, 1);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
		KUNIT_EXPECT_EQ(test, mp_free(pool, q), 0);
	}
	/* No memory: no record either. */
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 9 * PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_memalign(pool, 9 * PAGE_SIZE, 4096));
	KUNIT_EXPECT_MEMEQ(test, pool->head, &before, sizeof(before));
	KUNIT_EXPECT_NULL(test, pool->large);
	mp_destroy_pool(pool);
}

static struct kunit_case faults_cases[] = {
	/* First: with garbage for a next node, the others would not end well. */
	KUNIT_CASE(next_is_not_set),
	KUNIT_CASE(room_wraps),
	KUNIT_CASE(sizes_wrap),
	KUNIT_CASE_PLAIN(first_node_is_short),
	KUNIT_CASE_PLAIN(next_nodes_are_short),
	KUNIT_CASE_PLAIN(search_is_long),
	KUNIT_CASE(free_scans),
	KUNIT_CASE_PLAIN(functions_are_missing),
	KUNIT_CASE(records_pile_up),
	KUNIT_CASE(large_blocks_are_misaligned),
	{},
};

static struct kunit_suite faults_suite = {
	.name = "faults",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = faults_cases,
};

kunit_test_suite(faults_suite);
