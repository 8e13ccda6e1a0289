// SPDX-License-Identifier: MIT
/*
 * mp_child_test.c - children end with their parent, or before
 *
 *	root
 *	 +-- a			created in the order a, c, d, b
 *	 |   +-- c
 *	 |   +-- d
 *	 +-- b			destroyed in the order b, d, c, a
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>

#define NODE 64

static struct mp_pool_s *root;

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	root = mp_create_pool_on(&arena_heap, NODE);
	return !root;
}

static void stop(struct kunit *test)
{
	mp_destroy_pool(root);
	arena_exit(test);
}

/* A child with a handler that writes @name. */
static struct mp_pool_s *child(struct kunit *test, struct mp_pool_s *parent, char name)
{
	struct mp_pool_s *pool = mp_create_child(parent, NODE);

	KUNIT_EXPECT_NOT_NULL(test, pool);
	if (pool)
		KUNIT_EXPECT_NOT_NULL(test, diary_add(pool, name));
	return pool;
}

static void sizes(struct kunit *test)
{
	static const size_t right[] = { 1, 31, 32, 100, 4095, 4096, 16384 };
	static const size_t wrong[] = { 0, SIZE_MAX, SIZE_MAX - 300, HEAP_MAX_SIZE + 1 };

	for (size_t i = 0; i < sizeof(right) / sizeof(*right); i++) {
		struct mp_pool_s *one = mp_create_child(root, right[i]);
		size_t size = mp_align(right[i], MP_ALIGNMENT);

		KUNIT_ASSERT_NOT_NULL(test, one);
		KUNIT_EXPECT_EQ(test, one->max, size < 4095 ? size : 4095);
		KUNIT_EXPECT_NOT_NULL(test, mp_alloc(one, right[i]));
		KUNIT_EXPECT_PTR_EQ(test, mp_parent(one), root);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		KUNIT_EXPECT_NULL(test, mp_create_child(root, wrong[i]));
	KUNIT_EXPECT_EQ(test, count_records(root, MP_CHILD), sizeof(right) / sizeof(*right));
}

static void end_with_their_parent(struct kunit *test)
{
	struct mp_mark_s mark = mp_mark(root);

	for (int way = 0; way < 3; way++) {
		struct mp_pool_s *a = child(test, root, 'a');

		KUNIT_ASSERT_NOT_NULL(test, a);
		child(test, a, 'c');
		child(test, a, 'd');
		child(test, root, 'b');
		if (way == 0)
			KUNIT_EXPECT_EQ(test, mp_release(root, mark), 0);
		if (way == 1)
			mp_reset_pool(root);
		if (way == 2)
			mp_destroy_pool(root);
	}
	root = NULL;
	KUNIT_EXPECT_STREQ(test, diary, "bdcabdcabdca");
}

/* The first, the last and one between them end by themselves. */
static void end_before(struct kunit *test)
{
	struct mp_pool_s *pool[5];

	for (int i = 0; i < 5; i++) {
		pool[i] = child(test, root, (char)('a' + i));
		KUNIT_ASSERT_NOT_NULL(test, pool[i]);
	}
	mp_destroy_pool(pool[2]);
	mp_destroy_pool(pool[4]);
	mp_destroy_pool(pool[0]);
	KUNIT_EXPECT_STREQ(test, diary, "cea");
	mp_reset_pool(root);
	KUNIT_EXPECT_STREQ(test, diary, "ceadb");
}

/* A child that is reset stays where it is. */
static void reset_of_a_child(struct kunit *test)
{
	struct mp_pool_s *a = child(test, root, 'a');

	KUNIT_ASSERT_NOT_NULL(test, a);
	mp_reset_pool(a);
	KUNIT_EXPECT_STREQ(test, diary, "a");
	KUNIT_EXPECT_PTR_EQ(test, mp_parent(a), root);
	DIARY_ADD(test, a, 'b');
	mp_reset_pool(root);
	KUNIT_EXPECT_STREQ(test, diary, "ab");
}

static void ancestors(struct kunit *test)
{
	struct mp_pool_s *a = mp_create_child(root, NODE), *b = mp_create_child(root, NODE);
	struct mp_pool_s *c, *other = mp_create_pool_on(&arena_heap, NODE);

	KUNIT_ASSERT_TRUE(test, a && b && other);
	c = mp_create_child(a, NODE);
	KUNIT_ASSERT_NOT_NULL(test, c);
	{
		const struct mp_pool_s *above[] = { root, a, b, c, other, NULL };
		static const char *const is_above[] = { /* root a b c other NULL */
							"yyyyn", "nynyn", "nnynn", "nnnyn", "nnnny"
		};

		for (size_t i = 0; i < 6; i++)
			for (size_t k = 0; k < 6; k++)
				KUNIT_EXPECT_EQ(test, mp_is_ancestor(above[i], above[k]),
						i < 5 && k < 5 && is_above[i][k] == 'y');
	}
	KUNIT_EXPECT_NULL(test, mp_parent(root));
	KUNIT_EXPECT_PTR_EQ(test, mp_parent(a), root);
	KUNIT_EXPECT_PTR_EQ(test, mp_parent(c), a);
	mp_destroy_pool(other);
}

static struct mp_pool_s *dying;

static void write_parent(void *data)
{
	(void)data;
	diary_write(mp_parent(dying) == root ? "r" : mp_parent(dying) ? "?" : "-");
}

/* In its handlers, a child that ends with its parent still has it. One that ends alone has not. */
static void parent_in_handlers(struct kunit *test)
{
	for (int way = 0; way < 2; way++) {
		dying = mp_create_child(root, NODE);
		KUNIT_ASSERT_NOT_NULL(test, dying);
		KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(dying, write_parent, NULL), 0);
		if (way == 0)
			mp_destroy_pool(dying);
		else
			mp_reset_pool(root);
	}
	KUNIT_EXPECT_STREQ(test, diary, "-r");
}

