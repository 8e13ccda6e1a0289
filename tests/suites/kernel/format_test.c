// SPDX-License-Identifier: MIT
/*
 * format_test.c - formats that are wrong, and widths that no text can have
 *
 * printk_test.c tests what right formats print. libc has functions of the same names, so
 * that suite runs in the kernel only. This one calls format_text(): on Linux it runs under
 * ASan and UBSan.
 */
#include <limits.h>
#include <stdarg.h>

#include <kernel/lib/format.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

#define BUFFER 32
#define GUARD 8

static char buffer[BUFFER + GUARD];

/* Prints into @buffer, as snprintf() does. The bytes behind it must stay as they were. */
static int print(struct kunit *test, const char *fmt, ...)
{
	struct text text = { .at = buffer, .end = buffer + BUFFER - 1 };
	va_list args;
	int length;

	memset(buffer, '#', sizeof(buffer));
	va_start(args, fmt);
	length = format_text(&text, fmt, args);
	va_end(args);
	KUNIT_EXPECT_LE(test, text.at, buffer + BUFFER - 1);
	*text.at = '\0';
	KUNIT_EXPECT_MEMEQ(test, buffer + BUFFER, "########", GUARD);
	return length;
}

#define PRINTS(test, result, text, ...)                                         \
	do {                                                                    \
		KUNIT_EXPECT_EQ(test, print(test, __VA_ARGS__), (int)(result)); \
		KUNIT_EXPECT_STREQ(test, buffer, text);                         \
	} while (0)
#define VERBATIM(test, fmt) PRINTS(test, sizeof(fmt) - 1, fmt, fmt, 7, 7, 7)

/* C defines hh h l ll z t j. Any other sequence of these letters is no conversion. */
static void wrong_lengths(struct kunit *test)
{
	VERBATIM(test, "%hhhd");
	VERBATIM(test, "%hhhhhhu|");
	VERBATIM(test, "%llld");
	VERBATIM(test, "%hld");
	VERBATIM(test, "%lhx");
	VERBATIM(test, "%zzu");
	VERBATIM(test, "%jtd");
	VERBATIM(test, "%hhhhhhhhhhhhhhhhhhhhhhhhhhhh");
}

static void cut_conversions(struct kunit *test)
{
	VERBATIM(test, "%");
	VERBATIM(test, "%-");
	VERBATIM(test, "%0");
	VERBATIM(test, "%12");
	VERBATIM(test, "%.");
	VERBATIM(test, "%.3");
	VERBATIM(test, "%*");
	VERBATIM(test, "%*.*");
	VERBATIM(test, "%hh");
	VERBATIM(test, "%ll");
	VERBATIM(test, "%.-3d");
	VERBATIM(test, "%5-d");
	VERBATIM(test, "%\x80|");
	VERBATIM(test, "%\n");
}

/* No text is longer than INT_MAX, the largest result. The text before the conversion stays. */
static void widths_above_the_limit(struct kunit *test)
{
	PRINTS(test, -1, "1 ", "1 %*d 2", INT_MIN, 7);
	PRINTS(test, -1, "1 ", "1 %2147483648d 2", 7);
	PRINTS(test, -1, "1 ", "1 %-2147483648d 2", 7);
	PRINTS(test, -1, "1 ", "1 %4294967297d 2", 7);
	PRINTS(test, -1, "1 ", "1 %18446744073709551617d 2", 7);
	PRINTS(test, -1, "1 ", "1 %99999999999999999999999999999s 2", "a");
	PRINTS(test, -1, "1 ", "1 %2147483648y 2", 7);
}

static void precisions_above_the_limit(struct kunit *test)
{
	PRINTS(test, -1, "1 ", "1 %.2147483648d 2", 7);
	PRINTS(test, -1, "1 ", "1 %.4294967297s 2", "ab");
	PRINTS(test, -1, "1 ", "1 %.18446744073709551617x 2", 7);
	PRINTS(test, 3, "ab|", "%.*s|", INT_MAX, "ab");
	PRINTS(test, 3, "ab|", "%.2147483647s|", "ab");
	/* A negative precision counts as none. */
	PRINTS(test, 5, "ab|7|", "%.*s|%.*d|", INT_MIN, "ab", INT_MIN, 7);
}

#define BLANKS_30 "                              "
#define BLANKS_31 " " BLANKS_30
#define ZEROS_29 "00000000000000000000000000000"
#define ZEROS_30 "0" ZEROS_29

/* What does not fit is counted, not written, and takes no time. */
static void widths_at_the_limit(struct kunit *test)
{
	PRINTS(test, INT_MAX, BLANKS_31, "%2147483647d", 7);
	PRINTS(test, INT_MAX, BLANKS_31, "%*d", INT_MAX, 7);
	PRINTS(test, INT_MAX, "7" BLANKS_30, "%*d", -INT_MAX, 7);
	PRINTS(test, INT_MAX, "0" ZEROS_30, "%.*d", INT_MAX, 7);
	PRINTS(test, INT_MAX, "-" ZEROS_30, "%0*d", INT_MAX, -7);
	PRINTS(test, INT_MAX, BLANKS_31, "%*s", INT_MAX, "ab");
	PRINTS(test, INT_MAX, " " ZEROS_30, "%*.*x", INT_MAX, INT_MAX - 1, 7);
}

/* Each conversion is allowed; the sum is above INT_MAX. */
static void texts_above_the_limit(struct kunit *test)
{
	PRINTS(test, -1, "-" ZEROS_30, "%.*d", INT_MAX, -7);
	PRINTS(test, -1, "0x" ZEROS_29, "%#.*x", INT_MAX, 7);
	PRINTS(test, -1, "+" ZEROS_30, "%+*.*d", INT_MAX, INT_MAX, 7);
	PRINTS(test, -1, BLANKS_31, "%*d%c", INT_MAX, 7, 'a');
	PRINTS(test, -1, BLANKS_31, "%*d|", INT_MAX, 7);
	PRINTS(test, -1, BLANKS_31, "%*d%*d%*d", INT_MAX, 7, INT_MAX, 7, 3, 7);
}

/* Formats of random pieces: whatever they mean, they stay inside the buffer. */
static void random_formats(struct kunit *test)
{
	static const char pieces[] = "%%%%-0+# ..**123456789hhllztjddiuxXocsspq";
	static const char s[] = "string";
	uint64_t random = 1;
	char fmt[25];

	for (int round = 0; round < 20000 && !test->failures; round++) {
		for (size_t i = 0; i < sizeof(fmt); i++) {
			random = random * 6364136223846793005 + 1442695040888963407;
			fmt[i] = pieces[(random >> 33) % (sizeof(pieces) - 1)];
		}
		fmt[(random >> 50) % sizeof(fmt)] = '\0';
		/* Every argument is a string: also a number, if the format wants one. */
		KUNIT_EXPECT_GE(test,
				print(test, fmt, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s,
				      s, s, s, s, s, s, s),
				-1);
		if (test->failures)
			kunit_info(test, "the format is \"%s\"", fmt);
	}
}

static struct kunit_case format_cases[] = {
	KUNIT_CASE(wrong_lengths),	    KUNIT_CASE(cut_conversions),
	KUNIT_CASE(widths_above_the_limit), KUNIT_CASE(precisions_above_the_limit),
	KUNIT_CASE(widths_at_the_limit),    KUNIT_CASE(texts_above_the_limit),
	KUNIT_CASE(random_formats),	    {},
};

static struct kunit_suite format_suite = {
	.name = "format",
	.test_cases = format_cases,
};

kunit_test_suite(format_suite);
