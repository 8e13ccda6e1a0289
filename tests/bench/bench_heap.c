// SPDX-License-Identifier: MIT
/*
 * bench_heap.c - budgets of the heap and of the page allocator
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_heap.h>
#include <tests/kunit/arena.h>

#define SLOTS 1000
#define OPERATIONS 100000
#define LARGE ((size_t)1 << 21)
#define HOLES 100

static struct slot {
	void *block;
	uint32_t spent; /* instructions of its heap_alloc() */
} slots[SLOTS];

static void *keepers[HOLES];

/*
 * The mixes of sizes. Each power of two is equally likely, so small sizes are more
 * frequent than large ones, as in real programs. The third mix is what pools ask of
 * a heap: nodes of three sizes, and large blocks between them; it has only 500 slots
 * because 4 MiB hold no more of these. In the fourth mix, one block in eight is aligned
 * to 64 to 4096 bytes. The last mix is what a server's pools ask of a heap in which the
 * start of the server has left holes: every block is cut from a list, none from the top.
 */
const struct bench_mix bench_mixes[BENCH_MIXES] = {
	{ "16 bytes to 16 KiB", 1000, 4, 14, false, false, false },
	{ "1 to 512 bytes", 1000, 0, 9, false, false, false },
	{ "nodes of pools, large blocks", 500, 12, 15, false, true, false },
	{ "16 bytes to 16 KiB, one in eight with an alignment up to 4096", 1000, 4, 14, true, false,
	  false },
	{ "nodes of pools, large blocks, in a heap with holes", 100, 12, 14, false, true, true },
};

static size_t random_size(const struct bench_mix *mix, uint64_t *random)
{
	static const size_t nodes[] = { 512, 1024, 4096, 4096 };
	uint64_t r = arena_random(random);
	unsigned int shift = mix->low + (r >> 32) % (mix->high - mix->low);

	if (mix->has_nodes && r >> 63)
		return nodes[r >> 61 & 3] + 64;
	return ((size_t)1 << shift) + (r & (((size_t)1 << shift) - 1));
}

static size_t random_align(const struct bench_mix *mix, uint64_t *random)
{
	uint64_t r = arena_random(random);

	return mix->has_aligned && r % 8 == 0 ? (size_t)64 << (r >> 32) % 7 : HEAP_ALIGN;
}

/**
 * bench_heap_start() - make the holes that a mix begins with
 * @mix: the mix
 *
 *	|.....hole.....|#|..hole..|#|.........hole.........|#|... top
 *
 * 4 to 40 KiB each, and after each hole a small block that stays.
 */
void bench_heap_start(const struct bench_mix *mix)
{
	static void *holes[HOLES];
	uint64_t random = 0x9e3779b97f4a7c15;

	for (size_t i = 0; mix->has_holes && i < HOLES; i++) {
		holes[i] = heap_alloc(&bench_heap, HEAP_ALIGN,
				      4096 + arena_random(&random) % (36 * 1024));
		keepers[i] = heap_alloc(&bench_heap, HEAP_ALIGN, 48);
	}
	for (size_t i = 0; mix->has_holes && i < HOLES; i++)
		heap_free(&bench_heap, holes[i]);
}

/**
 * bench_heap_random() - random operations on bench_heap
 * @mix: sizes, alignments, number of slots
 * @operations: how many
 * @alloc: the counts of heap_alloc() are added here
 * @free: the counts of heap_free() are added here
 * @pair: the sums of both for the same block are added here
 *
 * An operation chooses a slot. It allocates a block if the slot is empty, else it
 * frees the block. So after a while half of the slots hold a block, and blocks are
 * of all ages.
 */
void bench_heap_random(const struct bench_mix *mix, unsigned int operations,
		       struct bench_sum *alloc, struct bench_sum *free, struct bench_sum *pair)
{
	uint64_t random = 0x2545f4914f6cdd1d;

	while (operations--) {
		struct slot *slot = &slots[(arena_random(&random) >> 32) % mix->slots];
		uint32_t spent;

		if (slot->block) {
			spent = BENCH_CALL(NULL, heap_free, &bench_heap, slot->block, 0);
			slot->block = NULL;
			bench_add(free, spent);
			bench_add(pair, slot->spent + spent);
		} else {
			uintptr_t block;

			slot->spent = BENCH_CALL(&block, heap_alloc, &bench_heap,
						 random_align(mix, &random),
						 random_size(mix, &random));
			slot->block = (void *)block;
			bench_add(alloc, slot->spent);
		}
	}
}

