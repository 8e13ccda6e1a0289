// SPDX-License-Identifier: MIT
/*
 * mp_undo_test.c - records of all kinds end in the reverse order of creation, and what
 * handlers may do meanwhile
 *
 *	records --> e --> mark --> child --> large --> d --> node --> c --> ... --> a --> NULL
 *	            undone first                                            undone last
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>

#define NODE 256

static struct mp_pool_s *pool;
static struct kunit *this_test; /* for handlers */

static int start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	this_test = test;
	pool = mp_create_pool_on(&arena_heap, NODE);
	return !pool;
}

static void stop(struct kunit *test)
{
	mp_destroy_pool(pool);
	arena_exit(test);
}

#define LAYERS 12

/* Something of each kind, and after each a handler, which must find all of it alive. */
static struct layer {
	unsigned char *small, *packed, *large;
	struct mp_pool_s *child;
	unsigned char *in_child;
	size_t records;
} layers[LAYERS];

static void expect_layers(struct kunit *test, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct layer *layer = &layers[i];

		KUNIT_EXPECT_EQ(test, pattern_check(layer->small, 40, 5 * i), 40);
		KUNIT_EXPECT_EQ(test, pattern_check(layer->packed, 30, 5 * i + 1), 30);
		KUNIT_EXPECT_EQ(test, pattern_check(layer->large, 600, 5 * i + 2), 600);
		KUNIT_EXPECT_PTR_EQ(test, mp_parent(layer->child), pool);
		KUNIT_EXPECT_EQ(test, pattern_check(layer->in_child, 700, 5 * i + 3), 700);
	}
}

/* @data is the layer that was made right before the handler. It uses the pool itself, too. */
static void expect_older(void *data)
{
	const struct layer *layer = data;
	size_t i = (size_t)(layer - layers);

	expect_layers(this_test, i + 1);
	KUNIT_EXPECT_EQ(this_test, count_all_records(pool), layer->records);
	memset(mp_alloc(pool, 50), 0x22, 50);
	memset(mp_alloc(pool, NODE), 0x22, NODE);
	memset(mp_alloc(pool, 1000), 0x22, 1000);
	expect_layers(this_test, i + 1);
	diary_write(&(char){ (char)('a' + i) });
}

static void make_layer(struct kunit *test, size_t i)
{
	struct layer *layer = &layers[i];

	layer->small = mp_alloc(pool, 40);
	layer->packed = mp_nalloc(pool, 30);
	layer->large = mp_alloc(pool, 600);
	layer->child = mp_create_child(pool, 100);
	KUNIT_ASSERT_TRUE(test, layer->small && layer->packed && layer->large && layer->child);
	layer->in_child = mp_alloc(layer->child, 700);
	KUNIT_ASSERT_NOT_NULL(test, layer->in_child);
	pattern_fill(layer->small, 40, 5 * i);
	pattern_fill(layer->packed, 30, 5 * i + 1);
	pattern_fill(layer->large, 600, 5 * i + 2);
	pattern_fill(layer->in_child, 700, 5 * i + 3);
	KUNIT_ASSERT_NOT_NULL(test, mp_mark(pool).savepoint);
	layer->records = count_all_records(pool);
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, expect_older, layer), 0);
}

static void reverse_order(struct kunit *test)
{
	for (int way = 0; way < 3; way++) {
		struct mp_mark_s mark = mp_mark(pool);

		for (size_t i = 0; i < LAYERS; i++)
			make_layer(test, i);
		diary_clear();
		if (way == 0)
			KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
		if (way == 1)
			mp_reset_pool(pool);
		if (way == 2)
			mp_destroy_pool(pool);
		KUNIT_EXPECT_STREQ(test, diary, "lkjihgfedcba");
	}
	pool = NULL;
}

/* Undoing asks for no memory, also for the handlers' records. */
static void without_memory(struct kunit *test)
{
	static void *block[2 * ARENA_PAGES];
	size_t count = 0;

	for (int i = 0; i < 10; i++)
		DIARY_ADD(test, pool, (char)('a' + i));
	while ((block[count] = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE - 100)))
		count++;
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "jihgfedcba");
	while (count)
		heap_free(&arena_heap, block[--count]);
}

static struct mp_cleanup_s *self;
static struct mp_mark_s old_mark;

