// SPDX-License-Identifier: MIT
/*
 * mp_faults_test.c - the eleven faults of the text that this project starts from
 *
 * Each has a case here. "Try" names changes in mm/ that bring the fault back. With any of them,
 * "make run APPEND=test=faults" fails in that case.
 *
 *  1 room_wraps: aligning moves an object past the end of its node. The room left wraps to a huge
 *    number, and the caller gets memory that is not the pool's. Try: bump_fit() checks only
 *    "(size_t)(end - *at) >= size". Or mp_create_pool_on() does not round @size up, mp_nalloc()
 *    takes from "last", and mp_alloc() aligns "last" and then compares like that.
 *  2 sizes_wrap: size + headers wraps, so a request for almost 2^64 bytes gets a few. A pool of
 *    0 bytes holds nothing. mp_align(n, 16 << 1) does not round to 32. Try: mp_create_pool_on()
 *    takes size 0, or any size; mp_alloc() and mp_nalloc() do not compare with
 *    MP_MAX_ALLOC_FROM_POOL; mp_align() has no parentheses around n, or around alignment.
 *  3 first_node_is_short: the headers take 56 bytes, and aligning what follows to 32 takes 8 more
 *    from the objects: a pool of 1024 bytes does not hold 1024. Try: the first node ends @size
 *    bytes behind the headers, aligned or not; and MP_ALIGNMENT=64, or one more field in
 *    struct mp_pool_s.
 *  4 next_nodes_are_short: later nodes hold enough only because their header has exactly 32 bytes.
 *    With one more field of 8 bytes, each loses 24 bytes. Try: as 3, for new nodes; and
 *    MP_ALIGNMENT=64, or one more field in struct mp_node_s.
 *  5 search_is_long: a node leaves the search after 6 failures, so requests walk over up to 7 full
 *    nodes, the fullest first. Try: the older node stays in the window until it has failed
 *    6 times; or mp_alloc_slow() walks all nodes, the first one first.
 *  6 free_scans: freeing a large block searches the list of all of them. The more blocks are live,
 *    the longer it takes. Try: mp_free() searches for the block from pool->records on.
 *  7 functions_are_missing: calloc is empty, nalloc and free are only declared, destroy has two
 *    spellings: a program that uses them does not link. Try: mp_calloc() does not clear;
 *    mp_nalloc() is mp_alloc(); mp_free() does nothing; mp_destroy_pool() frees no large blocks.
 *  8 reset_keeps_handlers: reset runs no handlers, and keeps their records, which lie in memory
 *    that it gives out again. New objects overwrite them, or the list runs in a circle. nginx has
 *    this fault, too; reference_test.c shows it. Try: mp_reset_pool() does not call mp_undo(); or
 *    mp_undo() calls no handler, or does not take its record off the list.
 *  9 records_pile_up: an aligned large block never reuses the record of a freed one. 100 pairs of
 *    memalign and free cost 1600 bytes of the pool. Try: mp_alloc_large() takes its record out of
 *    a node.
 * 10 next_is_not_set: head->next is never set. The search and destroy follow whatever was in that
 *    memory. Try: mp_create_pool_on() and mp_reset_pool() do not set head->next to NULL.
 * 11 large_blocks_are_misaligned: large blocks have the alignment of malloc(), 16 bytes, so code
 *    that relies on 32 fails. A failed malloc() still takes a record. Try: mp_alloc_large() returns
 *    a pointer 16 bytes further on; takes a record before it fails; or, with MP_ALIGNMENT=64,
 *    aligns to 32.
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

/* Do all @size bytes at @p lie in the block of one node? */
static bool in_a_node(struct mp_pool_s *pool, const unsigned char *p, size_t size)
{
	const unsigned char *block = (unsigned char *)pool;
	const struct mp_record_s *record = pool->records;

	while (p < block || p > block + heap_usable_size(block) ||
	       size > (size_t)(block + heap_usable_size(block) - p)) {
		if (!record)
			return false;
		block = (const unsigned char *)record;
		record = record->next;
	}
	return true;
}

/*
 *	     last     end     m
 *	|######|.......|      |      (size_t)(end - m) wraps to a huge number
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

	/* Arguments that are expressions, and arguments of narrow types. */
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

/* Allocates units of A bytes until a new node comes. Returns how many the old node holds. */
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
 *	| headers |~~|#unit#|#unit#|#un|    the padding ~~ must not reduce the room
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
		/* The unit that did not fit the first node is in the second one. */
		KUNIT_EXPECT_EQ(test, units_in_node(test, pool, 1), units);
		KUNIT_EXPECT_EQ(test, units_in_node(test, pool, 1), units);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		mp_destroy_pool(pool);
	}
}

