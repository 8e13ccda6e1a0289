// SPDX-License-Identifier: MIT
/*
 * page.c - a bump allocator for physical pages
 *
 *	range 0                                range 1
 *	start        next              end     start  next        end
 *	 |#############|................|       |#######|..........|
 *	  given out      never given out
 *
 * page_alloc(pa, 3):    |################|.............|   the frontier moves up
 * page_put_back(.., 3): |#############|................|   and back down again
 *
 * Nothing is linked, marked or cleared in the pages themselves: an allocator
 * over 900 GiB costs what one over 8 MiB costs.
 */
#include <mm/bump.h>
#include <mm/env.h>
#include <mm/page.h>

/**
 * page_add_range() - give memory to the allocator
 * @pa: the allocator; all zeros is a valid one
 * @start: first byte of the memory, of any alignment
 * @bytes: its size
 *
 * The range is rounded inwards to whole pages. It must not overlap memory that
 * the allocator has already. The page at address 0 can not be part of it: its
 * address would read as failure.
 *
 * Return: 0; -EINVAL if @start is NULL, if no whole page is left, if the range
 * wraps or overlaps another; -ENOSPC if there are PAGE_MAX_RANGES already.
 */
int page_add_range(struct page_allocator *pa, void *start, size_t bytes)
{
	uintptr_t first, end;
	unsigned int i;

	if (!start || bytes > UINTPTR_MAX - (uintptr_t)start ||
	    !bump_fit((uintptr_t)start, (uintptr_t)start + bytes, PAGE_SIZE, PAGE_SIZE, &first))
		return -EINVAL;
	end = ((uintptr_t)start + bytes) & -PAGE_SIZE;

	for (i = 0; i < pa->nr_ranges; i++)
		if (first < pa->ranges[i].end && pa->ranges[i].start < end)
			return -EINVAL;
	if (pa->nr_ranges == PAGE_MAX_RANGES)
		return -ENOSPC;

	for (i = pa->nr_ranges; i && pa->ranges[pa->by_address[i - 1]].start > first; i--)
		pa->by_address[i] = pa->by_address[i - 1];
	pa->by_address[i] = (unsigned char)pa->nr_ranges;
	pa->ranges[pa->nr_ranges++] =
		(struct page_range){ .start = first, .next = first, .end = end };
	return 0;
}

/* page_find(), where the guess is wrong: halves what is left, and guesses better. */
struct page_range *page_search(struct page_allocator *pa, const void *p)
{
	unsigned int low = 0, high = pa->nr_ranges;

	while (low < high) {
		unsigned int middle = (low + high) / 2;
		struct page_range *range = &pa->ranges[pa->by_address[middle]];

		if (page_range_holds(range, p)) {
			page_set_guess(pa, p, range);
			return range;
		}
		if ((uintptr_t)p < range->start)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/**
 * page_alloc_in() - hand out pages that lie side by side, and say where
 * @pa: the allocator
 * @count: how many pages
 *
 * The first range with room serves. The pages are not cleared.
 *
 * Return: the range, in which they are the last; NULL as page_alloc().
 */
struct page_range *page_alloc_in(struct page_allocator *pa, size_t count)
{
	struct page_range *range = pa->ranges;
	struct page_range *end = range + pa->nr_ranges;

	/* One test for 0 and for what would overflow in bytes. */
	if (count - 1 >= SIZE_MAX >> PAGE_SHIFT)
		range = end;
	for (; range < end; range++) {
		if (bump_room(range->next, range->end, count << PAGE_SHIFT)) {
			page_bump(pa, range, count);
			return range;
		}
	}
	pa->failed++;
	return NULL;
}

/**
 * page_alloc() - hand out pages that lie side by side
 * @pa: the allocator
 * @count: how many pages
 *
 * Return: the first page, or NULL if no range has @count pages left. A @count
 * of 0 is a mistake and gets NULL, too.
 */
void *page_alloc(struct page_allocator *pa, size_t count)
{
	struct page_range *range = page_alloc_in(pa, count);

	return range ? (void *)(range->next - (count << PAGE_SHIFT)) : NULL;
}

/**
 * page_put_back() - take pages back that are the last of their range
 * @pa: the allocator
 * @start: the first of the pages; page-aligned
 * @count: how many pages
 *
 * Whoever holds the last pages of a range can give back any number of them from
 * the end; what they were allocated as does not matter.
 *
 * Return: 0; -EBUSY if the pages are given out but do not end at the frontier;
 * -EINVAL if @count is 0, @start is not page-aligned, or they are not all given
 * out. After an error nothing has changed.
 */
int page_put_back(struct page_allocator *pa, void *start, size_t count)
{
	uintptr_t at = (uintptr_t)start;
	struct page_range *range = page_find(pa, start);

	/* The last comparison is for 0, too. */
	if (!range || (at & (PAGE_SIZE - 1)) || count - 1 >= (range->next - at) >> PAGE_SHIFT)
		return -EINVAL;
	if (at + (count << PAGE_SHIFT) != range->next)
		return -EBUSY;
	page_lower(pa, range, at);
	return 0;
}

/**
 * page_get_stats() - count the pages
 * @pa: the allocator
 * @st: where the counts go
 */
void page_get_stats(const struct page_allocator *pa, struct page_stats *st)
{
	*st = (struct page_stats){ .ranges = pa->nr_ranges, .used = pa->used, .peak = pa->peak };
	st->failed = pa->failed;
	for (unsigned int i = 0; i < pa->nr_ranges; i++)
		st->total += (pa->ranges[i].end - pa->ranges[i].start) >> PAGE_SHIFT;
}
