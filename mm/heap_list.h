/* SPDX-License-Identifier: MIT */
/*
 * heap_list.h - the free lists of a heap: two levels of sizes; for mm/heap*.c only
 *
 * The first level divides sizes by powers of two. The second level divides each
 * power of two into 16 lists of equal width. (The paper's names: fl and sl; see
 * heap.c.) Below 512 bytes the lists are 32 bytes apart, which is one step of sizes,
 * so there fl is 0 and sl counts the steps:
 *
 *	bytes of a block      fl  sl      a list holds
 *	     32 ..    511      0  1..15   one size: 32, 64, 96, ...
 *	    512 ..   1023      1  0..15   one size: 512, 544, 576, ...
 *	   1024 ..   2047      2  0..15   2 sizes: 1024 and 1056, 1088 and 1120, ...
 *	   2048 ..   4095      3  0..15   4 sizes
 *	   4096 ..   8191      4  0..15   8 sizes
 *	    2^n .. 2^(n+1)-1  n-8 0..15   2^(n-9) sizes
 *
 * A bitmap for each level says which lists hold anything. So two bit scans find the
 * first list that can serve, whatever the heap looks like.
 */
#ifndef MM_HEAP_LIST_H
#define MM_HEAP_LIST_H

#include <mm/heap_block.h>

#define FL_SHIFT 8 /* sizes of first level fl, if it is not 0, begin at 2^(fl + 8) */
#define SL_LOG2 4  /* second levels: 2^4 */

/* The number of a list, on both levels. */
struct heap_level {
	unsigned int fl;
	unsigned int sl;
};

/* The list for free blocks of @size bytes. (The paper's mapping_insert.) */
static inline struct heap_level list_level(size_t size)
{
	unsigned int log2 = (unsigned int)__builtin_clzl(size) ^ 63;

	if (log2 <= FL_SHIFT)
		return (struct heap_level){ 0, (unsigned int)(size / HEAP_ALIGN) };
	return (struct heap_level){
		.fl = log2 - FL_SHIFT,
		.sl = (unsigned int)(size >> (log2 - SL_LOG2)) - HEAP_SL_COUNT,
	};
}

/* Makes @size bytes a free block, and puts it in front of the list for that size. */
static inline mm_trusted void list_insert(struct heap *heap, struct heap_block *block, size_t size)
{
	struct heap_level at = list_level(size);
	struct heap_links *list = &heap->lists[at.fl][at.sl];

	block_set(heap, block, size, BLOCK_FREE);
	block->links.prev = list;
	block->links.next = list->next;
	list->next->prev = &block->links;
	list->next = &block->links;
	heap->sl_bitmap[at.fl] |= 1u << at.sl;
	heap->fl_bitmap |= 1ul << at.fl;
}

/* Takes a free block out of its list. */
static inline mm_trusted void list_remove(struct heap *heap, struct heap_block *block)
{
	struct heap_links *next = block->links.next;
	struct heap_links *prev = block->links.prev;
	struct heap_level at;

	next->prev = prev;
	prev->next = next;
	/* Only the head of an empty list is its own neighbour on both sides. */
	if (next != prev)
		return;
	at = list_level(block_size(heap, block));
	heap->sl_bitmap[at.fl] &= ~(1u << at.sl);
	if (!heap->sl_bitmap[at.fl])
		heap->fl_bitmap &= ~(1ul << at.fl);
}

/* The first block of a list that is not empty. */
static inline struct heap_block *list_first(const struct heap *heap, unsigned int fl,
					    unsigned int sl)
{
	return block_of(heap->lists[fl][sl].next);
}

/*
 * A free block of at least @size bytes, or NULL if no list is sure to have one. In
 * the list for @size itself, blocks may be smaller: only the first one is looked at,
 * because what was freed last is often asked for again. In all higher lists, every
 * block is large enough. (The paper's mapping_search and find_suitable_block.)
 */
static inline mm_trusted struct heap_block *list_find(const struct heap *heap, size_t size)
{
	struct heap_level at;
	uint64_t sl_map, fl_map;

	if (!heap->fl_bitmap)
		return NULL;
	at = list_level(size);
	sl_map = heap->sl_bitmap[at.fl] >> at.sl;
	if ((sl_map & 1) && block_size(heap, list_first(heap, at.fl, at.sl)) >= size)
		return list_first(heap, at.fl, at.sl);
	sl_map &= ~1ul;
	if (sl_map)
		return list_first(heap, at.fl, at.sl + (unsigned int)__builtin_ctzl(sl_map));
	fl_map = heap->fl_bitmap & (~1ul << at.fl);
	if (!fl_map)
		return NULL;
	at.fl = (unsigned int)__builtin_ctzl(fl_map);
	return list_first(heap, at.fl, (unsigned int)__builtin_ctz(heap->sl_bitmap[at.fl]));
}

#endif /* MM_HEAP_LIST_H */
