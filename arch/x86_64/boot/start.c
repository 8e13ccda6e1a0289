// SPDX-License-Identifier: MIT
/*
 * start.c - the first C function: reads what the loader said and starts the kernel
 *
 *	boot.S --> boot_start() --> mb2.c or pvh.c --> boot_info.c
 *	                |
 *	                +---------> kernel_main()
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/linker.h>
#include <kernel/sanitize/stack_guard.h>

#define MB2_MAGIC 0x36d76289

static struct boot_info boot_info;

/**
 * boot_start() - read what the loader said and start the kernel
 * @magic: MB2_MAGIC if a multiboot2 loader started us, else it was a PVH loader
 * @info: address of the loader's information
 */
void boot_start(uint32_t magic, uint32_t info)
{
	printk(KTAP_HEADER);
	stack_guard_seed(arch_random());
	descriptors_init();
	if (magic == MB2_MAGIC)
		mb2_parse(&boot_info, info);
	else
		pvh_parse(&boot_info, info);
	boot_check_modules(&boot_info, IMAGE_START, IMAGE_END);
	kernel_main(&boot_info);
}
