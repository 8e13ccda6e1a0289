// SPDX-License-Identifier: MIT
/*
 * page.c - a bump allocator for physical pages
 *
 *	range 0                                range 1
 *	start        next              end     start  next        end
 *	 |#############|................|       |#######|..........|
 *	  given out      free
 *
 * page_alloc(pa, 3):    |################|.............|   range 0: its frontier moves up
 * page_put_back(.., 3): |#############|................|   and down again
 *
 * The allocator writes nothing into the pages themselves. So it needs no more memory for
 * 900 GiB of RAM than for 8 MiB.
 */
#include <mm/bump.h>
#include <mm/env.h>
#include <mm/page.h>

static uintptr_t page_down(uintptr_t address)
{
	return address & -MM_PAGE_SIZE;
}

static bool overlaps_a_range(const struct page_allocator *pa, uintptr_t start, uintptr_t end)
{
	for (unsigned int i = 0; i < pa->nr_ranges; i++)
		if (start < pa->ranges[i].end && pa->ranges[i].start < end)
			return true;
	return false;
}

/**
 * page_add_range() - give memory to the allocator
 * @pa: the allocator; all zeros is a valid one
 * @start: first byte of the memory, of any alignment
 * @bytes: its size
 *
 * The range is rounded inwards to whole pages. It must not overlap memory that
 * the allocator has already. It cannot begin at address 0: page_alloc()
 * would return NULL for that page.
 *
 * Return: 0; -EINVAL if @start is NULL, if no whole page is left, if the range
 * wraps or overlaps another; -ENOSPC if there are PAGE_MAX_RANGES already.
 */
int page_add_range(struct page_allocator *pa, void *start, size_t bytes)
{
	uintptr_t first, end;

	if (!start || bytes > UINTPTR_MAX - (uintptr_t)start)
		return -EINVAL;
	end = page_down((uintptr_t)start + bytes);
	/* Rounds up, and asks for one whole page at least. */
	if (!bump_fit((uintptr_t)start, end, MM_PAGE_SIZE, MM_PAGE_SIZE, &first))
		return -EINVAL;
	if (overlaps_a_range(pa, first, end))
		return -EINVAL;
	if (pa->nr_ranges == PAGE_MAX_RANGES)
		return -ENOSPC;

	pa->ranges[pa->nr_ranges++] = (struct page_range){
		.start = first,
		.next = first,
		.end = end,
	};
	return 0;
}

/**
 * page_set_source() - say where more memory comes from, and who hears of what goes back
 * @pa: the allocator
 * @more: called when no range has room for @pages pages: it may call page_add_range(), and
 *	returns whether to try once more; it must not allocate from @pa. NULL: nobody
 * @gave_back: called after page_put_back() has taken pages back: they may be given to the
 *	system, and will be handed out again with any contents. It must not use a heap on @pa.
 *	NULL: nobody
 * @arg: passed to both
 *
 * For memory that grows while the program runs (mmap), and that goes back (madvise).
 */
void page_set_source(struct page_allocator *pa,
		     bool (*more)(struct page_allocator *pa, size_t pages, void *arg),
		     void (*gave_back)(struct page_allocator *pa, void *start, size_t pages,
				       void *arg),
		     void *arg)
{
	pa->more = more;
	pa->gave_back = gave_back;
	pa->source = arg;
}

/* A number of pages that is not 0, and whose bytes fit in a size_t. */
static bool is_count(size_t count)
{
	return count && count <= SIZE_MAX >> MM_PAGE_SHIFT;
}

/* The first range with room for @bytes: its index; PAGE_MAX_RANGES if there is none. */
static size_t find_room(const struct page_allocator *pa, size_t bytes)
{
	for (size_t i = 0; i < pa->nr_ranges; i++)
		if (bump_room(pa->ranges[i].next, pa->ranges[i].end, bytes))
			return i;
	return PAGE_MAX_RANGES;
}

