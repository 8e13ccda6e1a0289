/* SPDX-License-Identifier: MIT */
/*
 * boot_info.h - a copy of what the boot loader said, the same for every protocol
 */
#ifndef KERNEL_BOOT_INFO_H
#define KERNEL_BOOT_INFO_H

#include <stddef.h>
#include <stdint.h>

#define BOOT_MEMORY_MAX 128
#define BOOT_MODULES_MAX 4
#define BOOT_CMDLINE_MAX 2048

/* Types of memory, as firmware (E820) numbers them. */
enum boot_memory_type {
	BOOT_MEMORY_RAM = 1,
	BOOT_MEMORY_RESERVED = 2,
	BOOT_MEMORY_ACPI = 3,
	BOOT_MEMORY_ACPI_NVS = 4,
	BOOT_MEMORY_BAD = 5,
	BOOT_MEMORY_DISABLED = 6,
	BOOT_MEMORY_PERSISTENT = 7,
};

/* An entry of the firmware's map, in bytes. Entries may be unaligned, unsorted, overlapping. */
struct boot_memory {
	uint64_t start;
	uint64_t size;
	uint32_t type;
};

struct boot_module {
	uint64_t start;
	uint64_t size;
};

struct boot_info {
	const char *loader; /* "PVH" or "multiboot2" */
	char cmdline[BOOT_CMDLINE_MAX];
	unsigned int nr_memory;
	unsigned int nr_memory_lost; /* entries that did not fit */
	unsigned int nr_modules;
	struct boot_memory memory[BOOT_MEMORY_MAX];
	struct boot_module modules[BOOT_MODULES_MAX];
};

#endif /* KERNEL_BOOT_INFO_H */
