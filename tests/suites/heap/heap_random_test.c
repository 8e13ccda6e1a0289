// SPDX-License-Identifier: MIT
/*
 * heap_random_test.c - many random requests, checked against an oracle
 *
 * The oracle is an array of the live blocks. Each block is filled with its own
 * pattern, up to its last usable byte, and is checked before it is freed. A changed
 * pattern means that two blocks overlap or that the heap wrote into one.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/pattern.h>

#define SLOTS 200

static struct slot {
	unsigned char *block;
	size_t usable;
	size_t number;
} slots[SLOTS];

static uint64_t seed;
static size_t refused;

static size_t random_below(size_t limit)
{
	return arena_random(&seed) % limit;
}

/* A random limit from 2 to 8192 bytes, then a random size below it: most sizes are small. */
static size_t random_size(void)
{
	return random_below((size_t)2 << random_below(13));
}

static void allocate(struct kunit *test, struct slot *slot, size_t number)
{
	size_t size = random_size();
	size_t align = (size_t)1 << random_below(13);
	size_t offset = random_below(4) * 32;

	if (random_below(4))
		align = 32;
	slot->block = random_below(2) ? heap_alloc(&arena_heap, align, size) :
					heap_alloc_at(&arena_heap, align, offset, size);
	if (!slot->block) {
		refused++;
		return;
	}
	slot->usable = heap_usable_size(slot->block);
	slot->number = number;
	KUNIT_EXPECT_GE(test, slot->usable, size);
	KUNIT_EXPECT_TRUE(test, page_is_used(&arena_pages, slot->block, slot->usable));
	pattern_fill(slot->block, slot->usable, number);
}

static void release(struct kunit *test, struct slot *slot)
{
	KUNIT_ASSERT_EQ(test, pattern_check(slot->block, slot->usable, slot->number), slot->usable);
	heap_free(&arena_heap, slot->block);
	slot->block = NULL;
}

static void run(struct kunit *test, size_t count)
{
	memset(slots, 0, sizeof(slots));
	refused = 0;
	for (size_t i = 0; i < count; i++) {
		struct slot *slot = &slots[random_below(SLOTS)];

		if (slot->block)
			release(test, slot);
		else
			allocate(test, slot, i);
		if (i % 256 == 0)
			KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
		if (i % 1024 == 0)
			heap_trim(&arena_heap);
	}
	for (size_t i = 0; i < SLOTS; i++)
		if (slots[i].block)
			release(test, &slots[i]);
	arena_trim(test);
}

static void one_range(struct kunit *test)
{
	seed = 1;
	run(test, 20000);
	KUNIT_EXPECT_EQ(test, refused, 0);
}

/* 16 pages are not enough: some requests must fail. */
static void little_memory(struct kunit *test)
{
	seed = 2;
	arena_use(test, 1, 16);
	run(test, 10000);
	KUNIT_EXPECT_GT(test, refused, 0);
}

static void many_ranges(struct kunit *test)
{
	seed = 3;
	arena_use(test, 12, 3);
	run(test, 10000);
	KUNIT_EXPECT_GT(test, refused, 0);
}

/* The pages of a large heap (560 pages and more) go back, too. */
static void large_heap(struct kunit *test)
{
	const size_t size = 640 * MM_PAGE_SIZE;
	void *memory = page_alloc(&kernel_pages, 640), *block;

	if (!memory)
		kunit_skip(test, "needs 2.5 MiB of memory");
	arena_use(test, 0, 0);
	KUNIT_EXPECT_EQ(test, page_add_range(&arena_pages, memory, size), 0);
	seed = 5;
	block = heap_alloc(&arena_heap, 32, 560 * MM_PAGE_SIZE);
	KUNIT_EXPECT_NOT_NULL(test, block);
	/* Freeing a block at the end of the heap must leave at most HEAP_SLACK there. */
	heap_free(&arena_heap, heap_alloc(&arena_heap, 32, 4 * MM_PAGE_SIZE));
	KUNIT_EXPECT_LE(test, arena_pages.used, 560 + 4 + 2 + HEAP_SLACK / MM_PAGE_SIZE);
	heap_free(&arena_heap, block);
	run(test, 2000);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, memory, 640), 0);
}

/* Another owner takes single pages in between, and puts them back when it can. */
static void with_other_owners(struct kunit *test)
{
	size_t held = 0;
	void *pages[30];

	seed = 4;
	memset(slots, 0, sizeof(slots));
	for (size_t i = 0; i < 10000; i++) {
		struct slot *slot = &slots[random_below(SLOTS)];

		if (slot->block)
			release(test, slot);
		else
			allocate(test, slot, i);
		if (random_below(50) == 0 && held < 30) {
			pages[held] = page_alloc(&arena_pages, 1);
			if (pages[held])
				memset(pages[held++], 0x5a, MM_PAGE_SIZE);
		}
		if (random_below(20) == 0 && held &&
		    !page_put_back(&arena_pages, pages[held - 1], 1))
			held--;
		if (i % 256 == 0)
			KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
		if (i % 100 == 0)
			heap_trim(&arena_heap);
	}
	for (size_t i = 0; i < SLOTS; i++)
		if (slots[i].block)
			release(test, &slots[i]);
	while (held) {
		unsigned char *page = pages[held - 1];

		for (size_t i = 0; i < MM_PAGE_SIZE; i++)
			KUNIT_ASSERT_EQ(test, page[i], 0x5a);
		heap_trim(&arena_heap);
		KUNIT_ASSERT_EQ(test, page_put_back(&arena_pages, page, 1), 0);
		held--;
	}
}

static struct kunit_case heap_random_cases[] = {
	KUNIT_CASE(one_range),	KUNIT_CASE(little_memory),     KUNIT_CASE(many_ranges),
	KUNIT_CASE(large_heap), KUNIT_CASE(with_other_owners), {},
};

static struct kunit_suite heap_random_suite = {
	.name = "heap_random",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_random_cases,
};

kunit_test_suite(heap_random_suite);
