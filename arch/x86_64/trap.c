// SPDX-License-Identifier: MIT
/*
 * trap.c - reports an exception and ends: every exception is fatal
 *
 * The report says what happened, where and why. Its last line says all of that once more.
 */
#include <arch/x86_64/cpu.h>
#include <arch/x86_64/paging.h>
#include <arch/x86_64/trap.h>
#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <kernel/report/report.h>

#define CODE_BEFORE 8
#define CODE_BYTES 24

/* The error code of a page fault. */
#define FAULT_PRESENT 0x01
#define FAULT_WRITE 0x02
#define FAULT_USER 0x04
#define FAULT_RESERVED 0x08
#define FAULT_FETCH 0x10

static const char *const names[NR_EXCEPTIONS] = {
	[0] = "divide error",
	[1] = "debug",
	[2] = "NMI",
	[3] = "breakpoint",
	[4] = "overflow",
	[5] = "bound range exceeded",
	[6] = "invalid opcode",
	[7] = "device not available",
	[8] = "double fault",
	[10] = "invalid TSS",
	[11] = "segment not present",
	[12] = "stack segment fault",
	[13] = "general protection fault",
	[14] = "page fault",
	[16] = "x87 floating-point error",
	[17] = "alignment check",
	[18] = "machine check",
	[19] = "SIMD floating-point error",
	[20] = "virtualization exception",
	[21] = "control protection exception",
	[28] = "hypervisor injection exception",
	[29] = "VMM communication exception",
	[30] = "security exception",
};

/* Why the processor refused an access to a page that is present. */
static const char *refusal(uint64_t error, uint64_t entry)
{
	if (error & FAULT_RESERVED)
		return "a page whose table entry makes no sense";
	if (entry & PTE_USER)
		return error & FAULT_FETCH ? "a user page (SMEP)" : "a user page (SMAP)";
	return error & FAULT_FETCH ? "a page that is not executable" : "a read-only page";
}

/* The error code in words. */
static void describe(const struct trap_frame *frame, char *text, size_t size)
{
	static const char *const tables[] = { "GDT", "IDT", "LDT", "IDT" };
	uint64_t error = frame->error_code;

	text[0] = '\0';
	switch (frame->vector) {
	case TRAP_PAGE_FAULT:
		snprintf(text, size, "%s %s, from %s code",
			 error & FAULT_FETCH ? "instruction fetch from" :
			 error & FAULT_WRITE ? "write to" :
					       "read from",
			 error & FAULT_PRESENT ? refusal(error, paging_lookup(read_cr2())) :
						 "a not-present page",
			 error & FAULT_USER ? "user" : "kernel");
		break;
	case TRAP_INVALID_TSS:
	case TRAP_NOT_PRESENT:
	case TRAP_STACK_SEGMENT:
	case TRAP_PROTECTION:
		if (error)
			snprintf(text, size, "entry %lu of the %s%s", error >> 3,
				 tables[error >> 1 & 3], error & 1 ? ", from outside" : "");
		else
			snprintf(text, size, "no descriptor is to blame");
		break;
	}
}

/* The bytes around the instruction; < > marks its first byte. */
static void print_code(uintptr_t rip)
{
	const uint8_t *code = (const uint8_t *)rip;

	printk("# code:");
	for (int i = -CODE_BEFORE; i < CODE_BYTES - CODE_BEFORE; i++) {
		if (!arch_is_readable(code + i, 1))
			printk(" ??");
		else
			printk(i ? " %02x" : " <%02x>", code[i]);
	}
	printk("\n");
}

static void print_registers(const struct trap_frame *frame)
{
	printk("# RIP %016lx  RSP %016lx  CR2 %016lx\n", frame->rip, frame->rsp, read_cr2());
	printk("# RAX %016lx  RBX %016lx  RCX %016lx\n", frame->rax, frame->rbx, frame->rcx);
	printk("# RDX %016lx  RSI %016lx  RDI %016lx\n", frame->rdx, frame->rsi, frame->rdi);
	printk("# RBP %016lx  R8  %016lx  R9  %016lx\n", frame->rbp, frame->r8, frame->r9);
	printk("# R10 %016lx  R11 %016lx  R12 %016lx\n", frame->r10, frame->r11, frame->r12);
	printk("# R13 %016lx  R14 %016lx  R15 %016lx\n", frame->r13, frame->r14, frame->r15);
	printk("# CS %04lx  SS %04lx  RFLAGS %08lx  CR0 %08lx  CR3 %08lx  CR4 %08lx\n", frame->cs,
	       frame->ss, frame->rflags, read_cr0(), read_cr3(), read_cr4());
}

/* Which pool, if a fast path of one has faulted. */
static struct report_text fast_path(const struct trap_frame *frame)
{
	const uint64_t *registers = &frame->r15;
	const size_t count = &frame->vector - registers;
	struct report_text result = { "" };

	if (frame->vector == TRAP_PAGE_FAULT)
		return fast_path_text(read_cr2(), registers, count);
	/* An address that no processor has is not in CR2, but it stands in a register. */
	for (size_t i = 0; frame->vector == TRAP_PROTECTION && !result.text[0] && i < count; i++)
		if ((int64_t)(registers[i] << 16) >> 16 != (int64_t)registers[i])
			result = fast_path_text(registers[i], registers, count);
	return result;
}

/* trap() - report and end; trap.S calls it for every exception */
void trap(const struct trap_frame *frame)
{
	static int depth;
	const char *name = names[frame->vector] ?: "reserved exception";
	struct report_text where, address, pool;
	const char *stack;
	char text[160];
	bool guard = false;

	/* A fault in the report gets one line; a fault while printing it prints nothing. */
	if (depth++) {
		if (depth == 2)
			printk("\nBail out! %s while reporting a trap\n", name);
		arch_power_off(EXIT_PANIC);
	}

	panic_notifier = NULL; /* a test that expects a panic does not expect an exception */
	printk_taker = NULL;
	describe(frame, text, sizeof(text));
	where = symbol_text(frame->rip);
	printk("\n# %s (exception %lu, error code %#lx)%s%s\n", name, frame->vector,
	       frame->error_code, text[0] ? ": " : "", text);
	print_registers(frame);
	print_code(frame->rip);
	backtrace_print((struct place){ .pc = frame->rip, .sp = frame->rsp, .fp = frame->rbp });

	pool = fast_path(frame);
	if (pool.text[0])
		printk("# %s\n", pool.text);
	if (frame->vector == TRAP_DOUBLE_FAULT) {
		stack = arch_stack_name(read_cr2(), &guard);
		if (guard)
			snprintf(text, sizeof(text), "stack overflow: the %s is full", stack);
	}
	if (frame->vector == TRAP_PAGE_FAULT || guard) {
		address = address_text(read_cr2());
		printk("# address %016lx: %s\n", read_cr2(), address.text);
		bail_out("%s%s%s, address 0x%lx: %s, at %s%s%s", guard ? "" : name,
			 guard ? "" : ": ", text, read_cr2(), address.text, where.text,
			 pool.text[0] ? ": " : "", pool.text);
	}
	bail_out("%s%s%s, at %s%s%s", name, text[0] ? ": " : "", text, where.text,
		 pool.text[0] ? ": " : "", pool.text);
}
