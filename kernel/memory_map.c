// SPDX-License-Identifier: MIT
/*
 * memory_map.c - which memory may be used
 *
 * A firmware's memory map is a list of claims: not sorted, not aligned, some
 * overlap, some are nonsense. We walk through the address space from border to
 * border of these claims; between two borders every claim holds or does not:
 *
 *	RAM       |===================|          |=====|
 *	reserved          |====|   |=====|
 *	taken     |==|
 *	usable       |----|    |---|             |-----|
 *
 * Memory is usable where somebody claims that it is RAM and nobody claims
 * anything else. Nothing is known of entries that are empty or wrap around the
 * end of the address space: they count for nothing.
 */
#include <stdbool.h>

#include <kernel/memory_map.h>
#include <mm/bump.h>
#include <mm/page.h>

/* What the claims say of the memory from one address to the next border. */
struct stretch {
	uint64_t end;
	bool ram;
	bool other;
};

static void look_at(const struct boot_memory *entry, unsigned int count, uint64_t at,
		    struct stretch *stretch)
{
	for (; count--; entry++) {
		uint64_t start = entry->start;
		uint64_t end = start + entry->size;

		if (!end && entry->size)
			end = UINT64_MAX; /* it ends where the address space does */
		if (end <= at || end <= start)
			continue;
		if (start > at) {
			if (start < stretch->end)
				stretch->end = start;
			continue;
		}
		if (end < stretch->end)
			stretch->end = end;
		if (entry->type == BOOT_MEMORY_RAM)
			stretch->ram = true;
		else
			stretch->other = true;
	}
}

/* Rounds inwards to pages; of too many ranges the smallest has to go. */
static void add_usable(struct usable_memory *usable, uint64_t start, uint64_t end)
{
	struct usable_range *range = usable->ranges;
	unsigned int smallest = 0;

	end &= -PAGE_SIZE;
	if (!bump_fit(start, end, PAGE_SIZE, PAGE_SIZE, &start))
		return;

	if (usable->nr_ranges == USABLE_MAX) {
		for (unsigned int i = 1; i < USABLE_MAX; i++)
			if (range[i].end - range[i].start <
			    range[smallest].end - range[smallest].start)
				smallest = i;
		if (end - start <= range[smallest].end - range[smallest].start) {
			usable->left += end - start;
			return;
		}
		usable->left += range[smallest].end - range[smallest].start;
		usable->nr_ranges--;
		for (unsigned int i = smallest; i < usable->nr_ranges; i++)
			range[i] = range[i + 1];
	}
	range[usable->nr_ranges++] = (struct usable_range){ start, end };
}

/**
 * memory_map_usable() - find the memory that may be used
 * @map: what the firmware says, in any order and state
 * @nr_map: how many entries
 * @taken: what else is not free: the kernel itself, modules, ...; of any type but RAM
 * @nr_taken: how many of these
 * @usable: where the result goes
 */
void memory_map_usable(const struct boot_memory *map, unsigned int nr_map,
		       const struct boot_memory *taken, unsigned int nr_taken,
		       struct usable_memory *usable)
{
	uint64_t at = 0;
	uint64_t start = 0;
	bool usable_before = false;

	usable->nr_ranges = 0;
	usable->left = 0;
	while (at != UINT64_MAX) {
		struct stretch here = { .end = UINT64_MAX };
		bool usable_here;

		look_at(map, nr_map, at, &here);
		look_at(taken, nr_taken, at, &here);
		usable_here = here.ram && !here.other;
		if (usable_here && !usable_before)
			start = at;
		if (usable_before && !usable_here)
			add_usable(usable, start, at);
		usable_before = usable_here;
		at = here.end;
	}
	if (usable_before)
		add_usable(usable, start, at);
}
