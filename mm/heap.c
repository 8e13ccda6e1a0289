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
 * The addition: the free memory at the end of the newest span, from the top on,
 * is in no list. It is a bump allocator: the top moves up when no list has a
 * block that fits, and down when the block before it is freed. A quiet heap lives
 * there and touches no list at all; and the memory at the end stays whole for as
 * long as anything else will do.
 *
 * Source: M. Masmano, I. Ripoll, A. Crespo, J. Real, "TLSF: a New Dynamic
 * Memory Allocator for Real-Time Systems", ECRTS 2004. The rounded-up search
 * and the immediate coalescing are theirs; the top is Doug Lea's name for
 * nearly the same thing; linear lists for small sizes are the usual variation.
 */
#include <mm/heap_block.h>

/*
 * The list @i whose first block to use for @size bytes: the one for that very size, if
 * its first block is large enough (one look is all it gets; what was freed last is
 * often asked for again), else the next one that has any. Returns false if none has.
 */
static inline mm_trusted bool find_list(const struct heap *heap, size_t size, size_t *i)
{
	size_t first = list_index(size);
	size_t word = first / 64;
	uint64_t bits = heap->bitmap[word] >> (first % 64);

	if (size >= LIST_EXACT && (bits & 1) &&
	    block_state(heap, block_of(heap->lists[first].next)) < size)
		bits &= ~1ul;
	if (bits) {
		*i = first + (size_t)__builtin_ctzl(bits);
		return true;
	}
	bits = heap->words & (~1ul << word);
	if (!bits)
		return false;
	word = (size_t)__builtin_ctzl(bits);
	*i = word * 64 + (size_t)__builtin_ctzl(heap->bitmap[word]);
	return true;
}

/*
 * Cuts a used block of @size bytes out of the first free one in list @i:
 *
 *	|<--- gap --->|<---- size ---->|<---- rest ---->|
 *	|    free     |      used      |      free      |
 *	block         the result
 *
 * The gap, up to an aligned place, is there only if @slack is not 0: then the
 * address @offset bytes into the result has none of the bits of @slack.
 */
static inline mm_trusted mm_always_inline void *cut(struct heap *heap, size_t i, size_t slack,
						    size_t offset, size_t size)
{
	struct heap_links *list = &heap->lists[i];
	struct heap_block *block = block_of(list->next);
	struct heap_links *next = block->links.next;
	uint64_t state = block_state(heap, block);
	size_t bytes = state - BLOCK_FREE;
	size_t gap = -((uintptr_t)&block->links + offset) & slack;

	if (mm_unlikely((state & ~BLOCK_SIZE_MASK) != BLOCK_FREE || block->links.prev != list ||
			next->prev != &block->links || block_at(block, bytes)->prev != bytes))
		return heap_alloc_failed(block);
	next->prev = list;
	list->next = next;
	if (next == list)
		list_emptied(heap, i);

	bytes -= gap + size;
	if (gap) {
		add_free(heap, block, gap);
		block = block_at(block, gap);
	}
	block_set_state(heap, block, size);
	if (bytes)
		add_free(heap, block_at(block, size), bytes);
	block_at(block, size)->prev = size;
	mm_unpoison(&block->links, size - BLOCK_HEADER);
	return &block->links;
}

static mm_trusted mm_noinline void *cut_plain(struct heap *heap, size_t i, size_t size)
{
	return cut(heap, i, 0, 0, size);
}

static mm_trusted mm_noinline void *cut_aligned(struct heap *heap, size_t slack, size_t offset,
						size_t size, size_t i)
{
	return cut(heap, i, slack, offset, size);
}

/* heap_alloc() of at most HEAP_MAX_SIZE bytes with the alignment that every block has. */
mm_trusted void *heap_alloc_plain(struct heap *heap, size_t size)
{
	size_t i;

	size = (size + BLOCK_EXTRA) & -HEAP_ALIGN;
	if (find_list(heap, size, &i))
		return cut_plain(heap, i, size);
	if (size <= top_size(heap))
		return cut_top(heap, size);
	return heap_alloc_more(heap, 0, 0, size);
}

