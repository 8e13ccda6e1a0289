// SPDX-License-Identifier: MIT
/*
 * descriptors.c - where the processor goes on a fault, and on which stack
 *
 *	vector --> idt[vector] --> an entry of trap.S
 *	                |
 *	                +-- ist 0: on the current stack
 *	                +-- ist n: on the stack at tss.ist[n - 1]
 *
 * Three exceptions get a stack of their own: a full stack ends in a double fault, an
 * NMI may come at any time, and after a machine check no stack can be trusted.
 */
#include <arch/x86_64/boot/boot.h>
#include <arch/x86_64/trap.h>

#define GATE_INTERRUPT 0x8e /* present, interrupts stay off */
#define TSS_AVAILABLE 0x89  /* present */

struct gate {
	uint16_t offset_0;
	uint16_t selector;
	uint8_t ist;
	uint8_t type;
	uint16_t offset_16;
	uint32_t offset_32;
	uint32_t reserved;
};

struct tss {
	uint32_t reserved_0;
	uint64_t rsp[3];
	uint64_t reserved_1;
	uint64_t ist[7];
	uint64_t reserved_2;
	uint16_t reserved_3;
	uint16_t io_map; /* an offset past the end: there is no map */
} __attribute__((packed));

struct table_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

static struct gate idt[NR_EXCEPTIONS];
static struct tss tss = { .io_map = sizeof(struct tss) };

/* Not const: ltr marks the TSS as busy. */
static uint64_t gdt[] = {
	[KERNEL_CS / 8] = 0x00af9b000000ffff, /* 64-bit code */
	[KERNEL_DS / 8] = 0x00cf93000000ffff,
	[TSS_SELECTOR / 8] = 0, /* two entries wide */
	[TSS_SELECTOR / 8 + 1] = 0,
};

static void set_gate(unsigned int vector, unsigned int stack)
{
	idt[vector] = (struct gate){
		.offset_0 = trap_entries[vector] & 0xffff,
		.selector = KERNEL_CS,
		.ist = stack,
		.type = GATE_INTERRUPT,
		.offset_16 = trap_entries[vector] >> 16 & 0xffff,
		.offset_32 = trap_entries[vector] >> 32,
	};
	if (stack)
		tss.ist[stack - 1] = (uintptr_t)stacks + (stack + 1) * STACK_STRIDE;
}

/* descriptors_init() - point every exception at its entry in trap.S */
void descriptors_init(void)
{
	struct table_pointer idt_pointer = { sizeof(idt) - 1, (uintptr_t)idt };
	struct table_pointer gdt_pointer = { sizeof(gdt) - 1, (uintptr_t)gdt };
	uint64_t base = (uintptr_t)&tss;

	for (int i = 0; i < NR_EXCEPTIONS; i++)
		set_gate(i, 0);
	set_gate(TRAP_DOUBLE_FAULT, 1);
	set_gate(TRAP_NMI, 2);
	set_gate(TRAP_MACHINE_CHECK, 3);

	gdt[TSS_SELECTOR / 8] = (base >> 24 & 0xff) << 56 | (uint64_t)TSS_AVAILABLE << 40 |
				(base & 0xffffff) << 16 | (sizeof(tss) - 1);
	gdt[TSS_SELECTOR / 8 + 1] = base >> 32;
	__asm__ volatile("lgdt %0" : : "m"(gdt_pointer));
	__asm__ volatile("ltr %w0" : : "r"(TSS_SELECTOR));
	__asm__ volatile("lidt %0" : : "m"(idt_pointer));
}