static void try_what_is_refused(void *data)
{
	struct mp_mark_s own;

	KUNIT_EXPECT_EQ(this_test, mp_cleanup_remove(pool, self), -ENOENT);
	KUNIT_EXPECT_EQ(this_test, mp_cleanup_run(pool, self), -ENOENT);
	KUNIT_EXPECT_EQ(this_test, mp_release(pool, old_mark), -EBUSY);
	own = mp_mark(pool);
	diary_add(pool, 'i');
	KUNIT_EXPECT_EQ(this_test, mp_release(pool, own), 0);
	KUNIT_EXPECT_EQ(this_test, mp_release(pool, own), -EINVAL);
	diary_write(data);
}

static void a_handler_and_itself(struct kunit *test)
{
	static char name = 'h';
	struct mp_mark_s mark;

	for (int way = 0; way < 2; way++) {
		mark = mp_mark(pool);
		old_mark = mp_mark(pool);
		self = mp_cleanup_add(pool, 0);
		KUNIT_ASSERT_NOT_NULL(test, self);
		self->handler = try_what_is_refused;
		self->data = &name;
		if (way == 0)
			KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
		else
			mp_reset_pool(pool);
	}
	KUNIT_EXPECT_STREQ(test, diary, "ihih");
}

/* What a handler makes ends with this undoing: handlers in the pool, and in new children. */
static void register_more(void *data)
{
	struct mp_pool_s *child = mp_create_child(pool, 100);

	KUNIT_EXPECT_NOT_NULL(this_test, child);
	diary_add(pool, 'x');
	diary_add(child, 'y');
	diary_write(data);
	MP_SCOPE(pool) {
		diary_add(pool, 's');
	}
}

static void made_by_a_handler(struct kunit *test)
{
	static char name = 'h';

	DIARY_ADD(test, pool, 'a');
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, register_more, &name), 0);
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "hsxya");
	KUNIT_EXPECT_NULL(test, pool->records);
}

static struct mp_pool_s *sibling, *unrelated, *below;
static void *older_large;
static struct mp_cleanup_s *older_cleanup;

static void end_others(void *data)
{
	mp_destroy_pool(sibling);
	mp_destroy_pool(unrelated);
	mp_destroy_pool(below);
	KUNIT_EXPECT_EQ(this_test, mp_free(pool, older_large), 0);
	KUNIT_EXPECT_EQ(this_test, mp_cleanup_run(pool, older_cleanup), 0);
	diary_write(data);
}

/*
 *	pool --> child with the handler, older: cleanup o, large block, sibling
 *	          '--> below
 */
static void ends_others(struct kunit *test)
{
	static char name = 'h';
	struct mp_pool_s *child;

	for (int way = 0; way < 2; way++) {
		older_cleanup = diary_add(pool, 'o');
		older_large = mp_alloc(pool, 1000);
		sibling = mp_create_child(pool, 100);
		child = mp_create_child(pool, 100);
		unrelated = mp_create_pool_on(&arena_heap, 100);
		KUNIT_ASSERT_TRUE(test,
				  older_cleanup && older_large && sibling && child && unrelated);
		below = mp_create_child(child, 100);
		KUNIT_ASSERT_NOT_NULL(test, below);
		DIARY_ADD(test, sibling, 's');
		DIARY_ADD(test, unrelated, 'u');
		DIARY_ADD(test, below, 'b');
		KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(child, end_others, &name), 0);
		if (way == 0)
			mp_reset_pool(pool);
		else
			mp_destroy_pool(child);
	}
	KUNIT_EXPECT_STREQ(test, diary, "subohsuboh");
}

static size_t left_to_register;

static void register_again(void *data)
{
	if (left_to_register--)
		KUNIT_EXPECT_EQ(this_test, mp_cleanup_or_run(pool, register_again, data), 0);
}

/* 10,000 registrations during one undoing are allowed. One more panics: see tests/misuse/. */
static void many_registrations(struct kunit *test)
{
	for (int i = 0; i < 2; i++) {
		left_to_register = 10000;
		KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, register_again, NULL), 0);
		mp_reset_pool(pool);
	}
}

static struct kunit_case mp_undo_cases[] = {
	KUNIT_CASE(reverse_order),
	KUNIT_CASE(without_memory),
	KUNIT_CASE(a_handler_and_itself),
	KUNIT_CASE(made_by_a_handler),
	KUNIT_CASE(ends_others),
	KUNIT_CASE(many_registrations),
	{},
};

static struct kunit_suite mp_undo_suite = {
	.name = "mp_undo",
	.init = start,
	.exit = stop,
	.test_cases = mp_undo_cases,
};

kunit_test_suite(mp_undo_suite);
