// SPDX-License-Identifier: MIT
/*
 * printk_test.c - how printk() and snprintf() format text
 */
#include <limits.h>

#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

/* Has no format attribute: the compiler would warn of formats that are wrong on purpose. */
static int print(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return length;
}

/* The same for the console. */
static int print_to_console(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintk(fmt, args);
	va_end(args);
	return length;
}

#define PRINTS(test, text, ...)                                    \
	do {                                                       \
		char buf[128];                                     \
		int length = print(buf, sizeof(buf), __VA_ARGS__); \
		KUNIT_EXPECT_STREQ(test, buf, text);               \
		KUNIT_EXPECT_EQ(test, length, sizeof(text) - 1);   \
	} while (0)

static void text_and_percent(struct kunit *test)
{
	PRINTS(test, "", "");
	PRINTS(test, "a\tb\n", "a\tb\n");
	PRINTS(test, "%", "%%");
	PRINTS(test, "100% of 4%", "100%% of %d%%", 4);
}

static void decimal(struct kunit *test)
{
	PRINTS(test, "0", "%d", 0);
	PRINTS(test, "-1", "%d", -1);
	PRINTS(test, "1234567890 -5", "%i %i", 1234567890, -5);
	PRINTS(test, "2147483647", "%d", INT_MAX);
	PRINTS(test, "-2147483648", "%d", INT_MIN);
	PRINTS(test, "4294967295", "%u", UINT_MAX);
	PRINTS(test, "0", "%u", 0);
}

static void hex_and_octal(struct kunit *test)
{
	PRINTS(test, "0 ff deadbeef", "%x %x %x", 0, 255, 0xdeadbeef);
	PRINTS(test, "ABCDEF 9", "%X %X", 0xabcdef, 9);
	PRINTS(test, "ffffffff", "%x", -1);
	PRINTS(test, "0 7 10 37777777777", "%o %o %o %o", 0, 7, 8, UINT_MAX);
	PRINTS(test, "0xff 0XFF 0", "%#x %#X %#x", 255, 255, 0);
	PRINTS(test, "010 0", "%#o %#o", 8, 0);
}

static void lengths(struct kunit *test)
{
	PRINTS(test, "-1 7", "%hhd %hhd", 255, 256 + 7);
	PRINTS(test, "255 ff", "%hhu %hhx", -1, -1);
	PRINTS(test, "-32768 1", "%hd %hu", 32768, 65537);
	PRINTS(test, "-9223372036854775808", "%ld", LONG_MIN);
	PRINTS(test, "9223372036854775807", "%lld", LLONG_MAX);
	PRINTS(test, "18446744073709551615", "%lu", ULONG_MAX);
	PRINTS(test, "18446744073709551615", "%zu", SIZE_MAX);
	PRINTS(test, "-1", "%zd", (size_t)-1);
	PRINTS(test, "-9223372036854775808", "%td", PTRDIFF_MIN);
	PRINTS(test, "-9223372036854775808", "%jd", INTMAX_MIN);
	PRINTS(test, "1777777777777777777777", "%jo", UINTMAX_MAX);
	PRINTS(test, "ffffffffffffffff 1", "%llx %llX", ULLONG_MAX, 1ull);
}

static void width(struct kunit *test)
{
	PRINTS(test, "    7|7    |", "%5d|%-5d|", 7, 7);
	PRINTS(test, "12345|-1|", "%2d|%2d|", 12345, -1);
	PRINTS(test, "   -7|-7   |-0007|", "%5d|%-5d|%05d|", -7, -7, -7);
	PRINTS(test, "00042|0|", "%05u|%01d|", 42, 0);
	PRINTS(test, "    7|7    |", "%*d|%*d|", 5, 7, -5, 7);
	PRINTS(test, "  0xff|0x00ff|0xff  |", "%#6x|%#06x|%-#6x|", 255, 255, 255);
	PRINTS(test, "7    |", "%-05d|", 7);
}

static void sign(struct kunit *test)
{
	PRINTS(test, "+7 -7 +0", "%+d %+d %+d", 7, -7, 0);
	PRINTS(test, " 7|-7", "% d|% d", 7, -7);
	PRINTS(test, "+7|+7", "%+ d|% +d", 7, 7);
	PRINTS(test, "   +7|+0007|+7   |", "%+5d|%+05d|%+-5d|", 7, 7, 7);
}

static void precision(struct kunit *test)
{
	PRINTS(test, "005|-005|12345|", "%.3d|%.3d|%.3d|", 5, -5, 12345);
	PRINTS(test, "|7|     |+|", "%.0d|%.0d|%5.0d|%+.0d|", 0, 7, 0, 0);
	PRINTS(test, "|", "%.d|", 0);
	PRINTS(test, "     005|005     |    -005|", "%8.3d|%-8.3d|%8.3d|", 5, 5, -5);
	PRINTS(test, "     005|", "%08.3d|", 5);
	PRINTS(test, "0005|5|", "%.*d|%.*d|", 4, 5, -4, 5);
	PRINTS(test, "000000000000000000000000000000ff", "%.32x", 255);
	PRINTS(test, "0x00ff|  0x00ff|", "%#.4x|%#8.4x|", 255, 255);
	PRINTS(test, "010|0010|0|", "%#.3o|%#.4o|%#.0o|", 8, 8, 0);
}

