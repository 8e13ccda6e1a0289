/* SPDX-License-Identifier: MIT */
/*
 * heap_block.h - how a heap lies in memory: spans, blocks, headers; for mm/heap*.c only
 *
 * A span is a run of pages. Blocks fill it without gaps. Each block begins with a
 * header of 16 bytes. A header without a block, the sentinel, ends the span:
 *
 *	page                                                        page
 *	|span| hdr |payload .....| hdr |payload ..| hdr |payload ....| hdr |
 *	           ^             <---- a block --->                   sentinel
 *	           multiple of 32
 *
 * Headers lie 16 bytes before a multiple of 32. So payloads are aligned to 32, and
 * the sizes of blocks, headers counted, are multiples of 32.
 *
 * A header is a boundary tag (Knuth, TAOCP 1, 2.5): it holds the size of its own
 * block and the size of the block before it. So both neighbours can be reached, and
 * each size is written down twice. If one of the two copies is overwritten, they
 * differ. No two free blocks lie side by side.
 *
 * In the newest span, blocks reach only to the top. From there to the sentinel, all is
 * free. heap->top points to a struct heap_block of which only prev is valid:
 *
 *	|span| hdr |payload .....| hdr |payload ....|prev|..... free .....| hdr |
 *	                                            top               sentinel
 */
#ifndef MM_HEAP_BLOCK_H
#define MM_HEAP_BLOCK_H

#include <mm/env.h>
#include <mm/heap.h>
#include <mm/page.h>

/**
 * struct heap_block - a block; of a sentinel, only the first two fields are there
 * @prev: bytes of the block before it; 0: it is the first of its span
 * @tag: low 48 bits: bytes of this block, header counted, and in the lowest five bits
 *	BLOCK_FREE or BLOCK_END; high 16 bits: the heap's stamp (heap->stamp has it
 *	in the same place, and 0 in the low 48 bits)
 * @links: if free: its place in a list. If used: the payload begins here
 */
struct heap_block {
	size_t prev;
	uint64_t tag;
	struct heap_links links;
};

/* The first 16 bytes of a span. */
struct heap_span {
	struct heap_span *next; /* the one made before it */
	uintptr_t end;		/* address just past its last page */
};

#define BLOCK_FREE ((size_t)1)
#define BLOCK_END ((size_t)2) /* the sentinel */
#define BLOCK_FLAGS (HEAP_ALIGN - 1)
#define BLOCK_HEADER offsetof(struct heap_block, links)
#define BLOCK_SIZE_BITS 48
#define BLOCK_SIZE_MASK ((((size_t)1 << BLOCK_SIZE_BITS) - 1) & ~BLOCK_FLAGS)

MM_ASSERT(sizeof(size_t) == 8, "the heap is for 64-bit machines");
MM_ASSERT(sizeof(struct heap_block) == HEAP_ALIGN, "the smallest block has HEAP_ALIGN bytes");
MM_ASSERT(4 * HEAP_MAX_SIZE == (size_t)1 << BLOCK_SIZE_BITS,
	  "a size, an alignment and a header have fewer than 2^48 bytes");
MM_ASSERT(sizeof(struct heap_span) + BLOCK_HEADER == HEAP_ALIGN, "payloads are aligned");

/* The bytes of a block whose payload is at least @size bytes. */
static inline size_t block_bytes(size_t size)
{
	return (size + BLOCK_HEADER + HEAP_ALIGN - 1) & -HEAP_ALIGN;
}

static inline struct heap_block *block_at(const void *base, size_t bytes)
{
	return (struct heap_block *)((uintptr_t)base + bytes);
}

static inline struct heap_block *block_of(const void *payload)
{
	return (struct heap_block *)((uintptr_t)payload - BLOCK_HEADER);
}

static inline struct heap_block *span_first(const struct heap_span *span)
{
	return block_at(span, sizeof(*span));
}

static inline mm_trusted struct heap_block *span_sentinel(const struct heap_span *span)
{
	return (struct heap_block *)(span->end - BLOCK_HEADER);
}

/*
 * A block's size and flags. A tag that @heap did not write has another stamp, so the state is
 * at least 2^48. Random bytes have the right stamp one time in 65,536.
 */
