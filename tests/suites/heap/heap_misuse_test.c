// SPDX-License-Identifier: MIT
/*
 * heap_misuse_test.c - how heap_free() refuses pointers that it cannot free
 *
 * Each panic is expected and caught. The heap must be unchanged afterwards, because
 * heap_free() checks everything before its first write. A case that overwrites a
 * header restores it.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>

#define HEADER 16

/* Three neighbours. A fourth block separates them from the top of the heap. */
static unsigned char *a, *b, *c, *last;

static void allocate(struct kunit *test)
{
	a = heap_alloc(&arena_heap, 32, 112);
	b = heap_alloc(&arena_heap, 32, 112);
	c = heap_alloc(&arena_heap, 32, 112);
	last = heap_alloc(&arena_heap, 32, 112);
	KUNIT_ASSERT_TRUE(test, a && b && c && last);
}

static void free_all(void)
{
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, c);
	heap_free(&arena_heap, last);
}

/* heap_free(@p) must panic with @words and the pointer in its message, and change nothing. */
static void expect_verdict(struct kunit *test, void *p, const char *words)
{
	static struct heap before;
	char text[80];

	before = arena_heap;
	snprintf(text, sizeof(text), "heap_free: %p", p);
	KUNIT_EXPECT_PANIC(test, text, heap_free(&arena_heap, p));
	KUNIT_EXPECT_PANIC(test, words, heap_free(&arena_heap, p));
	/* ASSERT: if it did free the block, every later check would fail. */
	KUNIT_ASSERT_MEMEQ(test, &arena_heap, &before, sizeof(before));
}

static void not_aligned(struct kunit *test)
{
	allocate(test);
	for (size_t i = 1; i < 32; i++)
		expect_verdict(test, b + i, "not aligned");
	expect_verdict(test, arena_memory + 1, "not aligned");
	expect_verdict(test, (void *)1, "not aligned");
	expect_verdict(test, (void *)UINTPTR_MAX, "not aligned");
	free_all();
}

static void outside_the_heap(struct kunit *test)
{
	static unsigned char elsewhere[64] __attribute__((aligned(32)));

	allocate(test);
	expect_verdict(test, elsewhere + 32, "outside the heap");
	expect_verdict(test, arena_memory - MM_PAGE_SIZE, "outside the heap");
	expect_verdict(test, arena_memory, "outside the heap");
	expect_verdict(test, arena_memory + (ARENA_PAGES + 1) * MM_PAGE_SIZE, "outside the heap");
	expect_verdict(test, (void *)32, "outside the heap");
	expect_verdict(test, (void *)(UINTPTR_MAX - 31), "outside the heap");
	/* Pages of the allocator's range that the heap never had. */
	expect_verdict(test, arena_memory + ARENA_PAGES * MM_PAGE_SIZE / 2, "outside the heap");
	expect_verdict(test, arena_memory + (ARENA_PAGES - 1) * MM_PAGE_SIZE, "outside the heap");
	free_all();
}

/* Pages of the same allocator that another owner holds. */
static void outside_in_others_pages(struct kunit *test)
{
	static struct heap other;
	unsigned char *page, *block;

	allocate(test);
	page = page_alloc(&arena_pages, 1);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page, 0, MM_PAGE_SIZE);
	expect_verdict(test, page + 512, "outside the heap");
	memset(page, 0xff, MM_PAGE_SIZE);
	expect_verdict(test, page + 512, "outside the heap");
	heap_init(&other, &arena_pages);
	heap_set_secret(&other, 0xdeaddeaddeaddead);
	block = heap_alloc(&other, 32, 100);
	KUNIT_ASSERT_NOT_NULL(test, block);
	expect_verdict(test, block, "outside the heap");
	heap_free(&other, block);
	heap_trim(&other);
	KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, page, 1), 0);
	free_all();
}

/*
 *	|##a##|##b##|##c##|##last##|    b freed, and freed again
 */
static void freed_already(struct kunit *test)
{
	allocate(test);
	heap_free(&arena_heap, b);
	expect_verdict(test, b, "freed already");
	/* b now lies inside one free block with a, and then with c. */
	heap_free(&arena_heap, a);
	expect_verdict(test, b, "freed already");
	expect_verdict(test, a, "freed already");
	heap_free(&arena_heap, c);
	expect_verdict(test, a, "freed already");
	expect_verdict(test, b, "freed already");
	expect_verdict(test, c, "freed already");
	heap_free(&arena_heap, last);
	expect_verdict(test, a, "freed already");
	expect_verdict(test, b, "freed already");
	expect_verdict(test, c, "freed already");
	expect_verdict(test, last, "freed already");
}

