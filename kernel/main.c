// SPDX-License-Identifier: MIT
/*
 * main.c - the boot order
 */
#include <kernel/arch.h>
#include <kernel/boot_cost.h>
#include <kernel/memory_map.h>
#include <kernel/program.h>
#include <kernel/ram.h>
#include <mm/heap.h>
#include <mm/page.h>

/**
 * kernel_main() - from the first machine-independent function to the last
 * @boot: what the loader told us
 */
void kernel_main(const struct boot_info *boot)
{
	struct usable_memory usable;
	enum exit_status status;

	boot_cost.main = arch_cycles();

	/* What were we asked to do, and does anyone understand all of it? */
	programs_print_cmdline(boot->cmdline);

	/* What does the firmware say is where? */
	memory_map_print(boot);

	/* Which part of that is RAM that nobody lives in? */
	ram_find(boot, &usable);

	/* Pages, bumped out of RAM: first out of what is mapped already, */
	ram_add_low(&usable);

	/* Page tables, out of pages: code cannot be written, data cannot run, */
	ram_protect(boot, &usable);

	/* and the rest of RAM can be mapped. */
	ram_add_high(&usable);
	ram_print(&usable);

	/* Aligned blocks, out of pages; pools live on these. */
	heap_init(&kernel_heap, &kernel_pages);
	heap_set_secret(&kernel_heap, arch_random());

	/* The kernel is up: run what was linked in, the tests for one. */
	status = programs_run(boot);

	/* And tell whoever started the machine how it went. */
	arch_power_off(status);
}
