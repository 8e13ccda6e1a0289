// SPDX-License-Identifier: MIT
/*
 * kunit_expect.c - the comparisons behind the EXPECT and ASSERT macros
 *
 * Each check returns if the expectation holds, and calls kunit_report() if not.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

/*
 * Compares by value, whatever the signedness of the two types. Returns less than 0,
 * 0 or more than 0. C would convert -1 to unsigned and find -1 > 1u.
 */
static int compare(struct kunit_number left, struct kunit_number right)
{
	bool left_below = left.is_signed && (int64_t)left.bits < 0;
	bool right_below = right.is_signed && (int64_t)right.bits < 0;

	if (left_below != right_below)
		return left_below ? -1 : 1;
	return (left.bits > right.bits) - (left.bits < right.bits);
}

/* Does "left @op right" hold? @order is the result of comparing the two, as strcmp()'s. */
static bool holds(int order, enum kunit_op op)
{
	switch (op) {
	case KUNIT_EQ:
		return order == 0;
	case KUNIT_NE:
		return order != 0;
	case KUNIT_LT:
		return order < 0;
	case KUNIT_LE:
		return order <= 0;
	case KUNIT_GT:
		return order > 0;
	case KUNIT_GE:
		return order >= 0;
	}
	return false;
}

static void number_text(char *text, size_t size, struct kunit_number number)
{
	unsigned long long bits = number.bits;

	if (number.is_signed)
		snprintf(text, size, "%lld (0x%llx)", (long long)bits, bits);
	else
		snprintf(text, size, "%llu (0x%llx)", bits, bits);
}

void kunit_check_numbers(struct kunit *test, const struct kunit_site *site,
			 struct kunit_number left, enum kunit_op op, struct kunit_number right)
{
	char expected[48], got[48];

	if (holds(compare(left, right), op))
		return;
	number_text(expected, sizeof(expected), right);
	number_text(got, sizeof(got), left);
	kunit_report(test, site, op, expected, got);
}

void kunit_check_bool(struct kunit *test, const struct kunit_site *site, bool got, bool expected)
{
	if (got != expected)
		kunit_report(test, site, KUNIT_EQ, expected ? "true" : "false",
			     got ? "true" : "false");
}

void kunit_check_pointers(struct kunit *test, const struct kunit_site *site, const void *left,
			  enum kunit_op op, const void *right)
{
	char expected[24], got[24];

	if (holds(left != right, op))
		return;
	snprintf(expected, sizeof(expected), right ? "0x%zx" : "NULL", (size_t)right);
	snprintf(got, sizeof(got), left ? "0x%zx" : "NULL", (size_t)left);
	kunit_report(test, site, op, expected, got);
}

/* NULL is equal to NULL only, not to an empty string. */
void kunit_check_strings(struct kunit *test, const struct kunit_site *site, const char *left,
			 enum kunit_op op, const char *right)
{
	int order = left && right ? strcmp(left, right) : left != right;
	char expected[80], got[80];

	if (holds(order, op))
		return;
	snprintf(expected, sizeof(expected), right ? "\"%s\"" : "NULL", right);
	snprintf(got, sizeof(got), left ? "\"%s\"" : "NULL", left);
	kunit_report(test, site, op, expected, got);
}

void kunit_check_memory(struct kunit *test, const struct kunit_site *site, const void *left,
			const void *right, size_t size)
{
	const unsigned char *a = left, *b = right;
	char expected[48], got[48];
	size_t i = 0;

	if (!memcmp(left, right, size))
		return;
	while (i < size - 1 && a[i] == b[i])
		i++;
	snprintf(expected, sizeof(expected), "%u (0x%x) at byte %zu", b[i], b[i], i);
	snprintf(got, sizeof(got), "%u (0x%x)", a[i], a[i]);
	kunit_report(test, site, KUNIT_EQ, expected, got);
}

void kunit_fail(struct kunit *test, const struct kunit_site *site, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	kunit_report(test, site, KUNIT_EQ, NULL, text);
}
