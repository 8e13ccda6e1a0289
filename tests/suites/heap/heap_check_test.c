// SPDX-License-Identifier: MIT
/*
 * heap_check_test.c - heap_check() notices every kind of damage
 *
 *	span:  |#u0#|.h0.|#u1#|..h1..|#u2#|.h2.|#u3#|   page of another owner
 *	span:  |#u4#|........ top ........|
 *
 * u0 to u4 are used[], h0 to h2 are hole[], which are free. Each case overwrites a
 * word, expects heap_check() to fail, and restores the word. heap_check() prints what
 * it found: the lines that begin with "# heap_check" in the log are expected.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>

static uintptr_t *used[5], *hole[3];
static void *others;

static int start(struct kunit *test)
{
	static const size_t sizes[3] = { 100, 1000, 100 };

	if (arena_init(test))
		return 1;
	for (size_t i = 0; i < 3; i++) {
		used[i] = heap_alloc(&arena_heap, 32, 100);
		hole[i] = heap_alloc(&arena_heap, 32, sizes[i]);
	}
	used[3] = heap_alloc(&arena_heap, 32, 100);
	others = page_alloc(&arena_pages, 1);
	used[4] = heap_alloc(&arena_heap, 32, MM_PAGE_SIZE);
	if (!used[3] || !used[4])
		return 1;
	for (size_t i = 0; i < 3; i++)
		heap_free(&arena_heap, hole[i]);
	return heap_check(&arena_heap);
}

static void stop(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS) {
		for (size_t i = 0; i < 5; i++)
			heap_free(&arena_heap, used[i]);
		heap_trim(&arena_heap);
		KUNIT_EXPECT_EQ(test, page_put_back(&arena_pages, others, 1), 0);
	}
	arena_exit(test);
}

/* heap_check() must fail while the word at @at is @value, and only then. */
static mm_trusted void damage(struct kunit *test, void *at, uintptr_t value)
{
	uintptr_t *word = at, saved = *word;

	KUNIT_EXPECT_NE(test, value, saved);
	*word = value;
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), -EFAULT);
	*word = saved;
	KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
}

static mm_trusted void flip(struct kunit *test, uintptr_t *word, unsigned int bit)
{
	damage(test, word, *word ^ (uintptr_t)1 << bit);
}

/* Flips one bit in each byte of the 16-byte header in front of a block. */
static void damage_header(struct kunit *test, uintptr_t *block)
{
	for (unsigned int bit = 0; bit < 64; bit += 9) {
		flip(test, block - 2, bit);
		flip(test, block - 1, bit);
	}
}

static void header_of_a_used_block(struct kunit *test)
{
	damage_header(test, used[1]);
	for (unsigned int bit = 0; bit < 6; bit++)
		flip(test, used[1] - 1, bit);
	damage(test, used[1] - 1, 0);
	damage(test, used[1] - 1, UINTPTR_MAX);
	damage(test, used[1] - 2, 0);
	damage(test, used[1] - 2, UINTPTR_MAX);
}

static void header_of_a_free_block(struct kunit *test)
{
	damage_header(test, hole[1]);
	for (unsigned int bit = 0; bit < 6; bit++)
		flip(test, hole[1] - 1, bit);
}

static mm_trusted void header_at_a_spans_ends(struct kunit *test)
{
	damage(test, used[0] - 2, 32);
	damage_header(test, used[3]);
	damage_header(test, used[4]);
	/* The last word of each span is the tag of its sentinel. */
	for (uintptr_t *span = (void *)arena_heap.spans; span; span = (void *)span[0])
		flip(test, (uintptr_t *)span[1] - 1, 5);
}

/* A free block's first two words link it into its list. */
static mm_trusted void links(struct kunit *test)
{
	static uintptr_t fake[2];

	for (size_t i = 0; i < 2; i++) {
		damage(test, hole[1] + i, 0);
		damage(test, hole[1] + i, UINTPTR_MAX);
		damage(test, hole[1] + i, hole[1][i] + 1);
		damage(test, hole[1] + i, (uintptr_t)hole[1]);
		damage(test, hole[1] + i, (uintptr_t)used[1]);
		damage(test, hole[1] + i, (uintptr_t)hole[0]);
		damage(test, hole[1] + i, (uintptr_t)fake);
		damage(test, hole[1] + i, (uintptr_t)(arena_memory + 100 * MM_PAGE_SIZE));
		/* hole[0] and hole[2] are neighbours in one list. Each gets a link to itself. */
		damage(test, hole[0] + i, (uintptr_t)hole[0]);
		damage(test, hole[2] + i, (uintptr_t)hole[2]);
	}
}

/* The list that begins with hole[1], and the next one of the same first level. */
static struct heap_links *list, *wrong;
static unsigned int fl, sl;

static void find_list(struct kunit *test)
{
	for (fl = 0; fl < HEAP_FL_COUNT; fl++)
		for (sl = 0; sl + 1 < HEAP_SL_COUNT; sl++) {
			list = &arena_heap.lists[fl][sl];
			wrong = list + 1;
			if ((void *)list->next == hole[1])
				return;
		}
	KUNIT_FAIL(test, "hole[1] is in no list");
}

