// SPDX-License-Identifier: MIT
/*
 * memory_map_test.c - usable RAM from hostile memory maps
 *
 * Each row of the table is a memory map, with ranges taken by the kernel and its
 * modules, and the ranges that must be usable then. The order of the entries must
 * not matter, so each row runs forwards and backwards.
 */
#include <kernel/memory_map.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define P(n) ((uint64_t)(n) << MM_PAGE_SHIFT) /* the address of page n */
#define TOP(n) (-P(n))			      /* n pages below 2^64 */
#define GIB(n) ((uint64_t)(n) << 30)

#define NR_MAP 7
#define NR_TAKEN 2
#define NR_USABLE 5

#define RAM BOOT_MEMORY_RAM
#define RESERVED BOOT_MEMORY_RESERVED

/*
 * The unused entries of a row are zeros. In @map and @taken they are empty ranges,
 * which must have no effect; in @usable the first one marks the end.
 */
static const struct row {
	const char *what;
	struct boot_memory map[NR_MAP];
	struct boot_memory taken[NR_TAKEN];
	struct usable_range usable[NR_USABLE + 1];
} rows[] = {
	{
		.what = "no map",
	},
	{
		.what = "RAM",
		.map = { { P(1), P(2), RAM } },
		.usable = { { P(1), P(3) } },
	},
	{
		.what = "RAM that starts and ends inside pages",
		.map = { { P(1) + 1, P(3) - 2, RAM } },
		.usable = { { P(2), P(3) } },
	},
	{
		.what = "4096 bytes of RAM, half of each of two pages",
		.map = { { P(1) + 2048, P(1), RAM } },
	},
	{
		.what = "a byte less than a page",
		.map = { { P(1), P(1) - 1, RAM } },
	},
	{
		.what = "RAM from the second byte on",
		.map = { { 1, P(3), RAM } },
		.usable = { { P(1), P(3) } },
	},
	{
		.what = "only reserved memory",
		.map = { { P(1), P(8), RESERVED } },
	},
	{
		.what = "empty RAM",
		.map = { { 0, 0, RAM }, { P(5), 0, RAM } },
	},
	{
		.what = "empty entries inside RAM, one of them reserved",
		.map = { { P(1), P(8), RAM }, { P(4), 0, RESERVED }, { 0, 0, 0 } },
		.usable = { { P(1), P(9) } },
	},
	{
		.what = "RAM with gaps between",
		.map = { { P(1), P(1), RAM }, { P(3), P(1), RAM }, { P(5), P(1), RESERVED } },
		.usable = { { P(1), P(2) }, { P(3), P(4) } },
	},
	{
		.what = "RAM side by side is one range",
		.map = { { P(1), P(1), RAM }, { P(2), P(1), RAM }, { P(3), P(1), RAM } },
		.usable = { { P(1), P(4) } },
	},
	{
		.what = "RAM side by side, with the border inside a page",
		.map = { { P(1), 5000, RAM }, { P(1) + 5000, P(4) - 5000, RAM } },
		.usable = { { P(1), P(5) } },
	},
	{
		.what = "a byte missing between two entries",
		.map = { { P(1), 5000, RAM }, { P(1) + 5001, P(4) - 5001, RAM } },
		.usable = { { P(1), P(2) }, { P(3), P(5) } },
	},
	{
		.what = "overlapping RAM",
		.map = { { P(1), P(4), RAM }, { P(3), P(4), RAM }, { P(1), P(4), RAM } },
		.usable = { { P(1), P(7) } },
	},
	{
		.what = "entries that are not in the order of addresses",
		.map = { { P(7), P(1), RAM },
			 { P(1), P(2), RAM },
			 { P(9), P(1), RAM },
			 { P(4), P(1), RESERVED },
			 { P(3), P(2), RAM } },
		.usable = { { P(1), P(4) }, { P(7), P(8) }, { P(9), P(10) } },
	},
	{
		.what = "RAM inside RAM",
		.map = { { P(1), P(8), RAM }, { P(3), P(1), RAM } },
		.usable = { { P(1), P(9) } },
	},
	{
		.what = "a reserved byte takes its page",
		.map = { { P(1), P(8), RAM }, { P(4) + 7, 1, RESERVED } },
		.usable = { { P(1), P(4) }, { P(5), P(9) } },
	},
	{
		.what = "reserved over the start",
		.map = { { P(2), P(4), RAM }, { P(1), P(2) - 1, RESERVED } },
		.usable = { { P(3), P(6) } },
	},
	{
		.what = "reserved over the end",
		.map = { { P(2), P(4), RAM }, { P(5) + 1, P(9), RESERVED } },
		.usable = { { P(2), P(5) } },
	},
	{
		.what = "reserved over all of the RAM",
		.map = { { P(2), P(4), RAM }, { P(1), P(9), RESERVED } },
	},
	{
		.what = "claimed twice as RAM, once as reserved",
		.map = { { P(2), P(4), RAM }, { P(2), P(4), RESERVED }, { P(2), P(4), RAM } },
	},
	{
		.what = "reserved inside reserved inside RAM",
		.map = { { P(1), P(9), RAM },
			 { P(2), P(6), RESERVED },
			 { P(4), P(1), BOOT_MEMORY_ACPI } },
		.usable = { { P(1), P(2) }, { P(8), P(10) } },
	},
	{
		.what = "no other type is usable, known or not",
		.map = { { P(0), P(10), RAM },
			 { P(1), P(1), 0 },
			 { P(3), P(1), BOOT_MEMORY_ACPI_NVS },
			 { P(5), P(1), BOOT_MEMORY_PERSISTENT },
			 { P(7), P(1), 0xffffffff } },
		.usable = { { P(0), P(1) },
			    { P(2), P(3) },
			    { P(4), P(5) },
			    { P(6), P(7) },
			    { P(8), P(10) } },
	},
	{
		.what = "RAM that wraps",
		.map = { { TOP(1), P(2), RAM }, { P(9), UINT64_MAX, RAM } },
	},
	{
		.what = "reserved that wraps",
		.map = { { P(1), P(8), RAM }, { P(4), UINT64_MAX - P(3), RESERVED } },
		.usable = { { P(1), P(9) } },
	},
	{
		.what = "reserved up to the end of the address space does not wrap",
		.map = { { TOP(8), P(8), RAM }, { TOP(4), P(4), RESERVED } },
		.usable = { { TOP(8), TOP(4) } },
	},
	{
		.what = "RAM up to the end of the address space: the last page is not used",
		.map = { { TOP(8), P(8), RAM } },
		.usable = { { TOP(8), TOP(1) } },
	},
	{
		.what = "RAM only in the last page",
		.map = { { TOP(1) + 1, P(1) - 2, RAM } },
	},
	{
		.what = "RAM everywhere",
		.map = { { 0, GIB(1) << 33, RAM }, { GIB(1) << 33, GIB(1) << 33, RAM } },
		.taken = { { 0, P(256), RESERVED } },
		.usable = { { P(256), TOP(1) } },
	},
	{
		.what = "RAM that the kernel's image lies in",
		.map = { { 0, GIB(1), RAM } },
		.taken = { { 0, P(256), RESERVED }, { P(256), P(20), RESERVED } },
		.usable = { { P(276), GIB(1) } },
	},
	{
		.what = "a module that ends inside a page",
		.map = { { P(1), P(9), RAM } },
		.taken = { { P(3), P(2) + 1, RESERVED } },
		.usable = { { P(1), P(3) }, { P(6), P(10) } },
	},
	{
		.what = "taken where there is no RAM",
		.map = { { P(1), P(2), RAM } },
		.taken = { { P(8), P(2), RESERVED }, { P(2), 0, RESERVED } },
		.usable = { { P(1), P(3) } },
	},
	{
		.what = "900 GiB with the hole below 4 GiB",
		.map = { { 0, 0x9fc00, RAM },
			 { 0x9fc00, 0x400, RESERVED },
			 { 0xf0000, 0x10000, RESERVED },
			 { 0x100000, GIB(2) - 0x100000, RAM },
			 { 0xb0000000, 0x10000000, RESERVED },
			 { GIB(4), GIB(898), RAM },
			 { 0xfd00000000, 0x300000000, RESERVED } },
		.taken = { { 0, 0x100000, RESERVED }, { 0x100000, 0x45678, RESERVED } },
		.usable = { { 0x146000, GIB(2) }, { GIB(4), GIB(902) } },
	},
};

