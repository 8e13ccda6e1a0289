// SPDX-License-Identifier: MIT
/*
 * mp_mark_test.c - mp_release() makes a pool again what it was at the mark
 *
 *	at the mark:	older  |####......|##|	current |#####...........|
 *	later:		older  |########..|##|	current |###############.|  + node, large block
 *	released:	older  |####......|##|	current |#####...........|
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>

/* Four small objects fit, each with its red zone. 1000 bytes are large. */
#define NODE (8 * (size_t)MP_ALIGNMENT + 4 * MP_REDZONE)

static struct mp_pool_s *pool;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	pool = mp_create_pool_on(&arena_heap, NODE);
	return !pool;
}

static void stop(struct kunit *test)
{
	mp_destroy_pool(pool);
	arena_exit(test);
}

/* What a mark must bring back. */
struct state {
	struct mp_pool_s pool;
	struct mp_node_s current;
	struct mp_node_s older;
	size_t records;
};

static struct state state_of(const struct mp_pool_s *of)
{
	struct state state;

	memset(&state, 0, sizeof(state));
	state.pool = *of;
	state.current = *of->current;
	if (of->older)
		state.older = *of->older;
	state.records = count_all_records(of);
	return state;
}

static void expect_state(struct kunit *test, const struct mp_pool_s *of, const struct state *before)
{
	struct state now = state_of(of);

	KUNIT_EXPECT_MEMEQ(test, &now, before, sizeof(now));
}

/* Aligned, packed and large requests that also take new nodes. */
static void make_requests(struct kunit *test, unsigned char **got, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = i * 37 % NODE;

		if (i % 7 == 3)
			got[i] = mp_alloc(pool, 1000);
		else
			got[i] = i % 2 ? mp_alloc(pool, size) : mp_nalloc(pool, size);
		KUNIT_ASSERT_NOT_NULL(test, got[i]);
		memset(got[i], 0x11, size);
	}
}

/* After each number of requests, a mark brings back just that. */
static void brings_back(struct kunit *test)
{
	unsigned char *got[40];

	for (size_t count = 0; count < 30; count++) {
		struct state before;
		struct mp_mark_s mark;

		make_requests(test, got, count);
		before = state_of(pool);
		mark = mp_mark(pool);
		KUNIT_ASSERT_NOT_NULL(test, mark.savepoint);
		make_requests(test, got, 40);
		DIARY_ADD(test, pool, 'a');
		KUNIT_ASSERT_NOT_NULL(test, mp_create_child(pool, 100));
		KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
		expect_state(test, pool, &before);
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
		mp_reset_pool(pool);
	}
}

/* The older node goes on serving after the mark, and its bytes come back, too. */
static void older_node_comes_back(struct kunit *test)
{
	unsigned char *first, *again;
	struct mp_node_s *older;
	struct mp_mark_s mark;

	mp_alloc(pool, NODE / 2);
	mp_alloc(pool, NODE - MP_ALIGNMENT); /* a new node, with little room */
	older = pool->older;
	KUNIT_ASSERT_PTR_EQ(test, older, pool->head);
	mark = mp_mark(pool);
	first = mp_alloc(pool, 2 * MP_ALIGNMENT);
	KUNIT_EXPECT_TRUE(test, first > (unsigned char *)pool && first < older->end);
	KUNIT_EXPECT_EQ(test, pool->current->failed, 1);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_EQ(test, pool->current->failed, 0);
	again = mp_alloc(pool, 2 * MP_ALIGNMENT);
	KUNIT_EXPECT_PTR_EQ(test, again, first);
}

/* A node that left the window before the mark stays out of it. */
static void window_at_the_mark(struct kunit *test)
{
	struct mp_node_s *current, *older;
	struct mp_mark_s mark;

	for (int i = 0; i < 3; i++)
		mp_alloc(pool, NODE - MP_ALIGNMENT);
	current = pool->current;
	older = pool->older;
	KUNIT_ASSERT_PTR_NE(test, older, pool->head);
	mark = mp_mark(pool);
	for (int i = 0; i < 3; i++)
		mp_alloc(pool, NODE);
	KUNIT_EXPECT_PTR_NE(test, pool->current, current);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_PTR_EQ(test, pool->current, current);
	KUNIT_EXPECT_PTR_EQ(test, pool->older, older);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_NODE), 2);
}

static void *taken;

static void take_one(void *data)
{
	(void)data;
	taken = mp_nalloc(pool, 1);
}

