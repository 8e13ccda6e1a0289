/* SPDX-License-Identifier: MIT */
/*
 * poison.h - what mm/ tells an address sanitizer
 *
 * Only in a build with -DMP_REDZONE=32 and a sanitizer, the kernel's (KASAN=1) or
 * a Linux program's; otherwise all of this is nothing. Then
 *
 *	heap	all of its pages are poisoned, headers too, but for used blocks
 *	pool	in its nodes, all is poisoned but headers and objects: what was not
 *		allocated yet, what rounding up adds, and MP_REDZONE bytes behind
 *		each object, large ones too
 *
 * so the first byte past an object is noticed, where a sanitizer alone sees only
 * the whole node. The heap's own functions are trusted: they may touch it all. A
 * freed block may be kept in quarantine for a while, so that nobody gets its memory
 * while somebody may still use it; it is handed to heap_free() again in the end.
 */
#ifndef MM_POISON_H
#define MM_POISON_H

#include <stddef.h>

#ifndef MP_REDZONE
#define MP_REDZONE 0 /* bytes; a multiple of 8 */
#endif

#if MP_REDZONE
struct heap;
void mm_poison(const volatile void *p, size_t n) __asm__("__asan_poison_memory_region");
void mm_unpoison(const volatile void *p, size_t n) __asm__("__asan_unpoison_memory_region");
_Bool mm_quarantine(struct heap *heap, void *p); /* keeps @p, to free it again later? */
void mm_quarantine_end(struct heap *heap);	 /* frees all that it keeps */
#define mm_trusted __attribute__((no_sanitize_address))
#else
#define mm_poison(p, n) ((void)0)
#define mm_unpoison(p, n) ((void)0)
#define mm_quarantine(heap, p) 0
#define mm_quarantine_end(heap) ((void)0)
#define mm_trusted
#endif

#endif /* MM_POISON_H */
