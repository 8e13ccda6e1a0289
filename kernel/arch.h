/* SPDX-License-Identifier: MIT */
/*
 * arch.h - the machine interface: all that the rest may ask of arch/
 */
#ifndef KERNEL_ARCH_H
#define KERNEL_ARCH_H

#include <stddef.h>
#include <stdint.h>

/* The exit statuses of the machine, as QEMU's isa-debug-exit shows them. */
enum exit_status {
	EXIT_PASSED = 33,
	EXIT_FAILED = 35,
	EXIT_PANIC = 37,
	EXIT_NOTHING = 39,
};

/* Writes to the console; drops the text if there is no UART. */
void arch_console_write(const char *text, size_t length);

/* Ends the machine with @status; halts for good if it cannot be ended. */
void arch_power_off(enum exit_status status) __attribute__((noreturn));

/* The time stamp counter: under QEMU's -icount the instructions executed. */
uint64_t arch_cycles(void);

/* A number that cannot be guessed (RDRAND), or at least differs (TSC). */
uint64_t arch_random(void);

#endif /* KERNEL_ARCH_H */
