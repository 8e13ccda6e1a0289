/* SPDX-License-Identifier: MIT */
/*
 * linker.h - names that linker.ld gives to places
 */
#ifndef KERNEL_LINKER_H
#define KERNEL_LINKER_H

#include <stdint.h>

struct program;

/* The kernel in memory, from its first byte to just past .bss. */
extern char __image_start[], __image_end[];
#define IMAGE_START ((uintptr_t)__image_start)
#define IMAGE_END ((uintptr_t)__image_end)

/* What REGISTER_PROGRAM() collected; nothing at all when both are equal. */
extern const struct program *const __start_programs[], *const __stop_programs[];

#endif /* KERNEL_LINKER_H */
