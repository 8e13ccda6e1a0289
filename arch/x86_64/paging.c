// SPDX-License-Identifier: MIT
/*
 * paging.c - the page tables that replace those of boot.S
 *
 *	root ---> 512 GiB ---> a page of 1 GiB, or
 *	                  ---> 1 GiB ---> a page of 2 MiB, or
 *	                             ---> 2 MiB ---> a page of 4 KiB
 *
 * An address is mapped to itself or not at all. The tables map the kernel, each part with
 * the rights that linker.ld gives it, and RAM, by the largest pages that fit. Nothing else
 * is needed: devices are reached through ports, and the loader's data were copied. So most
 * wild pointers fault: page 0, the guards of the stacks and all holes are not present.
 */
#include <arch/x86_64/boot/boot.h>
#include <arch/x86_64/cpu.h>
#include <arch/x86_64/paging.h>
#include <kernel/arch.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>

#define MSR_EFER 0xc0000080
#define EFER_NXE (1ULL << 11)
#define CR0_WP (1ULL << 16)
#define CR4_MCE (1ULL << 6)
#define CR4_UMIP (1ULL << 11)
#define CR4_SMEP (1ULL << 20)
#define CR4_SMAP (1ULL << 21)

#define CPUID_MCE (1u << 7)	   /* leaf 1, %edx */
#define CPUID_SMEP (1u << 7)	   /* leaf 7, %ebx */
#define CPUID_SMAP (1u << 20)	   /* leaf 7, %ebx */
#define CPUID_UMIP (1u << 2)	   /* leaf 7, %ecx */
#define CPUID_NX (1u << 20)	   /* leaf 0x80000001, %edx */
#define CPUID_GIB_PAGES (1u << 26) /* leaf 0x80000001, %edx */
#define CANONICAL_BITS 47	   /* the lower half of the address space */

static uint64_t root[TABLE_ENTRIES] __attribute__((aligned(4096)));

/* What this CPU can do: PTE_NX or 0, and the shift of its largest page. */
static uint64_t no_execute;
static unsigned int largest;

/* The table that @entry points to, or a new one if it is empty; NULL if there is no page. */
static uint64_t *table_under(uint64_t *entry, void *(*new_page)(void))
{
	void *table;

	if (!*entry) {
		table = new_page();
		if (!table)
			return NULL;
		memset(table, 0, TABLE_ENTRIES * sizeof(*entry));
		*entry = (uintptr_t)table | PTE_WRITE | PTE_PRESENT;
	}
	return (uint64_t *)(*entry & PTE_ADDRESS);
}

/*
 * Maps the pages from @at to @end, rounded up, in @table, whose entries map 1 << @shift
 * bytes each. Returns where it stopped: at @end, or earlier if there was no page for a
 * table.
 */
static uint64_t map(uint64_t *table, unsigned int shift, uint64_t at, uint64_t end, uint64_t flags,
		    void *(*new_page)(void))
{
	uint64_t size = 1ULL << shift;

	while (at < end) {
		uint64_t *entry = &table[at >> shift & (TABLE_ENTRIES - 1)];
		uint64_t stop = (at & -size) + size;
		uint64_t *next;

		if (stop > end)
			stop = end;
		if (*entry && (shift == SHIFT_4K || (*entry & PTE_LARGE))) {
			/* It is mapped already and stays as it is. */
		} else if (shift == SHIFT_4K || (stop - at == size && shift <= largest)) {
			*entry = at | flags | (shift > SHIFT_4K ? PTE_LARGE : 0) | PTE_PRESENT;
		} else {
			next = table_under(entry, new_page);
			if (!next)
				return at;
			at = map(next, shift - SHIFT_STEP, at, stop, flags, new_page);
			if (at != stop)
				return at;
		}
		at = stop;
	}
	return at;
}

uint64_t arch_map_ram(uint64_t start, uint64_t end, void *(*new_page)(void))
{
	uint8_t bits = cpuid(0x80000008).eax; /* of a physical address */
	uint64_t limit = 1ULL << (bits && bits < CANONICAL_BITS ? bits : CANONICAL_BITS);
	uint32_t features = cpuid(0x80000001).edx;

	no_execute = features & CPUID_NX ? PTE_NX : 0;
	largest = features & CPUID_GIB_PAGES ? SHIFT_GIB : SHIFT_2M;
	start &= -1ULL << SHIFT_4K;
	if (end > limit)
		end = limit;
	return map(root, SHIFT_ROOT, start, end, PTE_WRITE | no_execute, new_page);
}

