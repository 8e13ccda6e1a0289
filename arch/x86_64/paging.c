// SPDX-License-Identifier: MIT
/*
 * paging.c - page tables for RAM above 4 GiB
 *
 *	boot_pml4 ---> pdpt, 512 GiB ---> a page of 1 GiB, or
 *	                             ---> pd, 1 GiB ---> 512 pages of 2 MiB
 *
 * boot.S mapped the low 4 GiB, every address to itself, devices and all. Here
 * the rest of RAM follows, a GiB at a time.
 */
#include <arch/x86_64/boot.h>
#include <arch/x86_64/cpu.h>
#include <kernel/arch.h>
#include <kernel/string.h>

#define PTE_PRESENT 0x01ULL
#define PTE_WRITE 0x02ULL
#define PTE_LARGE 0x80ULL
#define PTE_ADDRESS 0x000ffffffffff000ULL
#define TABLE_ENTRIES 512
#define MIB2 (1ULL << 21)
#define GIB (1ULL << 30)

#define CPUID_GIB_PAGES (1u << 26) /* leaf 0x80000001, %edx */
#define CANONICAL_BITS 47	   /* the lower half of the address space */

/* The table that @entry points to, a new one if there is none; NULL: no page. */
static uint64_t *table_under(uint64_t *entry, void *(*new_page)(void))
{
	void *table;

	if (!(*entry & PTE_PRESENT)) {
		table = new_page();
		if (!table)
			return NULL;
		memset(table, 0, TABLE_ENTRIES * sizeof(*entry));
		*entry = (uintptr_t)table | PTE_WRITE | PTE_PRESENT;
	}
	return (uint64_t *)(*entry & PTE_ADDRESS);
}

static bool map_gib(uint64_t at, bool gib_pages, void *(*new_page)(void))
{
	uint64_t *table = table_under(&boot_pml4[at >> 39], new_page);
	uint64_t *entry;

	if (!table)
		return false;
	entry = &table[at >> 30 & (TABLE_ENTRIES - 1)];
	if (*entry & PTE_PRESENT)
		return true;
	if (gib_pages) {
		*entry = at | PTE_LARGE | PTE_WRITE | PTE_PRESENT;
		return true;
	}
	table = table_under(entry, new_page);
	if (!table)
		return false;
	for (int i = 0; i < TABLE_ENTRIES; i++)
		table[i] = (at + i * MIB2) | PTE_LARGE | PTE_WRITE | PTE_PRESENT;
	return true;
}

uint64_t arch_map_ram(uint64_t start, uint64_t end, void *(*new_page)(void))
{
	bool gib_pages = cpuid(0x80000001).edx & CPUID_GIB_PAGES;
	uint8_t bits = cpuid(0x80000008).eax; /* of a physical address */
	uint64_t limit = 1ULL << (bits && bits < CANONICAL_BITS ? bits : CANONICAL_BITS);

	if (end > limit)
		end = limit;
	for (uint64_t at = start & -GIB; at < end; at += GIB)
		if (!map_gib(at, gib_pages, new_page))
			return at;
	return end;
}