/* One part of a free block was given out again. The blocks behind it are still free. */
static void freed_already_next_to_a_new_block(struct kunit *test)
{
	void *again;

	allocate(test);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, c);
	again = heap_alloc(&arena_heap, 32, 112);
	KUNIT_EXPECT_PTR_EQ(test, again, a);
	expect_verdict(test, b, "freed already");
	expect_verdict(test, c, "freed already");
	heap_free(&arena_heap, again);
	expect_verdict(test, a, "freed already");
	heap_free(&arena_heap, last);
}

/* What is said of a freed block depends on whether its page has gone back. */
static const char *freed_verdict(const void *block)
{
	return page_is_used(&arena_pages, block, 1) ? "freed already" : "outside the heap";
}

/*
 * 512 blocks, one at each multiple of 32, in 4 pages. A second free is recognized
 * even after the pages went back, and after the heap took some of them again, so that
 * the span ends at another place.
 *
 *	|a|b|c|...........................|      all freed
 *	                                         heap_trim(): no page is left
 *	|## 1 page ##|                           the heap takes pages again
 */
static void freed_already_after_trim(struct kunit *test)
{
	const size_t count = 4 * MM_PAGE_SIZE / 32;
	static unsigned char *block[4 * 128];
	unsigned char *again;

	for (size_t i = 0; i < count; i++) {
		block[i] = heap_alloc(&arena_heap, 32, 1);
		KUNIT_ASSERT_NOT_NULL(test, block[i]);
	}
	for (size_t i = count; i--;)
		heap_free(&arena_heap, block[i]);
	for (size_t i = 0; i < count; i++)
		KUNIT_EXPECT_PANIC(test, "freed already", heap_free(&arena_heap, block[i]));
	heap_trim(&arena_heap);
	KUNIT_EXPECT_EQ(test, arena_pages.used, 0);
	for (size_t i = 0; i < count; i++)
		KUNIT_EXPECT_PANIC(test, "outside the heap", heap_free(&arena_heap, block[i]));

	again = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE / 2);
	KUNIT_ASSERT_NOT_NULL(test, again);
	for (size_t i = 0; i < count; i++)
		if (block[i] > again + MM_PAGE_SIZE / 2 + HEADER)
			KUNIT_EXPECT_PANIC(test, freed_verdict(block[i]),
					   heap_free(&arena_heap, block[i]));
	heap_free(&arena_heap, again);
}

/* The same, when only some of the pages went back. */
static void freed_already_after_partial_trim(struct kunit *test)
{
	static unsigned char *block[4 * 128];

	for (size_t i = 0; i < 512; i++) {
		block[i] = heap_alloc(&arena_heap, 32, 1);
		KUNIT_ASSERT_NOT_NULL(test, block[i]);
	}
	for (size_t keep = 512; keep; keep -= 64) {
		for (size_t i = keep; i-- > keep - 64;)
			heap_free(&arena_heap, block[i]);
		heap_trim(&arena_heap);
		for (size_t i = keep - 64; i < 512; i++)
			KUNIT_EXPECT_PANIC(test, freed_verdict(block[i]),
					   heap_free(&arena_heap, block[i]));
		KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	}
}

/*
 * A pointer into the middle of a block is refused, whatever the bytes in front of it
 * are. They decide which verdict the panic names, so any message is accepted ("").
 */
static void inside_a_block(struct kunit *test)
{
	static const unsigned char fill[] = { 0, 1, 0x20, 0x41, 0x80, 0xff };

	allocate(test);
	for (size_t i = 0; i < sizeof(fill); i++) {
		memset(b, fill[i], 112);
		for (size_t at = 32; at < 112; at += 32)
			expect_verdict(test, b + at, "");
	}
	/* Pointers into free memory where no block ever began. */
	heap_free(&arena_heap, b);
	expect_verdict(test, b + 32, "");
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, c);
	heap_free(&arena_heap, last);
	expect_verdict(test, c + 64, "");
}

/* Fills @size bytes at @at with @byte, expects heap_free(@p) to notice, restores them. */
static void overwrite(struct kunit *test, unsigned char *at, size_t size, int byte, void *p,
		      const char *words)
{
	unsigned char saved[64];

	memcpy(saved, at, size);
	memset(at, byte, size);
	expect_verdict(test, p, words);
	memcpy(at, saved, size);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
}

