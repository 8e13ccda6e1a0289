// SPDX-License-Identifier: MIT
/*
 * string_test.c - the kernel's mem* and str* functions against loops over single bytes
 *
 *	area:      |guard|== written by the function ==|guard|
 *	expected:  |guard|== written by a byte loop ===|guard|    must be equal
 *
 * A compiler may replace such a loop by a call of the function under test. A
 * barrier() in each round prevents that.
 */
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

#define SIZE_TOP 200
#define GUARD 16
#define MARGIN 80 /* how far an overlapping copy may move, and a guard */
#define AREA (SIZE_TOP + 8 + 2 * MARGIN)

static unsigned char area[AREA], expected[AREA], source[AREA];

static inline void barrier(void)
{
	__asm__ volatile("" ::: "memory");
}

/* All sizes up to 80 bytes, then sizes at which an implementation may change its step. */
static size_t next_size(size_t size)
{
	static const size_t steps[] = { 95, 96, 97, 127, 128, 129, 191, 192, 193, SIZE_TOP };
	size_t i = 0;

	if (size < 80)
		return size + 1;
	while (i < sizeof(steps) / sizeof(steps[0]) && steps[i] <= size)
		i++;
	return i < sizeof(steps) / sizeof(steps[0]) ? steps[i] : SIZE_TOP + 1;
}

/* Fills with @from, @from + 1, ...: no two neighbours are equal, and no byte is 0. */
static void fill(unsigned char *to, unsigned int from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		to[i] = from + i % 101;
		barrier();
	}
}

static void copy_bytes(unsigned char *to, const unsigned char *from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		to[i] = from[i];
		barrier();
	}
}

/* Returns the first index in [from, to) where area and expected differ, or -1. */
static int first_difference(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (area[i] != expected[i])
			return (int)i;
	return -1;
}

static void memset_all_sizes(struct kunit *test)
{
	static const int values[] = { 0, 0xa5, 0x1ff, -1 };

	for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
		for (size_t at = GUARD; at < GUARD + 16; at++) {
			for (size_t size = 0; size <= SIZE_TOP; size++) {
				size_t end = at + size + GUARD;
				int wrong;

				fill(area, 1, end);
				copy_bytes(expected, area, end);
				for (size_t i = 0; i < size; i++) {
					expected[at + i] = values[v];
					barrier();
				}
				KUNIT_EXPECT_PTR_EQ(test, memset(area + at, values[v], size),
						    area + at);
				wrong = first_difference(0, end);
				if (wrong >= 0)
					KUNIT_FAIL(test, "memset(+%zu, %d, %zu): byte +%d is wrong",
						   at, values[v], size, wrong);
			}
		}
	}
}

static void memcpy_all_sizes(struct kunit *test)
{
	fill(source, 100, AREA);
	for (size_t at = GUARD; at < GUARD + 8; at++) {
		for (size_t from = 0; from < 8; from++) {
			for (size_t size = 0; size <= SIZE_TOP; size++) {
				size_t end = at + size + GUARD;
				int wrong;

				fill(area, 1, end);
				fill(expected, 1, end);
				copy_bytes(expected + at, source + from, size);
				KUNIT_EXPECT_PTR_EQ(test, memcpy(area + at, source + from, size),
						    area + at);
				wrong = first_difference(0, end);
				if (wrong >= 0)
					KUNIT_FAIL(test,
						   "memcpy(+%zu, +%zu, %zu): byte +%d is wrong", at,
						   from, size, wrong);
			}
		}
	}
}

static void try_memmove(struct kunit *test, size_t to, size_t from, size_t size)
{
	size_t low = (from < to ? from : to) - GUARD;
	size_t end = (from < to ? to : from) + size + GUARD;
	int wrong;

	fill(area + low, 1, end - low);
	fill(expected + low, 1, end - low);
	copy_bytes(source, area + from, size);
	copy_bytes(expected + to, source, size);
	KUNIT_EXPECT_PTR_EQ(test, memmove(area + to, area + from, size), area + to);
	wrong = first_difference(low, end);
	if (wrong >= 0)
		KUNIT_FAIL(test, "memmove(+%zu, +%zu, %zu): byte +%d is wrong", to, from, size,
			   wrong);
}

/*
 * from:     |=========size=========|
 * to:    |=========size=========|          3 lower: must copy upwards
 * or:           |=========size=========|   4 higher: must copy downwards
 */
static void memmove_overlapping(struct kunit *test)
{
	static const size_t distances[] = { 0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 33, 64 };

	for (size_t d = 0; d < sizeof(distances) / sizeof(distances[0]); d++) {
		for (size_t from = MARGIN; from < MARGIN + 8; from++) {
			for (size_t size = 0; size <= SIZE_TOP; size = next_size(size)) {
				try_memmove(test, from + distances[d], from, size);
				try_memmove(test, from - distances[d], from, size);
			}
		}
	}
}

/* Two arrays, equal in the bytes compared and different just outside: |x|=== size ===|x| */
static void memcmp_all_sizes(struct kunit *test)
{
	for (size_t a = 1; a < 9; a++) {
		for (size_t b = 1; b < 9; b += 3) {
			for (size_t size = 0; size <= SIZE_TOP; size = next_size(size)) {
				fill(area + a, 1, size);
				fill(source + b, 1, size);
				area[a - 1] = 0;
				area[a + size] = 0;
				source[b - 1] = 0xff;
				source[b + size] = 0xff;
				if (memcmp(area + a, source + b, size))
					KUNIT_FAIL(test, "memcmp(+%zu, +%zu, %zu): not 0", a, b,
						   size);
			}
		}
	}
}

