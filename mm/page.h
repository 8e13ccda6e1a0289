/* SPDX-License-Identifier: MIT */
/*
 * page.h - physical pages, handed out by bumping
 *
 * A page allocator holds up to 32 ranges of memory. Each range has a frontier:
 * the pages below it are given out, the pages from it on are free. A bump
 * allocator can take back only pages that end at a frontier. Blocks that come and
 * go in any order are the heap's business, one floor up (heap.h).
 *
 * Nothing here is locked: one CPU, no calls from traps.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/config.h>

#define MM_PAGE_SHIFT 12
#define MM_PAGE_SIZE ((size_t)1 << MM_PAGE_SHIFT)
#define PAGE_MAX_RANGES 32

/**
 * struct page_range - memory that is bumped from @start to @end
 * @start: address of its first page
 * @next: its frontier: pages below are given out, pages from here on are free
 * @end: address just past its last page
 */
struct page_range {
	uintptr_t start;
	uintptr_t next;
	uintptr_t end;
};

/**
 * struct page_allocator - hands out physical pages
 * @ranges: page_alloc() tries them in this order
 * @nr_ranges: how many of them are in use
 * @last: index of the range whose frontier moved last; page_find() looks there first
 * @used: pages given out now
 * @peak: the most pages that were ever given out at once
 * @failed: calls of page_alloc() that no range could serve
 * @heaps: how many heaps were made on it; numbers their stamps
 * @more: asked for more ranges when none has room; may be NULL
 * @gave_back: told about pages that came back; may be NULL. Neither may allocate from here
 * @source: what both get as their last argument
 *
 * All zeros is a valid allocator, with no memory yet.
 */
struct page_allocator {
	struct page_range ranges[PAGE_MAX_RANGES];
	size_t nr_ranges;
	size_t last;
	size_t used;
	size_t peak;
	size_t failed;
	size_t heaps;
	bool (*more)(struct page_allocator *pa, size_t pages, void *arg);
	void (*gave_back)(struct page_allocator *pa, void *start, size_t pages, void *arg);
	void *source;
};

/**
 * struct page_stats - the state of a page allocator
 * @ranges: how many ranges it has
 * @total: pages in all ranges
 * @used: pages given out now
 * @peak: the most pages that were ever given out at once
 * @failed: calls of page_alloc() that failed
 */
struct page_stats {
	size_t ranges;
	size_t total;
	size_t used;
	size_t peak;
	size_t failed;
};

MM_BEGIN_DECLS

int page_add_range(struct page_allocator *pa, void *start, size_t bytes);
void page_set_source(struct page_allocator *pa,
		     bool (*more)(struct page_allocator *pa, size_t pages, void *arg),
		     void (*gave_back)(struct page_allocator *pa, void *start, size_t pages,
				       void *arg),
		     void *arg);
void *page_alloc(struct page_allocator *pa, size_t count);
bool page_extend(struct page_allocator *pa, void *end, size_t count);
int page_put_back(struct page_allocator *pa, void *start, size_t count);
const struct page_range *page_search(const struct page_allocator *pa, const void *p)
	__attribute__((__pure__));
void page_get_stats(const struct page_allocator *pa, struct page_stats *st);

/* Does @range hold @p below its frontier? */
static inline bool page_range_holds(const struct page_range *range, const void *p)
{
	return (uintptr_t)p >= range->start && (uintptr_t)p < range->next;
}

/**
 * page_find() - the range in which an address was given out
 * @pa: the allocator
 * @p: any address; not read
 *
 * First looks at the range whose frontier moved last: most callers ask about memory
 * from there. Then looks at all, at most 32.
 *
 * Return: the range that holds @p below its frontier, or NULL.
 */
static inline const struct page_range *page_find(const struct page_allocator *pa, const void *p)
{
	const struct page_range *last = &pa->ranges[pa->last];

	return page_range_holds(last, p) ? last : page_search(pa, p);
}

/**
 * page_is_used() - is all of this memory in pages given out?
 * @pa: the allocator
 * @p: any address; not read
 * @bytes: size of the memory; 0 asks about the byte at @p
 *
 * Memory that spans two ranges, even adjacent ones, is not: no caller was ever
 * given both as one. Time: O(ranges).
 *
 * Return: whether one range's given-out pages hold all of it.
 */
static inline bool page_is_used(const struct page_allocator *pa, const void *p, size_t bytes)
{
	const struct page_range *range = page_find(pa, p);

	return range && bytes <= range->next - (uintptr_t)p;
}

/* The kernel's pages: every range of usable RAM, added by kernel/ram.c. */
extern struct page_allocator kernel_pages;

MM_END_DECLS

#endif /* MM_PAGE_H */
