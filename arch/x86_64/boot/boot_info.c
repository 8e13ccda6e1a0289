// SPDX-License-Identifier: MIT
/*
 * boot_info.c - the loader's data, copied into struct boot_info
 *
 * The loader left its data wherever it had room. All of it is copied here
 * before anything outside our own sections is written; after that its memory is
 * ours, but for the modules, which stay where they are.
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/arch.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>
#include <kernel/report/panic.h>
#include <kernel/sanitize/stack_guard.h>

#define MB2_MAGIC 0x36d76289
#define MAPPED_END (1ULL << 32) /* boot.S maps the low 4 GiB */

static struct boot_info boot_info;

/**
 * boot_start() - the first C function
 * @magic: MB2_MAGIC if a multiboot2 loader started us, else it was PVH
 * @info: address of what it says
 */
void boot_start(uint32_t magic, uint32_t info)
{
	stack_guard_seed(arch_random());
	descriptors_init();
	if (magic == MB2_MAGIC)
		mb2_parse(&boot_info, info);
	else
		pvh_parse(&boot_info, info);
	boot_check_modules(&boot_info, IMAGE_START, IMAGE_END);
	kernel_main(&boot_info);
}

/**
 * boot_data() - a piece of the loader's data, if it can be read
 * @what: its name, for the panic
 * @start: its address
 * @size: how many bytes must be readable
 *
 * Return: @start as a pointer.
 */
const void *boot_data(const char *what, uint64_t start, uint64_t size)
{
	if (!start || start >= MAPPED_END || size > MAPPED_END - start)
		panic("the loader's %s (%llu bytes at %#llx) is not in the low 4 GiB", what,
		      (unsigned long long)size, (unsigned long long)start);
	return (const void *)start;
}

/**
 * boot_add_memory() - note an entry of the firmware's memory map
 * @boot: where
 * @start: the address
 * @size: in bytes
 * @type: as the firmware numbers them
 *
 * Entries that do not fit are counted; all are taken as they come, right or not.
 */
void boot_add_memory(struct boot_info *boot, uint64_t start, uint64_t size, uint32_t type)
{
	if (boot->nr_memory == BOOT_MEMORY_MAX) {
		boot->nr_memory_lost++;
		return;
	}
	boot->memory[boot->nr_memory++] = (struct boot_memory){
		.start = start,
		.size = size,
		.type = type,
	};
}

/**
 * boot_add_module() - note a boot module
 * @boot: where
 * @start: the address
 * @size: in bytes; an empty file is a module, too, and GRUB puts it at 0
 */
void boot_add_module(struct boot_info *boot, uint64_t start, uint64_t size)
{
	if (boot->nr_modules == BOOT_MODULES_MAX)
		panic("more than %d boot modules", BOOT_MODULES_MAX);
	if (size)
		boot_data("module", start, size);
	boot->modules[boot->nr_modules++] = (struct boot_module){
		.start = start,
		.size = size,
	};
}

/**
 * boot_set_cmdline() - copy the command line
 * @boot: where to
 * @text: the command line, ended by a NUL
 * @max: how many bytes of it can be read at most
 */
void boot_set_cmdline(struct boot_info *boot, const char *text, size_t max)
{
	size_t length = strnlen(text, max);

	if (length >= BOOT_CMDLINE_MAX)
		panic("the command line is longer than %d bytes", BOOT_CMDLINE_MAX - 1);
	memcpy(boot->cmdline, text, length);
	boot->cmdline[length] = '\0';
}

/**
 * boot_check_modules() - no loader checks where it puts modules; we do
 * @boot: what was copied
 * @image_start: first byte of the kernel
 * @image_end: just past its last byte, .bss and all
 */
void boot_check_modules(const struct boot_info *boot, uint64_t image_start, uint64_t image_end)
{
	for (unsigned int i = 0; i < boot->nr_modules; i++) {
		uint64_t start = boot->modules[i].start;
		uint64_t end = start + boot->modules[i].size;

		if (start < end && start < image_end && image_start < end)
			panic("module %u (%#llx-%#llx) lies over the kernel (%#llx-%#llx)", i,
			      (unsigned long long)start, (unsigned long long)end - 1,
			      (unsigned long long)image_start, (unsigned long long)image_end - 1);
	}
}
