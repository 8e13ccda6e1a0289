/* SPDX-License-Identifier: MIT */
/*
 * heap.h - aligned blocks of any size, in constant time
 *
 * What posix_memalign() and free() are to a user program. Blocks are cut from
 * pages. After the last heap_free(), heap_trim() gives back every page, except those
 * below pages that somebody else took later from the same range.
 *
 * A heap is an object. Its memory comes from the page allocator that it was given;
 * any number of heaps can share one. Nothing here is locked: one CPU, no calls from
 * traps.
 *
 * In this header, a block is what the caller gets: its payload. The header in front of
 * it is the heap's business (heap_block.h).
 */
#ifndef MM_HEAP_H
#define MM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/config.h>
#include <mm/poison.h>
#include <mm/tell.h>

struct heap_block;
struct heap_span;
struct page_allocator;

#define HEAP_ALIGN ((size_t)32)		/* every block is aligned to this */
#define HEAP_MAX_SIZE ((size_t)1 << 46) /* bytes; larger sizes and alignments are refused */
#define HEAP_SLACK ((size_t)16 << 12)	/* bytes; what stays free at the end of the heap */
#define HEAP_FL_COUNT 48		/* first level of lists: powers of two; see heap_list.h */
#define HEAP_SL_COUNT 16		/* second level: lists for each power of two */

/* The links of a ring. The head of a free list holds one, and each free block in it. */
struct heap_links {
	struct heap_links *next;
	struct heap_links *prev;
};

/**
 * struct heap - a heap; heap_init() makes it valid
 * @lists: free blocks by size
 * @sl_bitmap: for each first level, bit sl: lists[fl][sl] is not empty
 * @fl_bitmap: bit fl: sl_bitmap[fl] is not zero
 * @top: where the free memory at the end of the newest span begins; it is in no list
 * @sentinel: the header that ends the newest span; the free memory at the top ends here
 * @spans: the runs of pages it holds, newest first
 * @nr_spans: how many
 * @pages: where its memory comes from
 * @secret: keys the marks that tell its owners' data from other memory
 * @stamp: 16 bits that every block header holds; the last 65,535 heaps on @pages differ
 * @oom: asked when memory is out; may be NULL
 * @oom_arg: passed to it
 * @marks: the number of the newest mark of its pools (mp_mark.c)
 * @depth: handlers of its pools that run now, one inside the other (mp_undo.c)
 * @in_oom: it is running, or the request is tried once more: it is not called
 * @quarantine: blocks that were freed and must not be handed out yet
 */
struct heap {
	struct heap_links lists[HEAP_FL_COUNT][HEAP_SL_COUNT] __attribute__((__aligned__(16)));
	uint32_t sl_bitmap[HEAP_FL_COUNT];
	uint64_t fl_bitmap;
	struct heap_block *top;
	struct heap_block *sentinel;
	struct heap_span *spans;
	size_t nr_spans;
	struct page_allocator *pages;
	uintptr_t secret;
	uint64_t stamp;
	bool (*oom)(struct heap *heap, size_t size, void *arg);
	void *oom_arg;
	uint64_t marks;
	unsigned int depth;
	bool in_oom;
#if MP_REDZONE
	struct mm_ring quarantine;
#endif
};

/* What there is at an address, as far as a heap knows. */
enum heap_kind {
	HEAP_OUTSIDE, /* in no block of it */
	HEAP_USED,    /* a used block */
	HEAP_FREE,    /* a free block */
	HEAP_BROKEN,  /* unknown: a header at or below it was overwritten */
};

/**
 * struct heap_place - where an address lies
 * @kind: what is there
 * @block: the payload of the block that holds it; NULL: outside
 * @size: bytes of payload; if broken, bytes to the sentinel of the span
 * @span: the run of pages that it is in
 * @walked: bytes of the spans that a walk has seen so far
 */
struct heap_place {
	enum heap_kind kind;
	const void *block;
	size_t size;
	const struct heap_span *span;
	size_t walked;
};

MM_BEGIN_DECLS

void heap_init(struct heap *heap, struct page_allocator *pages) MM_NAMED("heap_init");
void heap_set_secret(struct heap *heap, uintptr_t secret);
void heap_set_oom(struct heap *heap, bool (*fn)(struct heap *heap, size_t size, void *arg),
		  void *arg);
void *heap_alloc(struct heap *heap, size_t align, size_t size);
void *heap_alloc_at(struct heap *heap, size_t align, size_t offset, size_t size);
void heap_free(struct heap *heap, void *block);
void *heap_realloc(struct heap *heap, void *block, size_t size);
bool heap_resize(struct heap *heap, void *block, size_t size);
bool heap_join(struct heap *heap, void *low, void *high);
size_t heap_usable_size(const void *block);
int heap_check(const struct heap *heap);
size_t heap_trim(struct heap *heap);
void heap_find(const struct heap *heap, const void *p, struct heap_place *place);
bool heap_next(const struct heap *heap, struct heap_place *place);

/**
 * heap_mark() - a number that belongs to an address
 * @heap: the heap
 * @p: the address
 *
 * Owners of blocks write it into their own data, to recognise them later. It depends on
 * the address and on the heap's secret, so a copy elsewhere holds the wrong number.
 * Fibonacci hashing (Knuth, TAOCP 3, 6.4).
 *
 * Return: the mark.
 */
static inline uintptr_t heap_mark(const struct heap *heap, const void *p)
{
	return ((uintptr_t)p ^ heap->secret) * 0x9e3779b97f4a7c15ul;
}

/* The kernel's heap; main.c initialises it. */
extern struct heap kernel_heap;

MM_END_DECLS

#endif /* MM_HEAP_H */
