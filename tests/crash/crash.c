// SPDX-License-Identifier: MIT
/*
 * crash.c - crashes the kernel on request
 *
 * Words on the kernel's command line:
 *
 *	crash=NAME	crash in this way
 *	crash=list	print all names, and what each shows
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

/* @knob: how to build a kernel in which the list is not empty; its names begin with @prefix. */
static const struct {
	const struct crash_case *cases;
	const char *prefix;
	const char *knob;
} tables[] = {
	{ .cases = crash_traps },
	{ .cases = crash_places },
	{ .cases = crash_heap },
	{ .cases = crash_pool },
	{ .cases = crash_undo },
	{ crash_ubsan, "ubsan-", "UBSAN=1" },
	{ crash_kasan, "kasan-", "KASAN=1" },
};

#define NR_TABLES (sizeof(tables) / sizeof(*tables))

/* The first case of a table. HIDE: clang takes the weak constants above for the real lists. */
static const struct crash_case *first_of(size_t table)
{
	return HIDE(tables[table].cases);
}

/* The crash of that name, or NULL. Then this has looked for the nearest name. */
static const struct crash_case *find(struct nearest *nearest)
{
	for (size_t i = 0; i < NR_TABLES; i++)
		for (const struct crash_case *one = first_of(i); one->name; one++) {
			if (!strcmp(one->name, nearest->word))
				return one;
			nearest_try(nearest, one->name);
		}
	return NULL;
}

/* Says why there is no crash of that name. */
static void explain(const struct nearest *nearest)
{
	for (size_t i = 0; i < NR_TABLES; i++) {
		const char *prefix = tables[i].prefix;

		if (!prefix || first_of(i)->name || strncmp(nearest->word, prefix, strlen(prefix)))
			continue;
		printk("# crash=%s needs a kernel built with %s\n", nearest->word, tables[i].knob);
		return;
	}
	printk("# no crash is called \"%s\"%s\n", nearest->word, nearest->text);
}

static void list(void)
{
	unsigned int count = 0;

	for (size_t i = 0; i < NR_TABLES; i++) {
		if (!first_of(i)->name)
			printk("# a kernel built with %s has more: crash=%s...\n", tables[i].knob,
			       tables[i].prefix);
		for (const struct crash_case *one = first_of(i); one->name; one++, count++)
			printk("#   crash=%-24s  %s\n", one->name, one->shows);
	}
	printk("# listed: %u crashes\n", count);
}

/**
 * crash_run() - crash the kernel
 * @name: how; or "list"
 *
 * Return: only if nothing crashed: whether the list was asked for. If not, there is no such crash.
 * The list was printed.
 */
bool crash_run(const char *name)
{
	struct nearest nearest = { .word = name };
	const struct crash_case *one = find(&nearest);
	bool is_list = !strcmp(name, "list");

	if (one) {
		one->crash();
		printk("# crash=%s: the kernel went on\n", name);
		arch_power_off(EXIT_FAILED);
	}
	if (!is_list)
		explain(&nearest);
	list();
	return is_list;
}

static enum verdict run_crash(const struct boot_info *boot)
{
	char name[WORD_MAX];

	if (cmdline_get(boot->cmdline, "crash", name, sizeof(name)) == -ENOENT)
		return VERDICT_NOTHING;
	(void)crash_run(name);
	arch_power_off(EXIT_NOTHING);
}

static const struct program crash = {
	.name = "crash",
	.options = PROGRAM_WORDS("crash="),
	.run = run_crash,
};

REGISTER_PROGRAM(2, crash);
