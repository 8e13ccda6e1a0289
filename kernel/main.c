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
 * kernel_main() - boot the kernel, run the programs, power off
 * @boot: what the loader said
 */
void kernel_main(const struct boot_info *boot)
{
	struct usable_memory usable;
	enum exit_status status;

	boot_cost.main = arch_cycles();

	/* Print the command line, and warn of words that no program knows. */
	programs_print_cmdline(boot->cmdline);

	/* Print the firmware's memory map. */
	memory_map_print(boot);

	/* Find the RAM in it that nothing else uses. */
	ram_find(boot, &usable);

	/* Give the page allocator the RAM that is mapped already: below 4 GiB. */
	ram_add_low(&usable);

	/* Take pages for page tables: code cannot be written, data cannot run. */
	ram_protect(boot, &usable);

	/* Map the rest of RAM, and give it to the page allocator. */
	ram_add_high(&usable);
	ram_print(&usable);

	/* The heap takes pages and gives out aligned blocks; pools take blocks. */
	heap_init(&kernel_heap, &kernel_pages);
	heap_set_secret(&kernel_heap, arch_random());

	/* The kernel is up: run what was linked in, such as the tests. */
	status = programs_run(boot);

	/* Tell the host how it went. */
	arch_power_off(status);
}