static void without_memory(struct kunit *test)
{
	static void *block[2 * ARENA_PAGES];
	struct mp_pool_s before;
	size_t count = 0;

	while ((block[count] = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE - 100)))
		count++;
	while (mp_create_child(root, NODE))
		;
	before = *root;
	KUNIT_EXPECT_NULL(test, mp_create_child(root, NODE));
	KUNIT_EXPECT_NULL(test, mp_create_child(root, 5000));
	KUNIT_EXPECT_MEMEQ(test, root, &before, sizeof(before));
	while (count)
		heap_free(&arena_heap, block[--count]);
}

#define MANY 100000

static uintptr_t lowest; /* the lowest address of the stack that a handler saw */

static void look_at_stack(void *data)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	(void)data;
	if (here < lowest)
		lowest = here;
}

/*
 *	fan:	root --> child, child, child, ...	chain:	root --> child --> child --> ...
 *
 * Creates up to MANY, as many as there is memory for, each with a handler, and ends them.
 * Returns the bytes of stack that this took.
 */
static uintptr_t end_many(struct kunit *test, size_t many, bool is_chain)
{
	struct mp_pool_s *top = mp_create_pool(NODE), *parent = top;
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	size_t count = 0;

	KUNIT_EXPECT_NOT_NULL(test, top);
	lowest = here;
	while (parent && count < many) {
		struct mp_pool_s *pool = mp_create_child(parent, NODE);

		if (!pool || mp_cleanup_or_run(pool, look_at_stack, NULL))
			break;
		if (is_chain)
			parent = pool;
		count++;
	}
	KUNIT_EXPECT_GE(test, count, many < 100 ? many : 100);
	mp_destroy_pool(top);
	KUNIT_EXPECT_LT(test, lowest, here);
	return here - lowest;
}

static void many_children(struct kunit *test)
{
	for (int is_chain = 0; is_chain < 2; is_chain++) {
		uintptr_t few = end_many(test, 1, is_chain);

		KUNIT_EXPECT_LT(test, few, 8192);
		KUNIT_EXPECT_EQ(test, end_many(test, MANY, is_chain), few);
	}
	heap_trim(&kernel_heap);
}

static struct kunit_case mp_child_cases[] = {
	KUNIT_CASE(sizes),
	KUNIT_CASE(end_with_their_parent),
	KUNIT_CASE(end_before),
	KUNIT_CASE(reset_of_a_child),
	KUNIT_CASE(ancestors),
	KUNIT_CASE(parent_in_handlers),
	KUNIT_CASE(without_memory),
	KUNIT_CASE(many_children),
	{},
};

static struct kunit_suite mp_child_suite = {
	.name = "mp_child",
	.init = start,
	.exit = stop,
	.test_cases = mp_child_cases,
};

kunit_test_suite(mp_child_suite);
