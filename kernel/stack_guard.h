/* SPDX-License-Identifier: MIT */
#ifndef KERNEL_STACK_GUARD_H
#define KERNEL_STACK_GUARD_H

#include <stdint.h>

void stack_guard_seed(uintptr_t random);

#endif /* KERNEL_STACK_GUARD_H */
