// SPDX-License-Identifier: MIT
/*
 * check.c - do pages and blocks agree with the model?
 *
 * Pages: a frontier may have moved only for the heap that was used, up by free pages,
 * or down by pages of that heap in which nothing lives. The counters follow from the
 * owners of pages.
 *
 * Blocks: a walk over the heap must meet exactly the live blocks, with their sizes.
 * Headers, blocks and free memory must add up to all of the heap's pages.
 */
#include <tests/model/model.h>

/**
 * model_frontier() - the frontier of a range: the page behind the last one given out
 * @m: the model
 * @range: the range
 *
 * Return: an index of a page of the arena.
 */
size_t model_frontier(const struct model *m, const struct model_range *range)
{
	size_t page = range->first + range->pages;

	while (page > range->first && m->owner[page - 1] == OWNER_NONE)
		page--;
	return page;
}

/**
 * model_room() - the most pages that an allocator can hand out at once
 * @m: the model
 * @allocator: its number
 *
 * Return: a number of pages.
 */
size_t model_room(const struct model *m, unsigned int allocator)
{
	const struct model_allocator *a = &m->allocators[allocator];
	size_t room = 0;

	for (size_t i = 0; i < a->nr_ranges; i++) {
		const struct model_range *range = &a->ranges[i];
		size_t here = range->first + range->pages - model_frontier(m, range);

		if (here > room)
			room = here;
	}
	return room;
}

/* Notes that the frontier of @range is @page now, because of @who. */
static bool move_frontier(struct model *m, const struct model_range *range, size_t page,
			  unsigned int who)
{
	size_t old = model_frontier(m, range);

	if (page != old && who < OWNER_HEAP)
		return model_fail(m, "a frontier is at page %zu, where the model has page %zu",
				  page, old);
	for (; old < page; old++)
		m->owner[old] = (unsigned char)who;
	for (; old > page; old--) {
		if (m->owner[old - 1] != who)
			return model_fail(m, "a page went back that is another owner's: %zu",
					  old - 1);
		for (size_t i = 0; i < MM_PAGE_SIZE; i++)
			if (m->claims[(old - 1) * MM_PAGE_SIZE + i])
				return model_fail(m, "a page with something live went back: %zu",
						  old - 1);
		m->owner[old - 1] = OWNER_NONE;
	}
	return true;
}

static bool check_counts(struct model *m, unsigned int allocator)
{
	struct model_allocator *a = &m->allocators[allocator];
	size_t used = 0, total = 0;
	struct page_stats st;

	for (size_t i = 0; i < MODEL_PAGES; i++) {
		total += m->has[i] == allocator + 1;
		used += m->has[i] == allocator + 1 && m->owner[i] != OWNER_NONE;
	}
	if (used > a->peak)
		a->peak = used;
	page_get_stats(&m->pages[allocator], &st);
	if (st.ranges != a->nr_ranges || st.total != total)
		return model_fail(m,
				  "page_get_stats: %zu pages in %zu ranges; should be %zu in %zu",
				  st.total, st.ranges, total, a->nr_ranges);
	if (st.used != used)
		return model_fail(m, "page_get_stats: used %zu; should be %zu", st.used, used);
	if (st.peak != a->peak || st.failed != a->failed)
		return model_fail(m, "page_get_stats: peak %zu, failed %zu; should be %zu, %zu",
				  st.peak, st.failed, a->peak, a->failed);
	return true;
}

/**
 * model_sync() - compare a page allocator with the model, after an operation
 * @m: the model
 * @allocator: its number
 * @who: the heap that may have taken pages or given them back (OWNER_HEAP + its
 *	number), or OWNER_NONE: the model knows of all changes already
 *
 * Return: false, with an error noted, if they do not agree.
 */
bool model_sync(struct model *m, unsigned int allocator, unsigned int who)
{
	const struct page_allocator *pa = &m->pages[allocator];
	const struct model_allocator *a = &m->allocators[allocator];

	for (size_t i = 0; i < a->nr_ranges && i < pa->nr_ranges; i++) {
		uintptr_t start = (uintptr_t)m->arena + a->ranges[i].first * MM_PAGE_SIZE;

		if (pa->ranges[i].start != start ||
		    pa->ranges[i].end != start + a->ranges[i].pages * MM_PAGE_SIZE)
			return model_fail(m, "range %zu of a page allocator is not where it was",
					  i);
		if (pa->ranges[i].next < start || pa->ranges[i].next > pa->ranges[i].end ||
		    pa->ranges[i].next % MM_PAGE_SIZE)
			return model_fail(m, "a frontier is outside its range");
		if (!move_frontier(m, &a->ranges[i],
				   (pa->ranges[i].next - (uintptr_t)m->arena) / MM_PAGE_SIZE, who))
			return false;
	}
	return check_counts(m, allocator);
}

/* One place of the walk. Counts the live block that it is. */
static bool check_place(struct model *m, unsigned int heap, const struct heap_place *place,
			size_t *blocks)
{
	const struct live *live = model_at(m, place->block);

	switch (place->kind) {
	case HEAP_FREE:
		if (live)
			return model_fail(m, "a live block at arena + 0x%zx is free",
					  (size_t)(live->at - m->arena));
		if (place->size > m->biggest[heap])
			m->biggest[heap] = place->size;
		return true;
	case HEAP_USED:
		if (!live || model_heap_of(live) != heap)
			return model_fail(m, "a used block at %p is nobody's", place->block);
		if (live->bytes != place->size)
			return model_fail(m, "the block at %p has %zu bytes; it had %zu",
					  place->block, place->size, live->bytes);
		++*blocks;
		return true;
	default:
		return model_fail(m, "heap_next: something broken at %p", place->block);
	}
}

/**
 * model_check_heap() - compare a heap with the model
 * @m: the model
 * @heap: its number
 *
 * Return: false, with an error noted, if they do not agree.
 */
bool model_check_heap(struct model *m, unsigned int heap)
{
	struct heap_place place = { 0 };
	const struct heap_span *span = NULL;
	size_t bytes = 0, blocks = 0, live = 0, pages = 0;

	if (heap_check(&m->heaps[heap]))
		return model_fail(m, "heap_check: the heap is damaged");
	m->biggest[heap] = 0;
	while (heap_next(&m->heaps[heap], &place)) {
		/* The struct of each span takes 16 bytes, and so does its sentinel. */
		bytes += place.size + 16 + (place.span != span ? 32 : 0);
		span = place.span;
		if (bytes > MODEL_BYTES)
			return model_fail(m, "heap_next: more bytes than the arena has");
		if (!check_place(m, heap, &place, &blocks))
			return false;
	}
	for (size_t i = 0; i < m->nr_live; i++)
		live += m->live[i].kind && model_heap_of(&m->live[i]) == heap;
	for (size_t i = 0; i < MODEL_PAGES; i++)
		pages += m->owner[i] == OWNER_HEAP + heap;
	if (blocks != live)
		return model_fail(m, "the heap has %zu used blocks; %zu are live", blocks, live);
	if (bytes != pages * MM_PAGE_SIZE)
		return model_fail(m, "blocks and headers are %zu bytes; the heap has %zu pages",
				  bytes, pages);
	return true;
}
