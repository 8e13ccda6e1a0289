// SPDX-License-Identifier: MIT
/*
 * heap_realloc.c - blocks become larger and smaller
 *
 *	|## p ##|.....|##|	before: free memory behind the block
 *	|## p #####|..|##|	larger: it takes what it needs
 *	|# p #|.......|##|	smaller: the rest is free
 *
 * If there is too little free memory behind a block, it moves.
 */
#include <mm/heap_check.h>
#include <mm/heap_list.h>
#include <mm/heap_span.h>

/* The same as resize(), for the block before the top. New pages come if the top is too small. */
static mm_trusted bool resize_at_top(struct heap *heap, struct heap_block *block, size_t size)
{
	size_t room = (uintptr_t)heap->sentinel - (uintptr_t)block;

	if (size > room && !heap_extend(heap, size - room))
		return false;
	block_set(heap, block, size, 0);
	lower_top(heap, block_at(block, size));
	return true;
}

/* Gives @block, a used one in @range, @size bytes, if it has them or the next block is free. */
static mm_trusted bool resize(struct heap *heap, struct heap_block *block, size_t size,
			      const struct page_range *range)
{
	size_t room = block_size(heap, block);
	struct heap_block *next = block_at(block, room), *behind;

	if (next == heap->top)
		return resize_at_top(heap, block, size);
	behind = free_behind(heap, block, next, range, "heap_realloc");
	if (behind)
		room += block_size(heap, behind);
	if (size > room)
		return false;
	if (behind)
		list_remove(heap, behind);
	block_set(heap, block, size, 0);
	if (size < room)
		list_insert(heap, block_at(block, size), room - size);
	return true;
}

/**
 * heap_resize() - make a block larger or smaller where it is
 * @heap: the heap that it came from
 * @p: the block
 * @size: bytes wanted; 0: the smallest block
 *
 * Constant time, except when it takes new pages. Panics as heap_free() if @p is no used block
 * of @heap, or if what is read of its neighbour behind was overwritten.
 *
 * Return: whether the block has at least @size bytes now. If not, it is as it was: there is
 * too little free memory behind it. Always false in a build with red zones:
 * there each block moves, so that a pointer to the old place is noticed.
 */
mm_trusted bool heap_resize(struct heap *heap, void *p, size_t size)
{
	const struct page_range *range;
	struct heap_block *block = used_block(heap, p, &range, "heap_realloc");

	return !MP_REDZONE && size <= HEAP_MAX_SIZE &&
	       resize(heap, block, block_bytes(size), range);
}

/**
 * heap_realloc() - make a block larger or smaller
 * @heap: the heap that it came from
 * @p: the block; NULL: a new one is allocated
 * @size: bytes wanted; 0: the smallest block
 *
 * The block stays where it is if heap_resize() can do it. Else it moves: its contents are
 * copied, up to @size bytes. A moved block is aligned to HEAP_ALIGN. Time grows with the bytes
 * that are copied. Panics as heap_resize() and heap_alloc().
 *
 * Return: the block; NULL if memory is out or @size is above HEAP_MAX_SIZE. Then @p is as it was.
 */
void *heap_realloc(struct heap *heap, void *p, size_t size)
{
	size_t old_size;
	void *moved;

	if (p && heap_resize(heap, p, size))
		return p;
	if (p)
		heap_check_before(heap, p); /* heap_free() must not panic after the first write */
	moved = heap_alloc(heap, HEAP_ALIGN, size);
	if (!moved || !p)
		return moved;
	old_size = heap_usable_size(p);
	memcpy(moved, p, size < old_size ? size : old_size);
	heap_free(heap, p);
	return moved;
}
