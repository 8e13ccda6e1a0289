// SPDX-License-Identifier: MIT
/*
 * run_heap.c - operations on heaps
 *
 * The model does not say where a block must lie. It says what a block must be, when a
 * request must be refused, and when memory cannot be out: some range has enough pages
 * behind its frontier, or the heap has a free block that is so large that every search
 * must find it.
 */
#include <kernel/lib/string.h>
#include <tests/model/run.h>

/**
 * model_is_power() - is a number a power of two?
 * @n: the number
 *
 * Return: whether it is.
 */
bool model_is_power(size_t n)
{
	return n && !(n & (n - 1));
}

/**
 * model_can_fail() - can memory be out for a block?
 * @m: the model
 * @heap: the number of the heap
 * @align: a power of two
 * @size: in bytes
 *
 * Lists hold sizes that differ by at most a 16th, so a free block that is larger by
 * that is found.
 *
 * Return: false if the allocation must succeed.
 */
bool model_can_fail(const struct model *m, unsigned int heap, size_t align, size_t size)
{
	size_t bytes;

	if (size > MODEL_BYTES || align > MODEL_BYTES)
		return true;
	bytes = mp_align(size + 16, 32) + (align > 32 ? align - 32 : 0);
	if (mp_align(bytes + 32, MM_PAGE_SIZE) / MM_PAGE_SIZE <= model_room(m, m->heap_pages[heap]))
		return false;
	return m->biggest[heap] < bytes + bytes / 16 + 32;
}

/**
 * model_after() - compare pages with the model after a call that may take pages
 * @m: the model
 * @heap: the number of the heap
 * @failed: the call returned NULL because memory is out
 * @absurd: then it is open whether that counts as failed
 *
 * Return: false, with an error noted, if they do not agree.
 */
bool model_after(struct model *m, unsigned int heap, bool failed, bool absurd)
{
	unsigned int allocator = m->heap_pages[heap];
	size_t *count = &m->allocators[allocator].failed;

	if (failed && (!absurd || m->pages[allocator].failed == *count + 1))
		++*count;
	return model_sync(m, allocator, OWNER_HEAP + heap);
}

void run_heap_alloc(struct model *m, const struct model_op *op)
{
	size_t offset = op->code == OP_HEAP_ALLOC_AT ? op->offset : 0;
	struct heap *heap = &m->heaps[op->owner];
	bool possible = model_is_power(op->align) && op->size <= HEAP_MAX_SIZE &&
			!(offset % 32 % op->align) && op->owner < MODEL_HEAPS;
	bool can_fail = !possible || model_can_fail(m, op->owner, op->align, op->size);
	bool absurd = op->size > MODEL_ABSURD || op->align > MODEL_ABSURD;
	struct live *live;
	unsigned char *p;
	size_t usable;

	if (m->slots[op->slot])
		return;
	if (can_fail)
		model_remember(m);
	if (op->code == OP_HEAP_ALLOC_AT)
		p = heap_alloc_at(heap, op->align, offset, op->size);
	else
		p = heap_alloc(heap, op->align, op->size);
	if (!model_after(m, op->owner, !p && possible, absurd))
		return;
	if (!p) {
		if (!can_fail)
			model_fail(m, "%s: NULL, but there is memory", model_code_name(op->code));
		model_unchanged(m, "an allocation, which returned NULL,");
		return;
	}
	if (!possible)
		model_fail(m, "%s: served what is impossible", model_code_name(op->code));
	else if ((uintptr_t)p % 32 || ((uintptr_t)p + offset) % op->align)
		model_fail(m, "%s: %p is not aligned", model_code_name(op->code), (void *)p);
	else if (!model_in_arena(m, p - 16, 32))
		model_fail(m, "%s: %p is outside the arena", model_code_name(op->code), (void *)p);
	if (m->error[0])
		return;
	usable = heap_usable_size(p);
	if (usable < op->size || usable >= op->size + 32)
		model_fail(m, "heap_usable_size: %zu of a block of %zu", usable, op->size);
	live = model_add(m, LIVE_BLOCK, op->owner, p, usable);
	if (!live || m->error[0])
		return;
	m->slots[op->slot] = live;
	model_fill(m, live, p, usable);
	if (model_neighbours_intact(m, p))
		model_check_heap(m, op->owner);
}

