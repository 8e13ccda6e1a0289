// SPDX-License-Identifier: MIT
/*
 * kasan.c - checks each load and store against the shadow (make KASAN=1)
 *
 * Compilers put a call of a function of this file in front of each load and store.
 * mm/ and the code that reports are compiled without such calls: mm/ writes to headers
 * and links that others must not touch, and reports read any memory.
 */
#include <kernel/sanitize/kasan.h>

/* The first of @n bytes at @at that must not be touched, or 0. */
static uintptr_t find_bad(uintptr_t at, size_t n)
{
	const struct page_range *range = kasan_range(at);

	if (!range || !n || at + n < at)
		return 0; /* an access that wraps around faults by itself */
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

/* No header declares these: compilers and the linker call them by name. */
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

/* Called before a function that does not return. The stack has no shadow to clear. */
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
