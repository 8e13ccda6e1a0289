/* SPDX-License-Identifier: MIT */
/*
 * kasan.h - memory that says of each byte whether it may be used (make KASAN=1)
 */
#ifndef KERNEL_KASAN_H
#define KERNEL_KASAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/page.h>
#include <mm/poison.h>

/* So many bytes have a byte of shadow. */
#define KASAN_GRANULE ((uintptr_t)8)

/**
 * kasan_shadow_size() - how much of some memory its shadow takes
 * @bytes: of the memory; whole pages
 *
 * The shadow lies behind the rest: a byte for 8, so a ninth of the whole.
 *
 * Return: whole pages, in bytes; 0 without KASAN.
 */
static inline size_t kasan_shadow_size(size_t bytes)
{
	return MP_REDZONE ? (bytes / 9 + PAGE_SIZE) & -PAGE_SIZE : 0;
}

/* kasan.c */
extern bool kasan_reporting;
const struct page_range *kasan_range(uintptr_t at);

static inline uint8_t *kasan_shadow(const struct page_range *range, uintptr_t at)
{
	return (uint8_t *)range->end + (at - range->start) / KASAN_GRANULE;
}

/* How many of the 8 bytes around @at may be used: the first ones. */
static inline unsigned int kasan_usable(const struct page_range *range, uintptr_t at)
{
	uint8_t byte = *kasan_shadow(range, at);

	return byte < KASAN_GRANULE ? (byte - 1) % KASAN_GRANULE + 1 : 0;
}

/* kasan_report.c */
void kasan_report(uintptr_t at, size_t n, bool is_write, uintptr_t bad, const uintptr_t *frame);

#endif /* KERNEL_KASAN_H */
