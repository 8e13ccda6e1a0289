// SPDX-License-Identifier: MIT
/*
 * expect_test.c - do the EXPECT macros notice failures, and only failures?
 *
 * Each macro is tried on a second struct kunit, whose log is a string. That struct
 * and that string show whether the macro failed the case.
 */
#include <limits.h>

#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <tests/kunit/kunit.h>

static char inner_log[512];
static struct kunit inner;
static struct kunit *const in = &inner;

static void start_inner(void)
{
	inner = (struct kunit){
		.suite = "private",
		.name = "inner",
		.log = inner_log,
		.log_size = sizeof(inner_log),
	};
	inner_log[0] = '\0';
}

/* HOLDS: @expectation, which uses @in, must pass. FAILS: it must fail once. */
#define HOLDS(test, expectation)                                                     \
	do {                                                                         \
		start_inner();                                                       \
		expectation;                                                         \
		if (inner.failures || inner.status != KUNIT_SUCCESS || inner_log[0]) \
			KUNIT_FAIL(test, "must not fail: %s", #expectation);         \
	} while (0)

#define FAILS(test, expectation)                                                           \
	do {                                                                               \
		start_inner();                                                             \
		expectation;                                                               \
		if (inner.failures != 1 || inner.status != KUNIT_FAILURE || !inner_log[0]) \
			KUNIT_FAIL(test, "must fail: %s", #expectation);                   \
	} while (0)

static void numbers(struct kunit *test)
{
	HOLDS(test, KUNIT_EXPECT_EQ(in, 1, 1));
	FAILS(test, KUNIT_EXPECT_EQ(in, 1, 2));
	HOLDS(test, KUNIT_EXPECT_NE(in, 1, 2));
	FAILS(test, KUNIT_EXPECT_NE(in, 1, 1));
	HOLDS(test, KUNIT_EXPECT_LT(in, 1, 2));
	FAILS(test, KUNIT_EXPECT_LT(in, 2, 2));
	FAILS(test, KUNIT_EXPECT_LT(in, 3, 2));
	HOLDS(test, KUNIT_EXPECT_LE(in, 1, 2));
	HOLDS(test, KUNIT_EXPECT_LE(in, 2, 2));
	FAILS(test, KUNIT_EXPECT_LE(in, 3, 2));
	FAILS(test, KUNIT_EXPECT_GT(in, 1, 2));
	FAILS(test, KUNIT_EXPECT_GT(in, 2, 2));
	HOLDS(test, KUNIT_EXPECT_GT(in, 3, 2));
	FAILS(test, KUNIT_EXPECT_GE(in, 1, 2));
	HOLDS(test, KUNIT_EXPECT_GE(in, 2, 2));
	HOLDS(test, KUNIT_EXPECT_GE(in, 3, 2));
}

/* C would convert -1 to unsigned, and then it would equal 2^64 - 1. Here it does not. */
static void numbers_of_both_signs(struct kunit *test)
{
	struct {
		unsigned int three_bits : 3;
		signed int two_bits : 2;
	} field = { 7, -2 };
	unsigned char byte = 255;

	FAILS(test, KUNIT_EXPECT_EQ(in, -1, SIZE_MAX));
	FAILS(test, KUNIT_EXPECT_EQ(in, -1, UINT_MAX));
	HOLDS(test, KUNIT_EXPECT_LT(in, -1, 0u));
	HOLDS(test, KUNIT_EXPECT_LT(in, INT64_MIN, UINT64_MAX));
	HOLDS(test, KUNIT_EXPECT_GT(in, UINT64_MAX, INT64_MAX));
	HOLDS(test, KUNIT_EXPECT_GT(in, (uint64_t)INT64_MAX + 1, INT64_MIN));
	HOLDS(test, KUNIT_EXPECT_LT(in, INT_MIN, INT_MAX));
	HOLDS(test, KUNIT_EXPECT_EQ(in, byte, 255));
	FAILS(test, KUNIT_EXPECT_EQ(in, byte, (signed char)-1));
	HOLDS(test, KUNIT_EXPECT_EQ(in, field.three_bits, 7));
	HOLDS(test, KUNIT_EXPECT_EQ(in, field.two_bits, -2));
	HOLDS(test, KUNIT_EXPECT_EQ(in, (_Bool)4, 1));
	FAILS(test, KUNIT_EXPECT_EQ(in, 1ull << 32, 0));
}

static void bools_and_pointers(struct kunit *test)
{
	char two[2];

	HOLDS(test, KUNIT_EXPECT_TRUE(in, 1 == 1));
	FAILS(test, KUNIT_EXPECT_TRUE(in, 1 == 2));
	HOLDS(test, KUNIT_EXPECT_FALSE(in, 1 == 2));
	FAILS(test, KUNIT_EXPECT_FALSE(in, 1 == 1));
	HOLDS(test, KUNIT_EXPECT_PTR_EQ(in, two, &two[0]));
	FAILS(test, KUNIT_EXPECT_PTR_EQ(in, two, &two[1]));
	HOLDS(test, KUNIT_EXPECT_PTR_NE(in, two, &two[1]));
	FAILS(test, KUNIT_EXPECT_PTR_NE(in, two, &two[0]));
	HOLDS(test, KUNIT_EXPECT_NULL(in, NULL));
	FAILS(test, KUNIT_EXPECT_NULL(in, two));
	HOLDS(test, KUNIT_EXPECT_NOT_NULL(in, two));
	FAILS(test, KUNIT_EXPECT_NOT_NULL(in, NULL));
}

static void strings_and_memory(struct kunit *test)
{
	const char *none = NULL;

	HOLDS(test, KUNIT_EXPECT_STREQ(in, "ab", "ab"));
	FAILS(test, KUNIT_EXPECT_STREQ(in, "ab", "abc"));
	FAILS(test, KUNIT_EXPECT_STREQ(in, none, ""));
	HOLDS(test, KUNIT_EXPECT_STREQ(in, none, none));
	HOLDS(test, KUNIT_EXPECT_STRNEQ(in, "ab", "ac"));
	FAILS(test, KUNIT_EXPECT_STRNEQ(in, "", ""));
	HOLDS(test, KUNIT_EXPECT_MEMEQ(in, "abc", "abd", 2));
	FAILS(test, KUNIT_EXPECT_MEMEQ(in, "abc", "abd", 3));
	HOLDS(test, KUNIT_EXPECT_MEMEQ(in, "a", "b", 0));
	FAILS(test, KUNIT_FAIL(in, "because"));
}

static void arguments_are_evaluated_once(struct kunit *test)
{
	char text[4] = "abc";
	const char *p = text;
	int i = 0;

	HOLDS(test, KUNIT_EXPECT_EQ(in, i++, 0));
	HOLDS(test, KUNIT_EXPECT_GT(in, 2, i++));
	HOLDS(test, KUNIT_EXPECT_TRUE(in, i++));
	HOLDS(test, KUNIT_EXPECT_PTR_EQ(in, p++, text));
	HOLDS(test, KUNIT_EXPECT_NOT_NULL(in, p++));
	HOLDS(test, KUNIT_EXPECT_STREQ(in, p++, "c"));
	FAILS(test, KUNIT_EXPECT_EQ(in, i++, 0));
	KUNIT_EXPECT_EQ(test, i, 4);
	KUNIT_EXPECT_PTR_EQ(test, p, text + 3);
}

/* The log of @in must be a heading that names @line of this file, then @rest. */
static void expect_log(struct kunit *test, int line, const char *rest)
{
	char text[512];

	snprintf(text, sizeof(text), "# inner: EXPECTATION FAILED at %s:%d\n%s", __FILE__, line,
		 rest);
	KUNIT_EXPECT_STREQ(test, inner_log, text);
}

static void failures_say_what_and_where(struct kunit *test)
{
	start_inner();
	KUNIT_EXPECT_EQ(in, 1 + 1, 3);
	expect_log(test, __LINE__ - 1, "#   1 + 1 == 3\n#   expected 3 (0x3)\n#   got 2 (0x2)\n");

	start_inner();
	KUNIT_EXPECT_LT(in, -22, INT_MIN);
	expect_log(test, __LINE__ - 1,
		   "#   -22 < INT_MIN\n"
		   "#   expected < -2147483648 (0xffffffff80000000)\n"
		   "#   got -22 (0xffffffffffffffea)\n");

	start_inner();
	KUNIT_EXPECT_GE(in, 0, UINT64_MAX);
	expect_log(test, __LINE__ - 1,
		   "#   0 >= UINT64_MAX\n"
		   "#   expected >= 18446744073709551615 (0xffffffffffffffff)\n"
		   "#   got 0 (0x0)\n");

	start_inner();
	KUNIT_EXPECT_NULL(in, (void *)4096);
	expect_log(test, __LINE__ - 1,
		   "#   (void *)4096 == NULL\n#   expected NULL\n#   got 0x1000\n");

	start_inner();
	KUNIT_EXPECT_MEMEQ(in, "abc", "abd", 3);
	expect_log(test, __LINE__ - 1,
		   "#   \"abc\" == \"abd\"\n"
		   "#   expected 100 (0x64) at byte 2\n#   got 99 (0x63)\n");

	start_inner();
	KUNIT_FAIL(in, "%d of %d", 1, 2);
	expect_log(test, __LINE__ - 1, "#   1 of 2\n");
}

/* A string under test must not put "ok 1" at the start of a line of the log. */
static void failures_forge_no_lines(struct kunit *test)
{
	static const char forged[] = "\nok 1 page\r\x1b[2J";

	start_inner();
	KUNIT_EXPECT_STREQ(in, forged, "");
	expect_log(test, __LINE__ - 1,
		   "#   forged == \"\"\n#   expected \"\"\n#   got \"?ok 1 page??[2J\"\n");
}

static void panic_is_caught(struct kunit *test)
{
	/*
	 * 1000 times: each jump leaves the stack frames of panic(), and ASan must not
	 * keep their red zones.
	 */
	for (int i = 0; i < 1000; i++)
		HOLDS(test, KUNIT_EXPECT_PANIC(in, "number 1", panic("number 1%d", 5)));
	KUNIT_EXPECT_NULL(test, panic_notifier);
}

static void panic_is_missed(struct kunit *test)
{
	FAILS(test, KUNIT_EXPECT_PANIC(in, "words", (void)0));
	FAILS(test, KUNIT_EXPECT_PANIC(in, "", (void)0));
	KUNIT_EXPECT_NULL(test, panic_notifier);
}

static void panic_with_other_words(struct kunit *test)
{
	FAILS(test, KUNIT_EXPECT_PANIC(in, "number 15", panic("number 1")));
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "  panic(\"number 1\")\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "expected a panic with \"number 15\"\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(inner_log, "got \"number 1\"\n"));
}

static struct kunit_case expect_cases[] = {
	KUNIT_CASE(numbers),
	KUNIT_CASE(numbers_of_both_signs),
	KUNIT_CASE(bools_and_pointers),
	KUNIT_CASE(strings_and_memory),
	KUNIT_CASE(arguments_are_evaluated_once),
	KUNIT_CASE(failures_say_what_and_where),
	KUNIT_CASE(failures_forge_no_lines),
	KUNIT_CASE(panic_is_caught),
	KUNIT_CASE(panic_is_missed),
	KUNIT_CASE(panic_with_other_words),
	{},
};

static struct kunit_suite expect_suite = {
	.name = "expect",
	.test_cases = expect_cases,
};

kunit_test_suite(expect_suite);
