// SPDX-License-Identifier: MIT
/*
 * heap_trim_test.c - pages that heap_trim() cannot put back, or must not write to
 */
#include <tests/kunit/arena.h>

/* Another owner's page lies above the heap, so the free pages at its end must stay. */
static void page_behind_the_top(struct kunit *test)
{
	void *block = heap_alloc(&arena_heap, 32, 4 * HEAP_SLACK);
	void *page = page_alloc(&arena_pages, 1);
	size_t used = arena_pages.used;

	heap_free(&arena_heap, block);
	KUNIT_EXPECT_EQ(test, arena_pages.used, used);
	KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, page, 1), 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), used - 1);
}

/*
 *	range 0                     range 1
 *	|#a#|....links.....|END|    |##########b###########|END|
 *
 * The links of the free block behind a are overwritten, or the sentinel of its span.
 * heap_trim() must panic before it writes through the links.
 */
static mm_trusted void overwritten_before_trim(struct kunit *test)
{
	static struct heap_links fake = { &fake, &fake };

	for (int size = 0; size < 2; size++) {
		unsigned char *a;

		arena_use(test, 2, 4);
		a = heap_alloc(&arena_heap, 32, 100);
		KUNIT_ASSERT_NOT_NULL(test, a);
		KUNIT_ASSERT_NOT_NULL(test, heap_alloc(&arena_heap, 32, 16300));
		if (size)
			*(size_t *)(arena_pages.ranges[0].next - 16) ^= 32;
		else
			*(struct heap_links *)(a + heap_usable_size(a) + 16) = fake;
		KUNIT_EXPECT_PANIC(test, "was overwritten", heap_trim(&arena_heap));
		KUNIT_EXPECT_PTR_EQ(test, fake.next, &fake);
	}
	arena_use(test, 1, ARENA_PAGES);
}

static struct kunit_case heap_trim_cases[] = {
	KUNIT_CASE_PLAIN(page_behind_the_top),
	KUNIT_CASE_PLAIN(overwritten_before_trim),
	{},
};

static struct kunit_suite heap_trim_suite = {
	.name = "heap_trim",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_trim_cases,
};

kunit_test_suite(heap_trim_suite);
