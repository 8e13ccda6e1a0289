/* SPDX-License-Identifier: MIT */
/*
 * heap_block.h - how a heap lies in memory; for mm/heap*.c only
 *
 * A span is a run of pages. It is filled with blocks without gaps, each with a
 * header of 16 bytes, and ended by a header alone, the sentinel:
 *
 *	page                                                        page
 *	|span| hdr |payload .....| hdr |payload ..| hdr |payload ....| hdr |
 *	           ^             <---- a block --->                   sentinel
 *	           multiple of 32
 *
 * Headers lie 16 bytes before a multiple of 32, so payloads are aligned and
 * block sizes are multiples of 32. A header holds the size of its own block and
 * the size of the block before, so both neighbours can be reached, and each
 * size is written down twice: a header that was overwritten is noticed when a
 * neighbour is freed. No two free blocks lie side by side.
 *
 * In the newest span, blocks reach only to the top; from there to the sentinel
 * all is free. At the top there is half a header: the size of the block before.
 */
#ifndef MM_HEAP_BLOCK_H
#define MM_HEAP_BLOCK_H

#include <mm/env.h>
#include <mm/heap.h>
#include <mm/page.h>

/**
 * struct heap_block - a block, or with only its header the end of a span
 * @prev: bytes of the block before it; 0: it is the first of its span
 * @tag: low 48 bits: bytes of this block, headers counted, plus BLOCK_FREE;
 *	high 16 bits: the heap's stamp, which tells blocks from other memory
 * @links: if free: its place in a list. If used: the payload begins here
 */
struct heap_block {
	size_t prev;
	uint64_t tag;
	struct heap_links links;
};

struct heap_span {
	struct heap_span *next; /* the one made before it */
	uintptr_t end;
};

#define BLOCK_FREE ((size_t)1)
#define BLOCK_END ((size_t)2)	   /* a sentinel: not a block at all */
#define BLOCK_WAS_FREE ((size_t)4) /* one where a freed block may have begun */
#define BLOCK_FLAGS (HEAP_ALIGN - 1)
#define BLOCK_HEADER offsetof(struct heap_block, links)
#define BLOCK_SIZE_BITS 48
#define BLOCK_MAX ((size_t)1 << 46) /* with any alignment, no sum of sizes has 48 bits */
#define BLOCK_SIZE_MASK ((((size_t)1 << BLOCK_SIZE_BITS) - 1) & ~BLOCK_FLAGS)

_Static_assert(sizeof(size_t) == 8, "the heap is for 64-bit machines");
_Static_assert(sizeof(struct heap_block) == HEAP_ALIGN, "the smallest block is one step of sizes");
_Static_assert(sizeof(struct heap_span) + BLOCK_HEADER == HEAP_ALIGN, "payloads are aligned");

static inline mm_trusted struct heap_block *block_at(const void *base, size_t bytes)
{
	return (struct heap_block *)((uintptr_t)base + bytes);
}

static inline mm_trusted struct heap_block *block_of(const void *payload)
{
	return (struct heap_block *)((uintptr_t)payload - BLOCK_HEADER);
}

static inline mm_trusted struct heap_block *span_first(const struct heap_span *span)
{
	return block_at(span, sizeof(*span));
}

static inline mm_trusted struct heap_block *span_sentinel(const struct heap_span *span)
{
	return (struct heap_block *)(span->end - BLOCK_HEADER);
}

/*
 * A block's size, plus BLOCK_FREE if it is free: below 2^48 and without other
 * flags, unless its tag was overwritten or this never was a block of the heap.
 */
static inline mm_trusted uint64_t block_state(const struct heap *heap,
					      const struct heap_block *block)
{
	return block->tag ^ heap->stamp;
}

/* Does @state say that it is a block of the heap, or was one, and is free? */
static inline mm_trusted bool block_was_freed(uint64_t state)
{
	return !(state >> BLOCK_SIZE_BITS) && (state & (BLOCK_FREE | BLOCK_WAS_FREE));
}

