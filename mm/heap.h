/* SPDX-License-Identifier: MIT */
/*
 * heap.h - aligned blocks of any size, in constant time
 *
 * What posix_memalign() and free() are to a user program. Blocks are cut from
 * pages; when the last block is freed and heap_trim() called, every page is
 * back, provided nobody else took later pages of the same range.
 *
 * A heap is an object: its memory comes from the page allocator that it was
 * given, and any number of heaps can share one. Nothing here is locked: one
 * CPU, no calls from traps.
 */
#ifndef MM_HEAP_H
#define MM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_block;
struct heap_span;
struct page_allocator;
struct page_range;

#define HEAP_ALIGN ((size_t)32)	      /* every block is aligned to this */
#define HEAP_MAX_SIZE (SIZE_MAX / 2)  /* larger requests are refused unseen */
#define HEAP_SLACK ((size_t)16 << 12) /* free bytes kept at the end of the heap */
#define HEAP_LISTS 896		      /* steps of 32 to 1024, then 16 a power of two to 2^64 */
#define HEAP_WORDS (HEAP_LISTS / 64)

/* A list of free blocks, or a free block's place in one: a ring. */
struct heap_links {
	struct heap_links *next;
	struct heap_links *prev;
};

/**
 * struct heap - a heap; heap_init() makes it valid
 * @lists: free blocks by size; first, so that a list's address is one addition
 * @bitmap: bit i: lists[i] is not empty
 * @words: bit w: bitmap[w] is not zero
 * @top: where the free memory at the end of the newest span begins
 * @sentinel: where it ends: the header that ends the newest span
 * @spans: the runs of pages it holds, newest first
 * @range: the range of pages that the newest of them is in
 * @pages: where its memory comes from
 * @secret: keys the checks that tell its blocks from other memory
 * @stamp: 16 bits made of it, which every block header holds
 */
struct heap {
	struct heap_links lists[HEAP_LISTS];
	uint64_t bitmap[HEAP_WORDS];
	uint64_t words;
	struct heap_block *top;
	struct heap_block *sentinel;
	struct heap_span *spans;
	struct page_range *range;
	struct page_allocator *pages;
	uintptr_t secret;
	uint64_t stamp;
};

/* What there is at an address, as far as a heap knows. */
enum heap_kind {
	HEAP_OUTSIDE, /* not in its pages */
	HEAP_USED,    /* a used block */
	HEAP_FREE,    /* a free block, or the free memory at the end */
	HEAP_BROKEN,  /* the headers before it do not hang together */
};

/**
 * struct heap_place - where an address lies
 * @kind: what is there
 * @block: the payload of the block that holds it; NULL: outside
 * @size: bytes that may be used there; or to the end of what is broken
 * @span: the run of pages that it is in
 */
struct heap_place {
	enum heap_kind kind;
	const void *block;
	size_t size;
	const struct heap_span *span;
};

void heap_init(struct heap *heap, struct page_allocator *pages);
void heap_set_secret(struct heap *heap, uintptr_t secret);
void *heap_alloc_plain(struct heap *heap, size_t size);
void *heap_alloc_special(struct heap *heap, size_t align, size_t offset, size_t size);
void *heap_alloc_at(struct heap *heap, size_t align, size_t offset, size_t size);
void heap_free(struct heap *heap, void *block);
int heap_free_in(struct heap *heap, void *p, const struct page_range *range);
bool heap_join(struct heap *heap, void *low, void *high);
size_t heap_usable_size(const void *block);
int heap_check(const struct heap *heap);
size_t heap_trim(struct heap *heap);
void heap_find(const struct heap *heap, const void *p, struct heap_place *place);
bool heap_next(const struct heap *heap, struct heap_place *place);

/**
 * heap_alloc() - allocate a block
 * @heap: the heap
 * @align: a power of two; below HEAP_ALIGN counts as HEAP_ALIGN
 * @size: bytes wanted; 0 gets the smallest block
 *
 * Constant time, but for taking new pages. The memory is not cleared.
 *
 * Return: the block, or NULL: out of memory, @align not a power of two, @size
 * above HEAP_MAX_SIZE, or a heap that heap_init() has not seen.
 */
static inline void *heap_alloc(struct heap *heap, size_t align, size_t size)
{
	if (align == HEAP_ALIGN && size <= HEAP_MAX_SIZE)
		return heap_alloc_plain(heap, size);
	return heap_alloc_special(heap, align, 0, size);
}

/**
 * heap_mark() - a number that a place in the heap's memory is marked with
 * @heap: the heap
 * @p: the place
 *
 * For owners of blocks who want to know their own data again: the mark depends
 * on the address and the heap's secret, so a copy elsewhere does not pass.
 *
 * Return: the mark. Fibonacci hashing (Knuth, TAOCP 3, 6.4).
 */
static inline uintptr_t heap_mark(const struct heap *heap, const void *p)
{
	return ((uintptr_t)p ^ heap->secret) * 0x9e3779b97f4a7c15ul;
}

/* The kernel's heap; main.c initialises it. */
extern struct heap kernel_heap;

#endif /* MM_HEAP_H */
