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
#include <kernel/linker.h>
#include <kernel/ram.h>
#include <kernel/sanitize/kasan.h>

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
#define CHECK(at, n, is_write) check((uintptr_t)(at), n, is_write, __builtin_frame_address(0))
#define ACCESS(name, n, ...)                           \
	void __asan_load##name##_noabort(__VA_ARGS__)  \
	{                                              \
		CHECK(at, n, false);                   \
	}                                              \
	void __asan_store##name##_noabort(__VA_ARGS__) \
	{                                              \
		CHECK(at, n, true);                    \
	}

ACCESS(1, 1, uintptr_t at)
ACCESS(2, 2, uintptr_t at)
ACCESS(4, 4, uintptr_t at)
ACCESS(8, 8, uintptr_t at)
ACCESS(16, 16, uintptr_t at)
ACCESS(N, n, uintptr_t at, size_t n)

/* The stack has no shadow: nothing to do when frames are left. */
void __asan_handle_no_return(void)
{
}

void *__wrap_memset(void *s, int c, size_t n)
{
	CHECK(s, n, true);
	return __real_memset(s, c, n);
}

#define COPY(name)                                                 \
	void *__wrap_##name(void *dest, const void *src, size_t n) \
	{                                                          \
		CHECK(src, n, false);                              \
		CHECK(dest, n, true);                              \
		return __real_##name(dest, src, n);                \
	}

COPY(memcpy)
COPY(memmove)

/*
 * From @p to its end, a multiple of 8, this must not be touched from now on. Of 8
 * bytes, it is only the last ones that can be forbidden alone.
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

/* From @p on, a multiple of 8, this may be used from now on. */
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
