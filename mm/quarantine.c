// SPDX-License-Identifier: MIT
/*
 * quarantine.c - freed blocks that nobody gets again for a while (KASAN=1)
 *
 * A use after free is noticed only as long as the memory is free. So the blocks
 * that the kernel's heap was asked to free last stay poisoned in a ring, and each
 * new one pushes the oldest out to be freed for good.
 */
#include <mm/heap.h>
#include <mm/poison.h>

#if MP_REDZONE
#include <kernel/report/panic.h>

#define QUARANTINE_BLOCKS 64

static void *ring[QUARANTINE_BLOCKS];
static unsigned int next;
static void *leaving; /* this one is on its way out: heap_free() shall have it */

static void push_out(unsigned int i)
{
	leaving = ring[i];
	ring[i] = NULL;
	heap_free(&kernel_heap, leaving);
	leaving = NULL;
}

/* Called by heap_free() with a block that it has checked and poisoned. */
bool mm_quarantine(struct heap *heap, void *p)
{
	if (heap != &kernel_heap || p == leaving)
		return false;
	for (unsigned int i = 0; i < QUARANTINE_BLOCKS; i++)
		if (ring[i] == p)
			panic("heap_free: %p was freed already", p);
	push_out(next);
	ring[next] = p;
	next = (next + 1) % QUARANTINE_BLOCKS;
	return true;
}

/* Called by heap_trim(), which keeps nothing that can go. */
void mm_quarantine_end(struct heap *heap)
{
	for (unsigned int i = 0; heap == &kernel_heap && i < QUARANTINE_BLOCKS; i++)
		push_out(i);
}
#endif
