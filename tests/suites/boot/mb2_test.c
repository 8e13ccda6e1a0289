// SPDX-License-Identifier: MIT
/*
 * mb2_test.c - parsing what a multiboot2 loader passes, valid and damaged
 *
 * The structures are written from the specification, as in boot_info_test.c.
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

/* What a multiboot2 loader passes: the total size, then tags. */
static struct {
	uint32_t size, reserved;
	unsigned char tags[BOOT_CMDLINE_MAX + 512];
} mb2 __attribute__((aligned(8)));

static struct boot_info boot;

/* Before each case: no tags. */
static int clear(struct kunit *test)
{
	(void)test;
	memset(&boot, 0, sizeof(boot));
	memset(&mb2, 0, sizeof(mb2));
	mb2.size = 8;
	return 0;
}

/* Appends a tag whose header says that it is @claimed bytes long, right or wrong. */
static void add_tag(uint32_t type, uint32_t claimed, const void *data, size_t size)
{
	unsigned char *tag = (unsigned char *)&mb2 + mb2.size;

	memcpy(tag, &type, 4);
	memcpy(tag + 4, &claimed, 4);
	if (size)
		memcpy(tag + 8, data, size);
	mb2.size += (8 + size + 7) & -8;
}

static void add_memory_map(void)
{
	const uint64_t map[] = { 24, 0, 0x9fc00, 1, 0xfffffffffffff000, 0x2000, 77 };

	add_tag(6, 8 + sizeof(map), map, sizeof(map));
}

static void add_end(void)
{
	add_tag(0, 8, NULL, 0);
}

static void parse(void)
{
	mb2_parse(&boot, (uintptr_t)&mb2);
}

static void is_copied(struct kunit *test)
{
	const uint32_t module[] = { 0x7000000, 0x7000000 + 123, 0 };

	add_tag(99, 8 + 5, "junk", 5);
	add_tag(1, 8 + 16, "test=page  demo", 16);
	add_tag(3, 8 + 9, module, 9); /* with an empty name */
	add_memory_map();
	add_end();
	parse();
	memset(&mb2, 0xff, sizeof(mb2));

	KUNIT_EXPECT_STREQ(test, boot.loader, "multiboot2");
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "test=page  demo");
	KUNIT_ASSERT_EQ(test, boot.nr_memory, 2);
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

/* A later version may have longer entries: two of 32 bytes, and half of a third. */
static void longer_entries(struct kunit *test)
{
	const uint64_t map[] = { 32, 10, 11, 1, -1ULL, 20, 21, 2, -1ULL, 30, 31 };

	add_tag(6, 8 + sizeof(map), map, sizeof(map));
	add_end();
	parse();
	KUNIT_ASSERT_EQ(test, boot.nr_memory, 2);
	KUNIT_EXPECT_EQ(test, boot.memory[1].start, 20);
	KUNIT_EXPECT_EQ(test, boot.memory[1].size, 21);
	KUNIT_EXPECT_EQ(test, boot.memory[1].type, 2);
}

static void short_entries(struct kunit *test)
{
	uint64_t map[] = { 23, 10, 11, 1 };

	add_tag(6, 8 + sizeof(map), map, sizeof(map));
	KUNIT_EXPECT_PANIC(test, "entries of 23 bytes", parse());
	mb2.size = 8;
	map[0] = 0; /* a loop over the entries would never end */
	add_tag(6, 8 + sizeof(map), map, sizeof(map));
	KUNIT_EXPECT_PANIC(test, "entries of 0 bytes", parse());
}

static void modules(struct kunit *test)
{
	const uint32_t empty[] = { 0, 0 };
	const uint32_t backwards[] = { 0x2000, 0x1fff };

	add_memory_map();
	add_tag(3, 16, empty, sizeof(empty));
	add_end();
	parse();
	KUNIT_ASSERT_EQ(test, boot.nr_modules, 1);
	KUNIT_EXPECT_EQ(test, boot.modules[0].size, 0);

	mb2.size = 8;
	add_tag(3, 16, backwards, sizeof(backwards));
	KUNIT_EXPECT_PANIC(test, "before its start", parse());
}

/* Tags whose size leads out of the information, or into an endless loop. */
static void broken_tags(struct kunit *test)
{
	static const uint32_t claims[] = { 0, 7, 8 + 9, 4096, UINT32_MAX - 7, UINT32_MAX };
	const uint64_t data = 24;

	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++) {
		mb2.size = 8;
		add_tag(99, claims[i], &data, sizeof(data));
		KUNIT_EXPECT_PANIC(test, "leaves its information", parse());
	}
	mb2.size = 8;
	add_tag(6, 4096, &data, sizeof(data));
	KUNIT_EXPECT_PANIC(test, "leaves its information", parse());
	KUNIT_EXPECT_EQ(test, boot.nr_memory, 0); /* nothing was read from it */
	mb2.size = 8;
	add_memory_map();
	KUNIT_EXPECT_PANIC(test, "leaves its information", parse()); /* no end tag */
	mb2.size += 4;
	KUNIT_EXPECT_PANIC(test, "leaves its information", parse());
	mb2.size = 0;
	KUNIT_EXPECT_PANIC(test, "leaves its information", parse());
	mb2.size = UINT32_MAX;
	KUNIT_EXPECT_PANIC(test, "low 4 GiB", parse());
	KUNIT_EXPECT_PANIC(test, "low 4 GiB", mb2_parse(&boot, 0));
}

static void tags_too_short(struct kunit *test)
{
	add_tag(3, 15, NULL, 0);
	add_end();
	KUNIT_EXPECT_PANIC(test, "type 3 has only 15 bytes", parse());
	mb2.size = 8;
	add_tag(6, 15, NULL, 0);
	add_end();
	KUNIT_EXPECT_PANIC(test, "type 6 has only 15 bytes", parse());
}

static void without_memory_map(struct kunit *test)
{
	add_end();
	KUNIT_EXPECT_PANIC(test, "no memory map", parse());
}

static void cmdline_without_end(struct kunit *test)
{
	/* Without a NUL in the tag, the command line ends where the tag ends. */
	add_tag(1, 8 + 9, "test=page  demo", 16);
	add_memory_map();
	add_end();
	parse();
	KUNIT_EXPECT_STREQ(test, boot.cmdline, "test=page");
}

static void cmdline_too_long(struct kunit *test)
{
	static char cmdline[BOOT_CMDLINE_MAX + 1];

	memset(cmdline, 'x', BOOT_CMDLINE_MAX);
	add_tag(1, 8 + BOOT_CMDLINE_MAX + 1, cmdline, BOOT_CMDLINE_MAX + 1);
	KUNIT_EXPECT_PANIC(test, "longer than 2047 bytes", parse());
}

static struct kunit_case mb2_cases[] = {
	KUNIT_CASE(is_copied),		KUNIT_CASE(longer_entries),
	KUNIT_CASE(short_entries),	KUNIT_CASE(modules),
	KUNIT_CASE(broken_tags),	KUNIT_CASE(tags_too_short),
	KUNIT_CASE(without_memory_map), KUNIT_CASE(cmdline_without_end),
	KUNIT_CASE(cmdline_too_long),	{},
};

static struct kunit_suite mb2_suite = {
	.name = "mb2",
	.test_cases = mb2_cases,
	.init = clear,
};

kunit_test_suite(mb2_suite);
