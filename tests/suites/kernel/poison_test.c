// SPDX-License-Identifier: MIT
/*
 * poison_test.c - which bytes of a pool may be touched, and what a report says of the others
 *
 * In builds with red zones, in the kernel and on Linux: nothing is touched, the shadow
 * memory is asked. kasan_test.c and kasan_undo_test.c touch.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/heap_text.h>
#include <mm/mp_record.h>
#include <tests/kunit/kunit.h>

#if MP_REDZONE && !defined(MP_VALGRIND)
#define POOL_SIZE 4000

static struct mp_pool_s *pool;

static int start(struct kunit *test)
{
	(void)test;
	pool = mp_create_pool(POOL_SIZE);
	return !pool;
}

static void finish(struct kunit *test)
{
	(void)test;
	mp_destroy_pool(pool);
}

/* All @n bytes at @p may be touched. */
static void expect_open(struct kunit *test, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		KUNIT_EXPECT_FALSE(test, mm_is_poisoned((const char *)p + i));
}

/* None of the @n bytes at @p may be touched. The report is of that kind, and has the words. */
static void expect_poison(struct kunit *test, const void *p, size_t n, const char *kind,
			  const char *words)
{
	for (size_t i = 0; i < n; i++) {
		uintptr_t at = (uintptr_t)p + i;
		struct report_text details, block;
		char said[500];

		KUNIT_EXPECT_TRUE(test, mm_is_poisoned((const void *)at));
		KUNIT_EXPECT_STREQ(test, mistake_kind(at, &details), kind);
		block = heap_text(at);
		snprintf(said, sizeof(said), "%s%s", details.text, block.text);
		if (!strstr(said, words))
			KUNIT_FAIL(test, "\"%s\" has no \"%s\"", said, words);
	}
}

/* The byte right behind @p, an object of @size bytes, and all up to the end of its block. */
static void expect_red_zone(struct kunit *test, const char *p, size_t size, const char *owner)
{
	char words[80];
	struct heap_place place;

	expect_open(test, p, size);
	snprintf(words, sizeof(words), "0 bytes after the object of %zu bytes at %#lx, ", size,
		 (uintptr_t)p);
	expect_poison(test, p + size, 1, "red zone", words);
	heap_find(&kernel_heap, p, &place);
	expect_poison(test, p + size, (uintptr_t)place.block + place.size - (uintptr_t)p - size,
		      "red zone", owner);
}

/*
 *	| entry | handler | data |  | the data |~~~ red zone ~~~|
 *	^-------- may be touched -----------^
 */
static void data_of_cleanups(struct kunit *test)
{
	static const size_t sizes[] = { 1, 7, 8, 13, 31, 32, 33, 100, 5000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, sizes[i]);
		char words[64];

		KUNIT_ASSERT_NOT_NULL(test, cleanup);
		snprintf(words, sizeof(words), ", the data of cleanup %zu of the pool at %#lx",
			 i + 1, (uintptr_t)pool);
		expect_red_zone(test, cleanup->data, sizes[i], words);
		expect_open(test, cleanup, (uintptr_t)cleanup->data - (uintptr_t)cleanup);
	}
}

static void cleanups_without_data(struct kunit *test)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, 0);
	size_t record = mp_align(sizeof(*cleanup), MP_ALIGNMENT);

	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	expect_open(test, cleanup, sizeof(*cleanup));
	expect_poison(test, (char *)cleanup + record, MP_REDZONE, "red zone", "cleanup 1 of");
}

/* What has left the list may not be touched, nor its data. */
static void cleanups_that_are_gone(struct kunit *test)
{
	struct mp_cleanup_s *run = mp_cleanup_add(pool, 13), *removed = mp_cleanup_add(pool, 13);
	struct mp_mark_s mark = mp_mark(pool);
	struct mp_cleanup_s *released = mp_cleanup_add(pool, 13), *reset;
	size_t bytes = mp_align(sizeof(*run), MP_ALIGNMENT) + 13;

	KUNIT_ASSERT_TRUE(test, run && removed && mark.savepoint && released);
	KUNIT_EXPECT_EQ(test, mp_cleanup_run(pool, run), 0);
	expect_poison(test, run, bytes, "use after free", "in quarantine, ");
	KUNIT_EXPECT_EQ(test, mp_cleanup_remove(pool, removed), 0);
	expect_poison(test, removed, bytes, "use after free", "in quarantine, ");
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	expect_poison(test, released, bytes, "use after free", "in quarantine, ");
	expect_poison(test, mark.savepoint, 32, "use after free", "in quarantine, ");
	reset = mp_cleanup_add(pool, 13);
	KUNIT_ASSERT_NOT_NULL(test, reset);
	mp_reset_pool(pool);
	expect_poison(test, reset, bytes, "use after free", "in quarantine, ");
}

