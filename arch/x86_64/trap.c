// SPDX-License-Identifier: MIT
/*
 * trap.c - exceptions: all are fatal, none is silent
 */
#include <arch/x86_64/boot.h>
#include <arch/x86_64/cpu.h>
#include <kernel/arch.h>
#include <kernel/panic.h>
#include <kernel/printk.h>

#define GATE_INTERRUPT 0x8e /* present, interrupts stay off */
#define TRAP_PAGE_FAULT 14

/* What the CPU and trap.S push. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error_code;
	uint64_t rip, cs, rflags, rsp, ss;
};

struct gate {
	uint16_t offset_0;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset_16;
	uint32_t offset_32;
	uint32_t reserved;
};

struct idt_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

void trap(const struct trap_frame *frame) __attribute__((noreturn));

static struct gate idt[NR_EXCEPTIONS];

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

/* trap_init() - point every exception at its entry in trap.S */
void trap_init(void)
{
	struct idt_pointer pointer = { sizeof(idt) - 1, (uintptr_t)idt };

	for (int i = 0; i < NR_EXCEPTIONS; i++)
		idt[i] = (struct gate){
			.offset_0 = trap_entries[i] & 0xffff,
			.selector = KERNEL_CS,
			.type = GATE_INTERRUPT,
			.offset_16 = trap_entries[i] >> 16 & 0xffff,
			.offset_32 = trap_entries[i] >> 32,
		};
	__asm__ volatile("lidt %0" : : "m"(pointer));
}

static void print_registers(const struct trap_frame *frame)
{
	printk("# RIP %016lx  RSP %016lx  CR2 %016lx\n", frame->rip, frame->rsp, read_cr2());
	printk("# RAX %016lx  RBX %016lx  RCX %016lx\n", frame->rax, frame->rbx, frame->rcx);
	printk("# RDX %016lx  RSI %016lx  RDI %016lx\n", frame->rdx, frame->rsi, frame->rdi);
	printk("# RBP %016lx  R8  %016lx  R9  %016lx\n", frame->rbp, frame->r8, frame->r9);
	printk("# R10 %016lx  R11 %016lx  R12 %016lx\n", frame->r10, frame->r11, frame->r12);
	printk("# R13 %016lx  R14 %016lx  R15 %016lx\n", frame->r13, frame->r14, frame->r15);
	printk("# CS  %04lx  SS  %04lx  RFLAGS %08lx\n", frame->cs, frame->ss, frame->rflags);
}

/* trap() - report and end; trap.S comes here for every exception */
void trap(const struct trap_frame *frame)
{
	static int depth;
	const char *name = names[frame->vector] ?: "reserved exception";

	/* A fault in the report: say the least, then say nothing. */
	if (depth++) {
		if (depth == 2)
			printk("\nBail out! %s while reporting a trap\n", name);
		arch_power_off(EXIT_PANIC);
	}

	panic_notifier = NULL; /* a test that expects a panic does not expect this */
	printk("\n# %s, exception %lu, error code %#lx\n", name, frame->vector, frame->error_code);
	print_registers(frame);
	if (frame->vector == TRAP_PAGE_FAULT)
		panic("%s at address %p, RIP %p", name, (void *)read_cr2(), (void *)frame->rip);
	panic("%s at RIP %p", name, (void *)frame->rip);
}
