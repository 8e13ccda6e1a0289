// SPDX-License-Identifier: MIT
/*
 * machine.c - what the monitor asks of the kernel: tests, crashes
 */
#include <tests/crash/crash.h>
#include <tests/kunit/kunit.h>
#include <tests/monitor/machine.h>

static bool run_test(const char *name)
{
	if (!kunit_choose(name)) {
		kunit_list();
		return false;
	}
	return !kunit_run().failed;
}

const struct machine monitor_machine = {
	.run_test = run_test,
	.crash = crash_run,
	.print_map = print_map,
	.find = print_find,
};
