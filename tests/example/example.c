// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

int printk(const char *fmt, ...)
{
	return puts(fmt); /* a real one formats its arguments */
}

void panic(const char *fmt, ...)
{
	puts(fmt);
	abort();
}

int main(void)
{
	static char memory[1 << 20];
	struct mp_pool_s *pool;
	char *word;

	page_add_range(&kernel_pages, memory, sizeof(memory));
	heap_init(&kernel_heap, &kernel_pages);
	pool = mp_create_pool(1024);
	for (int i = 0; i < 3; i++) {
		word = mp_nalloc(pool, 8);
		snprintf(word, 8, "line %d", i);
		puts(word);
	}
	mp_destroy_pool(pool);
	return 0;
}