static void check_row(struct kunit *test, const struct row *row, const struct boot_memory *map)
{
	struct usable_memory got;
	unsigned int nr_usable = 0;

	while (row->usable[nr_usable].end)
		nr_usable++;
	memory_map_usable(map, NR_MAP, row->taken, NR_TAKEN, &got);
	if (got.nr_ranges != nr_usable)
		KUNIT_FAIL(test, "%s: %u ranges, not %u", row->what, got.nr_ranges, nr_usable);
	for (unsigned int i = 0; i < got.nr_ranges && i < nr_usable; i++)
		if (got.ranges[i].start != row->usable[i].start ||
		    got.ranges[i].end != row->usable[i].end)
			KUNIT_FAIL(test, "%s: range %u is %#lx-%#lx", row->what, i,
				   got.ranges[i].start, got.ranges[i].end);
	if (got.left)
		KUNIT_FAIL(test, "%s: %lu bytes are left out", row->what, got.left);
}

static void hostile_maps(struct kunit *test)
{
	struct boot_memory backwards[NR_MAP];

	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++) {
		check_row(test, row, row->map);
		for (int i = 0; i < NR_MAP; i++)
			backwards[NR_MAP - 1 - i] = row->map[i];
		check_row(test, row, backwards);
	}
}

/*
 * 41 ranges: range i is at page 100 * i and has 1 + 7 * i % 41 pages, so each size
 * from 1 to 41 pages occurs once, in mixed order. Only 32 ranges can be used, and
 * the largest ones must be: the nine of 1 to 9 pages are left out.
 */
