// SPDX-License-Identifier: MIT
/*
 * memory_table.c - prints the firmware's memory map
 */
#include <kernel/arch.h>
#include <kernel/boot_cost.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>
#include <kernel/memory_map.h>

static const char *type_name(uint32_t type)
{
	static const char *const names[] = {
		[BOOT_MEMORY_RAM] = "RAM",
		[BOOT_MEMORY_RESERVED] = "reserved",
		[BOOT_MEMORY_ACPI] = "ACPI tables",
		[BOOT_MEMORY_ACPI_NVS] = "ACPI NVS",
		[BOOT_MEMORY_BAD] = "bad RAM",
		[BOOT_MEMORY_DISABLED] = "disabled",
		[BOOT_MEMORY_PERSISTENT] = "persistent",
	};

	if (type < sizeof(names) / sizeof(*names) && names[type])
		return names[type];
	return "unknown";
}

/**
 * size_text() - write a size with a unit
 * @bytes: the size
 *
 * Rounds down to a tenth of the unit, and leaves out ".0".
 *
 * Return: the text, in a structure, so that the caller needs no buffer.
 */
struct size_text size_text(uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	struct size_text size = { "" };
	unsigned int unit = 0;
	unsigned int tenths = 0;

	for (; bytes >= 1024; bytes /= 1024, unit++)
		tenths = bytes % 1024 * 10 / 1024;
	if (tenths)
		snprintf(size.text, sizeof(size.text), "%lu.%u %s", bytes, tenths, units[unit]);
	else
		snprintf(size.text, sizeof(size.text), "%lu %s", bytes, units[unit]);
	return size;
}

/* Prints a row of the table. If the size is 0, the start is printed as the end, too. */
static void print_row(uint64_t start, uint64_t size, const char *type, const char *name)
{
	printk("#   %012lx-%012lx  %10s  %s", start, start + size - !!size, size_text(size).text,
	       type);
	printk("%*s%s\n", *name ? 14 - (int)strlen(type) : 0, "", name);
}

/**
 * memory_map_print() - print the firmware's map, and where the kernel and modules are
 * @boot: what the loader said
 *
 * Keeps the firmware's order. Between ascending entries, known places that have no entry
 * are shown, too.
 */
void memory_map_print(const struct boot_info *boot)
{
	uint64_t start = arch_cycles() - boot_cost.printing;
	uint64_t end = 0;

	printk("# memory map, as %s gave it:\n", boot->loader);
	for (unsigned int i = 0; i < boot->nr_memory; i++) {
		const struct boot_memory *entry = &boot->memory[i];
		const char *hole = "";
		const char *name = "";

		if (entry->start > end)
			hole = arch_place_name(end, entry->start - 1, false);
		if (*hole)
			print_row(end, entry->start - end, "-", hole);
		if (entry->size && entry->type == BOOT_MEMORY_RESERVED)
			name = arch_place_name(entry->start, entry->start + entry->size - 1, true);
		print_row(entry->start, entry->size, type_name(entry->type), name);
		end = entry->start + entry->size;
	}
	if (boot->nr_memory_lost)
		printk("#   and %u more entries, not used\n", boot->nr_memory_lost);

	printk("# what the loader put there:\n");
	print_row(IMAGE_START, IMAGE_END - IMAGE_START, "kernel", "");
	for (unsigned int i = 0; i < boot->nr_modules; i++)
		print_row(boot->modules[i].start, boot->modules[i].size, "module", "");

	/* The cost of printing includes the work of this function. */
	boot_cost.printing = arch_cycles() - start;
}
