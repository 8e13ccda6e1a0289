// SPDX-License-Identifier: MIT
/*
 * kunit_report.c - what a case says in the log: failures, remarks, a reason to be skipped
 *
 * ASSERT and kunit_skip() end a case early: __builtin_longjmp() brings it back to run_body()
 * in kunit.c.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

/* The innermost message that is awaited (kunit_message.c), or NULL. */
struct kunit_message *kunit_awaited;

/* What printk_taker was before a message was awaited. */
void (*kunit_outer_taker)(const char *text, size_t size);

/* Prints @text, also while a message is awaited. It is nobody's message. */
void kunit_print(const char *text)
{
	void (*taker)(const char *text, size_t size) = printk_taker;

	if (kunit_awaited)
		printk_taker = kunit_outer_taker;
	printk("%s", text);
	printk_taker = taker;
}

/* Text under test may hold newlines. It must not forge a line of the log. */
void kunit_make_printable(char *text)
{
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

/* Prints one line of a case's diagnostics, or appends it to test->log. */
static void log_line(struct kunit *test, const char *fmt, va_list args)
{
	char text[200];
	size_t used;

	vsnprintf(text, sizeof(text), fmt, args);
	kunit_make_printable(text);
	if (!test->log) {
		kunit_print("    # ");
		kunit_print(text);
		kunit_print("\n");
		return;
	}
	used = strlen(test->log);
	snprintf(test->log + used, test->log_size - used, "# %s\n", text);
}

__attribute__((format(printf, 2, 3))) static void detail(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line(test, fmt, args);
	va_end(args);
}

/**
 * kunit_info() - print a diagnostic line that starts with the name of the case
 * @test: the case
 * @fmt: as in printf(), without a newline
 */
void kunit_info(struct kunit *test, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	detail(test, "%s: %s", test->name, text);
}

/* Not inlined: a function must not __builtin_longjmp to its own __builtin_setjmp. */
__attribute__((noreturn, noinline)) static void end_case(struct kunit *test)
{
	__builtin_longjmp(test->abort, 1);
}

/**
 * kunit_skip() - end a case that cannot run on this machine
 * @test: the case
 * @why: the reason, for the log
 *
 * A case that has failed before stays failed.
 */
void kunit_skip(struct kunit *test, const char *why)
{
	if (test->status == KUNIT_SUCCESS)
		test->status = KUNIT_SKIPPED;
	snprintf(test->skip_reason, sizeof(test->skip_reason), "%s", why);
	end_case(test);
}

/* Counts a failure. Returns true if the log may still show it (KUNIT_FAILURES_SHOWN). */
bool kunit_note_failure(struct kunit *test)
{
	test->status = KUNIT_FAILURE;
	return ++test->failures <= KUNIT_FAILURES_SHOWN;
}

/*
 * Logs a failure: place, expression, "expected < 4 (0x4)", "got 5 (0x5)". If @expected is
 * NULL, @got alone replaces the last two lines. An ASSERT then ends the case.
 */
void kunit_report(struct kunit *test, const struct kunit_site *site, enum kunit_op op,
		  const char *expected, const char *got)
{
	static const char *const op_text[] = { "==", "!=", "<", "<=", ">", ">=" };

	if (kunit_note_failure(test)) {
		kunit_info(test, "%s FAILED at %s:%d",
			   site->is_assert ? "ASSERTION" : "EXPECTATION", site->file, site->line);
		if (site->right)
			detail(test, "  %s %s %s", site->left, op_text[op], site->right);
		else if (site->left)
			detail(test, "  %s", site->left);
		if (expected)
			detail(test, "  expected %s%s%s", op == KUNIT_EQ ? "" : op_text[op],
			       op == KUNIT_EQ ? "" : " ", expected);
		detail(test, expected ? "  got %s" : "  %s", got);
	}
	if (site->is_assert)
		end_case(test);
}
