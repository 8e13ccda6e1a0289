/* SPDX-License-Identifier: MIT */
/*
 * page.h - physical pages, handed out by bumping
 *
 * A page allocator holds up to 32 ranges of memory, each with a frontier of its
 * own: what is below has been given out, what is above never was. It can take
 * back only what ends at a frontier. That is its whole character; blocks that
 * come and go in any order are the heap's business, one floor up.
 *
 * Nothing here is locked: one CPU, no calls from traps.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE ((size_t)1 << PAGE_SHIFT)
#define PAGE_MAX_RANGES 32

/**
 * struct page_range - memory that is bumped from @start to @end
 * @start: address of its first page
 * @next: its frontier: pages below are given out, pages from here on are not
 * @end: address just past its last page
 */
struct page_range {
	uintptr_t start;
	uintptr_t next;
	uintptr_t end;
};

/**
 * struct page_allocator - hands out physical pages
 * @ranges: searched in this order for free pages
 * @nr_ranges: how many of them are in use
 * @by_address: the same ranges from low to high addresses
 * @guess: for each MiB of addresses modulo 256, where in here the range is in which
 *	one of them was found last; a cache, and nothing else
 * @used: pages given out now
 * @peak: the most pages that were ever given out at once
 * @failed: requests that no range could serve
 *
 * All zeros is a valid allocator, with no memory yet.
 */
struct page_allocator {
	struct page_range ranges[PAGE_MAX_RANGES];
	unsigned int nr_ranges;
	unsigned char by_address[PAGE_MAX_RANGES];
	unsigned short guess[256];
	size_t used;
	size_t peak;
	size_t failed;
};

/**
 * struct page_stats - the state of a page allocator, in pages
 * @ranges: how many ranges it has (not in pages)
 * @total: pages in all ranges
 * @used: pages given out now
 * @peak: the most pages that were ever given out at once
 * @failed: how many requests failed (not in pages)
 */
struct page_stats {
	size_t ranges;
	size_t total;
	size_t used;
	size_t peak;
	size_t failed;
};

int page_add_range(struct page_allocator *pa, void *start, size_t bytes);
struct page_range *page_alloc_in(struct page_allocator *pa, size_t count);
void *page_alloc(struct page_allocator *pa, size_t count);
int page_put_back(struct page_allocator *pa, void *start, size_t count);
void page_get_stats(const struct page_allocator *pa, struct page_stats *st);

/* Is @p in a page of @range that is given out? */
static inline bool page_range_holds(const struct page_range *range, const void *p)
{
	return (uintptr_t)p >= range->start && (uintptr_t)p < range->next;
}

/* The range in which @p is, most likely: the last that was seen in its MiB. */
static inline struct page_range *page_guess(struct page_allocator *pa, const void *p)
{
	return (struct page_range *)((uintptr_t)pa + pa->guess[(uintptr_t)p >> 20 & 255]);
}

/* Somebody knows better: @p is in @in. */
static inline void page_set_guess(struct page_allocator *pa, const void *p, struct page_range *in)
{
	pa->guess[(uintptr_t)p >> 20 & 255] = (unsigned short)((uintptr_t)in - (uintptr_t)pa);
}

struct page_range *page_search(struct page_allocator *pa, const void *p);

/**
 * page_find() - the range in which an address was given out
 * @pa: the allocator
 * @p: any address
 *
 * Return: the range whose pages below the frontier hold @p, or NULL.
 */
static inline struct page_range *page_find(struct page_allocator *pa, const void *p)
{
	struct page_range *guess = page_guess(pa, p);

	return page_range_holds(guess, p) ? guess : page_search(pa, p);
}

/**
 * page_is_used() - is all of this memory in pages given out?
 * @pa: the allocator
 * @p: any address
 * @bytes: size of the memory; 0 asks about the byte at @p
 *
 * Memory that spans two ranges, even adjacent ones, is not: nobody was ever
 * given both as one. A few instructions a range; never reads memory at @p.
 *
 * Return: whether one range's given-out pages hold all of it.
 */
static inline bool page_is_used(const struct page_allocator *pa, const void *p, size_t bytes)
{
	const struct page_range *range = page_find((struct page_allocator *)pa, p);

	return range && bytes <= range->next - (uintptr_t)p;
}

/* Moves the frontier of @range, which has room, up by @count pages. */
static inline void page_bump(struct page_allocator *pa, struct page_range *range, size_t count)
{
	range->next += count << PAGE_SHIFT;
	pa->used += count;
	if (pa->used > pa->peak)
		pa->peak = pa->used;
}

/* Moves it down to @at, the start of a page given out. */
static inline void page_lower(struct page_allocator *pa, struct page_range *range, uintptr_t at)
{
	pa->used -= (range->next - at) >> PAGE_SHIFT;
	range->next = at;
}

/* The kernel's pages: every range of usable RAM, added by main.c. */
extern struct page_allocator kernel_pages;

#endif /* MM_PAGE_H */
