/* SPDX-License-Identifier: MIT */
#ifndef KERNEL_PRINTK_H
#define KERNEL_PRINTK_H

#include <stdarg.h>
#include <stddef.h>

/*
 * If set, printk() gives it the text, in pieces, and prints nothing. A test that expects a
 * message sets it. It may clear it and call printk() to print text after all.
 */
extern void (*printk_taker)(const char *text, size_t size);

int printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int vprintk(const char *fmt, va_list args);
int snprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);

#endif /* KERNEL_PRINTK_H */