/*
 * When the handler runs, all nodes of the window have ended. The node that serves it must be one
 * that the mark brings back: the first node is not, if it left the window before.
 */
static void handler_without_a_window(struct kunit *test)
{
	unsigned char *last, *end, *before = NULL;

	for (int i = 0; i < 3; i++)
		mp_alloc(pool, NODE - 2 * MP_ALIGNMENT - MP_REDZONE); /* leaves room for one byte */
	last = pool->head->last;
	end = pool->head->end;
	for (int round = 0; round < 3; round++) {
		struct mp_mark_s mark = mp_mark(pool);

		KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, take_one, NULL), 0);
		for (int i = 0; i < 3; i++)
			mp_alloc(pool, NODE);
		KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
		KUNIT_EXPECT_PTR_EQ(test, pool->head->last, last);
		KUNIT_EXPECT_PTR_EQ(test, pool->head->end, end);
		if (round)
			KUNIT_EXPECT_PTR_EQ(test, taken, before);
		before = taken;
	}
}

/* Small requests get the same addresses with and without a mark; all do after a release. */
static void same_addresses(struct kunit *test)
{
	unsigned char *plain[4], *marked[40], *again[40];
	struct mp_mark_s mark;

	for (int i = 0; i < 4; i++)
		plain[i] = i % 2 ? mp_alloc(pool, 5) : mp_nalloc(pool, 5);
	KUNIT_ASSERT_NULL(test, pool->records); /* a second node would lie behind the marks */
	mp_reset_pool(pool);
	for (int i = 0; i < 4; i++) {
		KUNIT_ASSERT_NOT_NULL(test, mp_mark(pool).savepoint);
		KUNIT_EXPECT_PTR_EQ(test, i % 2 ? mp_alloc(pool, 5) : mp_nalloc(pool, 5), plain[i]);
	}
	mark = mp_mark(pool);
	make_requests(test, marked, 40);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	mark = mp_mark(pool);
	make_requests(test, again, 40);
	KUNIT_EXPECT_MEMEQ(test, again, marked, sizeof(again));
}

/* A token is good once. An older one ends the younger. So do reset and destroy. */
static void tokens(struct kunit *test)
{
	struct mp_mark_s a = mp_mark(pool), b = mp_mark(pool), c = mp_mark(pool), empty = {};
	struct mp_pool_s *other = mp_create_pool_on(&arena_heap, NODE);

	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, mp_release(pool, empty), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(other, c), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(NULL, c), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, c), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, c), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, a), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, b), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, a), -EINVAL);

	a = mp_mark(pool);
	mp_reset_pool(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, a), -EINVAL);
	b = mp_mark(pool); /* where a was */
	KUNIT_EXPECT_PTR_EQ(test, b.savepoint, a.savepoint);
	KUNIT_EXPECT_EQ(test, mp_release(pool, a), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, b), 0);
	mp_destroy_pool(other);
}

/* A pool that lives where another one died refuses that one's tokens. */
static void tokens_of_the_dead(struct kunit *test)
{
	struct mp_pool_s *dead = mp_create_pool_on(&arena_heap, NODE), *reborn;
	struct mp_mark_s old, mark;

	KUNIT_ASSERT_NOT_NULL(test, dead);
	old = mp_mark(dead);
	mp_destroy_pool(dead);
	KUNIT_EXPECT_EQ(test, mp_release(dead, old), -EINVAL);
	reborn = mp_create_pool_on(&arena_heap, NODE);
	KUNIT_ASSERT_PTR_EQ(test, reborn, dead);
	KUNIT_EXPECT_EQ(test, mp_release(reborn, old), -EINVAL);
	mark = mp_mark(reborn);
	KUNIT_EXPECT_PTR_EQ(test, mark.savepoint, old.savepoint);
	KUNIT_EXPECT_EQ(test, mp_release(reborn, old), -EINVAL);
	old.number = mark.number + 1;
	KUNIT_EXPECT_EQ(test, mp_release(reborn, old), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(reborn, mark), 0);
	mp_destroy_pool(reborn);
}

/* A heap that is made anew in the same memory gives other numbers. */
static void tokens_of_another_heap(struct kunit *test)
{
	static struct heap heap;
	uint64_t before = 0;

	for (int i = 0; i < 2; i++) {
		struct mp_pool_s *one;
		uint64_t number;

		heap_init(&heap, &arena_pages);
		one = mp_create_pool_on(&heap, NODE);
		KUNIT_ASSERT_NOT_NULL(test, one);
		number = mp_mark(one).number;
		KUNIT_EXPECT_NE(test, number, before);
		before = number;
		mp_destroy_pool(one);
		heap_trim(&heap);
	}
}

