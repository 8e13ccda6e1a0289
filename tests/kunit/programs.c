// SPDX-License-Identifier: MIT
/*
 * programs.c - registers the test run as a program of the kernel
 *
 * The kernel runs every registered program when it is up (kernel/program.h). This
 * one reads these words of the kernel command line:
 *
 *	test=SUITE[.CASE]  run only this suite or case; may be repeated; an unknown name is no
 *			   success, and nothing runs
 *	test=list          run nothing, print the names of all suites and cases
 *	test=none          run nothing: for the demonstration alone
 *	trace=NAME         the name of the trace in module 0, for messages
 *	seed=N rounds=N    of the suite "model": its first seed, and how many rounds
 *	icount             QEMU runs with -icount: the TSC counts instructions exactly
 */
#include <kernel/arch.h>
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/program.h>
#include <tests/kunit/kunit.h>
#include <tests/model/model_test.h>
#include <tests/replay/replay.h>

/* Chooses what the words test= name, or everything if there is none; false: run nothing. */
static bool choose(const char *cmdline)
{
	/* A name that is cut is unknown, because the names of cases are shorter. */
	char word[128], name[128];
	bool known = true, none = false;

	if (!cmdline_has(cmdline, "test"))
		return kunit_choose("");
	while (cmdline_next(&cmdline, word, sizeof(word))) {
		if (cmdline_get(word, "test", name, sizeof(name)) < 0)
			continue;
		if (!strcmp(name, "none"))
			none = true;
		else if (!kunit_choose(name))
			known = false;
	}
	if (!known)
		kunit_list();
	return known && !none;
}

static enum verdict run_tests(const struct boot_info *boot)
{
	static char trace[128]; /* the replay keeps the pointer */
	struct kunit_counts counts;
	char seed[24], rounds[24];

	/* Loaders drop an empty module. trace= then shows that there should be one. */
	if (boot->nr_modules || cmdline_has(boot->cmdline, "trace")) {
		cmdline_get(boot->cmdline, "trace", trace, sizeof(trace));
		if (!trace[0])
			snprintf(trace, sizeof(trace), "module");
		replay_set_module(trace, boot->nr_modules ? (void *)boot->modules[0].start : "",
				  boot->nr_modules ? boot->modules[0].size : 0,
				  cmdline_has(boot->cmdline, "icount") ? arch_cycles : NULL);
	}

	cmdline_get(boot->cmdline, "seed", seed, sizeof(seed));
	cmdline_get(boot->cmdline, "rounds", rounds, sizeof(rounds));
	model_set(seed, rounds);

	if (!choose(boot->cmdline))
		return VERDICT_NOTHING;
	counts = kunit_run();
	if (counts.failed)
		return VERDICT_FAILED;
	return counts.passed ? VERDICT_PASSED : VERDICT_NOTHING;
}

static const struct program tests = {
	.name = "tests",
	.options = PROGRAM_WORDS("test= trace= seed=N rounds=N icount"),
	.run = run_tests,
};

REGISTER_PROGRAM(5, tests);
