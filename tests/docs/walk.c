// SPDX-License-Identifier: MIT
/*
 * walk.c - one object, from a range of pages and back: the worked example of mm/README.md
 *
 *	walk		does the steps, and prints them
 *	walk -l		prints the table of sizes and lists of mm/heap_list.h
 *
 * The memory is mapped at a fixed address, so every run prints the same numbers. Each number
 * is read from the structs of mm/, or computed from them. Assertions prove the sentences
 * around the numbers.
 */
#define _GNU_SOURCE /* for MAP_FIXED_NOREPLACE */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <mm/heap_span.h>
#include <mm/mp_pool.h>
#include <tests/docs/walk.h>

#define MAPPED_START 0x10000000ul
#define MAPPED_BYTES (16ul << MM_PAGE_SHIFT)
/* Neither end is aligned to a page, so that rounding is seen. */
#define MEMORY_START (MAPPED_START + 0x100)
#define MEMORY_END (MAPPED_START + MAPPED_BYTES - 0x100)
#define SECRET 1 /* so that the stamp is the same in every run */

static struct page_allocator pages;
static struct heap heap;
static struct mp_pool_s *pool;

enum { POOL, A, B, C, D, E, NR_OBJECTS };
static struct walk_object objects[NR_OBJECTS] = {
	{ .name = "pool" }, { .name = "a" }, { .name = "b" },
	{ .name = "c" },    { .name = "d" }, { .name = "e" },
};

static void draw(void)
{
	walk_draw(&heap, objects, NR_OBJECTS);
}

static void add_range(void)
{
	const struct page_range *range = pages.ranges;
	size_t bytes = MEMORY_END - MEMORY_START;

	if (page_add_range(&pages, (void *)MEMORY_START, bytes))
		panic("walk: page_add_range() failed\n");
	printf("1. page_add_range(pages, %#lx, %zu): memory becomes pages\n", MEMORY_START, bytes);
	printf("   The memory reaches from %#lx to %#lx. Rounded inwards to whole pages,\n",
	       MEMORY_START, MEMORY_END);
	printf("   the range reaches from %#lx to %#lx: %lu pages of %zu bytes.\n", range->start,
	       range->end, (range->end - range->start) >> MM_PAGE_SHIFT, MM_PAGE_SIZE);
	assert(range->next == range->start);
	printf("   The frontier is the start, %#lx: %zu pages are given out.\n", range->next,
	       pages.used);
}

/* The heap takes its first pages, and cuts the pool off the top. */
static void create_pool(size_t size)
{
	uintptr_t frontier = pages.ranges->next;
	const struct heap_block *block;
	size_t need;

	assert(!heap.spans && !heap.fl_bitmap);
	pool = mp_create_pool_on(&heap, size);
	objects[POOL].start = pool;
	block = block_of(pool);
	printf("\n2. mp_create_pool_on(heap, %zu): the heap gets pages, and the top moves up\n",
	       size);
	need = walk_say_size("Its block", "pool's header", pool->head->last - (unsigned char *)pool,
			     pool->size);
	assert(block_size(&heap, block) == need);
	printf("   The heap holds no pages, so heap_grow() calls page_alloc(pages, %zu).\n",
	       pages.used);
	printf("   The frontier moves up from %#lx to %#lx.\n", frontier, pages.ranges->next);
	printf("   These pages are a span. Its struct is at %#lx, its sentinel at %#lx.\n",
	       walk_at(heap.spans), walk_at(heap.sentinel));
	assert(block == span_first(heap.spans) && walk_at(pool) % HEAP_ALIGN == 0);
	printf("   The first block begins at %#lx = span + %lu. The pool is its payload,\n",
	       walk_at(block), walk_at(block) - walk_at(heap.spans));
	printf("   at %#lx = block + %zu, a multiple of %zu.\n", walk_at(pool), BLOCK_HEADER,
	       HEAP_ALIGN);
	printf("   The header holds prev = %zu (no block before it) and tag = %#lx:\n", block->prev,
	       block->tag);
	printf("   stamp %#lx, size %#zx = %zu, flags %zu (used).\n", block->tag >> BLOCK_SIZE_BITS,
	       block_size(&heap, block), block_size(&heap, block),
	       block_state(&heap, block) & BLOCK_FLAGS);
	assert(block_next(&heap, block) == heap.top);
	printf("   The top moves up from %#lx to %#lx.\n", walk_at(block), walk_at(heap.top));
	draw();
}