/*
 * A number and a depth would not be enough to check a token. m1 m2, release 2, m3 m4, release 4,
 * m5; and m1 m2 m3, release 3, m4, release 4, m5: after both, the next number and the depth are
 * the same. But other marks are alive: 1 3 5 in the first, 1 2 5 in the second.
 */
static void tokens_by_depth(struct kunit *test)
{
	struct mp_mark_s m[6];

	m[1] = mp_mark(pool);
	m[2] = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[2]), 0);
	m[3] = mp_mark(pool);
	m[4] = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[4]), 0);
	m[5] = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[2]), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[4]), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[3]), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[5]), -EINVAL);
	mp_reset_pool(pool);

	m[1] = mp_mark(pool);
	m[2] = mp_mark(pool);
	m[3] = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[3]), 0);
	m[4] = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[4]), 0);
	m[5] = mp_mark(pool);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[3]), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[2]), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[5]), -EINVAL);
	KUNIT_EXPECT_EQ(test, mp_release(pool, m[1]), 0);
}

/* What is older than the mark and left after it does not come back. */
static void older_things_that_left(struct kunit *test)
{
	void *large = mp_alloc(pool, 1000);
	struct mp_cleanup_s *removed = diary_add(pool, 'a'), *run = diary_add(pool, 'b');
	struct mp_pool_s *child = mp_create_child(pool, 100);
	struct mp_mark_s mark = mp_mark(pool);

	KUNIT_ASSERT_TRUE(test, large && removed && run && child && mark.savepoint);
	DIARY_ADD(test, child, 'c');
	DIARY_ADD(test, pool, 'd');
	KUNIT_EXPECT_EQ(test, mp_free(pool, large), 0);
	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, removed), 0);
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, run), 0);
	mp_destroy_pool(child);
	KUNIT_EXPECT_STREQ(test, diary, "bc");
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_STREQ(test, diary, "bcd");
	KUNIT_EXPECT_NULL(test, pool->records);
	KUNIT_EXPECT_EQ(test, mp_free(pool, large), -ENOENT);
}

static void without_memory(struct kunit *test)
{
	static void *block[2 * ARENA_PAGES];
	struct mp_mark_s mark;
	size_t count = 0, ran = 0;
	struct state before;

	while ((block[count] = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE - 100)))
		count++;
	while (mp_mark(pool).savepoint)
		;
	before = state_of(pool);
	mark = mp_mark(pool);
	KUNIT_EXPECT_NULL(test, mark.savepoint);
	expect_state(test, pool, &before);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), -EINVAL);
	MP_SCOPE(pool) {
		ran++;
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(pool, 10));
	}
	KUNIT_EXPECT_EQ(test, ran, 1);
	while (count)
		heap_free(&arena_heap, block[--count]);
	mp_reset_pool(pool);
	KUNIT_EXPECT_NULL(test, pool->records);
}

/* Marks that nobody releases end with an older one, and with the pool. */
static void forgotten(struct kunit *test)
{
	struct mp_mark_s mark = mp_mark(pool);
	size_t used = 0;

	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 20; i++)
			mp_mark(pool);
		KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
		mark = mp_mark(pool);
		used = round ? used : arena_pages.used;
	}
	KUNIT_EXPECT_EQ(test, arena_pages.used, used);
}

static struct kunit_case mp_mark_cases[] = {
	KUNIT_CASE(brings_back),
	KUNIT_CASE(older_node_comes_back),
	KUNIT_CASE(window_at_the_mark),
	KUNIT_CASE(handler_without_a_window),
	KUNIT_CASE(same_addresses),
	KUNIT_CASE(tokens),
	KUNIT_CASE(tokens_of_the_dead),
	KUNIT_CASE(tokens_of_another_heap),
	KUNIT_CASE(tokens_by_depth),
	KUNIT_CASE(older_things_that_left),
	KUNIT_CASE(without_memory),
	KUNIT_CASE(forgotten),
	{},
};

static struct kunit_suite mp_mark_suite = {
	.name = "mp_mark",
	.init = start,
	.exit = stop,
	.test_cases = mp_mark_cases,
};

kunit_test_suite(mp_mark_suite);