/*
 *	|###.|  |###.|  |###.|  |###.|  |###.|    each node has room for one unit,
 *	 out     out     out     older   current  but only two nodes are searched
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
	/* Both are full. The other three have room, but they are not searched. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, A));
	KUNIT_EXPECT_PTR_NE(test, pool->current, node[4]);
	KUNIT_EXPECT_EQ(test, node[0]->failed, 2);
	mp_destroy_pool(pool);
}

/*
 *	pool->records --> p[9] -X   p[8] --> ... --> p[1] --> p[0]
 *
 * The list is cut, so a search from its beginning does not find p[0].
 */
static void free_scans(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 100);
	struct mp_record_s *newest, *saved;
	void *p[10];

	for (size_t i = 0; i < 10; i++) {
		p[i] = mp_alloc(pool, 1000);
		KUNIT_ASSERT_NOT_NULL(test, p[i]);
	}
	newest = pool->records;
	saved = newest->next;
	newest->next = NULL;
	KUNIT_EXPECT_EQ(test, mp_free(pool, p[0]), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p[5]), 0);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p[1]), 0);
	newest->next = saved;
	mp_destroy_pool(pool);
}

static void functions_are_missing(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 1024);
	unsigned char *p = mp_alloc(pool, 1000), *q;

	/* mp_calloc() clears memory that was in use before. */
	memset(p, 0xff, 1000);
	mp_reset_pool(pool);
	p = mp_calloc(pool, 1000);
	KUNIT_EXPECT_EQ(test, pattern_zeros(p, 1000), 1000);
	p = mp_calloc(pool, 3000);
	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, pattern_zeros(p, 3000), 3000);
	/* mp_free() frees. */
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
	KUNIT_EXPECT_NULL(test, pool->records);
	/* mp_nalloc() packs. */
	p = mp_nalloc(pool, 3);
	q = mp_nalloc(pool, 5);
	KUNIT_EXPECT_TRUE(test, q + 5 == p || p + 3 == q);
	/* mp_destroy_pool() gives everything back. */
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 1000));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 5000));
	KUNIT_EXPECT_NOT_NULL(test, mp_memalign(pool, 5000, 4096));
	mp_destroy_pool(pool);
	arena_trim(test);
}

static char ran[8];
static size_t nr_ran;

static void note(void *data)
{
	ran[nr_ran++ % sizeof(ran)] = *(char *)data;
}

static void add_handler(struct kunit *test, struct mp_pool_s *pool, char name)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, 24);

	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	*(char *)cleanup->data = name;
	cleanup->handler = note;
}

/*
 *	handlers a, b --> reset: b, a --> objects in their place --> a, b --> ... --> destroy: b, a
 */
static void reset_keeps_handlers(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 1024);

	for (int round = 0; round < 4; round++) {
		unsigned char *p = mp_alloc(pool, 1000);

		KUNIT_ASSERT_NOT_NULL(test, p);
		memset(p, 0xff, 1000);
		add_handler(test, pool, 'a');
		KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, 100));
		add_handler(test, pool, 'b');
		nr_ran = 0;
		if (round < 3)
			mp_reset_pool(pool);
		else
			mp_destroy_pool(pool);
		KUNIT_ASSERT_EQ(test, nr_ran, 2);
		KUNIT_EXPECT_MEMEQ(test, ran, "ba", 2);
		KUNIT_ASSERT_TRUE(test, round == 3 || !pool->records);
	}
	arena_trim(test);
}

/* 100 pairs of memalign and free take no bytes of the node. */
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
	KUNIT_EXPECT_NULL(test, pool->records);
	mp_destroy_pool(pool);
}

/* Every byte of the arena is 0xa5 at first, so a pointer that is not set is garbage. */
static void next_is_not_set(struct kunit *test)
{
	struct mp_pool_s *pool = create(test, 200);

	KUNIT_ASSERT_NULL(test, pool->head->record.next);
	KUNIT_ASSERT_NULL(test, pool->records);
	KUNIT_ASSERT_EQ(test, pool->head->failed, 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 200));
	KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 200));
	KUNIT_ASSERT_NOT_NULL(test, pool->records);
	KUNIT_ASSERT_NULL(test, pool->records->next);
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
	/* Out of memory: no record is taken. */
	KUNIT_EXPECT_NULL(test, mp_alloc(pool, 9 * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_memalign(pool, 9 * MM_PAGE_SIZE, 4096));
	KUNIT_EXPECT_MEMEQ(test, pool->head, &before, sizeof(before));
	KUNIT_EXPECT_NULL(test, pool->records);
	mp_destroy_pool(pool);
}

static struct kunit_case faults_cases[] = {
	/* First: if head->next is garbage, the other cases crash. */
	KUNIT_CASE(next_is_not_set),
	KUNIT_CASE(room_wraps),
	KUNIT_CASE(sizes_wrap),
	KUNIT_CASE_PLAIN(first_node_is_short),
	KUNIT_CASE_PLAIN(next_nodes_are_short),
	KUNIT_CASE_PLAIN(search_is_long),
	KUNIT_CASE(free_scans),
	KUNIT_CASE_PLAIN(functions_are_missing),
	KUNIT_CASE(reset_keeps_handlers),
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
