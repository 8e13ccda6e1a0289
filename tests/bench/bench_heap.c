// SPDX-License-Identifier: MIT
/*
 * bench_heap.c - what the heap and the pages under it cost
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_heap.h>
#include <tests/kunit/arena.h>

#define SLOTS 1000
#define OPERATIONS 100000
#define LARGE ((size_t)1 << 21)
static struct slot {
	void *block;
	uint32_t spent; /* on its heap_alloc() */
} slots[SLOTS];

/*
 * The mixes. Sizes are spread evenly over the powers of two, which is to say
 * that small ones are as much more frequent as they are smaller: so programs
 * ask. The first is the widest and has alignments, too: one in eight blocks is
 * aligned to 64 to 4096. The second is what a heap of objects sees, the third
 * what pools ask of it: three sizes of nodes, and large blocks in between; of those, 4 MiB
 * hold as many as half of 500.
 */
const struct bench_mix bench_mixes[BENCH_MIXES] = {
	{ "16 bytes to 16 KiB", 1000, 4, 14, false, false },
	{ "1 to 512 bytes", 1000, 0, 9, false, false },
	{ "nodes of pools, large blocks", 500, 12, 15, false, true },
	{ "16 bytes to 16 KiB, one in eight with an alignment up to 4096", 1000, 4, 14, true,
	  false },
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
 * bench_heap_random() - random operations on bench_heap
 * @mix: the sizes
 * @operations: how many; a slot is chosen, filled if empty, else emptied
 * @alloc: what was spent on heap_alloc(); added to
 * @free: on heap_free()
 * @pair: on both for the same block
 *
 * So half of the slots are taken in the long run, and their blocks are of all
 * ages.
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
 * bench_heap_empty() - free what bench_heap_random() left
 */
void bench_heap_empty(void)
{
	for (size_t i = 0; i < SLOTS; i++) {
		heap_free(&bench_heap, slots[i].block);
		slots[i].block = NULL;
	}
}

static uint32_t heap_pair(size_t size)
{
	uintptr_t block;
	uint32_t spent = BENCH_CALL(&block, heap_alloc, &bench_heap, 32, size);

	return spent + BENCH_CALL(NULL, heap_free, &bench_heap, block, 0);
}

/* Nothing but one block that comes and goes, once the first pages are there. */
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
		/* More than a heap keeps to itself: each time, pages come and go, too. */
		heap_pair(LARGE);
		bench_row(test, bench_text("%zu bytes, %zu ranges, with pages", LARGE, ranges),
			  300 + more, heap_pair(LARGE));
	}
}

static void heap_busy(struct kunit *test, const struct bench_mix *mix, size_t ranges, bool spread)
{
	struct bench_sum alloc = { 0 }, free = { 0 }, pair = { 0 };
	uint64_t more = bench_more_ranges(ranges);

	if (spread)
		bench_spread(test, ranges);
	else
		bench_ranges(test, ranges);
	/* The first pages of all are page_alloc()'s to find: that has a budget of its own. */
	heap_pair(64);
	bench_heap_random(mix, OPERATIONS, &alloc, &free, &pair);
	KUNIT_EXPECT_EQ(test, heap_check(&bench_heap), 0);
	/* A pair of which one half failed would be none. */
	KUNIT_EXPECT_EQ(test, bench_pages.failed, 0);
	bench_heap_empty();

	bench_head(bench_text("heap_alloc + heap_free, 100,000 operations, %s%zu ranges",
			      spread ? "all over " : "", ranges));
	bench_row_text(mix->name);
	bench_row_info("heap_alloc, mean", alloc);
	bench_row_info("heap_free, mean", free);
	bench_row_mean(test, "heap_alloc + heap_free, mean", 290 + more,
		       (struct bench_sum){ alloc.count, alloc.total + free.total, 0 });
	bench_row_info("heap_alloc, worst", (struct bench_sum){ 1, alloc.worst, 0 });
	bench_row_info("heap_free, worst", (struct bench_sum){ 1, free.worst, 0 });
	bench_row(test, "heap_alloc + heap_free of one block, worst", 460 + more, pair.worst);
}

/* Three mixes where there are few ranges, the widest also for one and for many. */
void bench_heap_busy(struct kunit *test)
{
	for (unsigned int i = 0; i < BENCH_MIXES; i++)
		heap_busy(test, &bench_mixes[i], 4, false);
	heap_busy(test, &bench_mixes[0], 1, false);
	heap_busy(test, &bench_mixes[0], 32, false);
	heap_busy(test, &bench_mixes[0], 4, true);
	heap_busy(test, &bench_mixes[2], 4, true);
}

/* Full ranges before the one that serves: each is looked at. */
void bench_page_alloc(struct kunit *test)
{
	bench_head("page_alloc");
	for (size_t full = 0; full <= 31; full += full == 3 ? 28 : 1) {
		bench_ranges(test, full + 1);
		bench_row(test, bench_text("1 page, %zu full ranges before", full), 40 + 10 * full,
			  BENCH_CALL(NULL, page_alloc, &bench_pages, 1, 0));
	}
}
