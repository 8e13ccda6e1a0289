// SPDX-License-Identifier: MIT
/*
 * mb2.c - reads what a multiboot2 loader (GRUB) says
 *
 * Its information is one block of tags. Each tag is aligned to 8 bytes and says its size:
 *
 *	total_size  0 | type  size  ... | type  size  ... | 0  8
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>

enum mb2_tag_type {
	MB2_END = 0,
	MB2_CMDLINE = 1,
	MB2_MODULE = 3,
	MB2_MEMORY_MAP = 6,
};

struct mb2_info {
	uint32_t total_size;
	uint32_t reserved;
};

struct mb2_tag {
	uint32_t type;
	uint32_t size; /* with these 8 bytes, without the padding after it */
};

struct mb2_module {
	struct mb2_tag tag;
	uint32_t start;
	uint32_t end;
};

struct mb2_memory_map {
	struct mb2_tag tag;
	uint32_t entry_size;
	uint32_t entry_version;
};

struct mb2_memory {
	uint64_t addr;
	uint64_t size;
	uint32_t type;
	uint32_t reserved;
};

static void need(const struct mb2_tag *tag, size_t size)
{
	if (tag->size < size)
		panic("a multiboot2 tag of type %u has only %u bytes", tag->type, tag->size);
}

static void parse_memory_map(struct boot_info *boot, const struct mb2_tag *tag)
{
	const struct mb2_memory_map *map = (const void *)tag;
	const struct mb2_memory *memory;

	need(tag, sizeof(*map));
	if (map->entry_size < sizeof(*memory))
		panic("multiboot2 memory map with entries of %u bytes", map->entry_size);
	/* Later versions may have longer entries, but the first members stay. */
	for (size_t at = sizeof(*map); at <= tag->size && tag->size - at >= map->entry_size;
	     at += map->entry_size) {
		memory = (const void *)((const char *)tag + at);
		boot_add_memory(boot, memory->addr, memory->size, memory->type);
	}
}

static void parse_module(struct boot_info *boot, const struct mb2_tag *tag)
{
	const struct mb2_module *module = (const void *)tag;

	need(tag, sizeof(*module));
	if (module->end < module->start)
		panic("multiboot2 module that ends at %#x, before its start at %#x", module->end,
		      module->start);
	boot_add_module(boot, module->start, module->end - module->start);
}

/**
 * mb2_parse() - copy what a multiboot2 loader says
 * @boot: where to copy it; all zeros
 * @info: address of its information
 */
void mb2_parse(struct boot_info *boot, uint64_t info)
{
	const struct mb2_info *head = boot_data("multiboot2 information", info, sizeof(*head));
	const struct mb2_tag *tag;
	uint64_t at = info + sizeof(*head);
	uint64_t end = info + head->total_size;

	boot_data("multiboot2 information", info, head->total_size);
	boot->loader = "multiboot2";

	for (;; at += (tag->size + 7ULL) & -8ULL) {
		tag = (const void *)at;
		if (at > end || end - at < sizeof(*tag) || tag->size < sizeof(*tag) ||
		    tag->size > end - at)
			panic("a multiboot2 tag leaves its information of %u bytes",
			      head->total_size);
		if (tag->type == MB2_END)
			break;
		else if (tag->type == MB2_MEMORY_MAP)
			parse_memory_map(boot, tag);
		else if (tag->type == MB2_MODULE)
			parse_module(boot, tag);
		else if (tag->type == MB2_CMDLINE)
			boot_set_cmdline(boot, (const char *)(tag + 1), tag->size - sizeof(*tag));
	}
	if (!boot->nr_memory)
		panic("the multiboot2 loader gave no memory map");
}
