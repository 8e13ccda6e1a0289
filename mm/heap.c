// SPDX-License-Identifier: MIT
/*
 * heap.c - two-level segregated fit (TLSF), with one addition: the top
 *
 * Free blocks are kept in lists by size. A bitmap says which lists hold anything. So
 * the smallest list whose every block is large enough is found in constant time.
 *
 *	heap_alloc:	find a free block, take it out of its list,
 *			split off what is too much, and give out what was asked for
 *	heap_free:	check the block, join it with its free neighbours, put it into a list
 *			(heap_free.c)
 *
 * The addition is the top: the free memory at the end of the newest span is in no
 * list. It is a bump allocator: the top moves up when no list can serve, and down when
 * the block before it is freed. So a heap without holes only moves the top, and the
 * memory at the end of the heap stays whole for as long as possible.
 *
 * Sources: M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a New Dynamic Memory
 * Allocator for Real-Time Systems", ECRTS 2004: the two levels, the search, immediate
 * coalescing. The top is Doug Lea's (dlmalloc). Lists of a single size below 1024
 * bytes are a common variation.
 */
#include <mm/heap_check.h>
#include <mm/heap_list.h>
#include <mm/heap_span.h>

/**
 * heap_set_secret() - choose what keys the marks of this heap
 * @heap: a heap that holds no memory
 * @secret: any number, best a random one
 *
 * The records of large blocks hold heap_mark(), which depends on it. Panics if @heap is in use.
 */
void heap_set_secret(struct heap *heap, uintptr_t secret)
{
	if (heap->spans)
		panic("heap_set_secret: the heap %p is in use", (void *)heap);
	heap->secret = secret;
}

/*
 * The next stamp: 1 to 65,535, in the high 16 bits. No two of the last 65,535 heaps on one
 * page allocator have the same. It is never 0, so memory of zeros is no block. A heap
 * without a page allocator has no memory, so no block carries its stamp.
 */
static uint64_t next_stamp(struct page_allocator *pages)
{
	uint64_t count = pages ? pages->heaps++ : 0;

	return (count % 0xffff + 1) << BLOCK_SIZE_BITS;
}

/**
 * heap_init() - make an empty heap
 * @heap: the heap; whatever it held is forgotten
 * @pages: where its memory will come from; nothing is taken before it is needed. NULL: it
 *	never has any
 *
 * The secret comes from the time stamp counter, where there is one. heap_set_secret()
 * takes a better one.
 */
mm_trusted void heap_init(struct heap *heap, struct page_allocator *pages)
{
	*heap = (struct heap){ .pages = pages, .stamp = next_stamp(pages) };
	heap->marks = heap->stamp; /* so no mark of another heap has the same number */
#ifdef __x86_64__
	heap->secret = __builtin_ia32_rdtsc();
#endif
	for (unsigned int fl = 0; fl < HEAP_FL_COUNT; fl++)
		for (unsigned int sl = 0; sl < HEAP_SL_COUNT; sl++) {
			struct heap_links *list = &heap->lists[fl][sl];

			*list = (struct heap_links){ list, list };
		}
	/* Heaps made one after the other differ: the clock is mixed before the address joins. */
	heap->secret = heap_mark(heap, NULL) ^ (uintptr_t)heap;
}

/* Can any block answer such a request? */
static bool is_possible(size_t align, size_t offset, size_t size)
{
	bool is_power_of_two = align && !(align & (align - 1));
	/* Blocks lie at multiples of HEAP_ALIGN. */
	bool fits_blocks = offset % HEAP_ALIGN == 0 || !(offset & (align - 1));

	return is_power_of_two && fits_blocks && align <= HEAP_MAX_SIZE && size <= HEAP_MAX_SIZE;
}

/*
 * Takes the first block of @list. Panics if the block was overwritten after it was freed:
 * all is checked before anything is written.
 */
static inline mm_trusted mm_always_inline struct heap_block *take_first(struct heap *heap,
									struct heap_links *list)
{
	struct heap_block *block = list_first(list);
	const struct page_range *range = page_find(heap->pages, block);
	const struct heap_links *next = block->links.next;

	if (!range || !block_is_whole(heap, block, BLOCK_FREE, range) ||
	    block->links.prev != list ||
	    (next != list &&
	     ((uintptr_t)next % sizeof(*next) || !links_are_readable(heap, range, next))) ||
	    next->prev != &block->links)
		heap_alloc_failed(block);
	list_remove(heap, block);
	return block;
}

/*
 * Splits @block, which is free and in no list. The bytes in front of the result and the
 * bytes after it go into lists. The header of the result is not written yet: use() does it.
 *
 *	|<--- gap --->|<---- size ---->|<---- rest ---->|
 *	|    free     |   the result   |      free      |
 */
static inline mm_trusted struct heap_block *split(struct heap *heap, struct heap_block *block,
						  size_t gap, size_t size)
{
	size_t rest = block_size(heap, block) - gap - size;

	mm_tell(LISTED, block, block_size(heap, block), size);
	if (gap)
		list_insert(heap, block, gap);
	block = block_at(block, gap);
	if (rest)
		list_insert(heap, block_at(block, size), rest);
	return block;
}

/* @block is used from now on. Returns its payload. */
static mm_trusted void *use(struct heap *heap, struct heap_block *block, size_t size)
{
	block_set(heap, block, size, 0);
	mm_unpoison(&block->links, size - BLOCK_HEADER);
	return &block->links;
}

