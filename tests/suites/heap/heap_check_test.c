// SPDX-License-Identifier: MIT
/*
 * heap_check_test.c - heap_check() notices every kind of damage
 *
 *	span:  |#u0#|.h0.|#u1#|..h1..|#u2#|.h2.|#u3#|   page of another owner
 *	span:  |#u4#|........ top ........|
 *
 * u0 to u4 are used[], h0 to h2 are hole[], which are free. Each case overwrites a
 * word, expects heap_check() to fail with the words that name the damage, and restores
 * the word.
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>

/* What heap_check() says. */
#define HEADER "a header was overwritten, or the next one was"
#define SIDE_BY_SIDE "two free blocks lie side by side"
#define NOT_FREE "a block in a list is not free"
#define LINK "a link of a free block was overwritten"
#define LAST_LINK "a list does not end with its last block"
#define NO_SPAN "a span is not in pages given out"
#define SPAN_END "the first or the last header of a span was overwritten"
#define SPANS_LOST "the list of spans was lost"
#define NO_TOP "the newest span does not hold the top"

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
	if (!used[0] || !used[3] || !used[4])
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

/* heap_check() must fail with @words while the word at @at is @value, and only then. */
static mm_trusted void damage(struct kunit *test, void *at, uintptr_t value, const char *words)
{
	uintptr_t *word = at, saved = *word;

	KUNIT_EXPECT_NE(test, value, saved);
	*word = value;
	ARENA_EXPECT_BROKEN(test, words);
	*word = saved;
	KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
}

static mm_trusted void flip(struct kunit *test, uintptr_t *word, unsigned int bit,
			    const char *words)
{
	damage(test, word, *word ^ (uintptr_t)1 << bit, words);
}

/*
 * Flips one bit in each byte of the 16-byte header in front of a block. @prev is what is
 * said of the size of the block before it. Bit 0 of the tag says whether the block is
 * free, and @is_free is what is said of it.
 */
static void damage_header(struct kunit *test, uintptr_t *block, const char *prev,
			  const char *is_free)
{
	for (unsigned int bit = 0; bit < 64; bit += 9) {
		flip(test, block - 2, bit, prev);
		flip(test, block - 1, bit, bit ? HEADER : is_free);
	}
}

/* Flips the bits of the tag below the size. */
static void damage_flags(struct kunit *test, uintptr_t *block, const char *is_free)
{
	for (unsigned int bit = 0; bit < 6; bit++)
		flip(test, block - 1, bit, bit ? HEADER : is_free);
}

static void header_of_a_used_block(struct kunit *test)
{
	damage_header(test, used[1], HEADER, SIDE_BY_SIDE);
	damage_flags(test, used[1], SIDE_BY_SIDE);
	damage(test, used[1] - 1, 0, HEADER);
	damage(test, used[1] - 1, UINTPTR_MAX, HEADER);
	damage(test, used[1] - 2, 0, HEADER);
	damage(test, used[1] - 2, UINTPTR_MAX, HEADER);
}

static void header_of_a_free_block(struct kunit *test)
{
	damage_header(test, hole[1], HEADER, NOT_FREE);
	damage_flags(test, hole[1], NOT_FREE);
}

static mm_trusted void header_at_a_spans_ends(struct kunit *test)
{
	damage(test, used[0] - 2, 32, SPAN_END);
	damage_header(test, used[3], HEADER, SIDE_BY_SIDE);
	damage_header(test, used[4], SPAN_END, SIDE_BY_SIDE);
	/* The last word of each span is the tag of its sentinel. */
	for (uintptr_t *span = (void *)arena_heap.spans; span; span = (void *)span[0])
		flip(test, (uintptr_t *)span[1] - 1, 5, SPAN_END);
}

