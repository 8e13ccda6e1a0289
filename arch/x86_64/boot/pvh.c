// SPDX-License-Identifier: MIT
/*
 * pvh.c - reads what a PVH loader (QEMU -kernel) says
 *
 * Xen defines struct hvm_start_info in xen/include/public/arch-x86/hvm/start_info.h:
 *
 *	start_info --+--> command line, a string
 *	             +--> modules[nr_modules]
 *	             +--> memory map[memmap_entries], since version 1
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/report/panic.h>

#define PVH_MAGIC 0x336ec578

struct hvm_start_info {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t nr_modules;
	uint64_t modlist_paddr;
	uint64_t cmdline_paddr;
	uint64_t rsdp_paddr;
	uint64_t memmap_paddr;
	uint32_t memmap_entries;
	uint32_t reserved;
};

struct hvm_modlist_entry {
	uint64_t paddr;
	uint64_t size;
	uint64_t cmdline_paddr;
	uint64_t reserved;
};

struct hvm_memmap_entry {
	uint64_t addr;
	uint64_t size;
	uint32_t type;
	uint32_t reserved;
};

/**
 * pvh_parse() - copy what a PVH loader says
 * @boot: where to copy it; all zeros
 * @start_info: address of its struct hvm_start_info
 */
void pvh_parse(struct boot_info *boot, uint64_t start_info)
{
	const struct hvm_start_info *info = boot_data("start_info", start_info, sizeof(*info));
	const struct hvm_modlist_entry *module;
	const struct hvm_memmap_entry *memory;
	const char *cmdline;

	/* QEMU puts the command line in one page below start_info; a longer one runs over it. */
	if (info->magic != PVH_MAGIC)
		panic("start_info at %#llx has no magic: is the command line longer than 4 KiB?",
		      (unsigned long long)start_info);
	if (info->version < 1 || !info->memmap_entries)
		panic("the PVH loader gave no memory map (start_info version %u)", info->version);
	boot->loader = "PVH";

	memory = boot_data("memory map", info->memmap_paddr,
			   info->memmap_entries * (uint64_t)sizeof(*memory));
	for (uint32_t i = 0; i < info->memmap_entries; i++)
		boot_add_memory(boot, memory[i].addr, memory[i].size, memory[i].type);

	if (info->nr_modules) {
		module = boot_data("list of modules", info->modlist_paddr,
				   info->nr_modules * (uint64_t)sizeof(*module));
		for (uint32_t i = 0; i < info->nr_modules; i++)
			boot_add_module(boot, module[i].paddr, module[i].size);
	}

	if (info->cmdline_paddr) {
		cmdline = boot_string("command line", info->cmdline_paddr, BOOT_CMDLINE_MAX);
		boot_set_cmdline(boot, cmdline, BOOT_CMDLINE_MAX);
	}
}