static inline mm_trusted uint64_t block_state(const struct heap *heap,
					      const struct heap_block *block)
{
	return block->tag ^ heap->stamp;
}

static inline mm_trusted size_t block_size(const struct heap *heap, const struct heap_block *block)
{
	return block_state(heap, block) & ~BLOCK_FLAGS;
}

static inline mm_trusted bool block_is_free(const struct heap *heap, const struct heap_block *block)
{
	return block_state(heap, block) & BLOCK_FREE;
}

static inline mm_trusted struct heap_block *block_next(const struct heap *heap,
						       const struct heap_block *block)
{
	return block_at(block, block_size(heap, block));
}

static inline mm_trusted struct heap_block *block_prev(const struct heap_block *block)
{
	return block_at(block, -block->prev); /* the sum wraps, and so goes down */
}

/* Writes both copies of a block's size: in its own header, and in the next one. */
static inline mm_trusted void block_set(const struct heap *heap, struct heap_block *block,
					size_t size, size_t flags)
{
	block->tag = (size | flags) ^ heap->stamp;
	block_at(block, size)->prev = size;
}

/*
 * Can the header of @block, which lies in @range, be believed? Its flags must be @flags,
 * its size must not lead out of the pages given out, and the next header must repeat
 * the size.
 */
static inline mm_trusted bool block_is_whole(const struct heap *heap,
					     const struct heap_block *block, size_t flags,
					     const struct page_range *range)
{
	size_t size = block_state(heap, block) - flags;

	/* The next header lies in the range, too. If size is 0, size - 1 wraps: too large. */
	return size % HEAP_ALIGN == 0 && size - 1 < range->next - (uintptr_t)&block->links &&
	       block_at(block, size)->prev == size;
}

mm_internal void heap_check_before(const struct heap *heap, const void *p);

/* Can @span be believed? It must be whole pages that are given out, in one range. */
static inline mm_trusted bool span_is_whole(const struct heap *heap, const struct heap_span *span)
{
	const struct page_range *range = page_find(heap->pages, span);

	return (uintptr_t)span % MM_PAGE_SIZE == 0 && range && span->end % MM_PAGE_SIZE == 0 &&
	       span->end > (uintptr_t)span && span->end <= range->next;
}

/*
 * heap_free() writes this over the first 16 bytes of a payload. 1 is no aligned address, so
 * block_is_linked() refuses it. A cookie that summed what lay there is wrong now: a freed
 * pool or record is not taken for live.
 */
#define LINKS_NONE ((struct heap_links){ (void *)1, (void *)1 })

/* Is @block the first of a span? In front of it must be what can be the struct of a span. */
static inline mm_trusted bool block_begins_span(const struct heap *heap,
						const struct heap_block *block)
{
	const struct heap_span *span = (void *)((uintptr_t)block - sizeof(*span));

	return span == heap->spans || span_is_whole(heap, span);
}

static inline bool links_are_head(const struct heap *heap, const struct heap_links *links)
{
	return (uintptr_t)links - (uintptr_t)heap->lists < sizeof(heap->lists);
}

/*
 * Can @links be read, if they are aligned? They must be a list head, or lie in pages given
 * out. @range is where that is likely.
 */
static inline bool links_are_readable(const struct heap *heap, const struct page_range *range,
				      const struct heap_links *links)
{
	return links_are_head(heap, links) || page_range_holds(range, links) ||
	       page_search(heap->pages, links);
}

/*
 * Do the neighbours of a free block in its list point to it? (Safe unlinking.) What was
 * written to the block after it was freed may stand in its links. So they are followed only
 * to where links can lie.
 */
static inline mm_trusted bool block_is_linked(const struct heap *heap,
					      const struct heap_block *block,
					      const struct page_range *range)
{
	const struct heap_links *next = block->links.next;
	const struct heap_links *prev = block->links.prev;

	/* If both are the same, that is the head: the block is alone in its list. */
	return ((uintptr_t)next | (uintptr_t)prev) % sizeof(*next) == 0 &&
	       (next != prev || links_are_head(heap, next)) &&
	       links_are_readable(heap, range, next) && links_are_readable(heap, range, prev) &&
	       next->prev == &block->links && prev->next == &block->links;
}

#endif /* MM_HEAP_BLOCK_H */