/* The same for any alignment; refuses what is wrong. */
mm_trusted void *heap_alloc_special(struct heap *heap, size_t align, size_t offset, size_t size)
{
	size_t slack, i;

	if ((size | (align - 1)) >= BLOCK_MAX ||
	    ((align | (offset & (HEAP_ALIGN - 1))) & (align - 1)))
		return NULL;
	/* Wherever a block of size + slack bytes begins, an aligned one is inside. */
	slack = align > HEAP_ALIGN ? align - HEAP_ALIGN : 0;
	size = (size + BLOCK_EXTRA) & -HEAP_ALIGN;
	if (find_list(heap, size + slack, &i))
		return cut_aligned(heap, slack, offset, size, i);
	return heap_alloc_more(heap, slack, offset, size);
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
mm_trusted void *heap_alloc_at(struct heap *heap, size_t align, size_t offset, size_t size)
{
	if (align == HEAP_ALIGN && offset % HEAP_ALIGN == 0 && size <= HEAP_MAX_SIZE)
		return heap_alloc_plain(heap, size);
	return heap_alloc_special(heap, align, offset, size);
}

/* The top moves down to @block; most of what has become too much goes back. */
static inline mm_trusted int lower_top(struct heap *heap, struct heap_block *block)
{
	heap->top = block;
	if (mm_unlikely(top_size(heap) > 2 * HEAP_SLACK))
		return heap_trim_top(heap);
	return 0;
}

/*
 * The rest of heap_free(): joins free neighbours and adds the whole to a list, or
 * to the top. Each step ends by jumping to the next, so none needs a stack frame:
 * 12 instructions less than as one function. All return 0, so that mp_free() can end
 * by jumping, too: 4 less there, 1 more here.
 */
static mm_trusted mm_noinline int join_prev(struct heap *heap, struct heap_block *block,
					    size_t size)
{
	struct heap_block *prev = block_at(block, -block->prev);

	list_del(heap, prev);
	add_free(heap, prev, block->prev + size);
	return 0;
}

static inline mm_trusted mm_always_inline int join_next(struct heap *heap, struct heap_block *block,
							size_t size, size_t room, bool prev_free)
{
	struct heap_block *next = block_at(block, size);
	uint64_t state = block_state(heap, next);

	if (!(state & BLOCK_FREE)) {
		if (mm_unlikely(state & ~(BLOCK_SIZE_MASK | BLOCK_END | BLOCK_WAS_FREE)))
			return heap_free_failed(heap, block);
		block_set_state(heap, block, size + BLOCK_FREE);
	} else {
		/* Who has other flags, too, or is another heap's, agrees with nobody. */
		state -= BLOCK_FREE;
		if (mm_unlikely(state > room - size || block_at(next, state)->prev != state ||
				!block_is_linked(next)))
			return heap_free_failed(heap, block);
		block_set_state(heap, block, size + BLOCK_FREE);
		size += state;
		list_del(heap, next);
	}
	if (prev_free)
		return join_prev(heap, block, size);
	add_free(heap, block, size);
	return 0;
}

static mm_trusted mm_noinline int free_after_used(struct heap *heap, struct heap_block *block,
						  size_t size, size_t room)
{
	return join_next(heap, block, size, room, false);
}

static mm_trusted mm_noinline int free_into_top(struct heap *heap, struct heap_block *block,
						size_t size)
{
	struct heap_block *prev = block_at(block, -block->prev);

	if (mm_unlikely(!block_is_linked(prev)))
		return heap_free_failed(heap, block);
	block_set_state(heap, block, size + BLOCK_FREE);
	list_del(heap, prev);
	return lower_top(heap, prev);
}

static mm_trusted mm_noinline int free_after_free(struct heap *heap, struct heap_block *block,
						  size_t size, size_t room)
{
	if (block_at(block, size) == heap->top)
		return free_into_top(heap, block, size);
	if (mm_unlikely(!block_is_linked(block_at(block, -block->prev))))
		return heap_free_failed(heap, block);
	return join_next(heap, block, size, room, true);
}

/* heap_free() for a block whose header begins in given-out pages of @range. */
static inline mm_trusted mm_always_inline int free_in(const struct page_range *range,
						      struct heap *heap, struct heap_block *block)
{
	/* A used block, and a header behind it, in pages given out. */
	size_t size = block_state(heap, block);
	size_t room = range->next - (uintptr_t)&block->links;
	size_t prev = block->prev;
	uint64_t state;

	if (mm_unlikely(((size | prev) & BLOCK_FLAGS) || size - 1 >= room ||
			block_at(block, size)->prev != size ||
			prev > (uintptr_t)block - range->start))
		return heap_free_failed(heap, block);
	mm_poison(&block->links, size - BLOCK_HEADER);
	if (mm_quarantine(heap, &block->links))
		return 0;
	if (prev) {
		state = block_state(heap, block_at(block, -prev)) ^ prev;
		if (state)
			return state == BLOCK_FREE ? free_after_free(heap, block, size, room) :
						     heap_free_failed(heap, block);
	} else if ((uintptr_t)block % PAGE_SIZE != sizeof(struct heap_span)) {
		return heap_free_failed(heap, block); /* not the first of a span */
	}
	if (block_at(block, size) != heap->top)
		return free_after_used(heap, block, size, room);
	/* The block's own mark stays readable when it is part of another. */
	block_set_state(heap, block, size + BLOCK_FREE);
	return lower_top(heap, block);
}

/**
 * heap_free_in() - heap_free() for who has asked the page allocator already
 * @heap: the heap that it came from
 * @p: the block; aligned to HEAP_ALIGN
 * @range: the range of pages that holds the HEAP_ALIGN bytes before @p
 *
 * Return: 0. Saves asking again; anything else that is wrong with @p is still noticed.
 */
mm_trusted int heap_free_in(struct heap *heap, void *p, const struct page_range *range)
{
	return free_in(range, heap, block_of(p));
}

/* heap_free(), where the page allocator has to search; or something is wrong. */
static mm_trusted mm_noinline int free_elsewhere(struct heap *heap, struct heap_block *block)
{
	const struct page_range *range = page_search(heap->pages, block);

	return range ? free_in(range, heap, block) : heap_free_failed(heap, block);
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
 * heap, freed already, inside another block, or with an overwritten header, its
 * own or what is read of its neighbours'. All is checked before anything is changed.
 */
mm_trusted void heap_free(struct heap *heap, void *p)
{
	struct heap_block *block = block_of(p);
	const struct page_range *guess;

	if (mm_unlikely(!heap->pages || (uintptr_t)p % HEAP_ALIGN)) {
		heap_free_failed(heap, block);
		return;
	}
	guess = page_guess(heap->pages, block);
	if (mm_unlikely(!page_range_holds(guess, block)))
		free_elsewhere(heap, block);
	else
		free_in(guess, heap, block);
}

/**
 * heap_join() - make one block of two that lie side by side
 * @heap: the heap that they came from
 * @low: a used block
 * @high: another one, perhaps the next
 *
 * For who frees many: for about 50 instructions a block, a row of them is freed as one.
 * Return: whether @low is both now, and @high counts as freed. False if they are no
 * neighbours, or not what they should be, which heap_free() will say of them.
 */
mm_trusted bool heap_join(struct heap *heap, void *low, void *high)
{
	struct heap_block *block = block_of(low), *next = block_of(high);
	const struct page_range *range = page_guess(heap->pages, next);
	uint64_t size;

	if (((uintptr_t)low | (uintptr_t)high) % HEAP_ALIGN || !page_range_holds(range, next))
		return false;
	size = block_state(heap, next);
	if (block_at(block, next->prev) != next || block_state(heap, block) != next->prev ||
	    size % HEAP_ALIGN || size - 1 >= range->next - (uintptr_t)high ||
	    block_at(next, size)->prev != size)
		return false;
	block_set_state(heap, next, size + BLOCK_FREE);
	block_at(next, size)->prev = size + next->prev;
	block_set_state(heap, block, size + next->prev);
	return true;
}

/**
 * heap_usable_size() - how much of a block may be used
 * @block: a used block of any heap, or NULL
 *
 * Return: bytes; at least what was asked for; 0 for NULL.
 */
mm_trusted size_t heap_usable_size(const void *block)
{
	return block ? (block_of(block)->tag & BLOCK_SIZE_MASK) - BLOCK_HEADER : 0;
}
