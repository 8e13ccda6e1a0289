/* SPDX-License-Identifier: MIT */
/*
 * arch.h - the machine interface: all that the rest may ask of arch/
 */
#ifndef KERNEL_ARCH_H
#define KERNEL_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct boot_info;

/* The exit statuses of the machine, as QEMU's isa-debug-exit shows them. */
enum exit_status {
	EXIT_PASSED = 33,
	EXIT_FAILED = 35,
	EXIT_PANIC = 37,
	EXIT_NOTHING = 39,
};

/* Where arch/ hands over: identity mapped below 4 GiB, traps caught. */
void kernel_main(const struct boot_info *boot) __attribute__((noreturn));

/* Writes to the console; drops the text if there is no UART. */
void arch_console_write(const char *text, size_t length);

/* Ends the machine with @status; halts for good if it cannot be ended. */
void arch_power_off(enum exit_status status) __attribute__((noreturn));

/**
 * arch_map_ram() - make RAM accessible at the addresses it has
 * @start: where it begins
 * @end: just past its end
 * @new_page: gives a page below 4 GiB for a page table, or NULL
 *
 * Rounded outwards to what the processor's pages can say. What is mapped
 * already stays as it is.
 *
 * Return: the end of what can be accessed: @end; less, if pages ran out or the
 * processor has no such addresses (then it may be below @start).
 */
uint64_t arch_map_ram(uint64_t start, uint64_t end, void *(*new_page)(void));

/*
 * What is known to be at [@start, @last], or "": an area that the firmware has
 * @mentioned, as reserved, or one that it passed over.
 */
const char *arch_place_name(uint64_t start, uint64_t last, bool mentioned);

/* The time stamp counter: under QEMU's -icount the instructions executed. */
uint64_t arch_cycles(void);

/* A number that cannot be guessed (RDRAND), or at least differs (TSC). */
uint64_t arch_random(void);

#endif /* KERNEL_ARCH_H */