/* Two objects in the pool's first node. */
static void alloc_small(size_t size, size_t packed_size)
{
	const struct mp_node_s *node = pool->head;
	const unsigned char *last = node->last, *end = node->end;
	const struct heap_block *top = heap.top;
	const void *object = mp_alloc(pool, size), *packed = mp_nalloc(pool, packed_size);

	assert(heap.top == top && !heap.fl_bitmap);
	printf("\n3. Two small objects: only pointers of the node move, the heap does nothing\n");
	printf("   The node is empty: last = %#lx, end = %#lx.\n", walk_at(last), walk_at(end));
	assert(object == last && node->last == last + MP_ROOM(size));
	printf("   mp_alloc(pool, %zu) returns last, %#lx. It rounds %zu up to %zu, a multiple\n",
	       size, walk_at(object), size, MP_ROOM(size));
	printf("   of %d, so last moves up to %#lx.\n", MP_ALIGNMENT, walk_at(node->last));
	assert(packed == node->end && packed == end - packed_size);
	printf("   mp_nalloc(pool, %zu) returns end - %zu = %#lx, and end moves down to it.\n",
	       packed_size, packed_size, walk_at(packed));
	printf("   The node has %zu - %zu - %zu = %zu bytes left.\n", pool->size, MP_ROOM(size),
	       packed_size, (size_t)(node->end - node->last));
}

static const struct mp_large_s *record_of(int i)
{
	return (const struct mp_large_s *)objects[i].start - 1;
}

static const struct heap_block *block_under(int i)
{
	return block_of(record_of(i));
}

static void alloc_large(int i, size_t size)
{
	objects[i].start = mp_alloc(pool, size);
	assert(size > pool->max && pool->records == &record_of(i)->entry.record);
}

static void free_large(int i)
{
	if (mp_free(pool, (void *)objects[i].start))
		panic("walk: mp_free() refuses %s\n", objects[i].name);
	objects[i].start = NULL;
}

static void alloc_at_top(size_t size)
{
	const struct heap_block *top = heap.top;
	size_t need;

	alloc_large(A, size);
	printf("\n4. a = mp_alloc(pool, %zu): large, because %zu > pool->max = %zu\n", size, size,
	       pool->max);
	need = walk_say_size("Its block", "record", sizeof(struct mp_large_s), size);
	assert(block_size(&heap, block_under(A)) == need);
	assert(!heap.fl_bitmap && block_under(A) == top);
	printf("   All free lists are empty, so the block comes from the top: header at %#lx,\n",
	       walk_at(block_under(A)));
	printf("   record at %#lx = header + %zu, object at %#lx = record + %zu.\n",
	       walk_at(record_of(A)), BLOCK_HEADER, walk_at(objects[A].start),
	       sizeof(struct mp_large_s));
	printf("   The top moves up from %#lx to %#lx.\n", walk_at(top), walk_at(heap.top));
	draw();
}

static void free_below_top(void)
{
	const struct heap_block *block = block_under(A), *prev = block_prev(block), *top = heap.top;

	assert(!block_is_free(&heap, prev) && block_next(&heap, block) == top);
	printf("\n5. mp_free(pool, a): the block joins the top\n");
	printf("   The record is at %#lx - %zu = %#lx, right behind the block's header.\n",
	       walk_at(objects[A].start), sizeof(struct mp_large_s), walk_at(record_of(A)));
	printf("   The block before, at %#lx - prev = %#lx, is used. The top is behind.\n",
	       walk_at(block), walk_at(prev));
	free_large(A);
	assert(heap.top == block && !heap.fl_bitmap);
	printf("   The top moves down from %#lx to %#lx. All free lists stay empty.\n",
	       walk_at(top), walk_at(heap.top));
}

