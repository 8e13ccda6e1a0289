// SPDX-License-Identifier: MIT
/*
 * boot_end_test.c - loader's data that end at 4 GiB, where the boot code may read no further
 *
 *	 page in .bss                        4 GiB
 *	|############|   ...     |############|
 *	      ^                   |             not mapped, or RAM
 *	      '--- mapped twice --'
 *
 * There is no RAM below 4 GiB: the firmware is there. So a page of the kernel is mapped there
 * for each case. The structures are written from the specification, as in boot_info_test.c.
 */
#include <arch/x86_64/boot/boot.h>
#include <arch/x86_64/cpu.h>
#include <arch/x86_64/paging.h>
#include <kernel/lib/string.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define END (1ULL << 32)
#define LAST_PAGE (END - MM_PAGE_SIZE)

/* A PVH start_info, one entry of its memory map, and one of its list of modules. */
struct start_info {
	uint32_t magic, version, flags, nr_modules;
	uint64_t modules, cmdline, rsdp, memory;
	uint32_t nr_memory, reserved;
};

struct memory {
	uint64_t start, size;
	uint32_t type, reserved;
};

struct module {
	uint64_t start, size, cmdline, reserved;
};

static char page[4096] __attribute__((aligned(4096)));
static uint64_t tables[2][TABLE_ENTRIES] __attribute__((aligned(4096)));
static uint64_t *was_empty; /* the entry of the page tables that the page hangs from */

static struct start_info info;
static struct memory memory;
static struct module module;
static struct boot_info boot;

static int map_last_page(struct kunit *test)
{
	uint64_t *table = (uint64_t *)(read_cr3() & PTE_ADDRESS);
	unsigned int used = 0;
	uint64_t *entry;

	was_empty = NULL;
	memset(tables, 0, sizeof(tables));
	memset(page, 0, sizeof(page));
	for (unsigned int shift = SHIFT_ROOT;; shift -= SHIFT_STEP) {
		entry = &table[LAST_PAGE >> shift & (TABLE_ENTRIES - 1)];
		if (*entry && (shift == SHIFT_4K || *entry & PTE_LARGE))
			kunit_skip(test, "the last page below 4 GiB is in use");
		if (!*entry) {
			was_empty = was_empty ?: entry;
			*entry = shift == SHIFT_4K ? (uintptr_t)page : (uintptr_t)tables[used++];
			*entry |= PTE_WRITE | PTE_PRESENT;
		}
		if (shift == SHIFT_4K)
			break;
		table = (uint64_t *)(*entry & PTE_ADDRESS);
	}

	info = (struct start_info){
		.magic = 0x336ec578,
		.version = 1,
		.memory = (uintptr_t)&memory,
		.nr_memory = 1,
		.nr_modules = 1,
		.modules = (uintptr_t)&module,
	};
	memory = (struct memory){ 11, 12, 13, 0 };
	module = (struct module){ 0x7000000, 123, 0, 0 };
	memset(&boot, 0, sizeof(boot));
	return 0;
}

static void unmap_last_page(struct kunit *test)
{
	(void)test;
	if (was_empty)
		*was_empty = 0;
	write_cr3(read_cr3());
}

/* Copies @data so that it ends at 4 GiB; returns its address there. */
static uint64_t put_last(const void *data, size_t size)
{
	memcpy(page + sizeof(page) - size, data, size);
	return END - size;
}

static void start_info_ends_there(struct kunit *test)
{
	uint64_t at = put_last(&info, sizeof(info));

	pvh_parse(&boot, at);
	KUNIT_EXPECT_EQ(test, boot.nr_memory, 1);
	KUNIT_EXPECT_PANIC(test, "start_info (56 bytes", pvh_parse(&boot, at + 1));
}

static void memory_map_ends_there(struct kunit *test)
{
	info.memory = put_last(&memory, sizeof(memory));
	pvh_parse(&boot, (uintptr_t)&info);
	KUNIT_ASSERT_EQ(test, boot.nr_memory, 1);
	KUNIT_EXPECT_EQ(test, boot.memory[0].type, 13);

	info.memory++;
	KUNIT_EXPECT_PANIC(test, "memory map (24 bytes", pvh_parse(&boot, (uintptr_t)&info));
	info.memory--;
	info.nr_memory++;
	KUNIT_EXPECT_PANIC(test, "memory map (48 bytes", pvh_parse(&boot, (uintptr_t)&info));
	KUNIT_EXPECT_EQ(test, boot.nr_memory, 1); /* nothing was read from it */
}

