// SPDX-License-Identifier: MIT
/*
 * run_page.c - operations on page allocators: the model knows each result exactly
 */
#include <mm/env.h>
#include <tests/model/run.h>

/* What page_add_range() must return. 1: the arena's other owners forbid the call. */
static int expected_add(const struct model *m, unsigned int owner, const unsigned char *start,
			size_t bytes)
{
	size_t first, end, offset = (uintptr_t)start - (uintptr_t)m->arena;

	if (!start || bytes > UINTPTR_MAX - (uintptr_t)start)
		return -EINVAL;
	if (offset + bytes > m->arena_pages * MM_PAGE_SIZE + MM_PAGE_SIZE - 1)
		return 1;
	first = (offset + MM_PAGE_SIZE - 1) / MM_PAGE_SIZE;
	end = (offset + bytes) / MM_PAGE_SIZE;
	for (size_t i = first; i < end; i++)
		if (m->has[i] && m->has[i] != owner + 1)
			return 1;
	for (size_t i = first; i < end; i++)
		if (m->has[i])
			return -EINVAL;
	if (first >= end)
		return -EINVAL;
	return m->allocators[owner].nr_ranges == PAGE_MAX_RANGES ? -ENOSPC : 0;
}

/**
 * model_add_range() - add a range to a page allocator and to its model
 * @m: the model
 * @owner: the number of the allocator
 * @start: its first byte
 * @bytes: its size
 *
 * Return: false, with an error noted, if page_add_range() was wrong.
 */
bool model_add_range(struct model *m, unsigned int owner, void *start, size_t bytes)
{
	struct model_allocator *a = &m->allocators[owner];
	int expected = expected_add(m, owner, start, bytes), got;
	size_t offset = (uintptr_t)start - (uintptr_t)m->arena;
	struct model_range range;

	if (expected > 0)
		return true;
	model_remember(m);
	got = page_add_range(&m->pages[owner], start, bytes);
	if (got != expected)
		return model_fail(m, "page_add_range: %d; should be %d", got, expected);
	if (got)
		return model_unchanged(m, "page_add_range, refused,");
	range.first = (offset + MM_PAGE_SIZE - 1) / MM_PAGE_SIZE;
	range.pages = (offset + bytes) / MM_PAGE_SIZE - range.first;
	for (size_t i = 0; i < range.pages; i++)
		m->has[range.first + i] = (unsigned char)(owner + 1);
	a->ranges[a->nr_ranges++] = range;
	return true;
}

void run_page_add(struct model *m, const struct model_op *op)
{
	if (model_add_range(m, op->owner, op->align == 1 ? NULL : m->arena + op->offset,
			    op->align == 2 ? -op->size - 1 : op->size))
		model_sync(m, op->owner, OWNER_NONE);
}

/* The allocator holds @count more pages, from @page on. */
static void take_pages(struct model *m, size_t page, size_t count)
{
	for (size_t i = 0; i < count; i++)
		m->owner[page + i] = OWNER_DIRECT;
}

void run_page_alloc(struct model *m, const struct model_op *op)
{
	struct model_allocator *a = &m->allocators[op->owner];
	unsigned char *p, *expected = NULL;
	size_t page = 0;

	if (m->slots[op->slot])
		return;
	for (size_t i = 0; i < a->nr_ranges && !expected && op->size; i++) {
		page = model_frontier(m, &a->ranges[i]);
		if (a->ranges[i].first + a->ranges[i].pages - page >= op->size)
			expected = m->arena + page * MM_PAGE_SIZE;
	}
	if (!expected)
		model_remember(m);
	p = page_alloc(&m->pages[op->owner], op->size);
	if (p != expected) {
		model_fail(m, "page_alloc: %p; should be %p", (void *)p, (void *)expected);
	} else if (!p) {
		a->failed++;
		model_unchanged(m, "page_alloc, which returned NULL,");
		model_sync(m, op->owner, OWNER_NONE);
	} else {
		struct live *live;

		take_pages(m, page, op->size);
		live = model_add(m, LIVE_PAGES, op->owner, p, op->size * MM_PAGE_SIZE);
		if (live && model_sync(m, op->owner, OWNER_NONE)) {
			m->slots[op->slot] = live;
			model_fill(m, live, p, live->bytes);
		}
	}
}

/* The range that holds the byte in front of @end, if its frontier is there; or NULL. */
static const struct model_range *range_at(const struct model *m, unsigned int owner, size_t page)
{
	const struct model_allocator *a = &m->allocators[owner];

	for (const struct model_range *r = a->ranges; r < a->ranges + a->nr_ranges; r++)
		if (page > r->first && page <= r->first + r->pages && model_frontier(m, r) == page)
			return r;
	return NULL;
}

