// SPDX-License-Identifier: MIT
/*
 * ram.c - gives usable RAM to the page allocator, and maps it
 */
#include <kernel/arch.h>
#include <kernel/boot_cost.h>
#include <kernel/lib/printk.h>
#include <kernel/linker.h>
#include <kernel/ram.h>
#include <kernel/report/panic.h>
#include <kernel/sanitize/kasan.h>
#include <mm/page.h>

#define FIRST_MIB (1ULL << 20)

/**
 * ram_find() - find the RAM that nothing else uses
 * @boot: what the loader said
 * @usable: where the result goes
 *
 * The loader's data were copied, so the memory they are in counts as free. The first MiB
 * does not: some firmware uses it without saying so, and it is small.
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

/**
 * ram_add_low() - give the usable RAM below 4 GiB to the page allocator
 * @usable: the usable RAM; what cannot be added is counted in left
 *
 * boot.S has mapped it. Page tables are taken from it.
 */
void ram_add_low(struct usable_memory *usable)
{
	for (unsigned int i = 0; i < usable->nr_ranges; i++) {
		struct usable_range range = usable->ranges[i];

		if (range.end > MAPPED_BY_BOOT)
			range.end = MAPPED_BY_BOOT;
		if (range.start < range.end)
			range.end -= kasan_shadow_size(range.end - range.start);
		if (range.start < range.end &&
		    page_add_range(&kernel_pages, (void *)range.start, range.end - range.start))
			usable->left += range.end - range.start;
	}
}

static void *new_table_page(void)
{
	return page_alloc(&kernel_pages, 1);
}

static uint64_t map(uint64_t start, uint64_t end)
{
	uint64_t began = arch_cycles();
	uint64_t mapped = arch_map_ram(start, end, new_table_page);

	boot_cost.paging += arch_cycles() - began;
	return mapped;
}

static void map_low(uint64_t start, uint64_t end)
{
	if (end > MAPPED_BY_BOOT)
		end = MAPPED_BY_BOOT;
	if (start < end && map(start, end) != end)
		panic("no memory for page tables");
}

/**
 * ram_protect() - switch to page tables that protect memory
 * @boot: what the loader said: where the modules are
 * @usable: the usable RAM
 *
 * They map the kernel, the modules, and usable RAM below 4 GiB.
 */
void ram_protect(const struct boot_info *boot, const struct usable_memory *usable)
{
	uint64_t began;

	for (unsigned int i = 0; i < boot->nr_modules; i++)
		map_low(boot->modules[i].start, boot->modules[i].start + boot->modules[i].size);
	for (unsigned int i = 0; i < usable->nr_ranges; i++)
		map_low(usable->ranges[i].start, usable->ranges[i].end);
	began = arch_cycles();
	if (!arch_protect(new_table_page))
		panic("no memory for page tables");
	boot_cost.paging += arch_cycles() - began;
}

/**
 * ram_add_high() - map the usable RAM above 4 GiB and give it to the page allocator
 * @usable: the usable RAM; what cannot be mapped or added is counted in left
 */
void ram_add_high(struct usable_memory *usable)
{
	for (unsigned int i = 0; i < usable->nr_ranges; i++) {
		uint64_t start = usable->ranges[i].start;
		uint64_t end = usable->ranges[i].end;
		uint64_t mapped;

		if (start < MAPPED_BY_BOOT)
			start = MAPPED_BY_BOOT;
		if (start >= end)
			continue;
		mapped = map(start, end);
		if (mapped <= start || page_add_range(&kernel_pages, (void *)start, mapped - start))
			mapped = start;
		usable->left += end - mapped;
	}
}

/**
 * ram_print() - print how much RAM is usable
 * @usable: the ranges that were found and added
 */
void ram_print(const struct usable_memory *usable)
{
	uint64_t began = arch_cycles() - boot_cost.printing;
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	printk("# usable RAM: %s in %zu range%s, %zu pages\n",
	       size_text(stats.total << MM_PAGE_SHIFT).text, stats.ranges,
	       stats.ranges == 1 ? "" : "s", stats.total);
	if (usable->left)
		printk("# %lu bytes of RAM are left unused: too many ranges, or out of reach\n",
		       usable->left);
	boot_cost.printing = arch_cycles() - began;
}
