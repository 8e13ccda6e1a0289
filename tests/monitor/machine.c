// SPDX-License-Identifier: MIT
/*
 * machine.c - what the monitor asks of the kernel
 */
#include <kernel/arch.h>
#include <kernel/lib/string.h>
#include <tests/crash/crash.h>
#include <tests/kunit/kunit.h>
#include <tests/monitor/look/draw.h>

static bool run_test(const char *name)
{
	if (!strcmp(name, "list")) {
		kunit_list();
		return true;
	}
	return kunit_choose(name) && !kunit_run().failed;
}

struct machine monitor_machine = {
	.run_test = run_test,
	.crash = crash_run,
	.print_map = map_print,
	.find = map_find,
	.is_readable = arch_is_readable,
};
