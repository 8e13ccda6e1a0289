// SPDX-License-Identifier: MIT
/*
 * memory_map_random_test.c - usable RAM from random memory maps, beside a model
 */
#include <kernel/memory_map.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define HALF (MM_PAGE_SIZE / 2)
#define NR_HALVES 64
#define NR_MAP 7

/*
 * Random claims that start and end at half pages, beside a model: an array with the claims on
 * each half page. A page is usable if both halves are RAM and nothing else.
 */
static void random_maps(struct kunit *test)
{
	uint64_t random = 1;

	for (int round = 0; round < 5000 && !test->failures; round++) {
		bool is_ram[NR_HALVES + 1] = { false }, is_other[NR_HALVES + 1] = { false };
		struct boot_memory map[NR_MAP];
		struct usable_memory usable;
		unsigned int at = 0;

		for (int i = 0; i < NR_MAP; i++) {
			uint64_t start, size;
			bool ram;

			random = random * 6364136223846793005 + 1442695040888963407;
			start = random >> 33 & (NR_HALVES - 1);
			size = (random >> 43 & (NR_HALVES / 2 - 1)) % (NR_HALVES - start);
			ram = random >> 60 & 1;
			map[i] = (struct boot_memory){ start * HALF, size * HALF,
						       ram ? BOOT_MEMORY_RAM :
							     BOOT_MEMORY_RESERVED };
			for (uint64_t half = start; half < start + size; half++)
				*(ram ? &is_ram[half] : &is_other[half]) = true;
		}
		memory_map_usable(map, NR_MAP, NULL, 0, &usable);

		for (unsigned int half = 0; half < NR_HALVES; half += 2) {
			bool wanted = is_ram[half] && is_ram[half + 1] && !is_other[half] &&
				      !is_other[half + 1];
			bool got = at < usable.nr_ranges &&
				   usable.ranges[at].start <= half * HALF &&
				   usable.ranges[at].end > half * HALF;

			if (got != wanted)
				KUNIT_FAIL(test, "round %d: page %u", round, half / 2);
			/* The next range must not begin where this one ends. */
			if (got && usable.ranges[at].end == (half + 2) * HALF)
				at++;
			if (at < usable.nr_ranges && at &&
			    usable.ranges[at].start == usable.ranges[at - 1].end)
				KUNIT_FAIL(test, "round %d: range %u should be joined", round, at);
		}
		KUNIT_EXPECT_EQ(test, at, usable.nr_ranges);
	}
}

static struct kunit_case memory_map_random_cases[] = { KUNIT_CASE(random_maps), {} };

static struct kunit_suite memory_map_random_suite = {
	.name = "memory_map_random",
	.test_cases = memory_map_random_cases,
};

kunit_test_suite(memory_map_random_suite);
