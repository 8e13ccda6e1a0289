// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

int printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintf(fmt, args);
	va_end(args);
	return length;
}

void panic(const char *fmt, ...)
{
	fputs(fmt, stderr);
	abort();
}

int main(void)
{
	static char memory[1 << 20];
	struct mp_pool_s *pool;

	page_add_range(&kernel_pages, memory, sizeof(memory));
	heap_init(&kernel_heap, &kernel_pages);
	pool = mp_create_pool(1024);
	for (int i = 0; i < 3; i++) {
		char *word = mp_nalloc(pool, 8);

		snprintf(word, 8, "line %d", i);
		puts(word);
	}
	mp_destroy_pool(pool);
	return 0;
}
