// SPDX-License-Identifier: MIT
/*
 * boot_info_test.c - parsing what a PVH loader passes, valid and damaged
 *
 * This file defines the loader's structures again, from the specification. If it
 * shared the definitions of arch/, a mistake there would go unnoticed.
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/arch.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

#define BEYOND (1ULL << 32) /* the first address that is not mapped */

/* What a PVH loader passes: start_info and everything it points to. */
static struct {
	struct {
		uint32_t magic, version, flags, nr_modules;
		uint64_t modules, cmdline, rsdp, memory;
		uint32_t nr_memory, reserved;
	} info;
	struct {
		uint64_t start, size, cmdline, reserved;
	} modules[BOOT_MODULES_MAX + 1];
	struct {
		uint64_t start, size;
		uint32_t type, reserved;
	} memory[BOOT_MEMORY_MAX + 72];
} pvh;

static char cmdline[BOOT_CMDLINE_MAX + 1];
static struct boot_info boot;

/* Before each case: valid data, with one module and two entries in the memory map. */
static int make_loader_data(struct kunit *test)
{
	(void)test;
	memset(&boot, 0, sizeof(boot));
	memset(&pvh, 0, sizeof(pvh));
	memset(cmdline, 0, sizeof(cmdline));

	pvh.info.magic = 0x336ec578;
	pvh.info.version = 1;
	pvh.info.nr_modules = 1;
	pvh.info.modules = (uintptr_t)pvh.modules;
	pvh.info.cmdline = (uintptr_t)cmdline;
	pvh.info.memory = (uintptr_t)pvh.memory;
	pvh.info.nr_memory = 2;
	pvh.modules[0].start = 0x7000000;
	pvh.modules[0].size = 123;
	pvh.memory[0].size = 0x9fc00;
	pvh.memory[0].type = BOOT_MEMORY_RAM;
	pvh.memory[1].start = 0xfffffffffffff000;
	pvh.memory[1].size = 0x2000;
	pvh.memory[1].type = 77;
	memcpy(cmdline, "test=page  demo", 16);
	return 0;
}

static void parse_pvh(void)
{
	pvh_parse(&boot, (uintptr_t)&pvh);
}

/* boot_info is a copy: overwriting the loader's data does not change it. */
static void pvh_is_copied(struct kunit *test)
{
	parse_pvh();
	memset(&pvh, 0xff, sizeof(pvh));
	memset(cmdline, 0xff, sizeof(cmdline));
	KUNIT_EXPECT_STREQ(test, boot.loader, "PVH");
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "test=page  demo");
	KUNIT_ASSERT_EQ(test, boot.nr_memory, 2);
	KUNIT_EXPECT_EQ(test, boot.nr_memory_lost, 0);
	KUNIT_EXPECT_EQ(test, boot.memory[0].start, 0);
	KUNIT_EXPECT_EQ(test, boot.memory[0].size, 0x9fc00);
	KUNIT_EXPECT_EQ(test, boot.memory[0].type, BOOT_MEMORY_RAM);
	KUNIT_EXPECT_EQ(test, boot.memory[1].start, 0xfffffffffffff000);
	KUNIT_EXPECT_EQ(test, boot.memory[1].size, 0x2000);
	KUNIT_EXPECT_EQ(test, boot.memory[1].type, 77);
	KUNIT_ASSERT_EQ(test, boot.nr_modules, 1);
	KUNIT_EXPECT_EQ(test, boot.modules[0].start, 0x7000000);
	KUNIT_EXPECT_EQ(test, boot.modules[0].size, 123);
}

static void pvh_without_modules_and_cmdline(struct kunit *test)
{
	pvh.info.nr_modules = 0;
	pvh.info.modules = BEYOND;
	pvh.info.cmdline = 0;
	parse_pvh();
	KUNIT_EXPECT_EQ(test, boot.nr_modules, 0);
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "");
}

static void pvh_start_info_is_damaged(struct kunit *test)
{
	pvh.info.magic++;
	KUNIT_EXPECT_PANIC(test, "longer than 4 KiB", parse_pvh());
	KUNIT_EXPECT_PANIC(test, "start_info", pvh_parse(&boot, 0));
	KUNIT_EXPECT_PANIC(test, "start_info", pvh_parse(&boot, BEYOND - 1));
}

static void pvh_without_memory_map(struct kunit *test)
{
	pvh.info.version = 0;
	KUNIT_EXPECT_PANIC(test, "no memory map", parse_pvh());
	pvh.info.version = 1;
	pvh.info.nr_memory = 0;
	KUNIT_EXPECT_PANIC(test, "no memory map", parse_pvh());
	pvh.info.nr_memory = 1;
	pvh.info.memory = 0;
	KUNIT_EXPECT_PANIC(test, "memory map", parse_pvh());
	pvh.info.memory = BEYOND - 23;
	KUNIT_EXPECT_PANIC(test, "memory map", parse_pvh());
	pvh.info.memory = (uintptr_t)pvh.memory;
	pvh.info.nr_memory = UINT32_MAX;
	KUNIT_EXPECT_PANIC(test, "memory map", parse_pvh());
}

