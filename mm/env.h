/* SPDX-License-Identifier: MIT */
/*
 * env.h - all that mm/ asks of its surroundings
 *
 * The kernel provides these in kernel/. A Linux program takes the mem* functions from
 * its libc and defines printk() and panic() itself. Nothing else is needed to link mm/
 * into a program.
 */
#ifndef MM_ENV_H
#define MM_ENV_H

#include <stddef.h>

#include <mm/poison.h>

/* Prints a report; the format is printf's. Returns the number of characters. */
int printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints why, and stops: memory is damaged, and continuing would damage more. */
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

/* For paths whose instructions have a budget (make bench). */
#define mm_unlikely(x) __builtin_expect(!!(x), 0)
#define mm_always_inline __attribute__((__always_inline__))
#define mm_noinline __attribute__((__noinline__))

#endif /* MM_ENV_H */
