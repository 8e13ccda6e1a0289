// SPDX-License-Identifier: MIT
/*
 * arena.c - pages and a heap of a test's own
 */
#include <kernel/lib/string.h>
#include <tests/kunit/arena.h>

struct page_allocator arena_pages;
struct heap arena_heap;
struct heap arena_zeroed;
unsigned char *arena_memory;

/**
 * arena_init() - take memory from kernel_pages for a case
 * @test: the case
 *
 * One range of ARENA_PAGES pages, full of leftovers: nobody may rely on zeros.
 *
 * Return: 0, or 1 if there are not enough pages.
 */
int arena_init(struct kunit *test)
{
	arena_memory = page_alloc(&kernel_pages, ARENA_PAGES);
	if (!arena_memory)
		return 1;
	memset(arena_memory, 0xa5, ARENA_PAGES * PAGE_SIZE);
	arena_use(test, 1, ARENA_PAGES);
	return 0;
}

/**
 * arena_use() - start anew with other ranges
 * @test: the case
 * @ranges: how many, with a page between them that belongs to nobody
 * @pages: of each
 */
void arena_use(struct kunit *test, size_t ranges, size_t pages)
{
	size_t step = (pages + 1) * PAGE_SIZE;

	KUNIT_ASSERT_LE(test, ranges * (pages + 1), ARENA_PAGES + 1);
	arena_pages = (struct page_allocator){ 0 };
	for (size_t i = 0; i < ranges; i++)
		KUNIT_ASSERT_EQ(test,
				page_add_range(&arena_pages, arena_memory + i * step,
					       pages * PAGE_SIZE),
				0);
	heap_init(&arena_heap, &arena_pages);
	heap_set_secret(&arena_heap, 0x5eed5eed5eed5eed);
}

/**
 * arena_trim() - see that the heap is whole and gives all its pages back
 * @test: the case; nothing must be allocated
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
 * @test: the case; if it failed already, what it left behind is not its worst
 */
void arena_exit(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS)
		arena_trim(test);
	/* A case may have used kernel_heap, whose pages came later. */
	heap_trim(&kernel_heap);
	if (arena_memory)
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, arena_memory, ARENA_PAGES), 0);
}
