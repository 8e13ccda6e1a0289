// SPDX-License-Identifier: MIT
/*
 * crash_traps.c - exceptions, panics, hangs and resets
 */
#include <arch/x86_64/boot/boot.h>
#include <arch/x86_64/cpu.h>
#include <arch/x86_64/paging.h>
#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/crash/crash.h>

#define MIB2 (1ULL << SHIFT_2M)

/* An address with an entry of its own in the root table, where nothing is mapped. */
#define USER_PAGE (255ULL << SHIFT_ROOT)

static void divide_by_zero(void)
{
	printk("# %d\n", HIDE(7) / HIDE(0));
}

static void invalid_opcode(void)
{
	__asm__ volatile("ud2");
}

static void gp_address(void)
{
	READ(HIDE(1ULL << 63));
}

static void gp_selector(void)
{
	__asm__ volatile("mov %w0, %%ds" : : "r"(0x1230));
}

static void double_fault(void)
{
	__asm__ volatile("mov %0, %%rsp; push %%rax" : : "r"(0x2000UL));
}

/* The compiler sees an end of the recursion, so it does not warn. */
static int deeper(int depth)
{
	volatile char frame[256];

	frame[0] = depth;
	return depth < 0 ? 0 : deeper(HIDE(depth) + 1) + frame[0];
}

static void stack_overflow(void)
{
	deeper(0);
}

__attribute__((noinline)) static void stack_smash(void)
{
	char array[16];

	memset(HIDE(&array[0]), 'x', HIDE(64));
}

static void lost_fp(void)
{
	panic("asked for by crash=%s", "frame-pointer");
}

/* The array has a variable size, so this frame can be found only by its frame pointer. */
__attribute__((noinline)) static void with_fp(int size)
{
	char array[size];

	without_fp(array, lost_fp);
	__asm__ volatile("");
}

static void frame_pointer(void)
{
	with_fp(HIDE(1000));
}

/* The runner waits for this line, then makes QEMU's monitor inject the exception. */
static void wait_for_monitor(void)
{
	printk("# waiting\n");
	for (;;)
		__asm__ volatile("pause");
}

/* Maps RAM at USER_PAGE, accessible to user code. The first byte is a ret. */
static unsigned char *map_user_page(void)
{
	uint64_t *root = (uint64_t *)(read_cr3() & PTE_ADDRESS);
	const uint64_t flags = PTE_PRESENT | PTE_WRITE | PTE_USER;
	uint64_t *table = page_alloc(&kernel_pages, 2);
	unsigned char *page = page_alloc(&kernel_pages, 1);

	memset(table, 0, 2 * MM_PAGE_SIZE);
	*page = 0xc3;
	root[USER_PAGE >> SHIFT_ROOT] = (uintptr_t)table | flags;
	table[0] = (uintptr_t)(table + TABLE_ENTRIES) | flags;
	table[TABLE_ENTRIES] = ((uintptr_t)page & -MIB2) | PTE_LARGE | flags;
	return (unsigned char *)USER_PAGE + ((uintptr_t)page & (MIB2 - 1));
}

static void smap(void)
{
	READ(map_user_page());
}

static void smep(void)
{
	JUMP(map_user_page());
}

static void call_panic(void)
{
	panic("asked for by crash=%s", "panic");
}

static void bug_on(void)
{
	BUG_ON(HIDE(2) + 2 != 5);
}

/* The report looks the address up in the heap, which is overwritten: it faults, too. */
static void report_faults(void)
{
	void *block = heap_alloc(&kernel_heap, 32, 100);

	memset(&kernel_heap, 0x41, sizeof(kernel_heap));
	JUMP(block);
}

static void hang(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

static void triple_fault(void)
{
	const char no_idt[10] = { 0 };

	__asm__ volatile("lidt %0; int3" : : "m"(no_idt));
}

const struct crash_case crash_traps[] = {
	{ "divide-by-zero", divide_by_zero, "an exception: which one, and where" },
	{ "invalid-opcode", invalid_opcode, "the bytes of the code around the instruction" },
	{ "gp-address", gp_address, "an address that no processor has" },
	{ "gp-selector", gp_selector, "the error code of an exception, in words" },
	{ "double-fault", double_fault, "an exception without a stack to handle it" },
	{ "stack-overflow", stack_overflow, "recursion that never ends: the stack is full" },
	{ "stack-smash", stack_smash, "an array on the stack written past its end" },
	{ "frame-pointer", frame_pointer, "a backtrace through a cleared frame pointer" },
	{ "nmi", wait_for_monitor, "an interrupt that cannot be masked" },
	{ "machine-check", wait_for_monitor, "the processor reports broken hardware" },
	{ "smap", smap, "kernel code reads a page of user code" },
	{ "smep", smep, "kernel code jumps to a page of user code" },
	{ "panic", call_panic, "a plain panic() with its backtrace" },
	{ "bug-on", bug_on, "a condition that must not hold does" },
	{ "report-faults", report_faults, "an exception while another one is reported" },
	{ "hang", hang, "a kernel that stops without a word" },
	{ "triple-fault", triple_fault, "a reset: no kernel code can report it" },
	{},
};
