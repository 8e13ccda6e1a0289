// SPDX-License-Identifier: MIT
/*
 * kasan_shadow.c - the shadow: which bytes may be used (make KASAN=1)
 *
 *	start            next              end
 *	 |###############|..................|=======.........|
 *	  given out                          shadow
 *
 * Behind each range of pages lies its shadow, a byte for 8 bytes of the range: 0, all 8
 * may be used; 1 to 7, only that many, the first ones; POISON, none. mm/ changes it
 * through mm/poison.h. Booting does not clear it: the shadow of a page has a meaning
 * only when the page lies below the frontier of its range.
 *
 * Stacks, globals and memory above 4 GiB have no shadow.
 */
#include <kernel/linker.h>
#include <kernel/ram.h>
#include <kernel/sanitize/kasan.h>

#define POISON 0xf7

/**
 * kasan_range() - find the range of pages with a shadow that holds an address
 * @at: any address
 *
 * Clears the shadow of pages that were given out since the last call for their range.
 *
 * Return: the range, whether or not the page is given out; NULL if @at has no shadow.
 */
const struct page_range *kasan_range(uintptr_t at)
{
	static uintptr_t cleared[PAGE_MAX_RANGES]; /* the shadow up to here, in each range */
	static unsigned int i; /* start with the range found last: usually the same range again */
	const struct page_range *range = &kernel_pages.ranges[i];
	unsigned int left = kernel_pages.nr_ranges;

	if (at < IMAGE_END || at >= MAPPED_BY_BOOT)
		return NULL;
	for (; at - range->start >= range->end - range->start; range = &kernel_pages.ranges[i]) {
		if (!left)
			return NULL;
		i = --left;
	}
	if (cleared[i] < range->next) {
		uintptr_t from = cleared[i] ? cleared[i] : range->start;

		__real_memset(kasan_shadow(range, from), 0, (range->next - from) / KASAN_GRANULE);
		cleared[i] = range->next;
	}
	return range;
}

/**
 * mm_poison() - forbid access to some bytes
 * @p: the first byte
 * @n: their number; they end at a multiple of 8
 *
 * A byte of shadow can forbid the last of its 8 bytes alone, but not the first.
 */
void mm_poison(const volatile void *p, size_t n)
{
	uintptr_t at = (uintptr_t)p, end = at + n;
	const struct page_range *range = kasan_range(at);

	if (range && n && kasan_usable(range, at) > at % KASAN_GRANULE)
		*kasan_shadow(range, at) = at % KASAN_GRANULE ? at % KASAN_GRANULE : POISON;
	at = (at | (KASAN_GRANULE - 1)) + 1;
	if (range && at < end)
		__real_memset(kasan_shadow(range, at), POISON, (end - at) / KASAN_GRANULE);
}

/**
 * mm_is_poisoned() - is access to a byte forbidden?
 * @p: the byte
 *
 * Return: 1: yes; 0: no, or it has no shadow.
 */
int mm_is_poisoned(const volatile void *p)
{
	const struct page_range *range = kasan_range((uintptr_t)p);

	return range && kasan_usable(range, (uintptr_t)p) <= (uintptr_t)p % KASAN_GRANULE;
}

/**
 * mm_unpoison() - allow access to some bytes
 * @p: the first byte, at a multiple of 8
 * @n: their number
 */
void mm_unpoison(const volatile void *p, size_t n)
{
	uintptr_t at = (uintptr_t)p, end = at + n;
	const struct page_range *range = kasan_range(at);

	if (!range)
		return;
	__real_memset(kasan_shadow(range, at), 0, n / KASAN_GRANULE);
	if (n % KASAN_GRANULE && kasan_usable(range, end) < n % KASAN_GRANULE)
		*kasan_shadow(range, end) = n % KASAN_GRANULE;
}
