// SPDX-License-Identifier: MIT
/*
 * paging_test.c - what the page tables map, and with which permissions
 *
 * look_up() walks the tables that %cr3 points to; it shares no code with arch/.
 *
 *	0     1 MiB                                     usable RAM      holes
 *	|  -  | text R-X | rodata R-- | data RW- | - | stack RW- | - | ... | RW- |  -  |
 *	                                         guard           guard
 */
#include <arch/x86_64/boot/boot.h>
#include <arch/x86_64/cpu.h>
#include <arch/x86_64/paging.h>
#include <kernel/arch.h>
#include <kernel/linker.h>
#include <mm/page.h>
#include <mm/poison.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/replay.h>

#define FIRST_MIB 0x100000
#define MSR_EFER 0xc0000080
#define FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_NX)
#define CODE PTE_PRESENT
#define CONSTANTS (PTE_PRESENT | PTE_NX)
#define DATA (PTE_PRESENT | PTE_WRITE | PTE_NX)

static bool has_nx(void)
{
	return cpuid(0x80000001).edx & 1u << 20;
}

/* A page, or a hole as large as one table entry covers; then PTE_PRESENT is not set. */
struct mapping {
	uint64_t entry;
	unsigned int shift;
};

static struct mapping look_up(uint64_t address)
{
	const uint64_t *table = (const uint64_t *)(read_cr3() & PTE_ADDRESS);
	struct mapping found = { .shift = SHIFT_ROOT };

	for (;; found.shift -= SHIFT_STEP) {
		found.entry = table[address >> found.shift & (TABLE_ENTRIES - 1)];
		if (!(found.entry & PTE_PRESENT) || (found.entry & PTE_LARGE) ||
		    found.shift == SHIFT_4K)
			return found;
		table = (const uint64_t *)(found.entry & PTE_ADDRESS);
	}
}

/*
 * All pages from @start to @end must be mapped to their own address, with @flags.
 * If @flags is 0, none of them may be mapped. Without NX, PTE_NX is a reserved bit.
 */
static void expect_flags(struct kunit *test, uint64_t start, uint64_t end, uint64_t flags)
{
	if (!has_nx())
		flags &= ~PTE_NX;
	for (uint64_t at = start; at < end && !test->failures;) {
		struct mapping page = look_up(at);
		uint64_t first = at & -1ULL << page.shift;

		if (flags)
			KUNIT_EXPECT_EQ(test, page.entry & PTE_ADDRESS, first);
		KUNIT_EXPECT_EQ(test, page.entry & FLAGS, flags);
		if (test->failures)
			kunit_info(test, "at %#lx", at);
		at = first + (1ULL << page.shift);
	}
}

static void kernel_is_mapped_as_linked(struct kunit *test)
{
	expect_flags(test, IMAGE_START, (uintptr_t)__rodata_start, CODE);
	expect_flags(test, (uintptr_t)__rodata_start, (uintptr_t)__data_start, CONSTANTS);
	expect_flags(test, (uintptr_t)__data_start, (uintptr_t)stacks, DATA);
	expect_flags(test, (uintptr_t)__symbols_start, IMAGE_END, CONSTANTS);
}

static void stacks_have_guards(struct kunit *test)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	KUNIT_EXPECT_GE(test, here, (uintptr_t)stacks[0]);
	KUNIT_EXPECT_LT(test, here, (uintptr_t)stacks[1]);
	for (int i = 0; i < NR_STACKS; i++) {
		uintptr_t guard = (uintptr_t)stacks[i];

		expect_flags(test, guard, guard + STACK_GUARD, 0);
		expect_flags(test, guard + STACK_GUARD, guard + STACK_STRIDE, DATA);
	}
}

/* GRUB on UEFI may put a module into the first MiB. Only that may be mapped. */
static void first_mib_is_not_there(struct kunit *test)
{
	for (uintptr_t at = 0; at < FIRST_MIB; at += MM_PAGE_SIZE)
		if (at == 0 || !replay_module_is_at(at, MM_PAGE_SIZE))
			expect_flags(test, at, at + MM_PAGE_SIZE, 0);
}

static void ram_is_data(struct kunit *test)
{
	for (unsigned int i = 0; i < kernel_pages.nr_ranges; i++)
		expect_flags(test, kernel_pages.ranges[i].start, kernel_pages.ranges[i].end, DATA);
}

