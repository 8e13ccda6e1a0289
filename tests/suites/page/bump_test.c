// SPDX-License-Identifier: MIT
/*
 * bump_test.c - bump_fit() and bump_room() at the edges of their arguments
 *
 * Both are pure functions on numbers. They touch no memory, so the tests may use
 * any address, up to the last one.
 */
#include <mm/bump.h>
#include <tests/kunit/kunit.h>

#define UNTOUCHED ((uintptr_t)0xdead)

/*
 *	next = end
 *	|         only an object of 0 bytes fits an empty region
 */
static void fit_empty(struct kunit *test)
{
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(64, 64, 1, 1, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(64, 64, SIZE_MAX, 1, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
	KUNIT_EXPECT_TRUE(test, bump_fit(64, 64, 0, 1, &at));
	KUNIT_EXPECT_EQ(test, at, 64);
	KUNIT_EXPECT_TRUE(test, bump_fit(0, 0, 0, 1, &at));
	KUNIT_EXPECT_EQ(test, at, 0);
}

/*
 *	96              196
 *	|################|    100 bytes fit, 101 do not
 */
static void fit_exactly(struct kunit *test)
{
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(96, 196, 101, 32, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(96, 196, SIZE_MAX, 32, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
	KUNIT_EXPECT_TRUE(test, bump_fit(96, 196, 100, 32, &at));
	KUNIT_EXPECT_EQ(test, at, 96);
	KUNIT_EXPECT_TRUE(test, bump_fit(96, 196, 1, 1, &at));
	KUNIT_EXPECT_EQ(test, at, 96);
}

/*
 *	97     128        196
 *	|~~~~~~~|##########|    68 bytes fit, 69 do not
 */
static void fit_aligned(struct kunit *test)
{
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(97, 196, 69, 32, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
	KUNIT_EXPECT_TRUE(test, bump_fit(97, 196, 68, 32, &at));
	KUNIT_EXPECT_EQ(test, at, 128);
	at = UNTOUCHED;
	KUNIT_EXPECT_TRUE(test, bump_fit(97, 128, 0, 32, &at));
	KUNIT_EXPECT_EQ(test, at, 128);
	KUNIT_EXPECT_FALSE(test, bump_fit(97, 128, 1, 32, &at));
}

/*
 *	100      110     128
 *	|.........|       |     the aligned address is past end: "end - 128" would wrap
 */
static void fit_aligned_past_end(struct kunit *test)
{
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(100, 110, 0, 32, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(100, 110, 1, 32, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(100, 110, 10, 32, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(100, 127, 1, 32, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(100, 110, SIZE_MAX - 18, 32, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(100, 110, SIZE_MAX, 32, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
}

/* A frontier beyond the end means no room, even for 0 bytes. */
static void fit_frontier_past_end(struct kunit *test)
{
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(65, 64, 0, 1, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(65, 64, 1, 1, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(65, 64, SIZE_MAX, 1, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(UINTPTR_MAX, 0, 0, 4096, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
}

/*
 *	UINTPTR_MAX - 10            UINTPTR_MAX
 *	|..............................|~~ 0: rounding up would wrap to address 0
 */
static void fit_end_of_address_space(struct kunit *test)
{
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(UINTPTR_MAX - 10, UINTPTR_MAX, 0, 4096, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(UINTPTR_MAX - 10, UINTPTR_MAX, 1, 16, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(UINTPTR_MAX - 10, UINTPTR_MAX, 11, 1, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
	KUNIT_EXPECT_TRUE(test, bump_fit(UINTPTR_MAX - 10, UINTPTR_MAX, 10, 1, &at));
	KUNIT_EXPECT_EQ(test, at, UINTPTR_MAX - 10);
}

/* The largest sizes and alignments that a size_t can hold. */
static void fit_largest(struct kunit *test)
{
	const size_t top_bit = SIZE_MAX / 2 + 1;
	uintptr_t at = UNTOUCHED;

	KUNIT_EXPECT_FALSE(test, bump_fit(1, UINTPTR_MAX, SIZE_MAX, 1, &at));
	KUNIT_EXPECT_FALSE(test, bump_fit(1, UINTPTR_MAX, top_bit, top_bit, &at));
	KUNIT_EXPECT_EQ(test, at, UNTOUCHED);
	KUNIT_EXPECT_TRUE(test, bump_fit(1, UINTPTR_MAX, top_bit - 1, top_bit, &at));
	KUNIT_EXPECT_EQ(test, at, top_bit);
	KUNIT_EXPECT_TRUE(test, bump_fit(0, UINTPTR_MAX, SIZE_MAX, top_bit, &at));
	KUNIT_EXPECT_EQ(test, at, 0);
}

/*
 * All combinations of frontier, end and size within 24 addresses, at the bottom, in
 * the middle and at the top of the address space. The expected result is computed
 * with 128-bit integers, which cannot wrap here.
 */
static void fit_all_small_cases(struct kunit *test)
{
	static const uintptr_t bases[] = { 0, 0x7fffffffffffffe8, UINTPTR_MAX - 23 };
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < 3 * 24 * 24 * 24; i++) {
		uintptr_t base = bases[i / (24 * 24 * 24)];
		uintptr_t next = base + i % 24, end = base + i / 24 % 24;
		size_t size = i / 24 / 24 % 24;

		for (size_t align = 1; align <= 32; align *= 2) {
			unsigned __int128 place = next;
			uintptr_t at = UNTOUCHED;
			bool fits;

			place = (place + align - 1) & -(unsigned __int128)align;
			fits = place + size <= end;
			wrong += bump_fit(next, end, size, align, &at) != fits ||
				 at != (fits ? (uintptr_t)place : UNTOUCHED);
		}
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void room(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, bump_room(64, 64, 0));
	KUNIT_EXPECT_FALSE(test, bump_room(64, 64, 1));
	KUNIT_EXPECT_FALSE(test, bump_room(64, 64, SIZE_MAX));
	KUNIT_EXPECT_TRUE(test, bump_room(64, 96, 1));
	KUNIT_EXPECT_TRUE(test, bump_room(64, 96, 32));
	KUNIT_EXPECT_FALSE(test, bump_room(64, 96, 33));
	KUNIT_EXPECT_FALSE(test, bump_room(64, 96, SIZE_MAX));
	KUNIT_EXPECT_FALSE(test, bump_room(64, 96, SIZE_MAX - 63));
}

static void room_whole_address_space(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, bump_room(0, UINTPTR_MAX, SIZE_MAX));
	KUNIT_EXPECT_FALSE(test, bump_room(1, UINTPTR_MAX, SIZE_MAX));
	KUNIT_EXPECT_TRUE(test, bump_room(1, UINTPTR_MAX, SIZE_MAX - 1));
	KUNIT_EXPECT_TRUE(test, bump_room(UINTPTR_MAX, UINTPTR_MAX, 0));
	KUNIT_EXPECT_FALSE(test, bump_room(UINTPTR_MAX, UINTPTR_MAX, 1));
}

static struct kunit_case bump_cases[] = {
	KUNIT_CASE(fit_empty),
	KUNIT_CASE(fit_exactly),
	KUNIT_CASE(fit_aligned),
	KUNIT_CASE(fit_aligned_past_end),
	KUNIT_CASE(fit_frontier_past_end),
	KUNIT_CASE(fit_end_of_address_space),
	KUNIT_CASE(fit_largest),
	KUNIT_CASE(fit_all_small_cases),
	KUNIT_CASE(room),
	KUNIT_CASE(room_whole_address_space),
	{},
};

static struct kunit_suite bump_suite = {
	.name = "bump",
	.test_cases = bump_cases,
};

kunit_test_suite(bump_suite);
