/* SPDX-License-Identifier: MIT */
/*
 * env.h - all that mm/ asks of its surroundings
 *
 * The kernel provides these in kernel/; a Linux program takes the mem*
 * functions from its libc and writes the other two itself. Nothing else is
 * needed to link mm/ into a program.
 */
#ifndef MM_ENV_H
#define MM_ENV_H

#include <stddef.h>

#include <mm/poison.h>

/* Reports; the format is printf's. Returns the number of characters. */
int printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Reports and stops: memory is in a state in which going on does harm. */
void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

void *memset(void *s, int c, size_t n);
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);

/* Linux's errno values; the definitions may stand beside those of <errno.h>. */
#define ENOENT 2
#define EFAULT 14
#define EBUSY 16
#define EINVAL 22
#define ENOSPC 28

/* For what compilers must not decide by themselves: instructions are counted here. */
#define mm_unlikely(x) __builtin_expect(!!(x), 0)
#define mm_noinline __attribute__((__noinline__))
#define mm_always_inline __attribute__((__always_inline__))

#endif /* MM_ENV_H */
