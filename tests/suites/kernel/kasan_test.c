// SPDX-License-Identifier: MIT
/*
 * kasan_test.c - KASAN reports every access to memory that is not allocated, and no other
 *
 *	node:	| header | a |~~~| b |~~~|..... not allocated .....| y |~~~| x |~~~|
 *	                  aligned objects, red zones behind         packed objects
 *
 * Here each report is a panic that the case expects. tests/crash/crash tests the
 * reports of a kernel that stops. kasan_undo_test.c has handlers, children and marks.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/sanitize/kasan.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <mm/poison.h>
#include <tests/crash/crash.h>
#include <tests/suites/kernel/kasan_expect.h>

/* Reading and writing the byte at @p must be reported as @kind, with @words. */
void expect_guarded(struct kunit *test, unsigned char *p, const char *kind, const char *words)
{
	char begin[80];

	snprintf(begin, sizeof(begin), "KASAN: %s: read of 1 bytes at %#lx, by expect_guarded+",
		 kind, (uintptr_t)p);
	EXPECT_REPORT(test, begin, words, READ(p));
	snprintf(begin, sizeof(begin), "KASAN: %s: write of 1 bytes at %#lx, by expect_guarded+",
		 kind, (uintptr_t)p);
	EXPECT_REPORT(test, begin, words, WRITE(p));
}

/* The same for the byte at offset @at of an object of @size bytes, outside the object. */
void expect_beside(struct kunit *test, unsigned char *object, long size, long at)
{
	char words[80];

	snprintf(words, sizeof(words), ": %ld bytes %s the object of %ld bytes at %#lx, byte ",
		 at < 0 ? -at : at - size, at < 0 ? "before" : "after", size, (uintptr_t)object);
	expect_guarded(test, object + at, "red zone", words);
}

static void objects_have_red_zones(struct kunit *test)
{
	static const size_t sizes[] = { 1, 7, 8, 9, 13, 31, 32, 33, 100 };
	struct mp_pool_s *pool = create(test);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		unsigned char *aligned = mp_alloc(pool, sizes[i]);
		unsigned char *zeroed = mp_calloc(pool, sizes[i]);
		unsigned char *packed = mp_nalloc(pool, sizes[i]);

		KUNIT_ASSERT_TRUE(test, aligned && zeroed && packed);
		fill(aligned, sizes[i]);
		fill(zeroed, sizes[i]);
		fill(packed, sizes[i]);
		for (size_t past = 0; past < MP_REDZONE; past += past + 1) {
			expect_beside(test, zeroed, sizes[i], sizes[i] + past);
			if (past < MP_REDZONE / 2)
				expect_beside(test, packed, sizes[i], sizes[i] + past);
		}
		expect_beside(test, aligned, sizes[i], sizes[i]);
		expect_beside(test, zeroed, sizes[i], -1);
	}
	mp_destroy_pool(pool);
}

static void packed_objects_are_apart(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	unsigned char *x = mp_nalloc(pool, 13);
	unsigned char *y = mp_nalloc(pool, 13);

	KUNIT_ASSERT_TRUE(test, x && y);
	KUNIT_EXPECT_GE(test, x - y, 13 + MP_REDZONE);
	expect_beside(test, y, 13, 13);
	expect_beside(test, x, 13, -1);
	expect_beside(test, x, 13, 13);
	mp_destroy_pool(pool);
}

/* Only the first byte of each access is inside the object. */
static void accesses_of_each_size(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	unsigned char *p = mp_alloc(pool, 9);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_PANIC(test, "write of 2 bytes", *(volatile uint16_t *)(p + 8) = 1);
	KUNIT_EXPECT_PANIC(test, "read of 2 bytes", HIDE(*(volatile uint16_t *)(p + 8)));
	KUNIT_EXPECT_PANIC(test, "write of 4 bytes", *(volatile uint32_t *)(p + 8) = 1);
	KUNIT_EXPECT_PANIC(test, "read of 4 bytes", HIDE(*(volatile uint32_t *)(p + 8)));
	KUNIT_EXPECT_PANIC(test, "write of 8 bytes", *(volatile uint64_t *)(p + 8) = 1);
	KUNIT_EXPECT_PANIC(test, "read of 8 bytes", HIDE(*(volatile uint64_t *)(p + 8)));
	KUNIT_EXPECT_PANIC(test, ": 0 bytes after the object of 9 bytes",
			   *(volatile uint64_t *)(p + 8) = 1);
	*(volatile uint64_t *)p = 1;
	*(volatile uint16_t *)(p + 6) = 1;
	mp_destroy_pool(pool);
}

