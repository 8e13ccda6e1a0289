// SPDX-License-Identifier: MIT
/*
 * crash_heap.c - bad pointers to heap_free(), and overwritten blocks
 *
 *	|##a##|##b##|##c##|			each has SIZE bytes and a header
 */
#include <stdint.h>

#include <kernel/lib/string.h>
#include <mm/heap.h>
#include <tests/crash/crash.h>

/* Without the asm, the call would become a jump, and its function not be in the backtrace. */
#define FREE(p)                             \
	do {                                \
		heap_free(&kernel_heap, p); \
		__asm__ volatile("");       \
	} while (0)

#define SIZE 112
#define HEADER 16

static char *a, *b, *c;

static void allocate(void)
{
	a = heap_alloc(&kernel_heap, 32, SIZE);
	b = heap_alloc(&kernel_heap, 32, SIZE);
	c = heap_alloc(&kernel_heap, 32, SIZE);
}

static void free_twice(void)
{
	allocate();
	heap_free(&kernel_heap, b);
	FREE(b);
}

/* After the blocks coalesce, b points into the middle of a free block. */
static void free_joined(void)
{
	allocate();
	heap_free(&kernel_heap, a);
	heap_free(&kernel_heap, b);
	FREE(b);
}

static void free_interior(void)
{
	allocate();
	FREE(b + 64);
}

static void free_foreign(void)
{
	static char elsewhere[64] __attribute__((aligned(64)));

	allocate();
	FREE(elsewhere + 32);
}

static void free_misaligned(void)
{
	allocate();
	FREE(b + 1);
}

static void free_overwritten(void)
{
	allocate();
	memset(b - HEADER, 'x', HEADER);
	FREE(b);
}

/* A string that is too long overwrites the next header. */
static void free_overflowed(void)
{
	allocate();
	memset(b, 'x', SIZE + 8);
	FREE(b);
}

static void alloc_overwritten(void)
{
	allocate();
	heap_free(&kernel_heap, b);
	memset(b, 'x', 16);
	heap_alloc(&kernel_heap, 32, SIZE);
}

const struct crash_case crash_heap[] = {
	{ "free-twice", free_twice, "heap_free() of a block that is free" },
	{ "free-joined", free_joined, "the same, after it became part of another" },
	{ "free-interior", free_interior, "heap_free() of a pointer into a block" },
	{ "free-foreign", free_foreign, "heap_free() of memory outside the heap" },
	{ "free-misaligned", free_misaligned, "heap_free() of a pointer that is not aligned" },
	{ "free-overwritten", free_overwritten, "heap_free() of a block with a broken header" },
	{ "free-overflowed", free_overflowed, "a block written past its end into the next" },
	{ "alloc-overwritten", alloc_overwritten, "a free block that was written to" },
	{},
};