/* Visits every mapped page below 2^47. A hole is skipped one table entry at a time. */
static void nothing_is_writable_and_executable(struct kunit *test)
{
	uint64_t pages = 0;

	if (!has_nx())
		kunit_skip(test, "this CPU has no NX");
	for (uint64_t at = 0; at < 1ULL << 47;) {
		struct mapping page = look_up(at);

		if (page.entry & PTE_PRESENT) {
			pages++;
			KUNIT_ASSERT_NE(test, page.entry & (PTE_WRITE | PTE_NX), PTE_WRITE);
			KUNIT_ASSERT_EQ(test, page.entry & PTE_USER, 0);
			/* Only the kernel's text is executable. */
			if (!(page.entry & PTE_NX))
				KUNIT_ASSERT_LT(test, at - IMAGE_START,
						(uintptr_t)__rodata_start - IMAGE_START);
		}
		at = (at & -1ULL << page.shift) + (1ULL << page.shift);
	}
	KUNIT_EXPECT_GT(test, pages, 100);
}

/* RAM is mapped with the largest pages that alignment and length allow. */
static void pages_are_the_largest(struct kunit *test)
{
	unsigned int gib_shift = cpuid(0x80000001).edx & 1u << 26 ? SHIFT_GIB : SHIFT_2M;

	for (unsigned int i = 0; i < kernel_pages.nr_ranges; i++) {
		uint64_t end = kernel_pages.ranges[i].end;

		for (uint64_t at = kernel_pages.ranges[i].start; at < end;) {
			struct mapping page = look_up(at);
			unsigned int best = SHIFT_4K;

			for (unsigned int s = gib_shift; s > SHIFT_4K && best == SHIFT_4K; s -= 9)
				if (!(at & ((1ULL << s) - 1)) && end - at >= 1ULL << s)
					best = s;
#if MP_REDZONE /* a larger page may also cover the shadow memory behind this range */
			KUNIT_ASSERT_GE(test, page.shift, best);
#else
			KUNIT_ASSERT_EQ(test, page.shift, best);
#endif
			at += 1ULL << page.shift;
		}
	}
}

static size_t count_tables(const uint64_t *table, unsigned int shift)
{
	size_t count = 1;

	for (int i = 0; i < TABLE_ENTRIES && shift > SHIFT_4K; i++)
		if ((table[i] & (PTE_PRESENT | PTE_LARGE)) == PTE_PRESENT)
			count += count_tables((const uint64_t *)(table[i] & PTE_ADDRESS),
					      shift - SHIFT_STEP);
	return count;
}

/* Each table but the root, which is part of the kernel, took one page; no other page is used. */
static void tables_take_a_page_each(struct kunit *test)
{
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	KUNIT_EXPECT_EQ(test, stats.used + 1,
			count_tables((const uint64_t *)(read_cr3() & PTE_ADDRESS), SHIFT_ROOT));
}

static void devices_are_not_there(struct kunit *test)
{
	expect_flags(test, 0xfec00000, 0xfec01000, 0); /* I/O APIC */
	expect_flags(test, 0xfee00000, 0xfee01000, 0); /* local APIC */
}

/* Where the bits of a feature are: in what cpuid returns, and in %cr4. */
static const struct feature {
	uint32_t leaf;
	char reg; /* of %eax to %edx: its last but one letter */
	unsigned int bit;
	unsigned int cr4_bit;
} features[] = {
	{ 1, 'd', 7, 6 },   /* MCE */
	{ 7, 'b', 7, 20 },  /* SMEP */
	{ 7, 'b', 20, 21 }, /* SMAP */
	{ 7, 'c', 2, 11 },  /* UMIP */
};

static uint32_t cpuid_register(const struct feature *feature)
{
	uint32_t a = feature->leaf, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return feature->reg == 'b' ? b : feature->reg == 'c' ? c : d;
}

/* %cr4 has a bit for PAE, and one for each feature of this CPU. */
static void processor_enforces_it(struct kunit *test)
{
	/* Firmware may have set these: UEFI sets DE, OSFXSR and OSXMMEXCPT. */
	uint64_t ignored = 1 << 3 | 1 << 9 | 1 << 10;
	uint64_t cr4 = 1 << 5;

	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++)
		if (cpuid(0).eax >= features[i].leaf &&
		    cpuid_register(&features[i]) & 1u << features[i].bit)
			cr4 |= 1ULL << features[i].cr4_bit;
	KUNIT_EXPECT_EQ(test, read_cr4() & ~ignored, cr4);
	KUNIT_EXPECT_EQ(test, read_cr0() & (1ULL << 31 | 1 << 16 | 1), 1ULL << 31 | 1 << 16 | 1);
	KUNIT_EXPECT_EQ(test, !!(rdmsr(MSR_EFER) & 1 << 11), has_nx());
}