static void more_ranges_than_fit(struct kunit *test)
{
	struct boot_memory map[41];
	struct usable_memory usable;
	unsigned int at = 0;

	for (unsigned int i = 0; i < 41; i++)
		map[i] = (struct boot_memory){ P(100 * i), P(1 + 7 * i % 41), RAM };
	memory_map_usable(map, 41, NULL, 0, &usable);

	KUNIT_ASSERT_EQ(test, usable.nr_ranges, USABLE_MAX);
	KUNIT_EXPECT_EQ(test, usable.left, P(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9));
	for (unsigned int i = 0; i < 41; i++) {
		if (map[i].size < P(10))
			continue;
		KUNIT_EXPECT_EQ(test, usable.ranges[at].start, map[i].start);
		KUNIT_EXPECT_EQ(test, usable.ranges[at].end, map[i].start + map[i].size);
		at++;
	}
}

/* As many ranges as struct boot_info holds (128), of one page each, with gaps between. */
static void all_of_one_size(struct kunit *test)
{
	struct boot_memory map[BOOT_MEMORY_MAX];
	struct usable_memory usable;

	for (unsigned int i = 0; i < BOOT_MEMORY_MAX; i++)
		map[i] = (struct boot_memory){ P(2 * i), P(1), RAM };
	memory_map_usable(map, BOOT_MEMORY_MAX, NULL, 0, &usable);

	KUNIT_ASSERT_EQ(test, usable.nr_ranges, USABLE_MAX);
	KUNIT_EXPECT_EQ(test, usable.left, P(BOOT_MEMORY_MAX - USABLE_MAX));
	for (unsigned int i = 0; i < USABLE_MAX; i++)
		KUNIT_EXPECT_EQ(test, usable.ranges[i].start, P(2 * i));
}

/* One range more than fit, all of 2 pages, but the one at @small has 1: that one is dropped. */
static void smallest_at_each_place(struct kunit *test)
{
	struct boot_memory map[USABLE_MAX + 1];
	struct usable_memory usable;

	for (unsigned int small = 0; small <= USABLE_MAX; small++) {
		for (unsigned int i = 0; i <= USABLE_MAX; i++)
			map[i] = (struct boot_memory){ P(4 * i), P(i == small ? 1 : 2), RAM };
		memory_map_usable(map, USABLE_MAX + 1, NULL, 0, &usable);

		KUNIT_ASSERT_EQ(test, usable.nr_ranges, USABLE_MAX);
		KUNIT_EXPECT_EQ(test, usable.left, P(1));
		for (unsigned int i = 0; i < USABLE_MAX; i++)
			KUNIT_EXPECT_EQ(test, usable.ranges[i].start, P(4 * (i + (i >= small))));
	}
}

/* Of several smallest ranges, the first is dropped. */
static void first_of_the_smallest(struct kunit *test)
{
	struct boot_memory map[USABLE_MAX + 1];
	struct usable_memory usable;

	for (unsigned int i = 0; i <= USABLE_MAX; i++)
		map[i] = (struct boot_memory){ P(4 * i), P(i == USABLE_MAX ? 2 : 1), RAM };
	memory_map_usable(map, USABLE_MAX + 1, NULL, 0, &usable);

	KUNIT_ASSERT_EQ(test, usable.nr_ranges, USABLE_MAX);
	for (unsigned int i = 0; i < USABLE_MAX; i++)
		KUNIT_EXPECT_EQ(test, usable.ranges[i].start, P(4 * (i + 1)));
}

static struct kunit_case memory_map_cases[] = { KUNIT_CASE(hostile_maps),

						KUNIT_CASE(more_ranges_than_fit),
						KUNIT_CASE(all_of_one_size),
						KUNIT_CASE(smallest_at_each_place),
						KUNIT_CASE(first_of_the_smallest),
						{} };

static struct kunit_suite memory_map_suite = {
	.name = "memory_map",
	.test_cases = memory_map_cases,
};

kunit_test_suite(memory_map_suite);