static void overwritten_own_header(struct kunit *test)
{
	allocate(test);
	overwrite(test, b - HEADER, HEADER, 0, b, "overwritten");
	overwrite(test, b - HEADER, HEADER, 0xff, b, "overwritten");
	overwrite(test, b - HEADER, HEADER, 'A', b, "overwritten");
	/* A change of any byte is noticed. Which verdict it gives depends on the byte. */
	for (size_t i = 1; i <= HEADER; i++)
		overwrite(test, b - i, 1, b[-(ptrdiff_t)i] ^ 0x5a, b, "");
	free_all();
}

/*
 *	|##a##|##b##|XX#c##|    the user of b writes past the end of b, or
 *	|XX#a##|##b##|##c##|    the user of a writes in front of a; then b is freed
 */
static void overwritten_neighbour(struct kunit *test)
{
	allocate(test);
	for (size_t size = 1; size <= HEADER; size++) {
		overwrite(test, b + heap_usable_size(b), size, 'A', b, "overwritten");
		overwrite(test, b + heap_usable_size(b), size, 0x7f, b, "overwritten");
		overwrite(test, a - size, size, 'A', b, "overwritten");
		overwrite(test, a - size, size, 0xff, b, "overwritten");
	}
	overwrite(test, c - HEADER, HEADER, 0, b, "overwritten");
	overwrite(test, a - HEADER / 2, HEADER / 2, 0, b, "overwritten");
	/* Zeros in the first word of a header must not pass for "no block before this one". */
	overwrite(test, b - HEADER, HEADER / 2, 0, b, "overwritten");
	free_all();
}

/*
 *	|##a##|##b##|XX#c##|    the user of c writes in front of c; then b is freed
 */
static void overwritten_neighbour_behind(struct kunit *test)
{
	allocate(test);
	for (size_t size = 1; size <= HEADER; size++) {
		overwrite(test, c - size, size, 'A', b, "overwritten");
		overwrite(test, c - size, size, 0xff, b, "overwritten");
	}
	overwrite(test, c - HEADER / 2, HEADER / 2, 0, b, "overwritten");
	free_all();
}

/* The same, when both neighbours are free. */
static void overwritten_free_neighbour(struct kunit *test)
{
	allocate(test);
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, c);
	for (size_t size = 1; size <= HEADER; size++) {
		overwrite(test, b + heap_usable_size(b), size, 'A', b, "overwritten");
		overwrite(test, c - size, size, 'A', b, "overwritten");
		overwrite(test, a - size, size, 'A', b, "overwritten");
	}
	overwrite(test, c - HEADER / 2, HEADER / 2, 0, b, "overwritten");
	overwrite(test, a - HEADER / 2, HEADER / 2, 0, b, "overwritten");
	heap_free(&arena_heap, b);
	heap_free(&arena_heap, last);
}

/* A write to a freed block overwrites its links to other free blocks. */
static mm_trusted void overwritten_after_free(struct kunit *test)
{
	static struct heap_links fake;
	struct heap_links *links, saved;

	fake.next = &fake;
	fake.prev = &fake;
	allocate(test);
	heap_free(&arena_heap, b);
	links = (struct heap_links *)b;
	saved = *links;
	*links = fake;
	expect_verdict(test, a, "overwritten");
	expect_verdict(test, c, "overwritten");
	KUNIT_EXPECT_PANIC(test, "overwritten", heap_alloc(&arena_heap, 32, 112));
	*links = saved;
	heap_free(&arena_heap, a);
	heap_free(&arena_heap, c);
	heap_free(&arena_heap, last);
}

static struct kunit_case heap_misuse_cases[] = {
	KUNIT_CASE(not_aligned),
	KUNIT_CASE(outside_the_heap),
	KUNIT_CASE(outside_in_others_pages),
	KUNIT_CASE(freed_already),
	KUNIT_CASE(freed_already_next_to_a_new_block),
	KUNIT_CASE(freed_already_after_trim),
	KUNIT_CASE(freed_already_after_partial_trim),
	KUNIT_CASE(inside_a_block),
	KUNIT_CASE_PLAIN(overwritten_own_header),
	KUNIT_CASE_PLAIN(overwritten_neighbour),
	KUNIT_CASE_PLAIN(overwritten_neighbour_behind),
	KUNIT_CASE_PLAIN(overwritten_free_neighbour),
	KUNIT_CASE(overwritten_after_free),
	{},
};

static struct kunit_suite heap_misuse_suite = {
	.name = "heap_misuse",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_misuse_cases,
};

kunit_test_suite(heap_misuse_suite);
