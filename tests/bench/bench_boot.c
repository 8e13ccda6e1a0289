// SPDX-License-Identifier: MIT
/*
 * bench_boot.c - prints how many instructions the boot took
 *
 * It is the last program before the machine is switched off. tests/bench/bench
 * compares its line for 12 MiB and for 900 GiB of RAM.
 */
#include <kernel/boot_cost.h>
#include <kernel/lib/printk.h>
#include <kernel/program.h>
#include <tests/bench/bench.h>

static enum verdict print_cost(const struct boot_info *boot)
{
	uint64_t now = arch_cycles();

	(void)boot;
	if (bench_is_wanted())
		printk("# boot: %lu instructions to main, %lu to power-off, %lu for tables, %lu to print\n",
		       boot_cost.main - boot_cost.entry,
		       now - boot_cost.entry - boot_cost.paging - boot_cost.printing,
		       boot_cost.paging, boot_cost.printing);
	return VERDICT_NOTHING;
}

static const struct program bench_boot = {
	.name = "bench_boot",
	.options = PROGRAM_WORDS(""),
	.run = print_cost,
};

REGISTER_PROGRAM(9, bench_boot);
