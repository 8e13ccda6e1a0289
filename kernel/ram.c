// SPDX-License-Identifier: MIT
/*
 * ram.c - from the memory map to pages that can be allocated
 */
#include <kernel/arch.h>
#include <kernel/linker.h>
#include <kernel/printk.h>
#include <kernel/ram.h>
#include <mm/page.h>

#define FIRST_MIB (1ULL << 20)

/**
 * ram_find() - find the RAM that nobody lives in
 * @boot: what the loader told us
 * @usable: where the result goes
 *
 * What the loader said is copied, so its own data count as free. The first MiB
 * does not: firmware is careless with it, and little would be gained.
 */
void ram_find(const struct boot_info *boot, struct usable_memory *usable)
{
	struct boot_memory taken[2 + BOOT_MODULES_MAX] = {
		{ 0, FIRST_MIB, BOOT_MEMORY_RESERVED },
		{ IMAGE_START, IMAGE_END - IMAGE_START, BOOT_MEMORY_RESERVED },
	};

	for (unsigned int i = 0; i < boot->nr_modules; i++)
		taken[2 + i] = (struct boot_memory){
			.start = boot->modules[i].start,
			.size = boot->modules[i].size,
			.type = BOOT_MEMORY_RESERVED,
		};
	memory_map_usable(boot->memory, boot->nr_memory, taken, 2 + boot->nr_modules, usable);
}

static void *new_table_page(void)
{
	return page_alloc(&kernel_pages, 1);
}

/**
 * ram_add() - map usable RAM and give it to the page allocator
 * @usable: what there is; what could not be mapped or added is counted in left
 * @from: only what is at or above this address
 * @to: and below this
 *
 * Page tables for one part of memory come from the parts added before.
 */
void ram_add(struct usable_memory *usable, uint64_t from, uint64_t to)
{
	for (unsigned int i = 0; i < usable->nr_ranges; i++) {
		uint64_t start = usable->ranges[i].start;
		uint64_t end = usable->ranges[i].end;
		uint64_t mapped;

		if (start < from)
			start = from;
		if (end > to)
			end = to;
		if (start >= end)
			continue;
		mapped = arch_map_ram(start, end, new_table_page);
		if (mapped <= start || page_add_range(&kernel_pages, (void *)start, mapped - start))
			mapped = start;
		usable->left += end - mapped;
	}
}

/**
 * ram_print() - say what came of it
 * @usable: the ranges that were found and added
 */
void ram_print(const struct usable_memory *usable)
{
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	printk("# usable RAM: %s in %zu range%s, %zu pages\n",
	       size_text(stats.total << PAGE_SHIFT).text, stats.ranges,
	       stats.ranges == 1 ? "" : "s", stats.total);
	if (usable->left)
		printk("# %lu bytes of RAM are left unused: too many ranges, or out of reach\n",
		       usable->left);
}
