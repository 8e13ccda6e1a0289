/* SPDX-License-Identifier: MIT */
/*
 * ram.h - gives usable RAM to the page allocator, and maps it
 */
#ifndef KERNEL_RAM_H
#define KERNEL_RAM_H

#include <kernel/memory_map.h>

#define MAPPED_BY_BOOT (4ULL << 30) /* boot.S maps the memory below this address */

void ram_find(const struct boot_info *boot, struct usable_memory *usable);
void ram_add_low(struct usable_memory *usable);
void ram_protect(const struct boot_info *boot, const struct usable_memory *usable);
void ram_add_high(struct usable_memory *usable);
void ram_print(const struct usable_memory *usable);

#endif /* KERNEL_RAM_H */
