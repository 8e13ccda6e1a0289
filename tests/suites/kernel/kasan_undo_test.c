// SPDX-License-Identifier: MIT
/*
 * kasan_undo_test.c - KASAN reports what is wrong with handlers, children, and after a release
 *
 * Each report is a panic that the case expects, as in kasan_test.c.
 */
#include <kernel/lib/printk.h>
#include <mm/heap.h>
#include <tests/suites/kernel/kasan_expect.h>

/*
 *	| header | entry | handler | data |    | 13 bytes |~~~~~|
 *	                                         the data
 *
 * The record may be touched, since its user sets handler and data: so the byte in front of the
 * data may be, too.
 */
static void cleanups(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, 13), *empty = mp_cleanup_add(pool, 0);
	struct mp_cleanup_s *removed = mp_cleanup_add(pool, 13);
	unsigned char *data, *removed_data;

	KUNIT_ASSERT_TRUE(test, cleanup && empty && removed);
	data = cleanup->data;
	removed_data = removed->data;
	fill(data, 13);
	expect_beside(test, data, 13, 13);
	expect_guarded(test, data + 13, "red zone", ", the data of cleanup 1 of the pool at ");
	READ(data - 1);
	expect_guarded(test, (unsigned char *)cleanup - 1, "header of a heap block",
		       ", the record of cleanup 1 of the pool at ");
	expect_guarded(test, (unsigned char *)empty + mp_align(sizeof(*empty), MP_ALIGNMENT),
		       "red zone", "cleanup 2 of");

	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, removed), 0);
	expect_guarded(test, removed_data, "use after free", ": in quarantine, byte ");
	expect_guarded(test, (unsigned char *)&removed->handler, "use after free",
		       ": in quarantine, byte ");
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, cleanup), 0);
	expect_guarded(test, data, "use after free", ": in quarantine, byte ");
	mp_destroy_pool(pool);
	expect_guarded(test, (unsigned char *)&empty->handler, "use after free",
		       ": in quarantine, byte ");
}

/* A handler may touch its data, and what is older. Here both are written to. */
static void write_data(void *data)
{
	unsigned char **older = data;

	WRITE(*older);
	*older = NULL;
}

static void handlers_may_touch(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	struct mp_mark_s mark = mp_mark(pool);
	unsigned char *small = mp_alloc(pool, 100);
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, sizeof(small));
	unsigned char *data;

	KUNIT_ASSERT_TRUE(test, small && cleanup && mark.savepoint);
	data = cleanup->data;
	cleanup->handler = write_data;
	*(unsigned char **)cleanup->data = small;
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	expect_guarded(test, data, "use after free", ": in quarantine, byte ");
	mp_destroy_pool(pool);
}

static void children(struct kunit *test)
{
	struct mp_pool_s *pool = create(test), *child = mp_create_child(pool, 500);
	unsigned char *small, *large;
	char words[80];

	KUNIT_ASSERT_NOT_NULL(test, child);
	small = mp_alloc(child, 13);
	large = mp_alloc(child, LARGE);
	KUNIT_ASSERT_TRUE(test, small && large);
	fill(small, 13);
	fill(large, LARGE);
	expect_beside(test, small, 13, 13);
	expect_beside(test, large, LARGE, LARGE);
	snprintf(words, sizeof(words), "node of the pool at %#lx, a child of the pool at %#lx",
		 (uintptr_t)child, (uintptr_t)pool);
	expect_guarded(test, small + MP_ROOM(13), "pool memory that is not allocated", words);
	mp_reset_pool(pool);
	expect_guarded(test, small, "use after free", ": in quarantine, byte ");
	expect_guarded(test, large, "use after free", ": in quarantine, byte ");
	KUNIT_EXPECT_PANIC(test, "KASAN: use after free: read of 8 bytes", mp_alloc(child, 1));
	mp_destroy_pool(pool);
}

/*
 *	older:	| kept |~~~| gone |~~~|..|     current:  | kept |~~~| gone |~~~|....| gone |~~~|
 *
 * After a release, what was made since the mark may not be touched, in either node.
 */
static void releases(struct kunit *test)
{
	static const char kind[] = "pool memory that is not allocated";
	struct mp_pool_s *pool = create(test);
	unsigned char *kept[2], *gone[3], *new_node;
	struct mp_mark_s mark;

	kept[0] = mp_alloc(pool, POOL_SIZE - 1500);
	kept[1] = mp_alloc(pool, POOL_SIZE - 800);
	mark = mp_mark(pool);
	gone[0] = mp_alloc(pool, 500);
	gone[1] = mp_nalloc(pool, 13);
	gone[2] = mp_alloc(pool, 900);
	KUNIT_ASSERT_TRUE(test, kept[0] && kept[1] && gone[0] && gone[1] && gone[2]);
	KUNIT_ASSERT_TRUE(test, pool->older == pool->head && pool->head->last > gone[2]);
	new_node = mp_alloc(pool, POOL_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, new_node);
	fill(gone[0], 500);
	fill(gone[1], 13);
	fill(gone[2], 900);
	fill(new_node, POOL_SIZE);

	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	fill(kept[0], POOL_SIZE - 1500);
	fill(kept[1], POOL_SIZE - 800);
	expect_guarded(test, gone[0], kind, ", a node of the pool at ");
	expect_guarded(test, gone[1] + 12, kind, ", a node of the pool at ");
	expect_guarded(test, gone[2] + 899, kind, ", the first node of the pool at ");
	expect_guarded(test, new_node, "use after free", ": in quarantine, byte ");
	expect_guarded(test, (unsigned char *)mark.savepoint, "use after free",
		       ": in quarantine, byte ");
	mp_destroy_pool(pool);
}

static struct kunit_case kasan_undo_cases[] = {
	KUNIT_CASE(cleanups),
	KUNIT_CASE(handlers_may_touch),
	KUNIT_CASE(children),
	KUNIT_CASE(releases),
	{},
};

static struct kunit_suite kasan_undo_suite = {
	.name = "kasan_undo",
	.test_cases = kasan_undo_cases,
};

kunit_test_suite(kasan_undo_suite);
