// SPDX-License-Identifier: MIT
/*
 * printk.c - printk() of a program that has none: to stderr
 */
#include <stdarg.h>
#include <stdio.h>

#include <mm/env.h>

/**
 * printk() - print a report
 * @fmt: as printf's
 *
 * Weak: a program's own definition replaces it.
 *
 * Return: the number of characters, or a negative number.
 */
__attribute__((weak)) int printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vfprintf(stderr, fmt, args);
	va_end(args);
	return length;
}
