// SPDX-License-Identifier: MIT
/*
 * heap.c - two-level segregated fit, with one addition: the top
 *
 * Free blocks are kept in lists by size, 16 lists for each power of two, and a
 * bitmap says which lists hold anything. So the smallest list whose every block
 * is large enough is found with two bit scans, whatever the heap looks like;
 * what is left of a block is cut off and goes to its own list; a freed block
 * joins its free neighbours at once.
 *
 * The addition: the free block that ends the newest span, the top, is in no
 * list. It is cut when no list fits, and it grows when the block before it is
 * freed. A quiet heap lives at its top, without touching a list at all, and
 * memory at the end stays whole for as long as anything else will do.
 *
 * Source: M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a New Dynamic
 * Memory Allocator for Real-Time Systems", ECRTS 2004. The rounded-up search
 * and the immediate coalescing are theirs; the top is Doug Lea's name for
 * nearly the same thing; linear lists below 512 bytes are the usual variation.
 */
#include <mm/env.h>
#include <mm/heap_block.h>

#define unlikely(x) __builtin_expect(!!(x), 0)

/**
 * heap_init() - make an empty heap
 * @heap: the heap; whatever it held is forgotten
 * @pages: where its memory will come from; nothing is taken before it is needed
 *
 * The secret comes from the time stamp counter, where there is one: good enough
 * to tell blocks from leftovers. heap_set_secret() takes a better one.
 */
void heap_init(struct heap *heap, struct page_allocator *pages)
{
	uintptr_t seed = 0;

#ifdef __x86_64__
	seed = __builtin_ia32_rdtsc();
#endif
	*heap = (struct heap){ .pages = pages };
	for (unsigned int i = 0; i < HEAP_LISTS; i++)
		heap->lists[i].next = heap->lists[i].prev = &heap->lists[i];
	heap->secret = seed;
	heap_set_secret(heap, heap_mark(heap, heap));
}

/**
 * heap_set_secret() - choose what keys the checks of this heap
 * @heap: a heap that holds no memory
 * @secret: any number, best a random one
 *
 * The high 16 bits go into every block's header, all of it into the cookies
 * with which pools mark their large blocks.
 */
void heap_set_secret(struct heap *heap, uintptr_t secret)
{
	if (heap->spans)
		panic("heap_set_secret: the heap %p is in use", (void *)heap);
	heap->secret = secret;
	heap->stamp = secret >> BLOCK_SIZE_BITS << BLOCK_SIZE_BITS;
}

/* Takes a block of at least @size bytes out of the lists. */
static struct heap_block *list_take(struct heap *heap, size_t size)
{
	unsigned int i = list_index_for(size);
	unsigned int word = i / 64;
	uint64_t bits = heap->bitmap[word] & (~0ul << (i % 64));
	struct heap_block *block;
	uint64_t state;

	if (!bits) {
		bits = heap->words & (~1ul << word);
		if (!bits)
			return NULL;
		word = (unsigned int)__builtin_ctzl(bits);
		bits = heap->bitmap[word];
	}
	block = block_of(heap->lists[word * 64 + (unsigned int)__builtin_ctzl(bits)].next);

	state = block_state(heap, block);
	if (unlikely((state & BLOCK_FLAGS) != BLOCK_FREE || state < size ||
		     state >> BLOCK_SIZE_BITS || !block_is_linked(block) ||
		     block_at(block, state - BLOCK_FREE)->prev != state - BLOCK_FREE))
		panic("heap_alloc: the free block %p was overwritten", (void *)&block->links);
	list_del(heap, block);
	return block;
}

/*
 * Cuts a used block of @size bytes out of the free @block, which is in no list
 * any more:
 *
 *	|<--- gap --->|<---- size ---->|<---- rest ---->|
 *	|    free     |      used      |      free      |
 *	block         the result
 *
 * The gap is there only for alignments above HEAP_ALIGN.
 */
static inline void *cut(struct heap *heap, struct heap_block *block, size_t gap, size_t size)
{
	size_t rest = block_state(heap, block) - BLOCK_FREE - gap - size;

	if (block == heap->top)
		heap->top = NULL;
	if (gap) {
		struct heap_block *front = block;

		block = block_at(front, gap);
		add_free(heap, front, gap);
	}
	block_set_state(heap, block, size);
	block_at(block, size)->prev = size;
	if (rest)
		add_free(heap, block_at(block, size), rest);
	return &block->links;
}

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
void *heap_alloc(struct heap *heap, size_t align, size_t size)
{
	return heap_alloc_at(heap, align, 0, size);
}

