/* SPDX-License-Identifier: MIT */
/*
 * memory_map.h - the firmware's memory map, and the usable memory in it
 */
#ifndef KERNEL_MEMORY_MAP_H
#define KERNEL_MEMORY_MAP_H

#include <stdint.h>

#include <kernel/boot_info.h>

#define USABLE_MAX 32

struct usable_range {
	uint64_t start;
	uint64_t end;
};

/**
 * struct usable_memory - whole pages of RAM that nothing else uses
 * @nr_ranges: how many of @ranges are in use
 * @ranges: disjoint, in ascending order, with at least a page of other memory between two
 * @left: bytes that are not used: of more than USABLE_MAX ranges the smallest are dropped
 */
struct usable_memory {
	unsigned int nr_ranges;
	struct usable_range ranges[USABLE_MAX];
	uint64_t left;
};

void memory_map_usable(const struct boot_memory *map, unsigned int nr_map,
		       const struct boot_memory *taken, unsigned int nr_taken,
		       struct usable_memory *usable);
void memory_map_print(const struct boot_info *boot);

/* "126.9 MiB": a size in the largest unit of which it is at least 1. */
struct size_text {
	char text[16];
};

struct size_text size_text(uint64_t bytes);

#endif /* KERNEL_MEMORY_MAP_H */
