/* SPDX-License-Identifier: MIT */
/*
 * linker.h - symbols that linker.ld defines
 */
#ifndef KERNEL_LINKER_H
#define KERNEL_LINKER_H

#include <stdint.h>

struct program;

/*
 * The kernel in memory: code at __image_start, then constants, then data, .bss and stacks,
 * then the symbols.
 */
extern char __image_start[], __rodata_start[], __data_start[], __image_end[];
extern char __bss_start[], __bss_end[]; /* the stacks begin at the end of .bss */
#define IMAGE_START ((uintptr_t)__image_start)
#define IMAGE_END ((uintptr_t)__image_end)

/* The addresses of a symbol and of its name. The kernel lies below 4 GiB, so 32 bits do. */
struct symbol {
	uint32_t address;
	uint32_t name;
};

/**
 * struct unwind_row - the stack frame of the code from an address to that of the next row
 * @address: of the code
 * @frame: bytes from %rsp to the end of the frame; if odd, from %rbp, plus 1
 * @saved: how many bytes below the end of the frame %rbp is saved; 0 if it is not saved
 */
struct unwind_row {
	uint32_t address;
	uint16_t frame;
	uint16_t saved;
};

/*
 * The tables that kernel/report/tables makes, in ascending order of addresses. They are
 * empty when the kernel is linked for the first time.
 */
extern const struct symbol __symbols_start[], __symbols_end[];
extern const struct unwind_row __unwind_start[], __unwind_end[];

/* What REGISTER_PROGRAM() collected; no program if both are equal. */
extern const struct program *const __start_programs[], *const __stop_programs[];

#endif /* KERNEL_LINKER_H */
