// SPDX-License-Identifier: MIT
/*
 * kasan.c - bytes that must not be touched, guarded (make KASAN=1)
 *
 *	start            next              end
 *	 |###############|..................|=======.........|
 *	  given out                          shadow
 *
 * Each 8 bytes of a range of pages have a byte of shadow behind the range: 0, all
 * may be used; 1 to 7, the first so many; POISON, none. mm/ writes it through
 * mm/poison.h. It is not cleared when the kernel boots: that of a page means
 * something when the page was given out, which its range's frontier tells.
 *
 * Compilers put a call in front of each load and store. Not all of memory has a
 * shadow: stacks, globals and what lies above 4 GiB have none. mm/ and those who
 * report, which go where nobody else may, are compiled without such calls.
 */
#include <kernel/kasan.h>
#include <kernel/linker.h>
#include <kernel/ram.h>
#include <mm/poison.h>

#define POISON 0xf7

/* ld --wrap: who calls memset() gets __wrap_memset(), and __real_memset() is memset(). */
void *__real_memset(void *s, int c, size_t n);
void *__real_memcpy(void *dest, const void *src, size_t n);
void *__real_memmove(void *dest, const void *src, size_t n);

/* Reports look at anything. */
bool kasan_reporting;

/*
 * The range with a shadow in which @at is, given out or not; or NULL. Here the shadow
 * of pages that are given out for the first time is cleared.
 */
const struct page_range *kasan_range(uintptr_t at)
{
	static uintptr_t cleared[PAGE_MAX_RANGES];
	static unsigned int i; /* most often it is the one of the last time */
	unsigned int left = kernel_pages.nr_ranges;
	const struct page_range *range = &kernel_pages.ranges[i];

	if (at < IMAGE_END || at >= MAPPED_BY_BOOT)
		return NULL;
	while (left && at - range->start >= range->end - range->start) {
		i = --left;
		range = &kernel_pages.ranges[i];
	}
	if (at - range->start >= range->end - range->start)
		return NULL;
	if (cleared[i] < range->next) {
		uintptr_t from = cleared[i] ? cleared[i] : range->start;

		__real_memset(kasan_shadow(range, from), 0, (range->next - from) / KASAN_GRANULE);
		cleared[i] = range->next;
	}
	return range;
}

/* The first of @n bytes at @at that must not be touched; 0: there is none. */
static uintptr_t find_bad(uintptr_t at, size_t n)
{
	const struct page_range *range = kasan_range(at);

	if (!range || !n || at + n < at)
		return 0; /* if it wraps, it will fault */
	for (uintptr_t end = at + n; at < end; at = (at | (KASAN_GRANULE - 1)) + 1) {
		uintptr_t good_end = (at & -KASAN_GRANULE) + kasan_usable(range, at);

		if (at >= range->next || at >= good_end)
			return at;
		if (good_end & (KASAN_GRANULE - 1) && end > good_end)
			return good_end;
	}
	return 0;
}

static inline void check(uintptr_t at, size_t n, bool is_write, const uintptr_t *frame)
{
	uintptr_t bad = kasan_reporting ? 0 : find_bad(at, n);

	if (bad)
		kasan_report(at, n, is_write, bad, frame);
}

/* No header declares these: only compilers and the linker call them. */
#define ACCESS(n)                                                \
	void __asan_load##n##_noabort(uintptr_t at)              \
	{                                                        \
		check(at, n, false, __builtin_frame_address(0)); \
	}                                                        \
	void __asan_store##n##_noabort(uintptr_t at)             \
	{                                                        \
		check(at, n, true, __builtin_frame_address(0));  \
	}

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void __asan_loadN_noabort(uintptr_t at, size_t n)
{
	check(at, n, false, __builtin_frame_address(0));
}

void __asan_storeN_noabort(uintptr_t at, size_t n)
{
	check(at, n, true, __builtin_frame_address(0));
}

/* The stack has no shadow: nothing to do when frames are left. */
void __asan_handle_no_return(void)
{
}

void *__wrap_memset(void *s, int c, size_t n)
{
	check((uintptr_t)s, n, true, __builtin_frame_address(0));
	return __real_memset(s, c, n);
}

void *__wrap_memcpy(void *dest, const void *src, size_t n)
{
	check((uintptr_t)src, n, false, __builtin_frame_address(0));
	check((uintptr_t)dest, n, true, __builtin_frame_address(0));
	return __real_memcpy(dest, src, n);
}

void *__wrap_memmove(void *dest, const void *src, size_t n)
{
	check((uintptr_t)src, n, false, __builtin_frame_address(0));
	check((uintptr_t)dest, n, true, __builtin_frame_address(0));
	return __real_memmove(dest, src, n);
}

/*
 * Some bytes must not be touched from now on. 8 bytes of which only the last ones
 * may be used have no value: all of these may.
 */
void mm_poison(const volatile void *p, size_t n)
{
	uintptr_t at = (uintptr_t)p, end = at + n;
	const struct page_range *range = kasan_range(at);

	if (!range)
		return;
	if (end > range->end)
		end = range->end;
	if (at % KASAN_GRANULE && kasan_usable(range, at) > at % KASAN_GRANULE &&
	    kasan_usable(range, at) <= n + at % KASAN_GRANULE)
		*kasan_shadow(range, at) = at % KASAN_GRANULE;
	at = (at + KASAN_GRANULE - 1) & -KASAN_GRANULE;
	if (at < end)
		__real_memset(kasan_shadow(range, at), POISON, (end - at) / KASAN_GRANULE);
	if (at <= end && end % KASAN_GRANULE && kasan_usable(range, end) <= end % KASAN_GRANULE)
		*kasan_shadow(range, end) = POISON;
}

/* Some bytes may be used from now on. */
void mm_unpoison(const volatile void *p, size_t n)
{
	uintptr_t at = (uintptr_t)p & -KASAN_GRANULE, end = (uintptr_t)p + n;
	const struct page_range *range = kasan_range(at);

	if (!range || !n)
		return;
	if (end > range->end)
		end = range->end;
	__real_memset(kasan_shadow(range, at), 0, (end - at) / KASAN_GRANULE);
	if (end % KASAN_GRANULE && kasan_usable(range, end) < end % KASAN_GRANULE)
		*kasan_shadow(range, end) = end % KASAN_GRANULE;
}
