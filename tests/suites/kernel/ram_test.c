// SPDX-License-Identifier: MIT
/*
 * ram_test.c - the page allocator has the machine's usable RAM, all of it and no more
 *
 *	            1 MiB                       4 GiB
 *	|  RAM  |   |   RAM   | module |  RAM  | |         RAM         |
 *	  taken      ^ taken    taken             mapped and added later
 *	             kernel
 *
 * A program of its own keeps what the loader said. is_usable() decides about one page from
 * the rules of kernel/memory_map.c; it shares no code with it.
 */
#include <kernel/arch.h>
#include <kernel/boot_cost.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>
#include <kernel/program.h>
#include <kernel/ram.h>
#include <kernel/sanitize/kasan.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define FIRST_MIB 0x100000ULL

static const struct boot_info *machine;

static enum verdict keep(const struct boot_info *boot)
{
	machine = boot;
	return VERDICT_NOTHING;
}

static const struct program ram = {
	.name = "ram",
	.options = PROGRAM_WORDS(""),
	.run = keep,
};

REGISTER_PROGRAM(0, ram);

static bool page_overlaps(uint64_t page, uint64_t start, uint64_t size)
{
	return size && start < page + MM_PAGE_SIZE && page < start + size;
}

/* RAM entries of real machines do not join inside a page. */
static bool is_usable(const struct boot_info *boot, uint64_t page)
{
	bool usable = false;

	for (unsigned int i = 0; i < boot->nr_memory; i++) {
		const struct boot_memory *entry = &boot->memory[i];

		if (entry->type == BOOT_MEMORY_RAM)
			usable |= page >= entry->start &&
				  page + MM_PAGE_SIZE <= entry->start + entry->size;
		else if (page_overlaps(page, entry->start, entry->size))
			return false;
	}
	for (unsigned int i = 0; i < boot->nr_modules; i++)
		if (page_overlaps(page, boot->modules[i].start, boot->modules[i].size))
			return false;
	return usable && page >= FIRST_MIB &&
	       !page_overlaps(page, IMAGE_START, IMAGE_END - IMAGE_START);
}

static bool is_in_allocator(uint64_t page)
{
	for (size_t i = 0; i < kernel_pages.nr_ranges; i++)
		if (page >= kernel_pages.ranges[i].start && page < kernel_pages.ranges[i].end)
			return true;
	return false;
}

static void check_page(struct kunit *test, uint64_t page)
{
	bool usable = is_usable(machine, page);

	if (usable == is_in_allocator(page))
		return;
	/* With red zones, the shadow takes a part of each range. */
	if (usable && MP_REDZONE)
		return;
	KUNIT_FAIL(test, "page %#lx is %susable", page, usable ? "" : "not ");
}

/* Checks the page of @address, and the pages beside it. */
static void check_around(struct kunit *test, uint64_t address)
{
	uint64_t page = address & -MM_PAGE_SIZE;

	if (page)
		check_page(test, page - MM_PAGE_SIZE);
	check_page(test, page);
	check_page(test, page + MM_PAGE_SIZE);
}

static void allocator_has_the_usable_ram(struct kunit *test)
{
	if (kernel_pages.nr_ranges == PAGE_MAX_RANGES)
		kunit_skip(test, "so many ranges that some may be left out");
	for (unsigned int i = 0; i < machine->nr_memory; i++) {
		uint64_t start = machine->memory[i].start;
		uint64_t size = machine->memory[i].size;

		if (start + size > 1ULL << 40) /* out of reach of QEMU's processors */
			continue;
		for (unsigned int eighth = 0; eighth <= 8; eighth++)
			check_around(test, start + size / 8 * eighth);
		check_around(test, start + size);
	}
	for (unsigned int i = 0; i < machine->nr_modules; i++) {
		check_around(test, machine->modules[i].start);
		check_around(test, machine->modules[i].start + machine->modules[i].size);
	}
	check_around(test, FIRST_MIB);
	check_around(test, IMAGE_START);
	check_around(test, IMAGE_END);
}

/* The largest free range that begins at or above @from; its pages, and in @start its frontier. */
static size_t free_pages(uint64_t from, uint64_t *start)
{
	size_t most = 0;

	for (size_t i = 0; i < kernel_pages.nr_ranges; i++) {
		const struct page_range *range = &kernel_pages.ranges[i];
		size_t pages = (range->end - range->next) >> MM_PAGE_SHIFT;

		if (range->start >= from && pages > most) {
			most = pages;
			*start = range->next;
		}
	}
	return most;
}

static uint64_t *word(char *p, uint64_t offset)
{
	return (uint64_t *)(p + (offset & -sizeof(uint64_t)));
}

/*
 * The pages from 4 GiB on, all at once: they are given out, mapped, and distinct memory. On a
 * machine without them this proves nothing; tests/boot/boot_table has machines with them.
 */
static void ram_above_4_gib(struct kunit *test)
{
	uint64_t start = 0;
	size_t pages = free_pages(MAPPED_BY_BOOT, &start);
	uint64_t bytes = pages << MM_PAGE_SHIFT;
	char *all;

	if (!pages)
		return;
	KUNIT_EXPECT_GE(test, start, MAPPED_BY_BOOT);
	if (pages <= free_pages(0, &start) && start < MAPPED_BY_BOOT)
		kunit_skip(test, "there is more RAM below 4 GiB, which is given out first");
	all = page_alloc(&kernel_pages, pages);
	KUNIT_ASSERT_EQ(test, (uintptr_t)all, start);

	/* The first and the last word, and a word in each part of 128. */
	for (uint64_t part = 0; part < 128; part++)
		*word(all, bytes / 128 * part) = part;
	*word(all, bytes - sizeof(uint64_t)) = 128;
	for (uint64_t part = 0; part < 128; part++)
		KUNIT_EXPECT_EQ(test, *word(all, bytes / 128 * part), part);
	KUNIT_EXPECT_EQ(test, *word(all, bytes - sizeof(uint64_t)), 128);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, all, pages), 0);
}

