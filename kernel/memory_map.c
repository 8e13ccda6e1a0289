// SPDX-License-Identifier: MIT
/*
 * memory_map.c - finds the memory that may be used
 *
 * A firmware's memory map is a list of claims. They are not sorted and not aligned, some
 * overlap, some are nonsense. Memory is usable where at least one claim says that it is
 * RAM and no claim says anything else:
 *
 *	RAM       |===================|          |=====|
 *	reserved          |====|   |=====|
 *	taken     |==|
 *	usable       |----|    |---|             |-----|
 *
 * We walk through the address space from one address where this may change to the next,
 * and look at all claims at each. Claims that are empty or wrap around the end of the
 * address space are ignored.
 */
#include <kernel/memory_map.h>
#include <mm/bump.h>
#include <mm/page.h>

enum claim { CLAIM_OTHER, CLAIM_RAM, NR_CLAIMS };

/**
 * struct view - what the claims of each kind say at one address
 * @until: the highest end of a claim that covers the address; 0 if none does
 * @next: the lowest start of a claim above the address
 */
struct view {
	uint64_t until[NR_CLAIMS];
	uint64_t next[NR_CLAIMS];
};

static void look_at(const struct boot_memory *entry, unsigned int count, uint64_t at,
		    struct view *view)
{
	for (; count--; entry++) {
		enum claim claim = entry->type == BOOT_MEMORY_RAM ? CLAIM_RAM : CLAIM_OTHER;
		uint64_t start = entry->start;
		uint64_t end = start + entry->size;

		if (!end && entry->size)
			end = UINT64_MAX; /* it ends at the end of the address space */
		if (end <= at)
			continue;
		if (start > at) {
			if (start < view->next[claim])
				view->next[claim] = start;
		} else if (end > view->until[claim]) {
			view->until[claim] = end;
		}
	}
}

/* Rounds inwards to pages; if there are too many ranges, drops the smallest. */
static void add_usable(struct usable_memory *usable, uint64_t start, uint64_t end)
{
	struct usable_range *range = usable->ranges;
	unsigned int smallest = 0;

	end &= -MM_PAGE_SIZE;
	if (!bump_fit(start, end, MM_PAGE_SIZE, MM_PAGE_SIZE, &start))
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
 * @map: the firmware's map, in any order and state
 * @nr_map: its number of entries
 * @taken: other memory that is not free (the kernel, modules, ...); of any type but RAM
 * @nr_taken: its number of entries
 * @usable: where the result goes
 */
void memory_map_usable(const struct boot_memory *map, unsigned int nr_map,
		       const struct boot_memory *taken, unsigned int nr_taken,
		       struct usable_memory *usable)
{
	uint64_t start = 0, end = 0; /* the usable range found last, not added yet */
	uint64_t at = 0;

	usable->nr_ranges = 0;
	usable->left = 0;
	while (at != UINT64_MAX) {
		struct view view = { .next = { UINT64_MAX, UINT64_MAX } };

		look_at(map, nr_map, at, &view);
		look_at(taken, nr_taken, at, &view);
		if (view.until[CLAIM_OTHER]) {
			at = view.until[CLAIM_OTHER];
		} else if (view.until[CLAIM_RAM]) {
			if (at != end) {
				add_usable(usable, start, end);
				start = at;
			}
			end = view.until[CLAIM_RAM];
			at = end > view.next[CLAIM_RAM] ? end : view.next[CLAIM_RAM];
			if (end > view.next[CLAIM_OTHER]) {
				end = view.next[CLAIM_OTHER];
				at = end;
			}
		} else {
			at = view.next[CLAIM_RAM];
		}
	}
	add_usable(usable, start, end);
}