/**
 * heap_set_oom() - say who is asked when memory is out
 * @heap: the heap
 * @fn: called before a request for @size bytes, rounded up, gets NULL; it may free blocks of
 *	the heap or add memory, and returns whether to try once more. While it runs, requests
 *	that find no memory get NULL at once. NULL: nobody is asked
 * @arg: passed to @fn
 *
 * A program that cannot go on without memory stops in @fn, and need not test each result. @fn
 * must return: no longjmp(), no exception. A request that no memory could serve (a size above
 * HEAP_MAX_SIZE, a wrong alignment) gets NULL without a question.
 */
void heap_set_oom(struct heap *heap, bool (*fn)(struct heap *heap, size_t size, void *arg),
		  void *arg)
{
	heap->oom = fn;
	heap->oom_arg = arg;
}

/* Memory is out: asks the program, and tries once more if it says so. Not while it is asked. */
static mm_trusted mm_noinline void *alloc_again(struct heap *heap, size_t mask, size_t offset,
						size_t size)
{
	void *p = NULL;

	if (!heap->oom || heap->in_oom)
		return NULL;
	heap->in_oom = true;
	if (heap->oom(heap, size, heap->oom_arg))
		p = heap_alloc_at(heap, HEAP_ALIGN + mask, offset, size);
	heap->in_oom = false;
	return p;
}

/* Allocates from the top, which moves up. Takes pages if there is no room. NULL: no pages. */
static inline mm_trusted mm_always_inline void *use_top(struct heap *heap, size_t mask,
							size_t offset, size_t size)
{
	struct heap_block *block;
	size_t gap = gap_for(heap->top, mask, offset);

	if (top_size(heap) < gap + size) {
		if (!heap_grow(heap, mask, offset, size))
			return alloc_again(heap, mask, offset, size - BLOCK_HEADER);
		gap = gap_for(heap->top, mask, offset);
	}
	block = block_at(heap->top, gap);
	if (gap)
		list_insert(heap, heap->top, gap);
	heap->top = block_at(block, size);
	mm_tell(TOP, block, gap, size);
	return use(heap, block, size);
}

/*
 * heap_alloc() and heap_alloc_at(), for a request that is possible. Compiled into both:
 * for the default alignment, @mask and @offset are 0, and the compiler leaves out the gap.
 */
static inline mm_trusted mm_always_inline void *alloc(struct heap *heap, size_t mask, size_t offset,
						      size_t size)
{
	struct heap_links *list;
	struct heap_block *block;

	size = block_bytes(size);
	list = list_find(heap, size + mask);
	if (!list)
		return use_top(heap, mask, offset, size);
	block = take_first(heap, list);
	block = split(heap, block, gap_for(block, mask, offset), size);
	return use(heap, block, size);
}

/**
 * heap_alloc_at() - allocate a block with a certain byte of it aligned
 * @heap: the heap
 * @align: a power of two, at most HEAP_MAX_SIZE
 * @offset: which byte is to be aligned; a multiple of HEAP_ALIGN or of @align
 * @size: bytes wanted; 0 gets the smallest block
 *
 * For a header in front of something aligned. The block itself is always aligned to
 * HEAP_ALIGN. The space before it stays free for others, so only the header is lost:
 *
 *	|<-- gap -->|<------ size ------->|<-- rest -->|
 *	|   free    | header | aligned    |    free    |
 *
 * Constant time, except when it takes new pages. The memory is not cleared. For an @align above
 * HEAP_ALIGN, the lists are searched for @size + @align - HEAP_ALIGN bytes: a smaller
 * free block is missed, even if it lies at an aligned place.
 *
 * Panics as heap_alloc().
 *
 * Return: the block, with block + @offset aligned to @align; or NULL as heap_alloc(), also if
 * @offset is a multiple of neither HEAP_ALIGN nor @align.
 */
mm_trusted void *heap_alloc_at(struct heap *heap, size_t align, size_t offset, size_t size)
{
	if (!is_possible(align, offset, size))
		return NULL;
	return alloc(heap, align > HEAP_ALIGN ? align - HEAP_ALIGN : 0, offset, size);
}

/**
 * heap_alloc() - allocate a block
 * @heap: the heap
 * @align: a power of two; below HEAP_ALIGN counts as HEAP_ALIGN
 * @size: bytes wanted; 0 gets the smallest block
 *
 * Constant time, except when it takes new pages. The memory is not cleared. Of the list for
 * @size itself, only the first block is tried (heap_list.h). So a free block of the same
 * list can be missed, if it lies behind one that is smaller than @size: blocks of 1024
 * bytes and more, that differ by less than a sixteenth.
 *
 * Panics if a free block that it would give out was overwritten.
 *
 * Return: the block, or NULL: no memory was found, @align is not a power of two, @align
 * or @size is above HEAP_MAX_SIZE, or the heap has no page allocator.
 */
mm_trusted void *heap_alloc(struct heap *heap, size_t align, size_t size)
{
	/* Other alignments, and sizes that are too large. */
	if (align != HEAP_ALIGN || size > HEAP_MAX_SIZE)
		return heap_alloc_at(heap, align, 0, size);
	return alloc(heap, 0, 0, size);
}
