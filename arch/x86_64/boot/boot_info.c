// SPDX-License-Identifier: MIT
/*
 * boot_info.c - the loader's data, copied into struct boot_info
 *
 * The loader left its data wherever it had room. All of it is copied before the
 * kernel writes to any memory outside its image. From then on the memory of that
 * data counts as free. Modules are not copied: they stay where they are.
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>

#define MAPPED_END (1ULL << 32) /* boot.S maps the low 4 GiB */

/**
 * boot_data() - check that a piece of the loader's data can be read; panic if not
 * @what: its name, for the panic message
 * @start: its address
 * @size: its size in bytes
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
 * boot_string() - check that a string of the loader's can be read; panic if not
 * @what: its name, for the panic message
 * @start: its address
 * @max: how many bytes of it will be read, at most
 *
 * Return: @start as a pointer to a string whose NUL, or whose first @max bytes, can be read.
 */
const char *boot_string(const char *what, uint64_t start, size_t max)
{
	const char *text = boot_data(what, start, 1);
	uint64_t room = MAPPED_END - start;

	boot_data(what, start, strnlen(text, max < room ? max : room) + 1ULL);
	return text;
}

/**
 * boot_add_memory() - add an entry of the firmware's memory map
 * @boot: where to add it
 * @start: its first address
 * @size: in bytes
 * @type: the firmware's number for the type
 *
 * Entries are not checked here. Entries that do not fit are counted in nr_memory_lost.
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
 * boot_add_module() - add a boot module
 * @boot: where to add it
 * @start: its first address
 * @size: in bytes; 0 for an empty file, which GRUB puts at address 0
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
 * @boot: where to copy it
 * @text: the command line, ended by a NUL
 * @max: how many bytes may be read; @text may end here without a NUL
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
 * boot_check_modules() - panic if a module lies over the kernel
 * @boot: the modules
 * @image_start: first byte of the kernel
 * @image_end: just past its last byte, .bss included
 *
 * Loaders do not check where they put modules.
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