/* A free block between two used ones. Returns it. */
static const struct heap_block *make_hole(size_t size, size_t hole_size)
{
	const struct heap_block *block;

	alloc_large(B, size);
	alloc_large(C, hole_size);
	alloc_large(D, size);
	block = block_under(C);
	assert(!block_is_free(&heap, block_under(B)) && !block_is_free(&heap, block_under(D)));
	assert(block_prev(block) == block_under(B) && block_next(&heap, block) == block_under(D));
	free_large(C);
	printf("\n6. Large objects b (%zu bytes), c (%zu), d (%zu); then mp_free(pool, c)\n", size,
	       hole_size, size);
	walk_say_size("The block of c", "record", sizeof(struct mp_large_s), hole_size);
	printf("   Its neighbours are used, so it joins nothing. It goes into a free list:\n");
	walk_say_list(&heap, block);
	draw();
	return block;
}

/* How the bitmaps lead to @block, which is the only free one, and not in the list for @size. */
static void say_search(const struct heap_block *block, size_t size)
{
	struct heap_level wanted = list_level(size), found = list_level(block_size(&heap, block));

	assert(found.fl > wanted.fl);
	assert(heap.fl_bitmap == 1ul << found.fl && heap.sl_bitmap[found.fl] == 1u << found.sl);
	printf("   Blocks of %zu are in fl %zu, sl %zu. Bit %zu of fl_bitmap = %#lx is clear, so\n",
	       size, wanted.fl, wanted.sl, wanted.fl, heap.fl_bitmap);
	printf("   fl %zu has no free block. The next set bit is %zu. In sl_bitmap[%zu] = %#x\n",
	       wanted.fl, found.fl, found.fl, heap.sl_bitmap[found.fl]);
	printf("   the first set bit is %zu. The first block of list fl %zu, sl %zu is at %#lx.\n",
	       found.sl, found.fl, found.sl, walk_at(block));
}

static void split_hole(const struct heap_block *hole, size_t size)
{
	size_t hole_size = block_size(&heap, hole), need;
	const struct heap_block *rest;

	printf("\n7. e = mp_alloc(pool, %zu): the free block is split\n", size);
	need = walk_say_size("Its block", "record", sizeof(struct mp_large_s), size);
	say_search(hole, need);
	alloc_large(E, size);
	rest = block_next(&heap, hole);
	assert(block_under(E) == hole && block_size(&heap, hole) == need);
	assert(block_is_free(&heap, rest) && block_size(&heap, rest) == hole_size - need);
	printf("   e gets its first %zu bytes. The other %zu - %zu = %zu stay free, in a list:\n",
	       need, hole_size, need, block_size(&heap, rest));
	walk_say_list(&heap, rest);
	draw();
}

/* Everything goes back: objects to the heap, pages to their range. */
static void give_back(void)
{
	uintptr_t span = (uintptr_t)heap.spans, frontier = pages.ranges->next;
	size_t count;

	mp_destroy_pool(pool);
	for (int i = 0; i < NR_OBJECTS; i++)
		objects[i].start = NULL;
	assert(!heap.fl_bitmap && heap.top == span_first(heap.spans));
	printf("\n8. mp_destroy_pool(pool): everything is free again\n");
	printf("   It frees e, d, b and the pool. Each joins its free neighbours, so all free\n");
	printf("   lists are empty, and the top is at the first block, %#lx, with %zu bytes.\n",
	       walk_at(heap.top), top_size(&heap));
	draw();
	count = heap_trim(&heap);
	assert(!heap.spans && pages.ranges->next == pages.ranges->start);
	printf("\n9. heap_trim(heap): page_put_back(pages, %#lx, %zu) takes the span's pages\n",
	       span, count);
	printf("   The frontier moves down from %#lx to %#lx: %zu pages are given out.\n", frontier,
	       pages.ranges->next, pages.used);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "-l")) {
		walk_print_table();
		return 0;
	}
	if (MP_ALIGNMENT != 32)
		panic("walk: this is for MP_ALIGNMENT=32, not %d\n", MP_ALIGNMENT);
	if (mmap((void *)MAPPED_START, MAPPED_BYTES, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)MAPPED_START)
		panic("walk: no memory at %#lx\n", MAPPED_START);
	heap_init(&heap, &pages);
	heap_set_secret(&heap, SECRET);
	add_range();
	create_pool(256);
	alloc_small(40, 5);
	alloc_at_top(300);
	free_below_top();
	split_hole(make_hole(300, 600), 260);
	give_back();
	return 0;
}
