// SPDX-License-Identifier: MIT
/*
 * programs.c - registers the test run as a program of the kernel
 *
 * The kernel runs every registered program when it is up (kernel/program.h). This
 * one reads these words of the kernel command line:
 *
 *	test=SUITE[.CASE]  run only this suite or case; an unknown name is no success
 *	trace=NAME         the name of the trace in module 0, for messages
 *	seed=N rounds=N    of the suite "model": its first seed, and how many rounds
 *	icount             QEMU runs with -icount: the TSC counts instructions exactly
 */
#include <kernel/arch.h>
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/program.h>
#include <mm/env.h>
#include <tests/kunit/kunit.h>
#include <tests/model/model_test.h>
#include <tests/replay/replay.h>

static enum verdict run_tests(const struct boot_info *boot)
{
	static char trace[128]; /* the replay keeps the pointer */
	struct kunit_counts counts;
	char filter[64], seed[24], rounds[24];

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

	/* A name that was cut short might be the name of another test. */
	if (cmdline_get(boot->cmdline, "test", filter, sizeof(filter)) == -ENOSPC) {
		printk("# test=: no test has a name that long\n");
		return VERDICT_NOTHING;
	}
	counts = kunit_run(filter);
	if (counts.failed)
		return VERDICT_FAILED;
	return counts.passed ? VERDICT_PASSED : VERDICT_NOTHING;
}

static const struct program tests = {
	.name = "tests",
	.options = "test trace seed rounds icount",
	.run = run_tests,
};

REGISTER_PROGRAM(5, tests);