/* Maps a part of the image; returns whether there were pages for the tables. */
static bool map_part(const char *start, const char *end, uint64_t flags, void *(*new_page)(void))
{
	return map(root, SHIFT_ROOT, (uintptr_t)start, (uintptr_t)end, flags, new_page) ==
	       (uintptr_t)end;
}

static bool map_stacks(void *(*new_page)(void))
{
	for (int i = 0; i < NR_STACKS; i++)
		if (!map_part(stacks[i] + STACK_GUARD, stacks[i] + STACK_STRIDE,
			      PTE_WRITE | no_execute, new_page))
			return false;
	return true;
}

static bool map_image(void *(*new_page)(void))
{
	const char *stacks_start = stacks[0];
	const char *stacks_end = stacks_start + sizeof(stacks);

	return map_part(__image_start, __rodata_start, 0, new_page) &&
	       map_part(__rodata_start, __data_start, no_execute, new_page) &&
	       map_part(__data_start, stacks_start, PTE_WRITE | no_execute, new_page) &&
	       map_stacks(new_page) && map_part(stacks_end, __image_end, no_execute, new_page);
}

bool arch_protect(void *(*new_page)(void))
{
	struct cpuid features = cpuid(7);
	uint64_t cr4 = read_cr4();

	if (!map_image(new_page))
		return false;

	/* Until NXE is set, PTE_NX is a reserved bit and faults. */
	if (no_execute)
		wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
	write_cr3((uintptr_t)root);
	write_cr0(read_cr0() | CR0_WP);
	if (features.ebx & CPUID_SMEP)
		cr4 |= CR4_SMEP;
	if (features.ebx & CPUID_SMAP)
		cr4 |= CR4_SMAP;
	if (features.ecx & CPUID_UMIP)
		cr4 |= CR4_UMIP;
	if (cpuid(1).edx & CPUID_MCE)
		cr4 |= CR4_MCE; /* without it, a machine check is a reset */
	write_cr4(cr4);
	return true;
}

/**
 * paging_lookup() - find the entry of the current page tables that maps an address
 * @address: any
 *
 * Return: the entry, or 0 if the address is not mapped.
 */
uint64_t paging_lookup(uintptr_t address)
{
	const uint64_t *table = (const uint64_t *)(read_cr3() & PTE_ADDRESS);

	if ((intptr_t)(address << 16) >> 16 != (intptr_t)address)
		return 0;
	for (unsigned int shift = SHIFT_ROOT;; shift -= SHIFT_STEP) {
		uint64_t entry = table[address >> shift & (TABLE_ENTRIES - 1)];

		if (!(entry & PTE_PRESENT))
			return 0;
		if (shift == SHIFT_4K || (shift < SHIFT_ROOT && (entry & PTE_LARGE)))
			return entry;
		table = (const uint64_t *)(entry & PTE_ADDRESS);
	}
}

/* SMAP forbids the kernel to read user pages. */
static bool is_readable(uintptr_t address)
{
	uint64_t entry = paging_lookup(address);

	return entry && !(entry & PTE_USER);
}

bool arch_is_readable(const void *p, size_t size)
{
	uintptr_t first = (uintptr_t)p;

	/* At most a page long, it lies in the pages of its first and its last byte. */
	return first + size >= first && is_readable(first) && is_readable(first + size - 1);
}

/* Is @page the address of @table or of a table under it? */
static bool is_table(const uint64_t *table, unsigned int shift, uintptr_t page)
{
	if ((uintptr_t)table == page)
		return true;
	for (int i = 0; shift > SHIFT_4K && i < TABLE_ENTRIES; i++)
		if ((table[i] & (PTE_PRESENT | PTE_LARGE)) == PTE_PRESENT &&
		    is_table((const uint64_t *)(table[i] & PTE_ADDRESS), shift - SHIFT_STEP, page))
			return true;
	return false;
}

bool arch_is_page_table(uintptr_t at)
{
	return is_table((const uint64_t *)(read_cr3() & PTE_ADDRESS), SHIFT_ROOT, at & PTE_ADDRESS);
}