/* A free block's first two words link it into its list. */
static mm_trusted void links(struct kunit *test)
{
	static uintptr_t fake[2];

	for (size_t i = 0; i < 2; i++) {
		damage(test, hole[1] + i, 0, LINK);
		damage(test, hole[1] + i, UINTPTR_MAX, LINK);
		damage(test, hole[1] + i, hole[1][i] + 1, LINK);
		damage(test, hole[1] + i, (uintptr_t)hole[1], LINK);
		damage(test, hole[1] + i, (uintptr_t)used[1], LINK);
		damage(test, hole[1] + i, (uintptr_t)hole[0], LINK);
		damage(test, hole[1] + i, (uintptr_t)fake, LINK);
		damage(test, hole[1] + i, (uintptr_t)(arena_memory + 100 * MM_PAGE_SIZE), LINK);
		/* hole[0] and hole[2] are neighbours in one list. Each gets a link to itself. */
		damage(test, hole[0] + i, (uintptr_t)hole[0], LINK);
		damage(test, hole[2] + i, (uintptr_t)hole[2], LINK);
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
	damage(test, &list->next, (uintptr_t)list, LAST_LINK);
	damage(test, &list->next, 0, LINK);
	damage(test, &list->next, (uintptr_t)used[1], LINK);
	damage(test, &wrong->next, (uintptr_t)hole[1], LINK);
}

static void list_tails(struct kunit *test)
{
	find_list(test);
	damage(test, &list->prev, (uintptr_t)list, LAST_LINK);
	damage(test, &list->prev, 0, LAST_LINK);
	damage(test, &wrong->prev, (uintptr_t)hole[1], LAST_LINK);
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
	ARENA_EXPECT_BROKEN(test, "a block is in the wrong list");
	/* Now hole[1] is in no list. */
	set_links(wrong, wrong);
	arena_heap.sl_bitmap[fl] ^= 2u << sl;
	if (!arena_heap.sl_bitmap[fl])
		arena_heap.fl_bitmap ^= 1ul << fl;
	ARENA_EXPECT_BROKEN(test, "fewer blocks are in lists than are free");
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
			const char *words = "the second-level bitmap is wrong about a list";

			if (sl >= HEAP_SL_COUNT)
				words = "a second-level bitmap has bits for no list";
			arena_heap.sl_bitmap[fl] ^= 1u << sl;
			ARENA_EXPECT_BROKEN(test, words);
			arena_heap.sl_bitmap[fl] ^= 1u << sl;
		}
	for (unsigned int bit = 0; bit < 64; bit++)
		damage(test, &arena_heap.fl_bitmap, arena_heap.fl_bitmap ^ 1ul << bit,
		       bit < HEAP_FL_COUNT ? "the first-level bitmap is wrong" :
					     "the first-level bitmap has bits for no lists");
}

static mm_trusted void spans(struct kunit *test)
{
	uintptr_t *span = (void *)arena_heap.spans;

	KUNIT_ASSERT_NOT_NULL(test, span);
	damage(test, &arena_heap.spans, 0, SPANS_LOST);
	damage(test, &arena_heap.spans, (uintptr_t)(arena_memory + 100 * MM_PAGE_SIZE), NO_SPAN);
	damage(test, &arena_heap.spans, (uintptr_t)span + 32, NO_SPAN);
	/* A span's first word links to the span before it, its second word is its end. */
	damage(test, span, 0, SPANS_LOST);
	damage(test, span, UINTPTR_MAX, NO_SPAN);
	damage(test, span, (uintptr_t)others + 32, NO_SPAN);
	damage(test, span + 1, span[1] - 32, NO_SPAN);
	damage(test, span + 1, span[1] + MM_PAGE_SIZE, NO_SPAN);
	damage(test, span + 1, 0, NO_SPAN);
	damage(test, span + 1, UINTPTR_MAX, NO_SPAN);
}

static void top(struct kunit *test)
{
	uintptr_t place = (uintptr_t)arena_heap.top;

	damage(test, &arena_heap.top, 0, NO_TOP);
	damage(test, &arena_heap.top, place + 32, HEADER);
	damage(test, &arena_heap.top, place + 1, NO_TOP);
	damage(test, &arena_heap.top, (uintptr_t)used[4], NO_TOP);
	damage(test, &arena_heap.top, (uintptr_t)used[1], NO_TOP);
	damage(test, &arena_heap.top, UINTPTR_MAX - 15, NO_TOP);
	damage(test, &arena_heap.sentinel, 0, NO_TOP);
	damage(test, &arena_heap.sentinel, place, NO_TOP);
}

/* Another owner put back pages of the heap. */
static void pages_gone(struct kunit *test)
{
	uintptr_t *next = &arena_pages.ranges[0].next;

	damage(test, next, *next - MM_PAGE_SIZE, NO_SPAN);
	damage(test, next, (uintptr_t)arena_memory, NO_SPAN);
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