static void list_heads(struct kunit *test)
{
	find_list(test);
	/* A list with a block looks empty; the next list gets a block that is not its own. */
	damage(test, &list->next, (uintptr_t)list);
	damage(test, &list->next, 0);
	damage(test, &list->next, (uintptr_t)used[1]);
	damage(test, &wrong->next, (uintptr_t)hole[1]);
}

static void list_tails(struct kunit *test)
{
	find_list(test);
	damage(test, &list->prev, (uintptr_t)list);
	damage(test, &list->prev, 0);
	damage(test, &wrong->prev, (uintptr_t)hole[1]);
}

/* Sets both links of a free block or of a list head. */
static mm_trusted void set_links(void *links, void *to)
{
	*(struct heap_links *)links = (struct heap_links){ to, to };
}

static void swapped_lists(struct kunit *test)
{
	uint32_t sl_bitmap;
	uint64_t fl_bitmap = arena_heap.fl_bitmap;

	find_list(test);
	sl_bitmap = arena_heap.sl_bitmap[fl];
	/* Moves hole[1] into the next list, with correct links and bitmaps: the wrong list. */
	set_links(hole[1], wrong);
	set_links(wrong, hole[1]);
	set_links(list, list);
	arena_heap.sl_bitmap[fl] ^= 3u << sl;
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), -EFAULT);
	/* Now hole[1] is in no list. */
	set_links(wrong, wrong);
	arena_heap.sl_bitmap[fl] ^= 2u << sl;
	if (!arena_heap.sl_bitmap[fl])
		arena_heap.fl_bitmap ^= 1ul << fl;
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), -EFAULT);
	set_links(hole[1], list);
	set_links(list, hole[1]);
	arena_heap.sl_bitmap[fl] = sl_bitmap;
	arena_heap.fl_bitmap = fl_bitmap;
	KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
}

/* Flips each bit of both levels, also those of lists that are always empty. */
static void bitmaps(struct kunit *test)
{
	for (fl = 0; fl < HEAP_FL_COUNT; fl++)
		for (sl = 0; sl < 32; sl++) {
			arena_heap.sl_bitmap[fl] ^= 1u << sl;
			KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), -EFAULT);
			arena_heap.sl_bitmap[fl] ^= 1u << sl;
		}
	for (unsigned int bit = 0; bit < 64; bit++)
		damage(test, &arena_heap.fl_bitmap, arena_heap.fl_bitmap ^ 1ul << bit);
}

static mm_trusted void spans(struct kunit *test)
{
	uintptr_t *span = (void *)arena_heap.spans;

	KUNIT_ASSERT_NOT_NULL(test, span);
	damage(test, &arena_heap.spans, 0);
	damage(test, &arena_heap.spans, (uintptr_t)(arena_memory + 100 * MM_PAGE_SIZE));
	damage(test, &arena_heap.spans, (uintptr_t)span + 32);
	/* A span's first word links to the span before it, its second word is its end. */
	damage(test, span, 0);
	damage(test, span, UINTPTR_MAX);
	damage(test, span, (uintptr_t)others + 32);
	damage(test, span + 1, span[1] - 32);
	damage(test, span + 1, span[1] + MM_PAGE_SIZE);
	damage(test, span + 1, 0);
	damage(test, span + 1, UINTPTR_MAX);
}

static void top(struct kunit *test)
{
	uintptr_t place = (uintptr_t)arena_heap.top;

	damage(test, &arena_heap.top, 0);
	damage(test, &arena_heap.top, place + 32);
	damage(test, &arena_heap.top, place + 1);
	damage(test, &arena_heap.top, (uintptr_t)used[4]);
	damage(test, &arena_heap.top, (uintptr_t)used[1]);
	damage(test, &arena_heap.top, UINTPTR_MAX - 15);
	damage(test, &arena_heap.sentinel, 0);
	damage(test, &arena_heap.sentinel, place);
}

/* Another owner put back pages of the heap. */
static void pages_gone(struct kunit *test)
{
	uintptr_t *next = &arena_pages.ranges[0].next;

	damage(test, next, *next - MM_PAGE_SIZE);
	damage(test, next, (uintptr_t)arena_memory);
}

static struct kunit_case heap_check_cases[] = {
	KUNIT_CASE(header_of_a_used_block),
	KUNIT_CASE(header_of_a_free_block),
	KUNIT_CASE(header_at_a_spans_ends),
	KUNIT_CASE(links),
	KUNIT_CASE(list_heads),
	KUNIT_CASE(list_tails),
	KUNIT_CASE(swapped_lists),
	KUNIT_CASE(bitmaps),
	KUNIT_CASE(spans),
	KUNIT_CASE(top),
	KUNIT_CASE(pages_gone),
	{},
};

static struct kunit_suite heap_check_suite = {
	.name = "heap_check",
	.init = start,
	.exit = stop,
	.test_cases = heap_check_cases,
};

kunit_test_suite(heap_check_suite);
