/* SPDX-License-Identifier: MIT */
/*
 * paging.h - the entries of page tables
 */
#ifndef ARCH_X86_64_PAGING_H
#define ARCH_X86_64_PAGING_H

#include <stdint.h>

#define PTE_PRESENT 0x01ULL
#define PTE_WRITE 0x02ULL
#define PTE_USER 0x04ULL
#define PTE_LARGE 0x80ULL
#define PTE_NX (1ULL << 63)
#define PTE_ADDRESS 0x000ffffffffff000ULL
#define TABLE_ENTRIES 512

/* An entry of a table maps 1 << shift bytes, by a page or by a table of the next lower shift. */
#define SHIFT_ROOT 39
#define SHIFT_GIB 30
#define SHIFT_2M 21
#define SHIFT_4K 12
#define SHIFT_STEP 9

uint64_t paging_lookup(uintptr_t address);

#endif /* ARCH_X86_64_PAGING_H */