/*
 *	0     1 MiB     kernel            8 MiB     16        24       32 MiB
 *	|  -  | usable |   -    | usable | module | usable | module | usable |
 */
static void kernel_and_modules_are_not_free(struct kunit *test)
{
	static struct boot_info boot;
	static struct usable_memory usable;
	static const uint64_t mib = 1 << 20;

	memset(&boot, 0, sizeof(boot));
	boot.nr_memory = 1;
	boot.memory[0] = (struct boot_memory){ 0, 4096 * mib + 1, BOOT_MEMORY_RAM };
	boot.nr_modules = BOOT_MODULES_MAX;
	for (unsigned int i = 0; i < BOOT_MODULES_MAX; i++)
		boot.modules[i] = (struct boot_module){ (i + 1) * 64 * mib, 8 * mib };
	ram_find(&boot, &usable);

	KUNIT_EXPECT_EQ(test, usable.left, 0);
	/* Linked at 1 MiB, the kernel leaves no usable page between the first MiB and itself. */
	KUNIT_ASSERT_EQ(test, usable.nr_ranges, BOOT_MODULES_MAX + 1);
	KUNIT_EXPECT_EQ(test, usable.ranges[0].start,
			(IMAGE_END + MM_PAGE_SIZE - 1) & -MM_PAGE_SIZE);
	for (unsigned int i = 0; i < BOOT_MODULES_MAX; i++) {
		KUNIT_EXPECT_EQ(test, usable.ranges[i].end, (i + 1) * 64 * mib);
		KUNIT_EXPECT_EQ(test, usable.ranges[i + 1].start, (i + 1) * 64 * mib + 8 * mib);
	}
	KUNIT_EXPECT_EQ(test, usable.ranges[BOOT_MODULES_MAX].end, 4096 * mib);
}

/*
 * Memory that cannot be added is counted. The allocator has the pages of this range already, so
 * it refuses them; and the entry behind the last is no range.
 */
static void ram_that_cannot_be_added(struct kunit *test)
{
	const struct page_range *range = &kernel_pages.ranges[0];
	const uint64_t size = 64 * MM_PAGE_SIZE;
	struct usable_range ours = { range->start, range->start + size };
	struct usable_memory usable = { .nr_ranges = 2, .ranges = { ours, ours, ours } };
	struct usable_memory none = { .nr_ranges = 0, .ranges = { ours } };
	size_t nr_ranges = kernel_pages.nr_ranges;

	KUNIT_ASSERT_GT(test, range->end - range->start, size);
	ram_add_low(&none);
	KUNIT_EXPECT_EQ(test, none.left, 0);
	ram_add_low(&usable);
	KUNIT_EXPECT_EQ(test, usable.left, 2 * (size - kasan_shadow_size(size)));

	/* Nothing of it lies above 4 GiB. */
	ram_add_high(&usable);
	KUNIT_EXPECT_EQ(test, usable.left, 2 * (size - kasan_shadow_size(size)));
	KUNIT_EXPECT_EQ(test, kernel_pages.nr_ranges, nr_ranges);

	for (size_t i = 0; i < nr_ranges; i++) {
		uint64_t start = kernel_pages.ranges[i].start;

		if (start < MAPPED_BY_BOOT)
			continue;
		usable = (struct usable_memory){ .nr_ranges = 1,
						 .ranges = { { start, start + size } } };
		ram_add_high(&usable);
		KUNIT_EXPECT_EQ(test, usable.left, size);
	}

	/* All of this does, but no processor reaches it. */
	usable = (struct usable_memory){ .nr_ranges = 1, .ranges = { { 1ULL << 52, 3ULL << 51 } } };
	ram_add_high(&usable);
	KUNIT_EXPECT_EQ(test, usable.left, 1ULL << 51);
	ram_add_low(&usable);
	KUNIT_EXPECT_EQ(test, usable.left, 1ULL << 51);
	KUNIT_EXPECT_EQ(test, kernel_pages.nr_ranges, nr_ranges);
	usable.nr_ranges = 0;
	ram_add_high(&usable);
	KUNIT_EXPECT_EQ(test, usable.left, 1ULL << 51);
}

/* Paging and printing took parts of the time since kernel_main() began. */
static void cost_of_paging_and_printing(struct kunit *test)
{
	uint64_t all = arch_cycles() - boot_cost.main;

	KUNIT_EXPECT_GT(test, boot_cost.paging, 0);
	KUNIT_EXPECT_GT(test, boot_cost.printing, 0);
	KUNIT_EXPECT_LT(test, boot_cost.paging, all);
	KUNIT_EXPECT_LT(test, boot_cost.printing, all - boot_cost.paging);
}

static struct kunit_case ram_cases[] = {
	KUNIT_CASE(allocator_has_the_usable_ram),    KUNIT_CASE(ram_above_4_gib),
	KUNIT_CASE(kernel_and_modules_are_not_free), KUNIT_CASE(ram_that_cannot_be_added),
	KUNIT_CASE(cost_of_paging_and_printing),     {},
};

static struct kunit_suite ram_suite = {
	.name = "ram",
	.test_cases = ram_cases,
};

kunit_test_suite(ram_suite);
