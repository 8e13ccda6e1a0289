/* SPDX-License-Identifier: MIT */
/*
 * trap.h - exceptions, and what the processor and trap.S leave on the stack
 */
#ifndef ARCH_X86_64_TRAP_H
#define ARCH_X86_64_TRAP_H

#include <stdint.h>

/* The entries of trap.S, one per exception. */
#define NR_EXCEPTIONS 32
extern const uintptr_t trap_entries[NR_EXCEPTIONS];

enum trap_vector {
	TRAP_NMI = 2,
	TRAP_DOUBLE_FAULT = 8,
	TRAP_INVALID_TSS = 10,
	TRAP_NOT_PRESENT = 11,
	TRAP_STACK_SEGMENT = 12,
	TRAP_PROTECTION = 13,
	TRAP_PAGE_FAULT = 14,
	TRAP_MACHINE_CHECK = 18,
};

struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
	uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error_code;
	uint64_t rip, cs, rflags, rsp, ss;
};

void trap(const struct trap_frame *frame) __attribute__((noreturn));

#endif /* ARCH_X86_64_TRAP_H */