static void pvh_memory_map_too_long(struct kunit *test)
{
	pvh.info.nr_memory = BOOT_MEMORY_MAX + 72;
	pvh.memory[BOOT_MEMORY_MAX - 1].size = 5;
	parse_pvh();
	KUNIT_EXPECT_EQ(test, boot.nr_memory, BOOT_MEMORY_MAX);
	KUNIT_EXPECT_EQ(test, boot.nr_memory_lost, 72);
	KUNIT_EXPECT_EQ(test, boot.memory[BOOT_MEMORY_MAX - 1].size, 5);
	KUNIT_EXPECT_EQ(test, boot.nr_modules, 1);
}

static void pvh_modules(struct kunit *test)
{
	pvh.info.nr_modules = BOOT_MODULES_MAX;
	parse_pvh();
	KUNIT_EXPECT_EQ(test, boot.nr_modules, BOOT_MODULES_MAX);

	boot.nr_modules = 0;
	pvh.info.nr_modules = BOOT_MODULES_MAX + 1;
	KUNIT_EXPECT_PANIC(test, "more than 4 boot modules", parse_pvh());

	boot.nr_modules = 0;
	pvh.info.nr_modules = 1;
	pvh.modules[0].start = BEYOND - 122;
	KUNIT_EXPECT_PANIC(test, "module", parse_pvh());
	pvh.modules[0].start = 4096;
	pvh.modules[0].size = UINT64_MAX;
	KUNIT_EXPECT_PANIC(test, "module", parse_pvh());
	pvh.info.modules = BEYOND;
	KUNIT_EXPECT_PANIC(test, "list of modules", parse_pvh());
}

static void pvh_cmdline_too_long(struct kunit *test)
{
	memset(cmdline, 'x', BOOT_CMDLINE_MAX - 1);
	parse_pvh();
	KUNIT_EXPECT_EQ(test, strlen(boot.cmdline), BOOT_CMDLINE_MAX - 1);

	boot.nr_modules = 0;
	memset(cmdline, 'x', BOOT_CMDLINE_MAX);
	KUNIT_EXPECT_PANIC(test, "longer than 2047 bytes", parse_pvh());
	pvh.info.cmdline = BEYOND;
	boot.nr_modules = 0;
	KUNIT_EXPECT_PANIC(test, "command line", parse_pvh());
}

/*
 *	           | image, 1 to 2 MiB |
 *	| module 0 |                   | module 1 |     adjacent: no overlap
 */
static void module_over_the_kernel(struct kunit *test)
{
	static const struct {
		struct boot_module module;
		const char *words;
	} over[] = {
		{ { 0xff000, 0x1001 },
		  "(0xff000-0x100000) lies over the kernel" }, /* its last byte */
		{ { 0x1fffff, 1 }, "(0x1fffff-0x1fffff) lies over the kernel (0x100000-0x1fffff)" },
		{ { 0x180000, 1 }, "(0x180000-0x180000) lies over the kernel" },
		{ { 0x1000, 0x1000000 }, "(0x1000-0x1000fff) lies over the kernel" },
	};

	boot_add_module(&boot, 0xff000, 0x1000);
	boot_add_module(&boot, 0x200000, 0x1000);
	boot_add_module(&boot, 0x180000, 0); /* an empty module overlaps nothing */
	boot.modules[3] = over[0].module;    /* not a module: there are three */
	boot_check_modules(&boot, 0x100000, 0x200000);

	for (size_t i = 0; i < sizeof(over) / sizeof(*over); i++) {
		struct boot_module before = boot.modules[i % 3];

		boot.modules[i % 3] = over[i].module;
		KUNIT_EXPECT_PANIC(test, over[i].words,
				   boot_check_modules(&boot, 0x100000, 0x200000));
		KUNIT_EXPECT_PANIC(test, i % 3 ? i % 3 == 1 ? "module 1" : "module 2" : "module 0",
				   boot_check_modules(&boot, 0x100000, 0x200000));
		boot.modules[i % 3] = before;
	}
}

static struct kunit_case boot_info_cases[] = {
	KUNIT_CASE(pvh_is_copied),
	KUNIT_CASE(pvh_without_modules_and_cmdline),
	KUNIT_CASE(pvh_start_info_is_damaged),
	KUNIT_CASE(pvh_without_memory_map),
	KUNIT_CASE(pvh_memory_map_too_long),
	KUNIT_CASE(pvh_modules),
	KUNIT_CASE(pvh_cmdline_too_long),
	KUNIT_CASE(module_over_the_kernel),
	{},
};

static struct kunit_suite boot_info_suite = {
	.name = "boot_info",
	.test_cases = boot_info_cases,
	.init = make_loader_data,
};

kunit_test_suite(boot_info_suite);