static void children(struct kunit *test)
{
	struct mp_pool_s *child = mp_create_child(pool, 500);
	char words[80], *small, *large;

	KUNIT_ASSERT_NOT_NULL(test, child);
	small = mp_alloc(child, 40);
	large = mp_alloc(child, 5000);
	KUNIT_ASSERT_TRUE(test, small && large);
	snprintf(words, sizeof(words), "of the pool at %#lx, a child of the pool at %#lx",
		 (uintptr_t)child, (uintptr_t)pool);
	expect_open(test, small, 40);
	expect_poison(test, small + 40, 8, "red zone", words);
	expect_poison(test, small + MP_ROOM(40), 1, "pool memory that is not allocated", words);
	expect_red_zone(test, large, 5000, words);
	mp_destroy_pool(child);
	expect_poison(test, small, 40, "use after free", "in quarantine, ");
	expect_poison(test, large, 40, "use after free", "in quarantine, ");
}

/*
 *	older:	| kept |~~~| gone |~~~|..|     current:  | kept |~~~| gone |~~~|....| gone |~~~|
 */
static void small_objects_after_a_release(struct kunit *test)
{
	static const char kind[] = "pool memory that is not allocated";
	char *kept = mp_alloc(pool, POOL_SIZE - 1500), *kept_too = mp_alloc(pool, POOL_SIZE - 800);
	struct mp_mark_s mark = mp_mark(pool);
	char *in_current = mp_alloc(pool, 500), *packed = mp_nalloc(pool, 13);
	char *in_older = mp_alloc(pool, 900), *packed_in_older = mp_nalloc(pool, 200);

	KUNIT_ASSERT_TRUE(test, kept && kept_too && mark.savepoint && in_current && packed);
	KUNIT_ASSERT_TRUE(test, in_older && packed_in_older);
	KUNIT_ASSERT_TRUE(test, (char *)pool->head->last > in_older && in_older > kept);
	KUNIT_ASSERT_PTR_EQ(test, (char *)pool->head->end, packed_in_older);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	expect_open(test, kept, POOL_SIZE - 1500);
	expect_open(test, kept_too, POOL_SIZE - 800);
	expect_poison(test, in_current, 500, kind, ", a node of the pool at ");
	expect_poison(test, packed, 13, kind, ", a node of the pool at ");
	expect_poison(test, in_older, 900, kind, ", the first node of the pool at ");
	expect_poison(test, packed_in_older, 200, kind, ", the first node of the pool at ");
}

static void small_objects_after_a_scope(struct kunit *test)
{
	char *kept = mp_alloc(pool, 100), *gone = NULL;

	MP_SCOPE(pool) {
		gone = mp_alloc(pool, 100);
		KUNIT_ASSERT_TRUE(test, kept && gone);
		expect_open(test, gone, 100);
	}
	expect_open(test, kept, 100);
	expect_poison(test, gone, 100, "pool memory that is not allocated", ", the first node of ");
}

static struct kunit_case poison_cases[] = {
	KUNIT_CASE(data_of_cleanups),
	KUNIT_CASE(cleanups_without_data),
	KUNIT_CASE(cleanups_that_are_gone),
	KUNIT_CASE(children),
	KUNIT_CASE(small_objects_after_a_release),
	KUNIT_CASE(small_objects_after_a_scope),
	{},
};

static struct kunit_suite poison_suite = {
	.name = "poison",
	.init = start,
	.exit = finish,
	.test_cases = poison_cases,
};

kunit_test_suite(poison_suite);
#endif
