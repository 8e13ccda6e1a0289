// SPDX-License-Identifier: MIT
/*
 * crash.c - crashes the kernel on request
 *
 * Words on the kernel's command line:
 *
 *	crash=NAME	crash in this way
 *	crash=list	print all names
 */
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/program.h>
#include <mm/env.h>
#include <tests/crash/crash.h>

/* Empty lists, for a kernel that is built without the sanitizer. */
const struct crash_case crash_ubsan[1] __attribute__((weak));
const struct crash_case crash_kasan[1] __attribute__((weak));

static const struct crash_case *const tables[] = {
	crash_traps, crash_places, crash_heap, crash_pool, crash_ubsan, crash_kasan,
};

static enum verdict run_crash(const struct boot_info *boot)
{
	char name[32];
	bool list;

	if (cmdline_get(boot->cmdline, "crash", name, sizeof(name)) == -ENOENT)
		return VERDICT_NOTHING;
	list = !strcmp(name, "list");
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		/* HIDE: clang takes the weak constants above for the real lists. */
		for (const struct crash_case *one = HIDE(tables[i]); one->name; one++) {
			if (list)
				printk("# crash=%s\n", one->name);
			if (strcmp(one->name, name))
				continue;
			one->crash();
			printk("# crash=%s: the kernel went on\n", name);
			arch_power_off(EXIT_FAILED);
		}
	if (!list)
		printk("# crash=%s: no such crash; crash=list lists all\n", name);
	arch_power_off(EXIT_NOTHING);
}

static const struct program crash = {
	.name = "crash",
	.options = PROGRAM_WORDS("crash"),
	.run = run_crash,
};

REGISTER_PROGRAM(2, crash);