/* The kernel's own lookups, paging_lookup() and arch_*(), agree with look_up(). */
static void lookup_agrees(struct kunit *test)
{
	const uint64_t *table = (const uint64_t *)(read_cr3() & PTE_ADDRESS);

	KUNIT_EXPECT_EQ(test, paging_lookup(0), 0);
	KUNIT_EXPECT_EQ(test, paging_lookup(IMAGE_START), look_up(IMAGE_START).entry);
	KUNIT_EXPECT_EQ(test, paging_lookup(1ULL << 47), 0); /* not a canonical address */
	KUNIT_EXPECT_EQ(test, paging_lookup(IMAGE_START | 1ULL << 48), 0);
	KUNIT_EXPECT_EQ(test, paging_lookup(UINTPTR_MAX), 0);

	KUNIT_EXPECT_TRUE(test, arch_is_readable((void *)IMAGE_START, 1));
	KUNIT_EXPECT_FALSE(test, arch_is_readable((void *)(IMAGE_START - 1), 1));
	KUNIT_EXPECT_FALSE(test, arch_is_readable((void *)(IMAGE_START - 1), 2));
	KUNIT_EXPECT_FALSE(test, arch_is_readable((char *)stacks + STACK_STRIDE - 1, 2));
	KUNIT_EXPECT_FALSE(test, arch_is_readable((void *)UINTPTR_MAX, 2));

	KUNIT_EXPECT_FALSE(test, arch_is_page_table(IMAGE_START));
	for (int i = 0; i < 4; i++) {
		KUNIT_EXPECT_TRUE(test, arch_is_page_table((uintptr_t)table));
		KUNIT_EXPECT_TRUE(test, arch_is_page_table((uintptr_t)table + MM_PAGE_SIZE - 1));
		table = (const uint64_t *)(table[IMAGE_START >> (SHIFT_ROOT - 9 * i) & 511] &
					   PTE_ADDRESS);
	}
}

static unsigned int pages_asked;

static void *no_page(void)
{
	pages_asked++;
	return NULL;
}

/* Mapping RAM beyond the physical address space, and RAM that is mapped already. */
static void ram_out_of_reach(struct kunit *test)
{
	uint64_t before = look_up(IMAGE_START).entry;
	uint8_t bits = cpuid(0x80000008).eax;
	uint64_t end = 1ULL << (bits < 47 ? bits : 47);

	pages_asked = 0;
	KUNIT_EXPECT_LE(test, arch_map_ram(1ULL << 52, 1ULL << 53, no_page), 1ULL << 52);
	KUNIT_EXPECT_EQ(test, arch_map_ram(IMAGE_START, IMAGE_START + 1, no_page), IMAGE_START + 1);
	KUNIT_EXPECT_EQ(test, pages_asked, 0);
	KUNIT_EXPECT_EQ(test, look_up(IMAGE_START).entry, before);

	/* On microvm, RAM may reach up to the end. */
	if (look_up(end - MM_PAGE_SIZE).entry & PTE_PRESENT)
		return;
	/* Nothing is mapped at the end yet; mapping it needs a page for a table. */
	KUNIT_EXPECT_EQ(test, arch_map_ram(end - MM_PAGE_SIZE, end, no_page), end - MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, pages_asked, 1);
}

static struct kunit_case paging_cases[] = {
	KUNIT_CASE(kernel_is_mapped_as_linked),
	KUNIT_CASE(stacks_have_guards),
	KUNIT_CASE(first_mib_is_not_there),
	KUNIT_CASE(ram_is_data),
	KUNIT_CASE(nothing_is_writable_and_executable),
	KUNIT_CASE(pages_are_the_largest),
	KUNIT_CASE(tables_take_a_page_each),
	KUNIT_CASE(devices_are_not_there),
	KUNIT_CASE(processor_enforces_it),
	KUNIT_CASE(lookup_agrees),
	KUNIT_CASE(ram_out_of_reach),
	{},
};

static struct kunit_suite paging_suite = {
	.name = "paging",
	.test_cases = paging_cases,
};

kunit_test_suite(paging_suite);
