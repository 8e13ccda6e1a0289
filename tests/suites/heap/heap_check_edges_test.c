// SPDX-License-Identifier: MIT
/*
 * heap_check_edges_test.c - heap_check() on heaps where only one of its checks can notice
 *
 *	full	|span|hdr|######## used ########|hdr|	nothing is free: the top is the sentinel
 *	used	|span|hdr|# a #|hdr|# b #|... top ...|	no list holds anything
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/heap_span.h>
#include <tests/kunit/arena.h>

static struct heap_block *a, *b;

/* Two used blocks, and a top behind them. */
static int start(struct kunit *test)
{
	void *p, *q;

	if (arena_init(test))
		return 1;
	p = heap_alloc(&arena_heap, 32, 100);
	q = heap_alloc(&arena_heap, 32, 1000);
	if (!p || !q)
		return 1;
	a = block_of(p);
	b = block_of(q);
	return heap_check(&arena_heap);
}

static mm_trusted void stop(struct kunit *test)
{
	if (test->status == KUNIT_SUCCESS) {
		heap_free(&arena_heap, &a->links);
		heap_free(&arena_heap, &b->links);
	}
	arena_exit(test);
}

/* heap_check() must fail with @words while the word at @at is @value, and only then. */
static mm_trusted void damage(struct kunit *test, void *at, uintptr_t value, const char *words)
{
	uintptr_t *word = at, saved = *word;

	*word = value;
	ARENA_EXPECT_BROKEN(test, words);
	*word = saved;
	KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
}

static void size_0(struct kunit *test)
{
	damage(test, &a->tag, arena_heap.stamp, "a header was overwritten, or the next one was");
	damage(test, &b->tag, arena_heap.stamp, "a header was overwritten, or the next one was");
}

/* No free block is in a list, so no count of them can miss the span. */
static void spans_lost(struct kunit *test)
{
	damage(test, &arena_heap.spans, 0, "the list of spans was lost");
	damage(test, &arena_heap.nr_spans, 0, "the list of spans was lost");
	damage(test, &arena_heap.nr_spans, 2, "the list of spans was lost");
}

/* The free block behind which b is marked free, too, is in its list: the counts agree. */
static mm_trusted void free_side_by_side(struct kunit *test)
{
	heap_free(&arena_heap, &a->links);
	KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
	b->tag |= BLOCK_FREE;
	ARENA_EXPECT_BROKEN(test, "two free blocks lie side by side");
	b->tag &= ~(uint64_t)BLOCK_FREE;
	a = block_of(heap_alloc(&arena_heap, 32, 100));
}

/* A used block of the right size in a list whose links are right. */
static mm_trusted void used_in_a_list(struct kunit *test)
{
	void *first = heap_alloc(&arena_heap, 32, 1040);
	void *second = heap_alloc(&arena_heap, 32, 1040);
	void *guard = heap_alloc(&arena_heap, 32, 1);
	struct heap_block *used = block_of(first), *hole = block_of(second);
	struct heap_links *list, saved;

	KUNIT_ASSERT_TRUE(test, first && second && guard);
	heap_free(&arena_heap, &hole->links);
	list = hole->links.next;
	saved = *list;
	used->links = (struct heap_links){ list, list };
	*list = (struct heap_links){ &used->links, &used->links };
	ARENA_EXPECT_BROKEN(test, "a block in a list is not free");
	*list = saved;
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	heap_free(&arena_heap, &used->links);
	heap_free(&arena_heap, guard);
}

/* Each of these places is aligned as a top must be. Only its bounds refuse it. */
static void bounds_of_the_top(struct kunit *test)
{
	void *rest = heap_alloc(&arena_heap, 32, top_size(&arena_heap) - BLOCK_HEADER);
	uintptr_t sentinel = (uintptr_t)arena_heap.sentinel;

	KUNIT_ASSERT_NOT_NULL(test, rest);
	KUNIT_ASSERT_PTR_EQ(test, arena_heap.top, arena_heap.sentinel);
	damage(test, &arena_heap.top, sentinel + 32, "the newest span does not hold the top");
	damage(test, &arena_heap.top, (uintptr_t)span_first(arena_heap.spans) - 32,
	       "the newest span does not hold the top");
	damage(test, &arena_heap.sentinel, sentinel + 32, "the newest span does not hold the top");
	heap_free(&arena_heap, rest);
}

/* The words of a panic: the header itself, or one before it. */
static mm_trusted void which_header(struct kunit *test)
{
	uint64_t tag = a->tag;

	a->tag = 0;
	KUNIT_EXPECT_PANIC(test, "has a header that was overwritten",
			   heap_free(&arena_heap, &a->links));
	KUNIT_EXPECT_PANIC(test, "lies behind a header that was overwritten",
			   heap_free(&arena_heap, (char *)b + BLOCK_HEADER + 32));
	a->tag = tag;
}

/* The place where a sentinel was is not a block that was freed. */
static mm_trusted void place_of_a_sentinel(struct kunit *test)
{
	void *old = &arena_heap.sentinel->links;
	void *large = heap_alloc(&arena_heap, 32, 2 * MM_PAGE_SIZE);

	KUNIT_ASSERT_TRUE(test, large && &arena_heap.sentinel->links != old);
	heap_free(&arena_heap, large);
	KUNIT_EXPECT_PANIC(test, "points into free memory", heap_free(&arena_heap, old));
}

/*
 * At least HEAP_SLACK bytes stay free at the end, rounded up to a page, also when the top
 * begins right behind the struct of the span.
 */
static void slack_is_exact(struct kunit *test)
{
	void *large;

	heap_free(&arena_heap, &a->links);
	heap_free(&arena_heap, &b->links);
	large = heap_alloc(&arena_heap, 32, 3 * HEAP_SLACK);
	KUNIT_ASSERT_NOT_NULL(test, large);
	heap_free(&arena_heap, large);
	KUNIT_EXPECT_GE(test, top_size(&arena_heap), HEAP_SLACK);
	KUNIT_EXPECT_LT(test, top_size(&arena_heap), HEAP_SLACK + MM_PAGE_SIZE);
	a = block_of(heap_alloc(&arena_heap, 32, 100));
	b = block_of(heap_alloc(&arena_heap, 32, 1000));
}

static struct kunit_case heap_check_edges_cases[] = {
	KUNIT_CASE(size_0),
	KUNIT_CASE(spans_lost),
	KUNIT_CASE(free_side_by_side),
	KUNIT_CASE(used_in_a_list),
	KUNIT_CASE(bounds_of_the_top),
	KUNIT_CASE(which_header),
	KUNIT_CASE(place_of_a_sentinel),
	KUNIT_CASE(slack_is_exact),
	{},
};

static struct kunit_suite heap_check_edges_suite = {
	.name = "heap_check_edges",
	.init = start,
	.exit = stop,
	.test_cases = heap_check_edges_cases,
};

kunit_test_suite(heap_check_edges_suite);
