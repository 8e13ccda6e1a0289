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

/* Where arch/ hands over: the low 4 GiB identity mapped, traps caught. */
void kernel_main(const struct boot_info *boot) __attribute__((noreturn));

/**
 * arch_console_write() - write to the console
 * @text: what to write
 * @length: how many bytes
 *
 * Works at any time, in traps, too. Drops the text if there is no console.
 */
void arch_console_write(const char *text, size_t length);

/**
 * arch_power_off() - end the machine
 * @status: for whoever started it, if there is a way to tell
 *
 * Does not return: a machine that cannot be ended is halted for good.
 */
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

/**
 * arch_place_name() - what is known to be at some addresses
 * @start: the first of them
 * @last: the last of them
 * @mentioned: whether the firmware's map calls them reserved, or passes them over
 *
 * Return: the name, or "".
 */
const char *arch_place_name(uint64_t start, uint64_t last, bool mentioned);

/**
 * arch_cycles() - a clock
 *
 * Return: the time stamp counter: under QEMU's -icount the instructions executed.
 */
uint64_t arch_cycles(void);

/**
 * arch_random() - a number that is hard to guess
 *
 * Return: from RDRAND; without it the clock's, which differs from boot to boot.
 */
uint64_t arch_random(void);

#endif /* KERNEL_ARCH_H */
