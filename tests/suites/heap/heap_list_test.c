// SPDX-License-Identifier: MIT
/*
 * heap_list_test.c - the free lists: two levels of sizes, and a bitmap for each
 *
 *	fl_bitmap    sl_bitmap[6]       lists[6]
 *	...1.0 --->  ...1.......0  ---> [0]: empty   [8]: |96| <--> |96|
 *
 * The blocks of these cases are in lists, but in no span. They lie apart, so nothing
 * joins them.
 */
#include <kernel/lib/string.h>
#include <mm/heap_list.h>
#include <tests/kunit/arena.h>

#define NR_BLOCKS 50
#define STRIDE ((size_t)3 * MM_PAGE_SIZE) /* from block to block */

/* The address of free block @i; at most STRIDE bytes can be its size. */
static struct heap_block *block(size_t i)
{
	return block_at(arena_memory, HEAP_ALIGN - BLOCK_HEADER + i * STRIDE);
}

static bool is_linked(const struct heap_block *free)
{
	const struct page_range memory = {
		.start = (uintptr_t)arena_memory,
		.next = (uintptr_t)arena_memory + ARENA_PAGES * MM_PAGE_SIZE,
	};

	return block_is_linked(&arena_heap, free, &memory);
}

/* The block that a request for @size bytes gets, or NULL. */
static struct heap_block *found(size_t size)
{
	const struct heap_links *list = list_find(&arena_heap, size);

	return list ? list_first(list) : NULL;
}

/* What list_level() computes, counted: powers of two, then sixteenths of the power. */
static struct heap_level count_level(size_t size)
{
	struct heap_level at = { 0, 0 };
	size_t power = 1;

	while (2 * power <= size) {
		power *= 2;
		at.fl++;
	}
	while (power + (at.sl + 1) * (power / HEAP_SL_COUNT) <= size)
		at.sl++;
	return at;
}

static void expect_level(struct kunit *test, size_t size)
{
	struct heap_level got = list_level(size), expected = count_level(size);

	KUNIT_ASSERT_EQ(test, got.fl, expected.fl);
	KUNIT_ASSERT_EQ(test, got.sl, expected.sl);
}

static void level_of_small_sizes(struct kunit *test)
{
	for (size_t size = 32; size <= 65536; size += 32)
		expect_level(test, size);
}

/* 2^47 is more than HEAP_MAX_SIZE and an alignment of HEAP_MAX_SIZE. */
static void level_around_powers_of_two(struct kunit *test)
{
	for (size_t power = 64; power <= (size_t)1 << 47; power *= 2) {
		expect_level(test, power - 32);
		expect_level(test, power);
		expect_level(test, power + 32);
		/* Also around the border of each list of this power. */
		for (size_t sl = 1; sl < 16 && power >= 1024; sl++) {
			expect_level(test, power + power / 16 * sl - 32);
			expect_level(test, power + power / 16 * sl);
		}
	}
}

/* The rows of the table in heap_list.h. Bit sl of @lists: list sl is in use. */
static const struct row {
	size_t from, to, fl;
	unsigned int lists;
	size_t sizes;
} table[] = {
	{ 32, 32, 5, 0x0001, 1 },      { 64, 96, 6, 0x0101, 1 },      { 128, 224, 7, 0x1111, 1 },
	{ 256, 480, 8, 0x5555, 1 },    { 512, 992, 9, 0xffff, 1 },    { 1024, 2016, 10, 0xffff, 2 },
	{ 2048, 4064, 11, 0xffff, 4 }, { 4096, 8160, 12, 0xffff, 8 },
};

static void level_table(struct kunit *test)
{
	size_t size = 32;

	for (const struct row *row = table; row < table + sizeof(table) / sizeof(*table); row++) {
		size_t sizes[HEAP_SL_COUNT] = { 0 };

		KUNIT_EXPECT_EQ(test, row->from, size);
		for (; size <= row->to; size += 32) {
			struct heap_level at = list_level(size);

			KUNIT_EXPECT_EQ(test, at.fl, row->fl);
			KUNIT_ASSERT_LT(test, at.sl, 16);
			sizes[at.sl]++;
		}
		for (size_t sl = 0; sl < 16; sl++)
			KUNIT_EXPECT_EQ(test, sizes[sl], row->lists >> sl & 1 ? row->sizes : 0);
	}
}

