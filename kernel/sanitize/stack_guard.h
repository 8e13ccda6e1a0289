/* SPDX-License-Identifier: MIT */
#ifndef KERNEL_STACK_GUARD_H
#define KERNEL_STACK_GUARD_H

#include <stdint.h>

/* Compilers use these two by their names. */
extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void) __attribute__((noreturn));

void stack_guard_seed(uintptr_t random);

#endif /* KERNEL_STACK_GUARD_H */
