/* SPDX-License-Identifier: MIT */
/*
 * poison.h - what mm/ tells an address sanitizer
 *
 * This file has an effect only if mm/ is built with -DMP_REDZONE=32 and a sanitizer: the
 * kernel's own (KASAN=1), or that of a Linux program (-fsanitize=address). Then
 *
 *	heap	All bytes of its pages are poisoned, except the payloads of used blocks.
 *	pool	In its nodes, headers and objects may be touched. All else is poisoned:
 *		free bytes, padding, and MP_REDZONE bytes after each object, also after
 *		large ones.
 *
 * So the sanitizer notices the first byte past an object. Without the poison it sees
 * only whole nodes. The heap's own functions may touch all of it: they are mm_trusted.
 *
 * A freed block of kernel_heap is kept in quarantine for a while (quarantine.c). So
 * nobody gets its memory while a stale pointer may still be used.
 */
#ifndef MM_POISON_H
#define MM_POISON_H

#include <stddef.h>

#include <mm/config.h>

#if MP_REDZONE
struct heap;

#define MM_QUARANTINE_BLOCKS 64

/* A ring of blocks that were freed: the next one to come replaces the oldest. */
struct mm_ring {
	void *blocks[MM_QUARANTINE_BLOCKS];
	unsigned int oldest;
	void *leaving; /* taken out by heap_trim(): the next heap_free() of it is for good */
};

MM_BEGIN_DECLS

void mm_poison(const volatile void *p, size_t n) __asm__("__asan_poison_memory_region");
void mm_unpoison(const volatile void *p, size_t n) __asm__("__asan_unpoison_memory_region");
int mm_is_poisoned(const volatile void *p) __asm__("__asan_address_is_poisoned");
mm_internal void *mm_quarantine(struct heap *heap, void *p);
mm_internal void *mm_quarantine_oldest(struct heap *heap);

MM_END_DECLS

#define mm_trusted __attribute__((__no_sanitize_address__))
#else
#define mm_poison(p, n) ((void)sizeof(n)) /* not evaluated */
#define mm_unpoison(p, n) ((void)sizeof(n))
#define mm_trusted
#define mm_quarantine(heap, p) (p) /* a freed block goes on at once */
#define mm_quarantine_oldest(heap) NULL
#endif

#endif /* MM_POISON_H */
