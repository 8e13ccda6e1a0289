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
 * Rounded outwards to whole pages; what is mapped already stays as it is. At
 * first this only fills the tables that arch_protect() will switch to.
 *
 * Return: the end of what can be accessed: @end; less, if pages ran out or the
 * processor has no such addresses (then it may be below @start).
 */
uint64_t arch_map_ram(uint64_t start, uint64_t end, void *(*new_page)(void));

/**
 * arch_protect() - allow to memory what it is there for, and no more
 * @new_page: gives a page below 4 GiB for a page table, or NULL (then it panics)
 *
 * To be called once, after arch_map_ram() for all RAM below 4 GiB. From here on
 * the kernel's code cannot be written, its constants neither, and nothing but code
 * can run; what arch_map_ram() has not mapped is not there.
 */
void arch_protect(void *(*new_page)(void));

/**
 * arch_is_readable() - is there memory at an address?
 * @p: any address
 * @size: in bytes, at most a page
 *
 * Return: whether all of it is mapped.
 */
bool arch_is_readable(const void *p, size_t size);

/**
 * arch_is_page_table() - does an address lie in a page table in use?
 * @at: any address
 *
 * Looks at all tables: for reports.
 *
 * Return: whether it does.
 */
bool arch_is_page_table(uintptr_t at);

/**
 * arch_stack_name() - does an address belong to one of the stacks?
 * @at: any address
 * @guard: becomes true if it is the guard page below the stack
 *
 * Return: the name of the stack, or NULL.
 */
const char *arch_stack_name(uintptr_t at, bool *guard);

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
