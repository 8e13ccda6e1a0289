/* SPDX-License-Identifier: MIT */
/*
 * linker.h - names that linker.ld gives to places
 */
#ifndef KERNEL_LINKER_H
#define KERNEL_LINKER_H

#include <stdint.h>

struct program;

/*
 * The kernel in memory: code from __image_start on, constants, then data, .bss
 * and stacks, then the symbols.
 */
extern char __image_start[], __rodata_start[], __data_start[], __image_end[];
#define IMAGE_START ((uintptr_t)__image_start)
#define IMAGE_END ((uintptr_t)__image_end)

/* A symbol's address and where its name is, both below 4 GiB as the kernel is. */
struct symbol {
	uint32_t address;
	uint32_t name;
};

/*
 * From @address on: bytes from %rsp to the end of the frame, or from %rbp to there
 * and 1 more; and how far below that %rbp is saved, 0: it is not.
 */
struct unwind_row {
	uint32_t address;
	uint16_t frame;
	uint16_t saved;
};

/*
 * What kernel/report/tables makes, in ascending order; empty while the kernel is linked
 * for the first time.
 */
extern const struct symbol __symbols_start[], __symbols_end[];
extern const struct unwind_row __unwind_start[], __unwind_end[];

/* What REGISTER_PROGRAM() collected; nothing at all when both are equal. */
extern const struct program *const __start_programs[], *const __stop_programs[];

#endif /* KERNEL_LINKER_H */
