// SPDX-License-Identifier: MIT
/*
 * misuse_scenes.c - what is allocated before the misuse
 *
 *	blocks	|a|b|c|d|guard|...top...|	used: a letter; free: a dot
 *	hole	|a|.|c|d|guard|...top...|
 *	holes	|a|.|c|.|guard|...top...|	b and d are in one list
 *	last	|a|b|c|.......top.......|
 *	tail	|a|b|c|.|page of another owner	the newest span ends with the free block d
 *	full	|a|b|c    to the edge   |	nothing is free
 *	spans	|a ...|  |b|c|d|guard|..|	two spans; a page of another owner between them
 *
 *	pool	|pool: one node with an object|guard|
 *	larges	|pool|p|q|r|guard|
 *	nodes	|pool|node2|node|guard|
 */
#include <mm/env.h>
#include <mm/heap_block.h>
#include <tests/misuse/misuse.h>

struct misuse_memory mem;

/**
 * misuse_start() - a fresh heap for a row
 * @pages: holds MISUSE_PAGES pages, none of them given out
 * @heap: the heap on them; nothing was allocated from it
 * @start: the first byte of the pages
 */
void misuse_start(struct page_allocator *pages, struct heap *heap, unsigned char *start)
{
	static unsigned char fake[4 * MM_PAGE_SIZE] __attribute__((aligned(64)));

	memset(fake, 0, sizeof(fake));
	mem = (struct misuse_memory){
		.pages = pages,
		.heap = heap,
		.start = start,
		.fake = fake,
	};
}

void nothing(void)
{
}

static unsigned char *get(size_t size)
{
	return heap_alloc(mem.heap, HEAP_ALIGN, size);
}

static void note_newest_span(void)
{
	mem.span = (unsigned char *)mem.heap->spans;
	mem.edge = (unsigned char *)mem.heap->sentinel + HEADER;
}

void blocks(void)
{
	mem.a = get(SIZE);
	mem.b = get(SIZE);
	mem.c = get(SIZE);
	mem.d = get(SIZE);
	mem.guard = get(SIZE);
	note_newest_span();
}

void hole(void)
{
	blocks();
	heap_free(mem.heap, mem.b);
}

void holes(void)
{
	hole();
	heap_free(mem.heap, mem.d);
}

void last(void)
{
	mem.a = get(SIZE);
	mem.b = get(SIZE);
	mem.c = get(SIZE);
	note_newest_span();
}

/* Uses up the top. */
static unsigned char *get_rest(void)
{
	return get((size_t)mem.heap->sentinel - (size_t)mem.heap->top - HEADER);
}

void full(void)
{
	mem.a = get(SIZE);
	mem.b = get(SIZE);
	mem.c = get_rest();
	note_newest_span();
}

void tail(void)
{
	full();
	mem.other = page_alloc(mem.pages, 1);
	mem.old = mem.span;
	mem.d = get(MM_PAGE_SIZE);
	heap_free(mem.heap, mem.c);
	note_newest_span();
}

void spans(void)
{
	mem.a = get(SIZE);
	mem.old = (unsigned char *)mem.heap->spans;
	mem.other = page_alloc(mem.pages, 1);
	mem.b = get(MM_PAGE_SIZE);
	mem.c = get(SIZE);
	mem.d = get(SIZE);
	mem.guard = get(SIZE);
	note_newest_span();
}

/* other is a block of another heap on the same pages. */
void two_heaps(void)
{
	static struct heap second;

	blocks();
	heap_init(&second, mem.pages);
	mem.other = heap_alloc(&second, HEAP_ALIGN, SIZE);
}

void pool(void)
{
	struct mp_pool_s *made = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)made;
	mem.small = mp_alloc(made, 64);
	mem.guard = get(SIZE);
	note_newest_span();
}

void larges(void)
{
	struct mp_pool_s *made = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)made;
	mem.small = mp_alloc(made, 64);
	mem.p = mp_alloc(made, LARGE - RECORD);
	mem.q = mp_alloc(made, LARGE - RECORD);
	mem.r = mp_alloc(made, LARGE - RECORD);
	mem.guard = get(SIZE);
}

void nodes(void)
{
	struct mp_pool_s *made = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)made;
	for (int i = 0; i < 3; i++)
		mem.small = mp_alloc(made, NODE - 64);
	mem.node = (unsigned char *)made->records;
	mem.node2 = (unsigned char *)made->records->next;
	mem.guard = get(SIZE);
}

void large_freed(void)
{
	larges();
	mp_free((struct mp_pool_s *)mem.pool, mem.q);
}

void pool_dead(void)
{
	pool();
	mp_destroy_pool((struct mp_pool_s *)mem.pool);
}

/* Nothing is written into memory that becomes part of the top. */
void pool_in_top(void)
{
	struct mp_pool_s *made = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)made;
	mem.small = mp_alloc(made, 64);
	mp_destroy_pool(made);
}

void pool_trimmed(void)
{
	pool_in_top();
	heap_trim(mem.heap);
}

void pool_reused(void)
{
	pool_dead();
	mem.other = get(NODE);
	memset(mem.other, 0, NODE);
}

void pool_reused_by_pool(void)
{
	pool_dead();
	mem.other = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
}

/* pool is a copy of a live pool. */
void pool_copied(void)
{
	static struct mp_pool_s copy;

	pool();
	memcpy(&copy, mem.pool, sizeof(copy));
	mem.pool = (unsigned char *)&copy;
}

/* pool is memory of zeros that never was a pool. */
void pool_is_fake(void)
{
	mem.pool = mem.fake;
}
