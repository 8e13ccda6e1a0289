// SPDX-License-Identifier: MIT
/*
 * run_trim.c - heap_join(), heap_trim(), heap_find()
 */
#include <tests/model/run.h>

void run_heap_join(struct model *m, const struct model_op *op)
{
	struct live *low = m->slots[op->slot], *high = m->slots[op->size % MODEL_SLOTS];
	bool expected, got;

	if (!low || !high || low == high || low->kind != LIVE_BLOCK || high->kind != LIVE_BLOCK ||
	    low->owner != high->owner || !model_intact(m, low) || !model_intact(m, high))
		return;
	/* Neighbours are rare. Look for one. */
	for (struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind == LIVE_BLOCK && live->owner == low->owner &&
		    live->at == low->at + low->bytes + 16 && op->offset % 2)
			high = live;
	expected = !MP_REDZONE && high->at == low->at + low->bytes + 16;
	if (!expected)
		model_remember(m);
	got = heap_join(&m->heaps[low->owner], low->at, high->at);
	if (got != expected) {
		model_fail(m, "heap_join: %d; should be %d", got, expected);
	} else if (!got) {
		model_unchanged(m, "heap_join, which returned false,");
	} else {
		unsigned char *at = low->at;
		size_t bytes = low->bytes + 16 + high->bytes;
		unsigned int heap = low->owner;

		model_remove(m, high);
		model_remove(m, low);
		low = model_add(m, LIVE_BLOCK, heap, at, bytes);
		if (!low)
			return;
		m->slots[op->slot] = low;
		model_fill(m, low, at, bytes);
		if (model_neighbours_intact(m, at))
			model_check_heap(m, heap);
	}
}

/* After heap_trim(), no whole page is free in front of a frontier. */
static bool check_trimmed(struct model *m, unsigned int heap)
{
	struct heap_place place = { 0 }, last;
	bool more = heap_next(&m->heaps[heap], &place);

	while (more) {
		uintptr_t end;

		last = place;
		more = heap_next(&m->heaps[heap], &place);
		if (more && place.span == last.span)
			continue;
		end = (uintptr_t)last.block + last.size + 16;
		if (last.kind == HEAP_FREE && last.size >= MM_PAGE_SIZE &&
		    model_is_frontier(m, heap, (end - (uintptr_t)m->arena) / MM_PAGE_SIZE))
			return model_fail(m, "heap_trim: kept a free block of %zu bytes at an end",
					  last.size);
	}
	return true;
}

void run_heap_trim(struct model *m, const struct model_op *op)
{
	struct page_allocator *pa = &m->pages[m->heap_pages[op->owner]];
	size_t used = pa->used;
	size_t went = heap_trim(&m->heaps[op->owner]);

	if (!model_after(m, op->owner, false, false))
		return;
	if (went != used - pa->used)
		model_fail(m, "heap_trim: %zu, but %zu pages went back", went, used - pa->used);
	if (model_check_heap(m, op->owner))
		check_trimmed(m, op->owner);
}

/* The block of a heap that holds an address, its header counted; or NULL. */
static const struct live *block_around(const struct model *m, unsigned int heap, uintptr_t p)
{
	for (const struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind && model_heap_of(live) == heap &&
		    p - ((uintptr_t)live->at - 16) < live->bytes + 16)
			return live;
	return NULL;
}

void run_heap_ask(struct model *m, const struct model_op *op)
{
	const unsigned char *p = m->arena + op->offset;
	const struct live *live = block_around(m, op->owner, (uintptr_t)p);
	bool in_pages = m->owner[op->offset / MM_PAGE_SIZE] == OWNER_HEAP + op->owner;
	struct heap_place place;

	heap_find(&m->heaps[op->owner], p, &place);
	if (live &&
	    (place.kind != HEAP_USED || place.block != live->at || place.size != live->bytes))
		model_fail(m, "heap_find: does not find the block at %p", (void *)live->at);
	if (!live && place.kind != HEAP_OUTSIDE && (place.kind != HEAP_FREE || !in_pages))
		model_fail(m, "heap_find: finds kind %d at arena + 0x%zx", place.kind, op->offset);
	if (heap_usable_size(NULL))
		model_fail(m, "heap_usable_size(NULL) is not 0");
}
