// SPDX-License-Identifier: MIT
/*
 * replaced.c - a panic and a report, with printk() and panic() of the library or of the program
 *
 * -DOWN_PRINTK, -DOWN_PANIC: the program defines them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <mm/env.h>
#include <mm/heap.h>

#ifdef OWN_PRINTK
int printk(const char *fmt, ...)
{
	(void)fmt;
	return puts("own printk");
}
#endif

#ifdef OWN_PANIC
void panic(const char *fmt, ...)
{
	(void)fmt;
	puts("own panic");
	fflush(stdout);
	_Exit(3);
}
#endif

int main(void)
{
	unsigned char *p = heap_alloc(&kernel_heap, HEAP_ALIGN, 100);

	p[-8] ^= 64; /* the header in front of the block */
	if (heap_check(&kernel_heap) != -EFAULT)
		return 1;
	fflush(stdout);
	heap_free(&kernel_heap, p);
	return 2;
}