/**
 * model_is_frontier() - is a page a frontier of the allocator that a heap takes pages from?
 * @m: the model
 * @heap: the number of the heap
 * @page: the index of the page
 *
 * Return: whether it is.
 */
bool model_is_frontier(const struct model *m, unsigned int heap, size_t page)
{
	const struct model_allocator *a = &m->allocators[m->heap_pages[heap]];

	for (size_t i = 0; i < a->nr_ranges; i++)
		if (model_frontier(m, &a->ranges[i]) == page && page > a->ranges[i].first)
			return true;
	return false;
}

/*
 * If what was freed at @p is now part of the end of the newest span: at most twice
 * HEAP_SLACK bytes may be free there, and at least HEAP_SLACK if pages went back.
 */
static void check_slack(struct model *m, unsigned int heap, const void *p, bool went)
{
	struct heap_place place, next = { 0 };
	uintptr_t end;

	heap_find(&m->heaps[heap], p, &place);
	if (place.kind == HEAP_OUTSIDE || place.span != m->heaps[heap].spans)
		return;
	next = place;
	if (heap_next(&m->heaps[heap], &next) && next.span == place.span)
		return;
	end = (uintptr_t)place.block + place.size + 16;
	if (place.size + 16 > 2 * HEAP_SLACK &&
	    model_is_frontier(m, heap, (end - (uintptr_t)m->arena) / MM_PAGE_SIZE))
		model_fail(m, "heap_free: keeps %zu free bytes at the end", place.size);
	if (went && place.size + 16 < HEAP_SLACK)
		model_fail(m, "heap_free: keeps only %zu free bytes at the end", place.size);
}

void run_heap_free(struct model *m, const struct model_op *op)
{
	struct live *live = m->slots[op->slot];
	unsigned int heap;
	size_t used;

	if (!live || live->kind != LIVE_BLOCK || !model_intact(m, live))
		return;
	heap = live->owner;
	used = m->pages[m->heap_pages[heap]].used;
	m->stale = live->at;
	heap_free(&m->heaps[heap], live->at);
	model_remove(m, live);
	if (model_after(m, heap, false, false) && model_neighbours_intact(m, m->stale) &&
	    model_check_heap(m, heap))
		check_slack(m, heap, m->stale, m->pages[m->heap_pages[heap]].used < used);
}

/**
 * model_bad_address() - the address that an operation with an enum model_bad means
 * @m: the model
 * @op: the operation
 *
 * Return: any address; by chance, it may be one that is right.
 */
unsigned char *model_bad_address(struct model *m, const struct model_op *op)
{
	struct live *live = m->slots[op->slot];
	unsigned char *start = m->arena + op->slot % MODEL_PAGES * MM_PAGE_SIZE;

	if (live)
		start = live->kind == LIVE_LARGE ? live->data : live->at;
	switch (op->align) {
	case BAD_INSIDE:
		return start + op->offset * 32;
	case BAD_CROOKED:
		return start + op->offset;
	case BAD_STALE:
		return op->code != OP_HEAP_FREE_BAD ? m->pools[op->owner].stale : m->stale;
	case BAD_ANYWHERE:
		return m->arena + op->offset % (m->arena_pages * MM_PAGE_SIZE);
	case BAD_HEADER:
		return (unsigned char *)((uintptr_t)m->pools[op->owner].pool + op->offset);
	case BAD_OUTSIDE:
		return (unsigned char *)op->offset;
	default:
		return NULL;
	}
}

static void call_free(void *heap, void *p)
{
	heap_free(heap, p);
}

void run_heap_free_bad(struct model *m, const struct model_op *op)
{
	unsigned char *p = model_bad_address(m, op);
	struct live *live = model_at(m, p);

	/* Only what is no block of this heap. NULL is legal, and does nothing. */
	if (live && model_heap_of(live) == op->owner)
		return;
	model_remember(m);
	if (model_panics(m, call_free, &m->heaps[op->owner], p) == !p)
		model_fail(m,
			   p ? "heap_free: %p is no used block, and there was no panic" :
			       "heap_free: a panic, but %p is legal",
			   (void *)p);
	if (p && !m->error[0] && !strstr(m->panic, "heap_free: "))
		model_fail(m, "heap_free: the panic says: %s", m->panic);
	model_unchanged(m, "heap_free, refused,");
}