static void strings(struct kunit *test)
{
	static const char no_end[] = { 'a', 'b', 'c' };

	PRINTS(test, "pool", "%s", "pool");
	PRINTS(test, "|", "%s|", "");
	PRINTS(test, "   ab|ab   |abcdef|", "%5s|%-5s|%5s|", "ab", "ab", "abcdef");
	PRINTS(test, "ab||ab|", "%.2s|%.0s|%.9s|", "abc", "abc", "ab");
	PRINTS(test, "   ab|ab   |", "%5.2s|%-5.2s|", "abc", "abc");
	PRINTS(test, "abc|ab|abc", "%.3s|%.*s|%.*s", no_end, 2, no_end, -1, "abc");
	PRINTS(test, "(null)|    (null)", "%s|%10s", (char *)NULL, (char *)NULL);
}

static void characters(struct kunit *test)
{
	char buf[4] = { 'x', 'x', 'x', 'x' };

	PRINTS(test, "a|  a|a  |", "%c|%3c|%-3c|", 'a', 'a', 'a');
	KUNIT_EXPECT_EQ(test, snprintf(buf, sizeof(buf), "%c%c", 0, 'b'), 2);
	KUNIT_EXPECT_MEMEQ(test, buf, "\0b\0x", 4);
}

static void pointers(struct kunit *test)
{
	PRINTS(test, "0x0000000000000000", "%p", (void *)NULL);
	PRINTS(test, "0x0000000000100000", "%p", (void *)0x100000);
	PRINTS(test, "0xffffffffffffffff", "%p", (void *)UINTPTR_MAX);
	PRINTS(test, "  0x0000000000000abc|0x0000000000000abc  |", "%20p|%-20p|", (void *)0xabc,
	       (void *)0xabc);
}

/* An unknown conversion is printed as it stands, so that the mistake is visible. */
static void unknown_conversions(struct kunit *test)
{
	PRINTS(test, "%y|", "%y|");
	PRINTS(test, "%-5.3q|7", "%-5.3q|%d", 7);
	PRINTS(test, "%", "%");
	PRINTS(test, "7 %5", "%d %5", 7);
	PRINTS(test, "%l", "%l");
}

/* Six arguments are passed in registers, three of them are named; the rest is on the stack. */
static void many_arguments(struct kunit *test)
{
	PRINTS(test, "1 two 3 4 5 six 7 8 nine -10", "%d %s %c %llu %x %s %ld %zu %s %hhd", 1,
	       "two", '3', 4ull, 5, "six", 7l, (size_t)8, "nine", -10);
}

/*
 * size 4:  |a|b|c|NUL|guard|    the rest of "abcdef" is counted, not written
 */
static void truncation(struct kunit *test)
{
	for (size_t size = 0; size <= 8; size++) {
		static const char full[] = "abc42d";
		size_t kept = size < 7 ? size : 7; /* bytes written, with the NUL */
		char buf[9];

		memset(buf, '#', sizeof(buf));
		KUNIT_EXPECT_EQ(test, snprintf(buf, size, "%s%d%c", "abc", 42, 'd'), 6);
		if (kept) {
			KUNIT_EXPECT_MEMEQ(test, buf, full, kept - 1);
			KUNIT_EXPECT_EQ(test, buf[kept - 1], '\0');
		}
		KUNIT_EXPECT_MEMEQ(test, buf + kept, "#########", sizeof(buf) - kept);
	}
	KUNIT_EXPECT_EQ(test, snprintf(NULL, 0, "%100d", 1), 100);
}

/* Callers that trust their buffer say so. buf + SIZE_MAX would wrap. */
static void any_size_is_allowed(struct kunit *test)
{
	static const size_t sizes[] = { INT_MAX, (size_t)INT_MAX + 1, SIZE_MAX / 2, SIZE_MAX };
	char buf[8];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		memset(buf, '#', sizeof(buf));
		KUNIT_EXPECT_EQ(test, print(buf, sizes[i], "%d", 12345), 5);
		KUNIT_EXPECT_MEMEQ(test, buf, "12345\0##", sizeof(buf));
	}
}

/* format_test.c has more of these. */
static void text_that_is_too_long(struct kunit *test)
{
	char buf[8] = "#######";
	int length;

	KUNIT_EXPECT_EQ(test, print(buf, sizeof(buf), "ab%*d", INT_MIN, 1), -1);
	KUNIT_EXPECT_STREQ(test, buf, "ab");
	KUNIT_EXPECT_EQ(test, print(buf, sizeof(buf), "%*d|", INT_MAX, 1), -1);
	KUNIT_EXPECT_STREQ(test, buf, "       ");
	KUNIT_EXPECT_MESSAGE(test, "# printed up to here",
			     length = print_to_console("# printed up to here%*d", INT_MIN, 1));
	KUNIT_EXPECT_EQ(test, length, -1);
}

static void printk_returns_the_length(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, printk("%s", ""), 0);
	KUNIT_EXPECT_MESSAGE(test, "# this line is 30 bytes long:",
			     KUNIT_EXPECT_EQ(test, printk("# %s\n", "this line is 30 bytes long:"),
					     30));
}

static struct kunit_case printk_cases[] = {
	KUNIT_CASE(text_and_percent),
	KUNIT_CASE(decimal),
	KUNIT_CASE(hex_and_octal),
	KUNIT_CASE(lengths),
	KUNIT_CASE(width),
	KUNIT_CASE(sign),
	KUNIT_CASE(precision),
	KUNIT_CASE(strings),
	KUNIT_CASE(characters),
	KUNIT_CASE(pointers),
	KUNIT_CASE(unknown_conversions),
	KUNIT_CASE(many_arguments),
	KUNIT_CASE(truncation),
	KUNIT_CASE(any_size_is_allowed),
	KUNIT_CASE(text_that_is_too_long),
	KUNIT_CASE(printk_returns_the_length),
	{},
};

static struct kunit_suite printk_suite = {
	.name = "printk",
	.test_cases = printk_cases,
};

kunit_test_suite(printk_suite);
