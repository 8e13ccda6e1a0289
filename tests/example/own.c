// SPDX-License-Identifier: MIT
/*
 * own.c - a program's own memory and heaps work with the library as without it
 */
#include <stdio.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

static char memory[1 << 20];

static int is_mine(const void *p)
{
	return (const char *)p >= memory && (const char *)p < memory + sizeof(memory);
}

int main(void)
{
	static struct page_allocator pages;
	static struct heap heap;
	struct mp_pool_s *pool, *other;

	page_add_range(&pages, memory, sizeof(memory) / 2);
	heap_init(&heap, &pages);
	other = mp_create_pool_on(&heap, 100);
	page_add_range(&kernel_pages, memory + sizeof(memory) / 2, sizeof(memory) / 2);
	heap_init(&kernel_heap, &kernel_pages);
	pool = mp_create_pool(100);
	if (!is_mine(other) || !is_mine(pool) || !mp_alloc(other, 10) || !mp_alloc(pool, 10))
		return 1;
	/* Only kernel_pages gets more when its memory is used up. */
	if (mp_alloc(other, sizeof(memory)) || !mp_alloc(pool, sizeof(memory)))
		return 1;
	puts("mine");
	mp_destroy_pool(pool);
	mp_destroy_pool(other);
	return 0;
}
