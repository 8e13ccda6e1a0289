/* SPDX-License-Identifier: MIT */
/*
 * arch.h - the machine interface: everything that the kernel may ask of arch/
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

/* arch/ calls this with the low 4 GiB mapped to themselves and exceptions handled. */
void kernel_main(const struct boot_info *boot) __attribute__((noreturn));

/**
 * arch_console_write() - write to the console
 * @text: what to write
 * @length: how many bytes
 *
 * Works at any time, also in exceptions. Drops the text if there is no console.
 */
void arch_console_write(const char *text, size_t length);

/**
 * arch_console_read() - read from the console
 *
 * Does not wait. What comes while the kernel prints is kept, 4 KiB at most; then the sender
 * is told to wait.
 *
 * Return: the next byte, or -1 if there is none now.
 */
int arch_console_read(void);

/**
 * arch_console_lost() - were bytes lost because nobody looked for too long?
 *
 * Return: how often that was noticed since the start.
 */
unsigned int arch_console_lost(void);

/**
 * arch_power_off() - power the machine off
 * @status: exit status for the host, where the machine can pass one on
 *
 * Does not return: a machine without power-off is halted.
 */
void arch_power_off(enum exit_status status) __attribute__((noreturn));

/**
 * arch_map_ram() - make RAM accessible at the addresses it has
 * @start: its first address
 * @end: just past its last address
 * @new_page: returns a page below 4 GiB for a page table, or NULL if there is none
 *
 * Rounds outwards to whole pages. Pages that are mapped already stay as they are. Before
 * arch_protect() this only fills the tables that arch_protect() will switch to.
 *
 * Return: the end of what is mapped: @end, or less if pages ran out or the processor
 * has no such addresses (then it may be below @start).
 */
uint64_t arch_map_ram(uint64_t start, uint64_t end, void *(*new_page)(void));

/**
 * arch_protect() - switch to page tables that give each part of memory only the rights it needs
 * @new_page: returns a page below 4 GiB for a page table, or NULL if there is none
 *
 * Call it once, after arch_map_ram() for all RAM below 4 GiB. From then on the kernel's
 * code and constants cannot be written, only its code can run, and outside the kernel
 * only what arch_map_ram() mapped can be accessed.
 *
 * Return: whether there were enough pages; if not, the tables are not switched.
 */
bool arch_protect(void *(*new_page)(void));

/**
 * arch_is_readable() - can some memory be read?
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
 * Walks all tables, so it is slow: for reports.
 *
 * Return: whether it does.
 */
bool arch_is_page_table(uintptr_t at);

/**
 * arch_stack_name() - does an address belong to one of the stacks?
 * @at: any address
 * @guard: set if there is a stack: does @at lie in the guard page below it?
 *
 * Return: the name of the stack, or NULL.
 */
const char *arch_stack_name(uintptr_t at, bool *guard);

/**
 * arch_place_name() - what usually lies at some addresses
 * @start: the first of them
 * @last: the last of them
 * @mentioned: true if the firmware's map calls them reserved, false if it has no entry for them
 *
 * Return: the name, or "" if nothing is known.
 */
const char *arch_place_name(uint64_t start, uint64_t last, bool mentioned);

/**
 * arch_cycles() - read the clock
 *
 * Return: the time stamp counter; under QEMU's -icount, the instructions executed.
 */
uint64_t arch_cycles(void);

/**
 * arch_random() - a number that is hard to guess
 *
 * Return: a number from RDRAND, or one from the clock on a CPU without RDRAND.
 */
uint64_t arch_random(void);

#endif /* KERNEL_ARCH_H */
