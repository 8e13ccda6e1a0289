// SPDX-License-Identifier: MIT
/*
 * panic.c - panic() of a program that has none: a line on stderr, and abort()
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <mm/env.h>

/**
 * panic() - say why, and stop
 * @fmt: as printf's, without a newline
 *
 * Weak: a program's own definition replaces it. It must not return.
 */
__attribute__((weak)) void panic(const char *fmt, ...)
{
	va_list args;

	fputs("mp_pool: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}
