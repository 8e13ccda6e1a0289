// SPDX-License-Identifier: MIT
/*
 * bug.c - ends the demonstration of a kernel with a sanitizer: the report of a real bug
 *
 * A sanitizer that finds nothing looks like one that is switched off. So after the tests, if
 * the word "demo" is on the command line, UBSAN and KASAN each get one bug from tests/crash/.
 * Its report comes from the code that always prints it; only its end is caught:
 *
 *	run_bug() --> crash() --> the sanitizer's report --> panic_survivor
 *	    ^                                                     |
 *	    +-------------- __builtin_longjmp --------------------+
 */
#include <stdbool.h>

#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/program.h>
#include <kernel/report/panic.h>
#include <tests/crash/crash.h>

/**
 * struct bug - a bug on purpose
 * @by: who must report it
 * @cases: the crashes of that sanitizer; an empty list in a kernel without it
 * @crash: which of them it is
 * @what: what it does, for the text
 * @words: what the reason must contain
 * @at_end: is the reason only in the line "Bail out!"?
 */
static const struct bug {
	const char *by;
	const struct crash_case *cases;
	const char *crash;
	const char *what;
	const char *words;
	bool at_end;
} bugs[] = {
	{ "UBSAN", crash_ubsan, "ubsan-add", "INT_MAX + 1", "2147483647 + 1 does not fit 'int'",
	  true },
	{ "KASAN", crash_kasan, "kasan-aligned-overflow", "a write past a pool object",
	  "0 bytes after the object of 13 bytes", false },
};

static void *caught[5]; /* for __builtin_longjmp() */
static char reason[320];

static void go_on(const char *why)
{
	snprintf(reason, sizeof(reason), "%s", why);
	__builtin_longjmp(caught, 1);
}

/*
 * Runs into the bug. Not inlined: the jump back restores the stack, not the other registers, and
 * show_bug() has variables in them.
 */
__attribute__((noinline)) static void run_into(const struct crash_case *one)
{
	reason[0] = '\0';
	if (!__builtin_setjmp(caught)) {
		panic_survivor = go_on;
		one->crash();
	}
	panic_survivor = NULL;
}

static bool show_bug(const struct bug *bug, const struct crash_case *one)
{
	printk("# The demonstration ends with a bug on purpose: %s. %s's report of it:\n",
	       bug->what, bug->by);
	printk("#"); /* the report begins with a line break */
	run_into(one);
	if (!strstr(reason, bug->words)) {
		printk("%s# WRONG: %s did not report it: \"%s\"\n", *reason ? "" : "\n", bug->by,
		       reason);
		return false;
	}
	if (bug->at_end)
		printk("# %s\n", reason);
	printk("# %s caught it, as it should. Without the word demo, the kernel would end here.\n",
	       bug->by);
	return true;
}

/*
 * A report that came does not make a run pass: with test=list, say, nothing ran. One that did not
 * come makes it fail.
 */
static enum verdict run_bugs(const struct boot_info *boot)
{
	enum verdict verdict = VERDICT_NOTHING;

	if (!cmdline_has(boot->cmdline, "demo"))
		return VERDICT_NOTHING;
	for (const struct bug *bug = bugs; bug < bugs + sizeof(bugs) / sizeof(*bugs); bug++)
		for (const struct crash_case *one = HIDE(bug->cases); one->name; one++)
			if (!strcmp(one->name, bug->crash) && !show_bug(bug, one))
				verdict = VERDICT_FAILED;
	return verdict;
}

static const struct program demo_bug = {
	.name = "bug",
	.options = PROGRAM_WORDS("demo"),
	.run = run_bugs,
};

REGISTER_PROGRAM(9, demo_bug);