static void list_of_modules_ends_there(struct kunit *test)
{
	info.modules = put_last(&module, sizeof(module));
	pvh_parse(&boot, (uintptr_t)&info);
	KUNIT_ASSERT_EQ(test, boot.nr_modules, 1);
	KUNIT_EXPECT_EQ(test, boot.modules[0].size, 123);

	info.nr_modules++;
	KUNIT_EXPECT_PANIC(test, "list of modules (64 bytes", pvh_parse(&boot, (uintptr_t)&info));
	KUNIT_EXPECT_EQ(test, boot.nr_modules, 1);
}

static void module_ends_there(struct kunit *test)
{
	boot_add_module(&boot, END - 123, 123);
	boot_add_module(&boot, END - 1, 1);
	KUNIT_EXPECT_EQ(test, boot.nr_modules, 2);
	KUNIT_EXPECT_PANIC(test, "module (124 bytes", boot_add_module(&boot, END - 123, 124));
	KUNIT_EXPECT_PANIC(test, "module (1 bytes", boot_add_module(&boot, END, 1));
	KUNIT_EXPECT_PANIC(test, "text (0 bytes", boot_data("text", END, 0));
}

static void cmdline_ends_there(struct kunit *test)
{
	info.cmdline = put_last("test=page", sizeof("test=page"));
	pvh_parse(&boot, (uintptr_t)&info);
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "test=page");

	boot.nr_modules = 0;
	info.cmdline = END - 1; /* only the NUL */
	pvh_parse(&boot, (uintptr_t)&info);
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "");
}

static void cmdline_has_no_end(struct kunit *test)
{
	static const size_t sizes[] = { 1, 10, BOOT_CMDLINE_MAX - 1, BOOT_CMDLINE_MAX };

	memset(page, 'x', sizeof(page));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		boot.nr_modules = 0;
		info.cmdline = END - sizes[i];
		KUNIT_EXPECT_PANIC(test, "command line", pvh_parse(&boot, (uintptr_t)&info));
	}
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "");
}

/* Its last tag ends at 4 GiB; the loop must not look for another one. */
static void mb2_ends_there(struct kunit *test)
{
	uint64_t mb2[] = { 8 + 40 + 8, 40ULL << 32 | 6, 24, 11, 12, 13, 8ULL << 32 };
	uint64_t at = put_last(mb2, sizeof(mb2));

	mb2_parse(&boot, at);
	KUNIT_ASSERT_EQ(test, boot.nr_memory, 1);
	KUNIT_EXPECT_EQ(test, boot.memory[0].type, 13);

	mb2[6] |= 99; /* not an end tag */
	put_last(mb2, sizeof(mb2));
	KUNIT_EXPECT_PANIC(test, "leaves its information", mb2_parse(&boot, at));
	mb2[0] += 8;
	put_last(mb2, sizeof(mb2));
	KUNIT_EXPECT_PANIC(test, "information (64 bytes", mb2_parse(&boot, at));
	KUNIT_EXPECT_PANIC(test, "information (8 bytes", mb2_parse(&boot, END - 4));
}

static struct kunit_case boot_end_cases[] = {
	KUNIT_CASE(start_info_ends_there),
	KUNIT_CASE(memory_map_ends_there),
	KUNIT_CASE(list_of_modules_ends_there),
	KUNIT_CASE(module_ends_there),
	KUNIT_CASE(cmdline_ends_there),
	KUNIT_CASE(cmdline_has_no_end),
	KUNIT_CASE(mb2_ends_there),
	{},
};

static struct kunit_suite boot_end_suite = {
	.name = "boot_end",
	.test_cases = boot_end_cases,
	.init = map_last_page,
	.exit = unmap_last_page,
};

kunit_test_suite(boot_end_suite);
