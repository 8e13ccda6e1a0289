/* SPDX-License-Identifier: MIT */
/*
 * poison.h - what mm/ tells an address sanitizer
 *
 * All of this is nothing, unless mm/ is built with -DMP_REDZONE=32 and a sanitizer:
 * the kernel's own (KASAN=1), or that of a Linux program (-fsanitize=address). Then
 *
 *	heap	All its pages are poisoned, headers too. Only used blocks are not.
 *	pool	In its nodes, only headers and objects are not poisoned. What was not
 *		allocated yet is, and so is what rounding up adds, and MP_REDZONE bytes
 *		behind each object, small or large.
 *
 * So the sanitizer notices the first byte past an object. Without the poison it sees
 * only whole nodes. The functions of the heap may touch all of it: they are trusted.
 *
 * A freed block of kernel_heap is kept in quarantine for a while (quarantine.c). So
 * nobody gets its memory while a stale pointer may still be used.
 */
#ifndef MM_POISON_H
#define MM_POISON_H

#include <stddef.h>

#ifndef MP_REDZONE
#define MP_REDZONE 0 /* bytes; a multiple of 8 */
#endif

#if MP_REDZONE
struct heap;

#define MM_QUARANTINE_BLOCKS 64

/* A ring of blocks that were freed: the next one to come replaces the oldest. */
struct mm_quarantine {
	void *blocks[MM_QUARANTINE_BLOCKS];
	unsigned int oldest;
	void *leaving; /* taken out, to be freed for good */
};

void mm_poison(const volatile void *p, size_t n) __asm__("__asan_poison_memory_region");
void mm_unpoison(const volatile void *p, size_t n) __asm__("__asan_unpoison_memory_region");
void *mm_quarantine(struct heap *heap, void *p);
void *mm_quarantine_oldest(struct heap *heap);
#define mm_trusted __attribute__((no_sanitize_address))
#else
#define mm_poison(p, n) ((void)0)
#define mm_unpoison(p, n) ((void)0)
#define mm_quarantine(heap, p) (p)
#define mm_quarantine_oldest(heap) NULL
#define mm_trusted
#endif

#endif /* MM_POISON_H */