void run_page_extend(struct model *m, const struct model_op *op)
{
	struct live *live = m->slots[op->slot];
	const struct model_range *range;
	bool expected, got;
	size_t page;

	if (!live || live->kind != LIVE_PAGES || !model_intact(m, live))
		return;
	page = (size_t)(live->at - m->arena + live->bytes) / MM_PAGE_SIZE;
	range = range_at(m, live->owner, page);
	expected = range && op->size && op->size <= range->first + range->pages - page;
	if (!expected)
		model_remember(m);
	got = page_extend(&m->pages[live->owner], live->at + live->bytes, op->size);
	if (got != expected) {
		model_fail(m, "page_extend: %d; should be %d", got, expected);
	} else if (!got) {
		model_unchanged(m, "page_extend, which returned false,");
		model_sync(m, live->owner, OWNER_NONE);
	} else {
		unsigned char *at = live->at;
		size_t bytes = live->bytes + op->size * MM_PAGE_SIZE;
		unsigned int owner = live->owner;

		take_pages(m, page, op->size);
		model_remove(m, live);
		live = model_add(m, LIVE_PAGES, owner, at, bytes);
		if (live && model_sync(m, owner, OWNER_NONE)) {
			m->slots[op->slot] = live;
			model_fill(m, live, at, bytes);
		}
	}
}

/* What page_put_back() must return. */
static int expected_put_back(const struct model *m, unsigned int owner, const unsigned char *start,
			     size_t count)
{
	size_t offset = (uintptr_t)start - (uintptr_t)m->arena, frontier = 0;
	const struct model_allocator *a = &m->allocators[owner];

	for (size_t i = 0; i < a->nr_ranges; i++)
		if (offset >= a->ranges[i].first * MM_PAGE_SIZE &&
		    offset < model_frontier(m, &a->ranges[i]) * MM_PAGE_SIZE)
			frontier = model_frontier(m, &a->ranges[i]);
	if (!frontier || offset % MM_PAGE_SIZE || !count ||
	    count > frontier - offset / MM_PAGE_SIZE)
		return -EINVAL;
	return count == frontier - offset / MM_PAGE_SIZE ? 0 : -EBUSY;
}

/* Calls page_put_back(). Returns whether the pages are back. */
static bool put_back(struct model *m, unsigned int owner, unsigned char *start, size_t count)
{
	int expected = expected_put_back(m, owner, start, count), got;

	if (expected)
		model_remember(m);
	got = page_put_back(&m->pages[owner], start, count);
	if (got != expected)
		return model_fail(m, "page_put_back: %d; should be %d", got, expected);
	if (got) {
		model_unchanged(m, "page_put_back, refused,");
		model_sync(m, owner, OWNER_NONE);
	}
	return !got;
}

void run_page_put_back(struct model *m, const struct model_op *op)
{
	struct live *live = m->slots[op->slot];
	size_t count = op->size, pages;
	unsigned char *end;

	if (!live || live->kind != LIVE_PAGES || !model_intact(m, live))
		return;
	pages = live->bytes / MM_PAGE_SIZE;
	end = live->at + live->bytes;
	if (count > pages && count < MODEL_PAGES)
		count = pages;
	if (!put_back(m, live->owner, end - (count <= pages ? count : 1) * MM_PAGE_SIZE, count))
		return;
	for (size_t i = 1; i <= count; i++)
		m->owner[(size_t)(end - m->arena) / MM_PAGE_SIZE - i] = OWNER_NONE;
	pages -= count;
	model_sync(m, live->owner, OWNER_NONE);
	if (pages) {
		/* The last pages are free; the others still hold their pattern. */
		for (size_t i = pages * MM_PAGE_SIZE; i < live->bytes; i++)
			m->claims[live->at - m->arena + i] = 0;
		live->bytes = pages * MM_PAGE_SIZE;
		live->size = live->bytes;
		return;
	}
	model_remove(m, live);
}

void run_page_put_bad(struct model *m, const struct model_op *op)
{
	unsigned char *start = m->arena + op->offset;

	/* Only calls that must fail: these pages are not the caller's. */
	if (expected_put_back(m, op->owner, start, op->size))
		put_back(m, op->owner, start, op->size);
}

void run_page_ask(struct model *m, const struct model_op *op)
{
	const struct model_allocator *a = &m->allocators[op->owner];
	const struct page_range *found;
	size_t expected = a->nr_ranges, end = 0;
	bool used;

	for (size_t i = 0; i < a->nr_ranges; i++)
		if (op->offset >= a->ranges[i].first * MM_PAGE_SIZE &&
		    op->offset < model_frontier(m, &a->ranges[i]) * MM_PAGE_SIZE) {
			expected = i;
			end = model_frontier(m, &a->ranges[i]) * MM_PAGE_SIZE;
		}
	found = page_find(&m->pages[op->owner], m->arena + op->offset);
	if (found != (end ? &m->pages[op->owner].ranges[expected] : NULL))
		model_fail(m, "page_find: the wrong range for arena + 0x%zx", op->offset);
	used = page_is_used(&m->pages[op->owner], m->arena + op->offset, op->size);
	if (used != (end && op->size <= end - op->offset))
		model_fail(m, "page_is_used: %d for %zu bytes at arena + 0x%zx", used, op->size,
			   op->offset);
}