static void memory_functions(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	unsigned char *p = mp_alloc(pool, 13);
	unsigned char *q = mp_alloc(pool, 40);
	size_t n = HIDE(14);

	KUNIT_ASSERT_TRUE(test, p && q);
	KUNIT_EXPECT_PANIC(test, "red zone: write of 14 bytes", memset(p, 0, n));
	KUNIT_EXPECT_PANIC(test, "red zone: write of 14 bytes", memcpy(p, q, n));
	KUNIT_EXPECT_PANIC(test, "red zone: read of 14 bytes", memcpy(q, p, n));
	KUNIT_EXPECT_PANIC(test, "red zone: write of 14 bytes", memmove(p, q, n));
	KUNIT_EXPECT_PANIC(test, "red zone: read of 14 bytes", memmove(q, p, n));
	memset(p, 7, n - 1);
	memcpy(q, p, n - 1);
	memmove(q + 14, q, n - 1);
	KUNIT_EXPECT_EQ(test, q[26], 7);
	KUNIT_EXPECT_PTR_EQ(test, memset(p, 0, n - n), p);
	mp_destroy_pool(pool);
}

static void large_blocks(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	unsigned char *p = mp_alloc(pool, LARGE);
	unsigned char *q = mp_memalign(pool, 100, 4096);

	KUNIT_ASSERT_TRUE(test, p && q);
	fill(p, LARGE);
	fill(q, 100);
	expect_beside(test, p, LARGE, LARGE);
	expect_beside(test, q, 100, 100);
	KUNIT_EXPECT_EQ(test, mp_free(pool, p), 0);
	expect_guarded(test, p, "use after free", ": in quarantine, byte 32 of a ");
	expect_guarded(test, p + LARGE - 1, "use after free", " heap block of ");
	mp_destroy_pool(pool);
	expect_guarded(test, q, "use after free", " heap block of ");
}

static void reset_and_destroy(struct kunit *test)
{
	struct mp_pool_s *pool = create(test);
	unsigned char *small = mp_alloc(pool, 100);
	unsigned char *packed = mp_nalloc(pool, 100);
	unsigned char *second = NULL, *large = mp_alloc(pool, LARGE);

	while (pool->current == pool->head)
		second = mp_alloc(pool, 100);
	KUNIT_ASSERT_TRUE(test, small && packed && second && large);
	fill(second, 100);
	mp_reset_pool(pool);
	expect_guarded(test, small, "pool memory that is not allocated",
		       ", the first node of the pool at");
	expect_guarded(test, packed, "pool memory that is not allocated",
		       ", the first node of the pool at");
	expect_guarded(test, large, "use after free", " heap block of ");
	expect_guarded(test, second, "use after free", " heap block of ");

	small = mp_alloc(pool, 100);
	fill(small, 100);
	expect_guarded(test, small + 1000, "pool memory that is not allocated", ", the first node");
	mp_destroy_pool(pool);
	expect_guarded(test, small, "use after free", " heap block of ");
	KUNIT_EXPECT_PANIC(test, "KASAN: use after free: read of 8 bytes", mp_alloc(pool, 1));
}

/* The quarantine holds 64 blocks of the heap, not 64 pools: a pool's nodes count one by one. */
static void quarantine_is_small(struct kunit *test)
{
	size_t used = kernel_pages.used;

	for (size_t round = 0; round < 70; round++) {
		struct mp_pool_s *pool = create(test);

		for (size_t i = 0; i < 20; i++) /* each takes a node */
			KUNIT_ASSERT_NOT_NULL(test, mp_alloc(pool, POOL_SIZE - 100));
		mp_destroy_pool(pool);
	}
	KUNIT_EXPECT_LE(test, kernel_pages.used - used, 200);
	heap_trim(&kernel_heap);
}

