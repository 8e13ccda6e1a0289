/* SPDX-License-Identifier: MIT */
/*
 * env.h - all that mm/ asks of its surroundings
 *
 * The kernel provides these in kernel/. On Linux, libc provides the mem* functions, vsnprintf()
 * and errno's numbers, and mm/linux/ provides printk() and panic(), unless the program does.
 * Nothing else is needed to link mm/ into a program.
 */
#ifndef MM_ENV_H
#define MM_ENV_H

#include <stdarg.h>
#include <stddef.h>

#include <mm/config.h>

#if __STDC_HOSTED__
#include <errno.h>
#include <stdio.h>
#include <string.h>
#else
void *memset(void *s, int c, size_t n);
void *memcpy(void *dest, const void *src, size_t n);
void *memmove(void *dest, const void *src, size_t n);
int vsnprintf(char *buf, size_t size, const char *fmt,
	      va_list args); /* C99's contract; in the kernel, no %f, no %ls, no %n */

/* Linux's numbers; the definitions may stand beside those of <errno.h>. */
#define ENOENT 2
#define ENOMEM 12
#define EFAULT 14
#define EBUSY 16
#define EINVAL 22
#define ENOSPC 28
#endif

MM_BEGIN_DECLS

/* Prints a report; the format is printf's. Returns the number of characters. */
mm_public int printk(const char *fmt, ...) __attribute__((__format__(__printf__, 1, 2)));

/* Prints why, and stops: memory is damaged, and continuing would damage more. */
mm_public void panic(const char *fmt, ...)
	__attribute__((__format__(__printf__, 1, 2), __noreturn__, __cold__));

MM_END_DECLS

#endif /* MM_ENV_H */
