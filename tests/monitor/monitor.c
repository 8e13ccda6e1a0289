// SPDX-License-Identifier: MIT
/*
 * monitor.c - registers the monitor as a program of the kernel
 *
 * It runs alone, if the first of these words is on the command line; tests/monitor/run writes them:
 *
 *	monitor=lines	lines come from a file, or from another program; also without a value
 *	monitor=tty	keys come from a terminal
 *	monitor=dumb	the same, but it knows no escape sequences
 *	columns=N	how wide the terminal is (80)
 *	colour		it shows colours
 */
#include <kernel/arch.h>
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/program.h>
#include <mm/page.h>
#include <tests/monitor/line/prompt.h>
#include <tests/monitor/monitor.h>
#include <tests/monitor/text/text.h>

#define COLUMNS_MIN 20
#define COLUMNS_MAX 500
#define SESSION_PAGES ((size_t)14336) /* for traces of 100,000 objects */

static struct monitor monitor;

static size_t find_columns(const char *cmdline)
{
	char text[8];
	size_t columns = 0;

	cmdline_get(cmdline, "columns", text, sizeof(text));
	for (const char *c = text; *c >= '0' && *c <= '9'; c++)
		columns = 10 * columns + *c - '0';
	return columns < COLUMNS_MIN ? 80 : columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
}

static void print(void *arg, const char *text, size_t length)
{
	(void)arg;
	printk("%.*s", (int)length, text);
}

/* The next byte, or -1. Nothing tells the kernel when one comes, so it asks again and again. */
static int read_console(void)
{
	int byte = arch_console_read();

	if (byte < 0)
		__builtin_ia32_pause();
	return byte;
}

static enum answer run_line(void *owner, char *line)
{
	return command_run(owner, line);
}

static bool candidate(void *owner, const char *line, size_t start, size_t i, char *name)
{
	return command_candidate(owner, line, start, i, name);
}

/*
 * Gives the session half of the free memory, up to 56 MiB: a quarter of that to the text's pool.
 * The rest is for tests.
 */
static bool open_session(const struct boot_info *boot)
{
	struct page_stats free;
	char *memory = NULL;
	size_t pages, bytes;
	static struct text text;
	uint64_t (*clock)(void) = cmdline_has(boot->cmdline, "icount") ? arch_cycles : NULL;

	page_get_stats(&kernel_pages, &free);
	pages = (free.total - free.used) / 2;
	if (pages > SESSION_PAGES)
		pages = SESSION_PAGES;
	while (pages && !(memory = page_alloc(&kernel_pages, pages)))
		pages /= 2; /* there is no range with so many */
	if (boot->nr_modules) {
		monitor.trace_data = (const void *)boot->modules[0].start;
		monitor.trace_size = boot->modules[0].size;
	}
	bytes = (pages - pages / 4) * MM_PAGE_SIZE;
	text.memory = memory + bytes;
	text.bytes = pages / 4 * MM_PAGE_SIZE;
	if (text_world_open(&text.world, text.memory, text.bytes, clock))
		monitor.text = &text;
	return session_open(&monitor.session, memory, bytes, clock);
}

static enum verdict run_monitor(const struct boot_info *boot)
{
	static struct prompt prompt = {
		.edit.candidate = candidate,
		.read = read_console,
		.run = run_line,
		.owner = &monitor,
	};
	char input[8];

	if (!cmdline_has(boot->cmdline, "monitor"))
		return VERDICT_NOTHING;
	cmdline_get(boot->cmdline, "monitor", input, sizeof(input));
	prompt.edit.escapes = !strcmp(input, "tty");
	prompt.edit.keys = prompt.edit.escapes || !strcmp(input, "dumb");
	prompt.edit.columns = find_columns(boot->cmdline);
	monitor.write = print;
	monitor.commands = commands;
	monitor.machine = &monitor_machine;
	monitor_machine.boot = boot;
	monitor.waiting.kind = OP_KINDS;
	monitor.is_terminal = prompt.edit.escapes;
	monitor.colour = cmdline_has(boot->cmdline, "colour");
	monitor.columns = prompt.edit.columns;
	if (!open_session(boot)) {
		printk("# the monitor needs more RAM\n");
		return VERDICT_FAILED;
	}
	play_reopen(&monitor);
	say(&monitor, "Type help, or: create 256, alloc p0 100, alloc p0 120, why, pool\n");
	prompt_run(&prompt);
	if (arch_console_lost())
		printk("# warning: input was lost %u times\n", arch_console_lost());
	return prompt.nr_failed && !prompt.edit.keys ? VERDICT_FAILED : VERDICT_PASSED;
}

static const struct program monitor_program = {
	.name = "monitor",
	.options = PROGRAM_WORDS("monitor= columns=N colour"),
	.alone = "monitor",
	.run = run_monitor,
};

REGISTER_PROGRAM(9, monitor_program);
