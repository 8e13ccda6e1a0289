// SPDX-License-Identifier: MIT
/*
 * crash_places.c - accesses that fault, one for each kind of place in memory
 *
 * All RAM can be read and written, but code cannot run there. So a jump to a place
 * in RAM makes the report say what lies there.
 */
#include <arch/x86_64/boot/boot.h>
#include <arch/x86_64/cpu.h>
#include <arch/x86_64/paging.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <tests/crash/crash.h>

/*
 * Not static: a compiler may move or remove static objects. Used, because with link time
 * optimisation all objects are as good as static.
 */
__attribute__((used)) unsigned char crash_data[] = { 0xc3 };
__attribute__((used)) const unsigned char crash_constant[] = { 0xc3 };

static void null_read(void)
{
	READ(HIDE((void *)0));
}

static void null_write(void)
{
	WRITE(HIDE((void *)8));
}

static void null_jump(void)
{
	JUMP(HIDE((void *)0));
}

static void jump_to_data(void)
{
	JUMP(HIDE(&crash_data[0]));
}

static void write_text(void)
{
	WRITE(__image_start);
}

static void write_rodata(void)
{
	WRITE(HIDE(&crash_constant[0]));
}

static void write_symbols(void)
{
	WRITE(__symbols_start);
}

static void write_guard(void)
{
	WRITE(stacks[2]);
}

static void jump_to_stack(void)
{
	unsigned char code[] = { 0xc3 };

	JUMP(HIDE(&code[0]));
}

static void read_device(void)
{
	READ(HIDE((void *)0xfee00000));
}

static void read_wild(void)
{
	READ(HIDE((void *)0x123456789abc));
}

/* memset() is in assembly and has no frame. Hidden, because gcc -Os would write it here. */
static void memset_null(void)
{
	__auto_type set = HIDE(&memset);

	set(HIDE((void *)16), 0, HIDE(100));
	__asm__ volatile(""); /* keeps the call from becoming a jump */
}

static void page_not_given_out(void)
{
	JUMP((void *)(kernel_pages.ranges[0].end - 1));
}

static void page_given_out(void)
{
	JUMP(page_alloc(&kernel_pages, 1));
}

static void page_table(void)
{
	const uint64_t *root = (const uint64_t *)(read_cr3() & PTE_ADDRESS);

	JUMP((void *)(root[0] & PTE_ADDRESS));
}

static void heap_used(void)
{
	JUMP((char *)heap_alloc(&kernel_heap, 32, 112) + 5);
}

static void heap_freed(void)
{
	char *block = heap_alloc(&kernel_heap, 32, 112);

	heap_alloc(&kernel_heap, 32, 112);
	heap_free(&kernel_heap, block);
	JUMP(block + 5);
}

static void heap_header(void)
{
	JUMP((char *)heap_alloc(&kernel_heap, 32, 112) - 1);
}

static void pool_node(void)
{
	struct mp_pool_s *pool = mp_create_pool(4096);

	mp_alloc(pool, 4000);
	JUMP(mp_alloc(pool, 4000)); /* in the second node */
}

static void pool_large(void)
{
	struct mp_pool_s *pool = mp_create_pool(4096);

	JUMP(mp_alloc(pool, 10000));
}

static void pool_cleanup(void)
{
	struct mp_pool_s *pool = mp_create_pool(4096);

	mp_cleanup_add(pool, 8);
	mp_alloc(pool, 10000);
	/* The second. Its byte 64 lies in the data, whatever MP_ALIGNMENT is. */
	JUMP((unsigned char *)mp_cleanup_add(pool, 100) + 64);
}

static void pool_child(void)
{
	struct mp_pool_s *child = mp_create_child(mp_create_pool(4096), 4096);

	mp_set_name(child, "request");
	JUMP(mp_alloc(child, 100));
}

static void pool_mark(void)
{
	JUMP(mp_mark(mp_create_pool(4096)).savepoint);
}

const struct crash_case crash_places[] = {
	{ "null-read", null_read, "a read through a null pointer" },
	{ "null-write", null_write, "a write to a member of a null struct" },
	{ "null-jump", null_jump, "a call of a null function pointer" },
	{ "memset-null", memset_null, "a null pointer given to memset()" },
	{ "jump-to-data", jump_to_data, "data cannot be run" },
	{ "jump-to-stack", jump_to_stack, "code on the stack cannot be run" },
	{ "write-text", write_text, "code cannot be overwritten" },
	{ "write-rodata", write_rodata, "constants cannot be overwritten" },
	{ "write-symbols", write_symbols, "the table of symbols cannot be overwritten" },
	{ "write-guard", write_guard, "the page below each stack is not there" },
	{ "read-device", read_device, "devices are not mapped" },
	{ "read-wild", read_wild, "an address where there is no memory" },
	{ "page-not-given-out", page_not_given_out, "the address is in a page that is free" },
	{ "page-given-out", page_given_out, "the address is in a page that is given out" },
	{ "page-table", page_table, "the address is in a page table" },
	{ "heap-used", heap_used, "the address is in a used block of the heap" },
	{ "heap-freed", heap_freed, "the address is in a free block of the heap" },
	{ "heap-header", heap_header, "the address is in the header of a block" },
	{ "pool-node", pool_node, "the address is in a node of a pool" },
	{ "pool-large", pool_large, "the address is in a large block of a pool" },
	{ "pool-cleanup", pool_cleanup, "the address is in the data of a handler" },
	{ "pool-child", pool_child, "the address is in a child of a pool" },
	{ "pool-mark", pool_mark, "the address is in a mark of a pool" },
	{},
};