/* The first byte that differs decides. Bytes are unsigned: 0x80 is more than 0x7f. */
static void memcmp_one_byte_differs(struct kunit *test)
{
	for (size_t size = 1; size <= SIZE_TOP; size = next_size(size)) {
		fill(area, 1, size);
		fill(source, 1, size);
		for (size_t at = 0; at < size; at++) {
			unsigned char old = area[at];

			area[at] = 0x80;
			source[at] = 0x7f;
			if (at + 1 < size)
				source[at + 1]++;
			if (memcmp(area, source, size) <= 0 || memcmp(source, area, size) >= 0 ||
			    memcmp(area, source, at))
				KUNIT_FAIL(test, "memcmp of %zu bytes that differ at %zu", size,
					   at);
			if (at + 1 < size)
				source[at + 1]--;
			area[at] = old;
			source[at] = old;
		}
	}
}

static void strlen_all_sizes(struct kunit *test)
{
	const char *s = (const char *)area;

	for (size_t at = 0; at < 8; at++) {
		for (size_t size = 0; size <= SIZE_TOP; size++) {
			fill(area, 1, AREA);
			area[at + size] = '\0';
			if (strlen(s + at) != size || strnlen(s + at, SIZE_MAX) != size ||
			    strnlen(s + at, size) != size || strnlen(s + at, size + 1) != size ||
			    strnlen(s + at, size / 2) != size / 2)
				KUNIT_FAIL(test, "strlen or strnlen of %zu bytes at +%zu", size,
					   at);
		}
	}
	KUNIT_EXPECT_EQ(test, strnlen(NULL, 0), 0);
}

static int order_of(int result)
{
	return (result > 0) - (result < 0);
}

/* Pairs of strings, and their order by strncmp(a, b, max); SIZE_MAX: also by strcmp(). */
static void strcmp_and_strncmp(struct kunit *test)
{
	static const struct {
		const char *a, *b;
		int order;
		size_t max;
	} pairs[] = {
		{ "", "", 0, SIZE_MAX },
		{ "page", "page", 0, SIZE_MAX },
		{ "", "a", -1, SIZE_MAX },
		{ "page", "pages", -1, SIZE_MAX },
		{ "abz", "acb", -1, SIZE_MAX },
		{ "a\x7f", "a\x80", -1, SIZE_MAX },
		{ "a\0b", "a\0c", 0, SIZE_MAX },
		{ "a", "b", 0, 0 },
		{ "a", "b", -1, 1 },
		{ "page", "pages", 0, 4 },
		{ "page", "pages", -1, 5 },
		{ "abX", "abY", 0, 2 },
		{ "abX", "abY", -1, 3 },
		{ "a\0b", "a\0c", 0, 3 },
		{ "\x01", "\xff", -1, 1 },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *a = pairs[i].a, *b = pairs[i].b;
		int order = pairs[i].order;

		KUNIT_EXPECT_EQ(test, order_of(strncmp(a, b, pairs[i].max)), order);
		KUNIT_EXPECT_EQ(test, order_of(strncmp(b, a, pairs[i].max)), -order);
		if (pairs[i].max < SIZE_MAX)
			continue;
		KUNIT_EXPECT_EQ(test, order_of(strcmp(a, b)), order);
		KUNIT_EXPECT_EQ(test, order_of(strcmp(b, a)), -order);
	}
}

static void strchr_finds_the_first(struct kunit *test)
{
	static const char text[] = "bump\xfe page";
	int more_than_a_char = 0x100 + 'm';

	KUNIT_EXPECT_PTR_EQ(test, strchr(text, 'b'), text);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, 'p'), text + 3);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, 'e'), text + 9);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, '\0'), text + 10);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, 0xfe), text + 4);
	KUNIT_EXPECT_PTR_EQ(test, strchr(text, more_than_a_char), text + 2);
	KUNIT_EXPECT_NULL(test, strchr(text, 'x'));
	KUNIT_EXPECT_NULL(test, strchr("", 'x'));
	KUNIT_EXPECT_NULL(test, strchr("ab\0c", 'c'));
}

static void strstr_finds_the_first(struct kunit *test)
{
	static const char text[] = "aaab aab";

	KUNIT_EXPECT_PTR_EQ(test, strstr(text, ""), text);
	KUNIT_EXPECT_PTR_EQ(test, strstr(text, "a"), text);
	KUNIT_EXPECT_PTR_EQ(test, strstr(text, "aab"), text + 1);
	KUNIT_EXPECT_PTR_EQ(test, strstr(text, " aab"), text + 4);
	KUNIT_EXPECT_PTR_EQ(test, strstr(text, text), text);
	KUNIT_EXPECT_NULL(test, strstr(text, "aaab aabc"));
	KUNIT_EXPECT_NULL(test, strstr(text, "ba"));
	KUNIT_EXPECT_NULL(test, strstr("\0a", "a"));
	KUNIT_EXPECT_NULL(test, strstr("ab\0cd", "cd"));
	KUNIT_EXPECT_STREQ(test, strstr("", ""), "");
}

static struct kunit_case string_cases[] = {
	KUNIT_CASE(memset_all_sizes),	     KUNIT_CASE(memcpy_all_sizes),
	KUNIT_CASE(memmove_overlapping),     KUNIT_CASE(memcmp_all_sizes),
	KUNIT_CASE(memcmp_one_byte_differs), KUNIT_CASE(strlen_all_sizes),
	KUNIT_CASE(strcmp_and_strncmp),	     KUNIT_CASE(strchr_finds_the_first),
	KUNIT_CASE(strstr_finds_the_first),  {},
};

static struct kunit_suite string_suite = {
	.name = "string",
	.test_cases = string_cases,
};

kunit_test_suite(string_suite);
