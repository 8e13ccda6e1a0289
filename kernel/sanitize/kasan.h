/* SPDX-License-Identifier: MIT */
/*
 * kasan.h - a shadow that says of each byte of memory whether it may be used (make KASAN=1)
 */
#ifndef KERNEL_KASAN_H
#define KERNEL_KASAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/page.h>
#include <mm/poison.h>

/* The bytes that one byte of shadow describes. */
#define KASAN_GRANULE ((uintptr_t)8)

/**
 * kasan_shadow_size() - the part of some memory that becomes its shadow
 * @bytes: size of the memory, whole pages
 *
 * The shadow lies at the end. A byte of it describes 8 bytes, so it takes a ninth of all.
 *
 * Return: the size of the shadow in bytes, whole pages; 0 without KASAN.
 */
static inline size_t kasan_shadow_size(size_t bytes)
{
	return MP_REDZONE ? (bytes / 9 + MM_PAGE_SIZE) & -MM_PAGE_SIZE : 0;
}

/* ld --wrap: memset() calls __wrap_memset() of kasan.c, __real_memset() calls memset(). */
void *__real_memset(void *s, int c, size_t n);
void *__real_memcpy(void *dest, const void *src, size_t n);
void *__real_memmove(void *dest, const void *src, size_t n);

/* kasan_shadow.c */
const struct page_range *kasan_range(uintptr_t at);

static inline uint8_t *kasan_shadow(const struct page_range *range, uintptr_t at)
{
	return (uint8_t *)range->end + (at - range->start) / KASAN_GRANULE;
}

/* How many bytes, from the first, may be used of the 8 that @at lies in. */
static inline unsigned int kasan_usable(const struct page_range *range, uintptr_t at)
{
	uint8_t byte = *kasan_shadow(range, at);

	return byte < KASAN_GRANULE ? (byte - 1) % KASAN_GRANULE + 1 : 0;
}

/* kasan_report.c */
extern bool kasan_reporting; /* true while a report reads memory: nothing is checked */
void kasan_report(uintptr_t at, size_t n, bool is_write, uintptr_t bad, const uintptr_t *frame)
	__attribute__((noreturn));

#endif /* KERNEL_KASAN_H */