static inline mm_trusted void block_set_state(const struct heap *heap, struct heap_block *block,
					      size_t state)
{
	block->tag = state ^ heap->stamp;
}

/* Is a free block where its list believes it to be? (Safe unlinking.) */
static inline mm_trusted bool block_is_linked(const struct heap_block *block)
{
	return block->links.next->prev == &block->links && block->links.prev->next == &block->links;
}

/*
 * The list for free blocks of @size bytes, a multiple of 32: in steps of 32 below
 * 1024, from there on 16 steps for each power of two.
 */
#define LIST_EXACT 1024
static inline mm_trusted size_t list_index(size_t size)
{
	unsigned int shift = (63 ^ (unsigned int)__builtin_clzl(size)) - 4;

	return size < LIST_EXACT ? size / 32 : shift * 16 + (size >> shift) - 80;
}

/* Notes that list @i has become empty. */
static inline mm_trusted void list_emptied(struct heap *heap, size_t i)
{
	heap->bitmap[i / 64] &= ~(1ul << (i % 64));
	if (!heap->bitmap[i / 64])
		heap->words &= ~(1ul << (i / 64));
}

static inline mm_trusted void list_del(struct heap *heap, struct heap_block *block)
{
	struct heap_links *next = block->links.next;
	struct heap_links *prev = block->links.prev;

	next->prev = prev;
	prev->next = next;
	/* Only a list's head is its own neighbour on both sides. */
	if (next == prev)
		list_emptied(heap, (size_t)(next - heap->lists));
}

/* Makes @bytes at @block a free block in a list. */
static inline mm_trusted mm_always_inline void add_free(struct heap *heap, struct heap_block *block,
							size_t bytes)
{
	size_t i = list_index(bytes);
	struct heap_links *list = &heap->lists[i], *next;

	block_set_state(heap, block, bytes + BLOCK_FREE);
	block_at(block, bytes)->prev = bytes;
	next = list->next;
	block->links.prev = list;
	block->links.next = next;
	next->prev = &block->links;
	list->next = &block->links;
	if (next != list)
		return;
	heap->bitmap[i / 64] |= 1ul << (i % 64);
	heap->words |= 1ul << (i / 64);
}

/* The bytes of free memory at the end of the newest span. */
static inline mm_trusted size_t top_size(const struct heap *heap)
{
	return (uintptr_t)heap->sentinel - (uintptr_t)heap->top;
}

/* Moves the top up over a used block of @size bytes. */
static inline mm_trusted void *cut_top(struct heap *heap, size_t size)
{
	struct heap_block *block = heap->top;

	heap->top = block_at(block, size);
	heap->top->prev = size;
	block_set_state(heap, block, size);
	mm_unpoison(&block->links, size - BLOCK_HEADER);
	return &block->links;
}

/* What a block of @bytes needs besides: its header, and rounding up. */
#define BLOCK_EXTRA (BLOCK_HEADER + HEAP_ALIGN - 1)

/*
 * heap_span.c: a block where no list has one: from the top, with more pages if need be.
 * @size is rounded, headers counted; the address @offset bytes into the block has none of
 * the bits of @slack.
 */
void *heap_alloc_more(struct heap *heap, size_t slack, size_t offset, size_t size);

/* heap_span.c: too much is free at the top. Returns 0. */
int heap_trim_top(struct heap *heap);

/*
 * heap_check.c: panics that say why @block's payload can not be freed (if it is
 * NULL it can, and nothing happens), or @block not be used. They are declared to return:
 * so they are jumped to, not called, and who ends so needs no stack frame.
 */
int heap_free_failed(const struct heap *heap, const struct heap_block *block) __attribute__((cold));
void *heap_alloc_failed(const struct heap_block *block) __attribute__((cold));

#endif /* MM_HEAP_BLOCK_H */