/* The only block there is: requests up to its size find it, larger ones find nothing. */
static void find_the_only_block(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, found(32));
	for (size_t size = 32; size <= 65536; size += 32) {
		list_insert(&arena_heap, block(0), size);
		KUNIT_EXPECT_EQ(test, block_size(&arena_heap, block(0)), size);
		KUNIT_EXPECT_TRUE(test, block_is_free(&arena_heap, block(0)));
		KUNIT_EXPECT_PTR_EQ(test, found(size), block(0));
		KUNIT_EXPECT_PTR_EQ(test, found(32), block(0));
		if (size > 32)
			KUNIT_EXPECT_PTR_EQ(test, found(size - 32), block(0));
		KUNIT_EXPECT_NULL(test, found(size + 32));
		KUNIT_EXPECT_NULL(test, found(2 * size));
		KUNIT_EXPECT_NULL(test, found(HEAP_MAX_SIZE));
		list_remove(&arena_heap, block(0));
		KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
		KUNIT_EXPECT_NULL(test, found(size));
	}
}

/*
 *	lists[10][0]:  |1056| |1024|    1056 bytes are found: the first block has them
 *	lists[10][0]:  |1024| |1056|    they are not found: only the first block is looked at
 */
static void find_looks_at_the_first_block(struct kunit *test)
{
	list_insert(&arena_heap, block(0), 1024);
	list_insert(&arena_heap, block(1), 1056);
	KUNIT_EXPECT_PTR_EQ(test, found(1056), block(1));
	KUNIT_EXPECT_PTR_EQ(test, found(1024), block(1));
	list_remove(&arena_heap, block(0));
	list_insert(&arena_heap, block(0), 1024);
	KUNIT_EXPECT_NULL(test, found(1056));
	KUNIT_EXPECT_PTR_EQ(test, found(1024), block(0));
	/* A higher list serves, of this power of two or of the next. */
	list_insert(&arena_heap, block(2), 4096);
	KUNIT_EXPECT_PTR_EQ(test, found(1056), block(2));
	list_insert(&arena_heap, block(3), 1984);
	KUNIT_EXPECT_PTR_EQ(test, found(1056), block(3));
	for (size_t i = 0; i < 4; i++)
		list_remove(&arena_heap, block(i));
}

/*
 * One block in every list from 32 to 8160 bytes, of the smallest size that belongs there:
 * so the search is best fit. Then one block after the other is removed:
 *
 *	|32|  |64|  |96|  |128|  ...  |7936|       a request for 65 to 96 bytes: |96|
 *	|32|  |64|        |128|  ...  |7936|       the same without that block: |128|
 */
static void find_takes_the_smallest(struct kunit *test)
{
	struct heap_block *at = block(0), *blocks[128];
	struct heap_block *by_size[8192 / 32 + 1] = { NULL };
	struct heap_level level, before = { 0, 0 };
	size_t n = 0;

	for (size_t size = 32; size <= 8160; size += 32, before = level) {
		level = list_level(size);
		if (level.fl == before.fl && level.sl == before.sl)
			continue;
		list_insert(&arena_heap, at, size);
		by_size[size / 32] = at;
		blocks[n++] = at;
		at = block_at(at, size + 32);
	}
	KUNIT_EXPECT_EQ(test, n, 1 + 2 + 4 + 8 + 4 * 16);
	for (size_t left = n; left; left--) {
		struct heap_block *gone = blocks[left * 37 % n], *best = NULL;

		for (size_t size = 8160; size; size -= 32) {
			if (by_size[size / 32])
				best = by_size[size / 32];
			KUNIT_ASSERT_PTR_EQ(test, found(size), best);
		}
		by_size[block_size(&arena_heap, gone) / 32] = NULL;
		list_remove(&arena_heap, gone);
	}
	KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
}