/**
 * heap_alloc_at() - allocate a block with a certain byte of it aligned
 * @heap: the heap
 * @align: a power of two; below HEAP_ALIGN counts as HEAP_ALIGN
 * @offset: which byte is to be aligned; a multiple of HEAP_ALIGN or of @align
 * @size: bytes wanted; 0 gets the smallest block
 *
 * For a header in front of something aligned: no more is wasted than the header
 * takes, because the space before the block stays free for others.
 *
 * Return: the block, aligned to HEAP_ALIGN, with block + @offset aligned to
 * @align; or NULL as heap_alloc().
 */
void *heap_alloc_at(struct heap *heap, size_t align, size_t offset, size_t size)
{
	struct heap_block *block;
	size_t need, slack, gap;

	if (unlikely(size > HEAP_MAX_SIZE || !align || (align & (align - 1))))
		return NULL;
	need = (size + BLOCK_HEADER + HEAP_ALIGN - 1) & -HEAP_ALIGN;
	slack = 0;
	if (unlikely(align > HEAP_ALIGN || offset)) {
		if (align > HEAP_MAX_SIZE || (offset & (HEAP_ALIGN - 1) & (align - 1)))
			return NULL;
		/* Where a block of need + slack bytes begins, an aligned place is inside. */
		if (align > HEAP_ALIGN)
			slack = align - HEAP_ALIGN;
	}

	block = list_take(heap, need + slack);
	if (!block) {
		block = heap->top;
		gap = block ? -((uintptr_t)&block->links + offset) & slack : 0;
		if (!block || need + gap > block_state(heap, block) - BLOCK_FREE) {
			if (!heap_grow(heap, need + slack))
				return NULL;
			block = heap->top;
		}
	}
	gap = -((uintptr_t)&block->links + offset) & slack;
	return cut(heap, block, gap, need);
}

/**
 * heap_free() - free a block
 * @heap: the heap that it came from
 * @p: the block; NULL is fine
 *
 * Constant time. The block joins its free neighbours; when more than twice
 * HEAP_SLACK bytes lie free at the end of the heap, all but HEAP_SLACK of them
 * go back to the pages.
 *
 * Panics if @p is no used block of @heap, and says why: not aligned, outside the
 * heap, freed already, inside another block, or with an overwritten header,
 * its own or a neighbour's. All is checked before anything is changed.
 */
void heap_free(struct heap *heap, void *p)
{
	struct heap_block *block = block_of(p), *next, *prev;
	const struct page_range *range;
	size_t size, room, next_size, prev_size;
	bool prev_free = false;

	if (!p)
		return;
	range = heap->pages ? page_find(heap->pages, (uintptr_t)block) : NULL;
	if (unlikely(!range || ((uintptr_t)p & (HEAP_ALIGN - 1))))
		heap_free_failed(heap, p);

	/* A used block, with a header behind it, in pages given out. */
	size = block_state(heap, block);
	room = range->next - (uintptr_t)p;
	if (unlikely((size & BLOCK_FLAGS) || size - 1 >= room))
		heap_free_failed(heap, p);

	next = block_at(block, size);
	next_size = block_state(heap, next);
	if (unlikely(next->prev != size ||
		     (next_size & BLOCK_FLAGS & ~BLOCK_WAS_FREE) > BLOCK_FREE))
		heap_free_failed(heap, p);
	if (next_size & BLOCK_FREE) {
		next_size -= BLOCK_FREE;
		if (unlikely(next_size > room - size ||
			     block_at(next, next_size)->prev != next_size ||
			     (next != heap->top && !block_is_linked(next))))
			heap_free_failed(heap, p);
	} else {
		next_size = 0;
	}

	prev_size = block->prev;
	prev = block_at(block, -prev_size);
	if (prev_size) {
		if (unlikely(prev_size > (uintptr_t)block - range->start ||
			     (prev_size & BLOCK_FLAGS) ||
			     (block_state(heap, prev) ^ prev_size) > BLOCK_FREE))
			heap_free_failed(heap, p);
		prev_free = block_state(heap, prev) & BLOCK_FREE;
		if (unlikely(prev_free && !block_is_linked(prev)))
			heap_free_failed(heap, p);
	}

	/* Stays readable after the blocks are joined: a second free is told. */
	block_set_state(heap, block, size | BLOCK_FREE);
	if (next_size && next != heap->top)
		list_del(heap, next);
	size += next_size;
	if (prev_free) {
		list_del(heap, prev);
		block = prev;
		size += prev_size;
	}
	add_free(heap, block, size);
	if (unlikely(block == heap->top && size > 2 * HEAP_SLACK))
		heap_trim_top(heap);
}

/**
 * heap_usable_size() - how much of a block may be used
 * @block: a used block of any heap, or NULL
 *
 * Return: bytes; at least what was asked for; 0 for NULL.
 */
size_t heap_usable_size(const void *block)
{
	if (!block)
		return 0;
	return (block_of(block)->tag & (((size_t)1 << BLOCK_SIZE_BITS) - 1) & -HEAP_ALIGN) - BLOCK_HEADER;
}