/*
 *	| header | p: 112 bytes | header | next: 112 bytes |
 */
static void heap_blocks(struct kunit *test)
{
	unsigned char *p = heap_alloc(&kernel_heap, 32, 112);
	unsigned char *next = heap_alloc(&kernel_heap, 32, 112);
	unsigned char *again;

	KUNIT_ASSERT_TRUE(test, p && next);
	fill(p, 112);
	fill(next, 112);
	expect_guarded(test, p + 112, "header of a heap block",
		       ": the header of a used heap block");
	expect_guarded(test, next - 1, "header of a heap block",
		       ": the header of a used heap block");
	heap_free(&kernel_heap, p);
	expect_guarded(test, p, "use after free", ": in quarantine, byte 0 of a ");
	expect_guarded(test, p + 111, "use after free", ": in quarantine, byte 111 of a ");
	again = heap_alloc(&kernel_heap, 32, 112);
	KUNIT_EXPECT_PTR_NE(test, again, p); /* it is in quarantine */
	heap_free(&kernel_heap, again);
	heap_free(&kernel_heap, next);
	heap_trim(&kernel_heap);
	expect_guarded(test, next, "page not given out", ": RAM not given out");
}

static void every_range_has_a_shadow(struct kunit *test)
{
	for (unsigned int i = 0; i < kernel_pages.nr_ranges; i++) {
		const struct page_range *range = &kernel_pages.ranges[i];

		if (range->end <= 4ULL << 30)
			expect_guarded(test, (unsigned char *)range->end - 1, "page not given out",
				       ": RAM not given out");
		if (range->end <= 4ULL << 30 && range->next < range->end)
			expect_guarded(test, (unsigned char *)range->next, "page not given out",
				       ": RAM not given out");
	}
	KUNIT_EXPECT_EQ(test, kasan_shadow_size(MM_PAGE_SIZE), MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, kasan_shadow_size(8 * MM_PAGE_SIZE), MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, kasan_shadow_size(18 * MM_PAGE_SIZE), 3 * MM_PAGE_SIZE);
}

/*
 * One byte of shadow says how many of 8 bytes may be accessed, counted from the first.
 * So memory that is made accessible from a multiple of 8 on may end at any byte, and
 * memory that is poisoned up to a multiple of 8 may begin at any byte.
 */
static void each_byte_counts(struct kunit *test)
{
	unsigned char *page = page_alloc(&kernel_pages, 1);

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (size_t n = 0; n <= 24; n++) {
		mm_poison(page, 32);
		mm_unpoison(page, n);
		for (size_t i = 0; i < n; i++)
			WRITE(page + i);
		for (size_t i = n; i < 32; i++)
			KUNIT_EXPECT_PANIC(test, "KASAN: poisoned memory: write", WRITE(page + i));

		/* Unpoisoning fewer bytes of the last 8 takes nothing back. */
		mm_unpoison(page + (n & -8), n / 2 % 8);
		for (size_t i = 0; i < n; i++)
			WRITE(page + i);

		mm_unpoison(page, 40);
		mm_poison(page + n, 32 - n);
		mm_poison(page + n, 0);
		for (size_t i = 0; i < 40; i++)
			if (i < n || i >= 32)
				WRITE(page + i);
			else
				KUNIT_EXPECT_PANIC(test, "KASAN: poisoned memory: write",
						   WRITE(page + i));
	}
	mm_unpoison(page, MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, page, 1), 0);
}

static struct kunit_case kasan_cases[] = {
	KUNIT_CASE(objects_have_red_zones),
	KUNIT_CASE(packed_objects_are_apart),
	KUNIT_CASE(accesses_of_each_size),
	KUNIT_CASE(memory_functions),
	KUNIT_CASE(large_blocks),
	KUNIT_CASE(reset_and_destroy),
	KUNIT_CASE(quarantine_is_small),
	KUNIT_CASE(heap_blocks),
	KUNIT_CASE(every_range_has_a_shadow),
	KUNIT_CASE(each_byte_counts),
	{},
};

static struct kunit_suite kasan_suite = {
	.name = "kasan",
	.test_cases = kasan_cases,
};

kunit_test_suite(kasan_suite);