/* Moves the frontier of range @i up; returns where it was. */
static void *bump_up(struct page_allocator *pa, size_t i, size_t count)
{
	uintptr_t start = pa->ranges[i].next;

	pa->ranges[i].next += count << MM_PAGE_SHIFT;
	pa->last = i;
	pa->used += count;
	if (pa->used > pa->peak)
		pa->peak = pa->used;
	return (void *)start;
}

/**
 * page_alloc() - hand out pages that lie side by side
 * @pa: the allocator
 * @count: how many pages
 *
 * The first range with room serves. If none has room, the source is asked for more, once.
 * The pages are not cleared. Time: O(ranges).
 *
 * Return: the first page, or NULL if no range has @count pages left. A @count
 * of 0 is a mistake and gets NULL, too.
 */
void *page_alloc(struct page_allocator *pa, size_t count)
{
	size_t i = is_count(count) ? find_room(pa, count << MM_PAGE_SHIFT) : PAGE_MAX_RANGES;

	if (i == PAGE_MAX_RANGES && is_count(count) && pa->more && pa->more(pa, count, pa->source))
		i = find_room(pa, count << MM_PAGE_SHIFT);
	if (i == PAGE_MAX_RANGES) {
		pa->failed++;
		return NULL;
	}
	return bump_up(pa, i, count);
}

/**
 * page_extend() - hand out the pages right behind others
 * @pa: the allocator
 * @end: the address just past pages that the caller holds
 * @count: how many more pages
 *
 * For a run of pages that shall grow in place. The pages are not cleared. Time:
 * O(ranges).
 *
 * Return: true: the caller now holds the @count pages from @end on; false: @end is
 * no frontier, or its range has fewer pages left, and nothing has changed.
 */
bool page_extend(struct page_allocator *pa, void *end, size_t count)
{
	const struct page_range *range = page_find(pa, (void *)((uintptr_t)end - 1));

	if (!range || range->next != (uintptr_t)end || !is_count(count) ||
	    !bump_room(range->next, range->end, count << MM_PAGE_SHIFT))
		return false;
	bump_up(pa, range - pa->ranges, count);
	return true;
}

/**
 * page_put_back() - take back pages that are the last of their range
 * @pa: the allocator
 * @start: the first of the pages; page-aligned
 * @count: how many pages
 *
 * Any number of pages can go back from the end of a range; it does not matter which
 * calls handed them out. The caller must hold them: that is not checked. The source hears
 * of them. Time: O(ranges).
 *
 * Return: 0; -EBUSY if the pages are given out but do not end at the frontier;
 * -EINVAL if @count is 0, @start is not page-aligned, or they are not all given
 * out. After an error nothing has changed.
 */
int page_put_back(struct page_allocator *pa, void *start, size_t count)
{
	const struct page_range *range = page_find(pa, start);
	uintptr_t at = (uintptr_t)start;

	if (!range || page_down(at) != at || !is_count(count) ||
	    count << MM_PAGE_SHIFT > range->next - at)
		return -EINVAL;
	if (count << MM_PAGE_SHIFT < range->next - at)
		return -EBUSY;
	pa->last = range - pa->ranges;
	pa->ranges[pa->last].next = at;
	pa->used -= count;
	if (pa->gave_back)
		pa->gave_back(pa, start, count, pa->source);
	return 0;
}

/* The slow part of page_find(): looks at all ranges. */
const struct page_range *page_search(const struct page_allocator *pa, const void *p)
{
	for (const struct page_range *range = pa->ranges; range < pa->ranges + pa->nr_ranges;
	     range++)
		if (page_range_holds(range, p))
			return range;
	return NULL;
}

/**
 * page_get_stats() - count the pages
 * @pa: the allocator
 * @st: where the counts go
 */
void page_get_stats(const struct page_allocator *pa, struct page_stats *st)
{
	*st = (struct page_stats){
		.ranges = pa->nr_ranges,
		.used = pa->used,
		.peak = pa->peak,
		.failed = pa->failed,
	};
	for (unsigned int i = 0; i < pa->nr_ranges; i++)
		st->total += (pa->ranges[i].end - pa->ranges[i].start) >> MM_PAGE_SHIFT;
}
