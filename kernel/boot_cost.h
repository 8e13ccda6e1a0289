/* SPDX-License-Identifier: MIT */
/*
 * boot_cost.h - where the instructions of a boot go
 *
 * Readings of arch_cycles(), which counts instructions under QEMU's -icount. A boot must
 * not take longer on a machine with more memory: tests/bench/bench_boot.c checks that.
 */
#ifndef KERNEL_BOOT_COST_H
#define KERNEL_BOOT_COST_H

#include <stdint.h>

/**
 * struct boot_cost - readings of the clock
 * @entry: when boot.S began, the low 32 bits; boot.S stores it
 * @main: when kernel_main() began
 * @paging: spent on page tables
 * @printing: spent on printk() and the memory map's table
 */
struct boot_cost {
	uint64_t entry;
	uint64_t main;
	uint64_t paging;
	uint64_t printing;
};

extern struct boot_cost boot_cost;

#endif /* KERNEL_BOOT_COST_H */