/*
 * The last list of all, lists[47][15]. No memory is as large as the blocks in it, so the
 * list and the header of its block are made by hand.
 */
static void find_in_the_last_list(struct kunit *test)
{
	struct heap_links *list = &arena_heap.lists[47][15];
	const size_t size = ((size_t)1 << 48) - ((size_t)1 << 43);
	struct heap_block *large = block(0);

	KUNIT_ASSERT_EQ(test, list_level(size).fl, 47);
	KUNIT_ASSERT_EQ(test, list_level(size).sl, 15);
	large->tag = (size | BLOCK_FREE) ^ arena_heap.stamp;
	large->links = (struct heap_links){ list, list };
	*list = (struct heap_links){ &large->links, &large->links };
	arena_heap.sl_bitmap[47] = 1u << 15;
	arena_heap.fl_bitmap = 1ul << 47;
	for (size_t power = 32; power <= (size_t)1 << 47; power *= 2)
		KUNIT_EXPECT_PTR_EQ(test, found(power), large);
	KUNIT_EXPECT_PTR_EQ(test, found(size), large);
	KUNIT_EXPECT_NULL(test, found(size + 32));
	list_remove(&arena_heap, large);
	KUNIT_EXPECT_EQ(test, arena_heap.sl_bitmap[47], 0);
	KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
	KUNIT_EXPECT_PTR_EQ(test, list->next, list);
	KUNIT_EXPECT_PTR_EQ(test, list->prev, list);
}

/*
 *	insert 0, 1, 2, 3        |3| |2| |1| |0|
 *	remove 1, 3, 0           |2|
 */
static void list_is_last_in_first_out(struct kunit *test)
{
	for (size_t i = 0; i < 4; i++) {
		list_insert(&arena_heap, block(i), 320);
		KUNIT_EXPECT_PTR_EQ(test, found(320), block(i));
	}
	for (size_t i = 0; i < 3; i++) {
		KUNIT_EXPECT_PTR_EQ(test, block(i + 1)->links.next, &block(i)->links);
		KUNIT_EXPECT_PTR_EQ(test, block(i)->links.prev, &block(i + 1)->links);
	}
	list_remove(&arena_heap, block(1));
	KUNIT_EXPECT_PTR_EQ(test, block(2)->links.next, &block(0)->links);
	KUNIT_EXPECT_TRUE(test, is_linked(block(0)) && is_linked(block(2)));
	list_remove(&arena_heap, block(3));
	KUNIT_EXPECT_PTR_EQ(test, found(320), block(2));
	list_remove(&arena_heap, block(0));
	KUNIT_EXPECT_PTR_EQ(test, found(320), block(2));
	list_remove(&arena_heap, block(2));
	KUNIT_EXPECT_NULL(test, found(320));
}

/* The model of the random program: an array of the free blocks, newest first. */
static struct model_block {
	struct heap_block *block;
	size_t size;
	struct heap_level at;
} model[NR_BLOCKS];
static size_t nr_blocks;

static void model_insert(struct heap_block *free, size_t size)
{
	for (size_t i = nr_blocks++; i; i--)
		model[i] = model[i - 1];
	model[0] = (struct model_block){ free, size, count_level(size) };
}

/* Returns the block that was at @i in the model. */
static struct heap_block *model_remove(size_t i)
{
	struct heap_block *gone = model[i].block;

	for (nr_blocks--; i < nr_blocks; i++)
		model[i] = model[i + 1];
	return gone;
}

static bool is_below(struct heap_level a, struct heap_level b)
{
	return a.fl < b.fl || (a.fl == b.fl && a.sl < b.sl);
}

/* The newest block of the list for @size if it is large enough, or of the next list. */
static struct heap_block *model_find(size_t size)
{
	struct heap_level at = count_level(size);
	const struct model_block *own = NULL, *above = NULL;

