// SPDX-License-Identifier: MIT
/*
 * legal.c - 120,000 correct calls: a tool that watches them has nothing to say
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

static void clear(void *data)
{
	memset(data, 0, 13);
}

/* The same in a child and in a scope, with handlers that write to their data. */
static void use_and_undo(struct mp_pool_s *pool)
{
	struct mp_pool_s *child = mp_create_child(pool, 1024);
	struct mp_cleanup_s *run, *removed;

	MP_SCOPE(pool) {
		run = mp_cleanup_add(pool, 13);
		run->handler = clear;
		use(pool);
	}
	run = mp_cleanup_add(child, 13);
	removed = mp_cleanup_add(child, 13);
	run->handler = clear;
	mp_cleanup_or_run(child, clear, mp_alloc(child, 13));
	use(child);
	mp_cleanup_run(child, run);
	mp_cleanup_remove(child, removed);
	mp_cleanup_remove(child, removed);
	if (next_random() & 1)
		mp_destroy_pool(child);
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
		use_and_undo(pool);
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
