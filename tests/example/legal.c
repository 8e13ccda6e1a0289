// SPDX-License-Identifier: MIT
/*
 * legal.c - 40,000 correct calls: a tool that watches them has nothing to say
 *
 * -DOWN_MEMORY: the heap's memory comes from malloc(), which says of it that it was never
 * written to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

#define BYTES ((size_t)8 << 20)

static unsigned int next_random(void)
{
	static unsigned int state = 1;

	state = state * 1103515245 + 12345;
	return state >> 16;
}

/* Allocates, writes to what it got, and frees some of it; also what cannot be freed. */
static void use(struct mp_pool_s *pool)
{
	void *object[50] = { 0 };

	for (unsigned int i = 0; i < 200; i++) {
		size_t size = next_random() % 3000;
		void *p = next_random() & 1 ? mp_alloc(pool, size) : mp_nalloc(pool, size);

		if (size)
			memset(p, 1, size);
		mp_free(pool, object[i % 50]);
		object[i % 50] = p;
	}
	mp_free(pool, (char *)mp_alloc(pool, 100) + 32);
}

int main(void)
{
	void *block;
#ifdef OWN_MEMORY
	void *memory = malloc(BYTES);

	page_add_range(&kernel_pages, memory, BYTES);
	heap_init(&kernel_heap, &kernel_pages);
#endif
	for (int round = 0; round < 200; round++) {
		struct mp_pool_s *pool = mp_create_pool(1024);

		use(pool);
		if (round % 3 == 0)
			mp_reset_pool(pool);
		mp_destroy_pool(pool);
		block = heap_alloc(&kernel_heap, HEAP_ALIGN, 1000);
		heap_free(&kernel_heap, block);
	}
	heap_trim(&kernel_heap);
	puts(heap_check(&kernel_heap) ? "damaged" : "done");
	return 0;
}