	for (const struct model_block *it = model; it < model + nr_blocks; it++) {
		if (is_below(at, it->at) && (!above || is_below(it->at, above->at)))
			above = it;
		if (!own && it->at.fl == at.fl && it->at.sl == at.sl)
			own = it;
	}
	if (own && own->size >= size)
		return own->block;
	return above ? above->block : NULL;
}

/* Every list must hold the model's blocks in the model's order, and the bitmaps must agree. */
static mm_trusted void expect_lists(struct kunit *test)
{
	static uint32_t sl_bitmap[HEAP_FL_COUNT];
	uint64_t fl_bitmap = 0;

	memset(sl_bitmap, 0, sizeof(sl_bitmap));
	for (size_t i = 0; i < nr_blocks; i++) {
		const struct heap_level at = model[i].at;
		const struct heap_links *list = &arena_heap.lists[at.fl][at.sl];
		const struct heap_links *links = list->next;
		bool is_oldest = true;

		fl_bitmap |= 1ul << at.fl;
		sl_bitmap[at.fl] |= 1u << at.sl;
		for (size_t k = 0; k < nr_blocks; k++) {
			if (k == i || model[k].at.fl != at.fl || model[k].at.sl != at.sl)
				continue;
			if (k < i)
				links = links->next;
			else
				is_oldest = false;
		}
		KUNIT_ASSERT_PTR_EQ(test, block_of(links), model[i].block);
		KUNIT_ASSERT_TRUE(test, is_linked(model[i].block));
		KUNIT_ASSERT_EQ(test, links->next == list, is_oldest);
	}
	KUNIT_ASSERT_EQ(test, arena_heap.fl_bitmap, fl_bitmap);
	KUNIT_ASSERT_MEMEQ(test, arena_heap.sl_bitmap, sl_bitmap, sizeof(sl_bitmap));
}

/* A size up to @STRIDE - 32, more often a small one, so that lists hold several blocks. */
static size_t random_size(uint64_t *seed)
{
	size_t limit = (size_t)1 << arena_random(seed) % 9;

	return 32 * (1 + arena_random(seed) % limit);
}

/* A random program of 3000 steps, with at most 50 blocks. */
static void lists_and_a_model(struct kunit *test)
{
	struct heap_block *spare[NR_BLOCKS];
	uint64_t seed = 11;

	nr_blocks = 0;
	for (size_t i = 0; i < NR_BLOCKS; i++)
		spare[i] = block(i);
	for (size_t step = 0; step < 3000 || nr_blocks; step++) {
		/* The heap fills up, and becomes empty, several times. */
		bool fills = step < 3000 && arena_random(&seed) % 8 < (step / 200 % 2 ? 2 : 6);
		size_t size = random_size(&seed);

		if (fills && nr_blocks < NR_BLOCKS) {
			list_insert(&arena_heap, spare[NR_BLOCKS - 1 - nr_blocks], size);
			model_insert(spare[NR_BLOCKS - 1 - nr_blocks], size);
		} else if (nr_blocks) {
			struct heap_block *gone = model_remove(arena_random(&seed) % nr_blocks);

			list_remove(&arena_heap, gone);
			spare[NR_BLOCKS - 1 - nr_blocks] = gone;
		}
		expect_lists(test);
		size = random_size(&seed);
		KUNIT_ASSERT_PTR_EQ(test, found(size), model_find(size));
	}
	KUNIT_EXPECT_EQ(test, arena_heap.fl_bitmap, 0);
}

static struct kunit_case heap_list_cases[] = {
	KUNIT_CASE(level_of_small_sizes),
	KUNIT_CASE(level_around_powers_of_two),
	KUNIT_CASE(level_table),
	KUNIT_CASE(find_the_only_block),
	KUNIT_CASE(find_looks_at_the_first_block),
	KUNIT_CASE(find_takes_the_smallest),
	KUNIT_CASE(find_in_the_last_list),
	KUNIT_CASE(list_is_last_in_first_out),
	KUNIT_CASE(lists_and_a_model),
	{},
};

static struct kunit_suite heap_list_suite = {
	.name = "heap_list",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = heap_list_cases,
};

kunit_test_suite(heap_list_suite);