/**
 * bench_heap_empty() - free all blocks that bench_heap_random() left
 */
void bench_heap_empty(void)
{
	for (size_t i = 0; i < SLOTS; i++) {
		heap_free(&bench_heap, slots[i].block);
		slots[i].block = NULL;
	}
	for (size_t i = 0; i < HOLES; i++) {
		heap_free(&bench_heap, keepers[i]);
		keepers[i] = NULL;
	}
}

static uint32_t heap_pair(size_t size)
{
	uintptr_t block;
	uint32_t spent = BENCH_CALL(&block, heap_alloc, &bench_heap, 32, size);

	return spent + BENCH_CALL(NULL, heap_free, &bench_heap, block, 0);
}

/* The heap has its first pages, and no other block is in use. */
void bench_heap_idle(struct kunit *test)
{
	bench_head("heap_alloc + heap_free, idle heap");
	for (size_t ranges = 1; ranges <= 32; ranges *= ranges == 1 ? 4 : 8) {
		uint64_t more = bench_more_ranges(ranges);

		bench_ranges(test, ranges);
		for (size_t size = 64; size <= 65536; size *= 32) {
			heap_pair(size);
			bench_row(test, bench_text("%zu bytes, %zu ranges", size, ranges),
				  140 + more, heap_pair(size));
		}
		/* The heap does not keep so much free memory, so pages come and go each time. */
		heap_pair(LARGE);
		bench_row(test, bench_text("%zu bytes, %zu ranges, with pages", LARGE, ranges),
			  300 + more, heap_pair(LARGE));
	}
}

/* With @spread, links of free blocks lead to other ranges, which are searched for. */
static void heap_busy(struct kunit *test, const struct bench_mix *mix, size_t ranges, bool spread)
{
	struct bench_sum alloc = { 0 }, free = { 0 }, pair = { 0 };
	uint64_t more = bench_more_ranges(ranges);
	const void *top;

	if (spread)
		bench_spread(test, ranges);
	else
		bench_ranges(test, ranges);
	/* Get the heap its first pages: page_alloc() has a budget of its own. */
	heap_pair(64);
	bench_heap_start(mix);
	top = bench_heap.top;
	bench_heap_random(mix, OPERATIONS, &alloc, &free, &pair);
	KUNIT_EXPECT_EQ(test, heap_check(&bench_heap), 0);
	if (mix->has_holes)
		KUNIT_EXPECT_PTR_EQ(test, bench_heap.top, top);
	/* An allocation that failed would not count. */
	KUNIT_EXPECT_EQ(test, bench_pages.failed, 0);
	bench_heap_empty();

	bench_head(bench_text("heap_alloc + heap_free, 100,000 operations, %s%zu ranges",
			      spread ? "spread over " : "", ranges));
	bench_row_text(mix->name);
	bench_row_info("heap_alloc, mean", alloc);
	bench_row_info("heap_free, mean", free);
	bench_row_mean(test, "heap_alloc + heap_free, mean", 300 + more + (spread ? 50 : 0),
		       (struct bench_sum){ alloc.count, alloc.total + free.total, 0 });
	bench_row_info("heap_alloc, worst", (struct bench_sum){ 1, alloc.worst, 0 });
	bench_row_info("heap_free, worst", (struct bench_sum){ 1, free.worst, 0 });
	bench_row(test, "heap_alloc + heap_free of one block, worst",
		  470 + more + (spread ? 260 : 0), pair.worst);
}

/* All mixes with 4 ranges, the first also with 1 and 32; some on a heap in all of its ranges. */
void bench_heap_busy(struct kunit *test)
{
	for (unsigned int i = 0; i < BENCH_MIXES; i++)
		heap_busy(test, &bench_mixes[i], 4, false);
	heap_busy(test, &bench_mixes[0], 1, false);
	heap_busy(test, &bench_mixes[0], 32, false);
	heap_busy(test, &bench_mixes[0], 4, true);
	heap_busy(test, &bench_mixes[0], 32, true);
	heap_busy(test, &bench_mixes[2], 4, true);
	heap_busy(test, &bench_mixes[4], 4, true);
}

/* page_alloc() looks at each full range before the one with room. */
void bench_page_alloc(struct kunit *test)
{
	bench_head("page_alloc");
	for (size_t full = 0; full <= 31; full += full == 3 ? 28 : 1) {
		bench_ranges(test, full + 1);
		bench_row(test, bench_text("1 page, %zu full ranges before", full), 40 + 10 * full,
			  BENCH_CALL(NULL, page_alloc, &bench_pages, 1, 0));
	}
}
