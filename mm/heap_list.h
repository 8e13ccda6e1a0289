/* SPDX-License-Identifier: MIT */
/*
 * heap_list.h - the free lists of a heap, on two levels of sizes; for mm/heap*.c only
 *
 * The first level, fl, divides sizes by powers of two. The second level, sl, divides
 * each power of two into 16 lists of equal width. The names are those of the paper on
 * TLSF (heap.c names it). Sizes are multiples of 32, so below 1024 bytes a list holds
 * one size only:
 *
 *	bytes of a block   fl   sl of the lists in use     sizes in a list
 *	   32               5   0                          1
 *	   64 ..   96       6   0 8                        1
 *	  128 ..  224       7   0 4 8 12                   1
 *	  256 ..  480       8   0 2 4 6 8 10 12 14         1
 *	  512 ..  992       9   0 1 2 3 ... 15             1
 *	 1024 .. 2016      10   0 1 2 3 ... 15             2
 *	 2048 .. 4064      11   0 1 2 3 ... 15             4
 *	 4096 .. 8160      12   0 1 2 3 ... 15             8
 *
 * and so on: 16 lists for each power of two, twice as wide each time.
 *
 * A bitmap for each level says which lists hold anything. So two bit scans find the
 * next list that holds something, whatever the heap looks like.
 */
#ifndef MM_HEAP_LIST_H
#define MM_HEAP_LIST_H

#include <mm/heap_block.h>

MM_ASSERT(HEAP_FL_COUNT == BLOCK_SIZE_BITS, "an fl for each power of two");

/* Which list: on the first level, and on the second. */
struct heap_level {
	size_t fl;
	size_t sl;
};

/* The list for free blocks of @size bytes, which is not 0. (The paper's mapping_insert.) */
static inline struct heap_level list_level(size_t size)
{
	size_t fl = 63 ^ (size_t)__builtin_clzl(size); /* log2(size), rounded down */
	size_t sl = (size * HEAP_SL_COUNT >> fl) % HEAP_SL_COUNT;

	return (struct heap_level){ fl, sl };
}

/* Makes @size bytes a free block, and puts it in front of the list for that size. */
static inline mm_trusted void list_insert(struct heap *heap, struct heap_block *block, size_t size)
{
	struct heap_level at = list_level(size);
	struct heap_links *list = &heap->lists[at.fl][at.sl];
	struct heap_links *next = list->next;

	block_set(heap, block, size, BLOCK_FREE);
	block->links = (struct heap_links){ .next = next, .prev = list };
	next->prev = &block->links;
	list->next = &block->links;
	if (next == list) { /* the list was empty */
		heap->sl_bitmap[at.fl] |= 1u << at.sl;
		heap->fl_bitmap |= 1ul << at.fl;
	}
}

/* Notes in the bitmaps that a list has become empty. */
static inline void list_emptied(struct heap *heap, const struct heap_links *list)
{
	size_t i = ((uintptr_t)list - (uintptr_t)heap->lists) / sizeof(*list);
	size_t fl = i / HEAP_SL_COUNT, sl = i % HEAP_SL_COUNT;

	heap->sl_bitmap[fl] &= ~(1u << sl);
	if (!heap->sl_bitmap[fl])
		heap->fl_bitmap &= ~(1ul << fl);
}

/* Takes a free block out of its list. */
static inline mm_trusted void list_remove(struct heap *heap, struct heap_block *block)
{
	struct heap_links *next = block->links.next;
	struct heap_links *prev = block->links.prev;

	next->prev = prev;
	prev->next = next;
	/* If both neighbours are the same, that is the head, and the list is empty now. */
	if (next == prev)
		list_emptied(heap, next);
}

/* The first block of a list that is not empty. */
static inline struct heap_block *list_first(const struct heap_links *list)
{
	return block_of(list->next);
}

/*
 * A list whose first block has at least @size bytes, or NULL. The list for @size itself
 * can hold smaller blocks, so its first block is tried, and no other: it was freed last,
 * and the same size is often asked for again. In all higher lists every block is large
 * enough. (The paper's mapping_search rounds up, so it never looks into the list for the
 * size itself. The rest is its find_suitable_block.)
 */
static inline mm_trusted struct heap_links *list_find(struct heap *heap, size_t size)
{
	struct heap_level at;
	uint64_t sl_map, fl_map;

	if (!heap->fl_bitmap)
		return NULL;
	at = list_level(size);
	sl_map = heap->sl_bitmap[at.fl] >> at.sl;
	if ((sl_map & 1) && block_size(heap, list_first(&heap->lists[at.fl][at.sl])) >= size)
		return &heap->lists[at.fl][at.sl];
	sl_map &= ~1ul;
	if (sl_map)
		return &heap->lists[at.fl][at.sl + (size_t)__builtin_ctzl(sl_map)];
	fl_map = heap->fl_bitmap & (~1ul << at.fl);
	if (!fl_map)
		return NULL;
	at.fl = (size_t)__builtin_ctzl(fl_map);
	return &heap->lists[at.fl][__builtin_ctz(heap->sl_bitmap[at.fl])];
}

#endif /* MM_HEAP_LIST_H */
