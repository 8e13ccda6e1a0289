// SPDX-License-Identifier: MIT
/*
 * arena.c - private pages and a private heap for a test case
 */
#include <kernel/lib/string.h>
#include <mm/poison.h>
#include <tests/kunit/arena.h>

struct page_allocator arena_pages;
struct heap arena_heap;
struct heap arena_zeroed;
unsigned char *arena_memory;

/**
 * arena_use() - start again with an empty heap on other ranges
 * @test: the case
 * @ranges: how many ranges; one page between two ranges belongs to neither
 * @pages: size of each range, in pages
 */
void arena_use(struct kunit *test, size_t ranges, size_t pages)
{
	size_t step = (pages + 1) * MM_PAGE_SIZE;

	KUNIT_ASSERT_LE(test, ranges * (pages + 1), ARENA_PAGES + 1);
	arena_pages = (struct page_allocator){ 0 };
	for (size_t i = 0; i < ranges; i++)
		KUNIT_ASSERT_EQ(test,
				page_add_range(&arena_pages, arena_memory + i * step,
					       pages * MM_PAGE_SIZE),
				0);
	heap_init(&arena_heap, &arena_pages);
	heap_set_secret(&arena_heap, 0x5eed5eed5eed5eed);
}

/**
 * arena_init() - take memory from kernel_pages for a case
 * @test: the case
 *
 * The arena is one range of ARENA_PAGES pages. Every byte is 0xa5, so that code
 * which relies on zeroed memory fails.
 *
 * Return: 0, or 1 if there are not enough pages.
 */
int arena_init(struct kunit *test)
{
	arena_memory = page_alloc(&kernel_pages, ARENA_PAGES);
	if (!arena_memory)
		return 1;
	memset(arena_memory, 0xa5, ARENA_PAGES * MM_PAGE_SIZE);
	arena_use(test, 1, ARENA_PAGES);
	return 0;
}

/**
 * arena_trim() - check that the heap is intact and gives all its pages back
 * @test: the case; it must have freed every block of arena_heap
 */
void arena_trim(struct kunit *test)
{
	size_t used = arena_pages.used;

	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	KUNIT_EXPECT_EQ(test, heap_trim(&arena_heap), used);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

/**
 * arena_exit() - give the memory back
 * @test: the case; if it has failed, its heap is not checked
 */
void arena_exit(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS)
		arena_trim(test);
	/*
	 * The arena goes back only if it ends at the frontier. A case that used
	 * kernel_heap may have left that heap's pages above the arena.
	 */
	heap_trim(&kernel_heap);
	if (!arena_memory)
		return;
	/* A case that failed may have left blocks. The next user of the pages may write there. */
	mm_unpoison(arena_memory, ARENA_PAGES * MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, arena_memory, ARENA_PAGES), 0);
}
