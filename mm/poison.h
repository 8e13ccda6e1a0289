/* SPDX-License-Identifier: MIT */
/*
 * poison.h - what mm/ tells an address sanitizer
 *
 * Only in a build with -DMP_REDZONE=32 and a sanitizer, the kernel's (KASAN=1) or
 * a Linux program's; otherwise all of this is nothing. Then
 *
 *	heap	all of its pages are poisoned, headers too, but for used blocks
 *	pool	in its blocks, all is poisoned that is not an object: what was not
 *		allocated yet, what rounding up adds, and MP_REDZONE bytes behind
 *		each object
 *
 * so the first byte past an object is noticed, where a sanitizer alone sees only
 * the whole node. The heap's own functions are trusted: they may touch it all.
 */
#ifndef MM_POISON_H
#define MM_POISON_H

#include <stddef.h>

#ifndef MP_REDZONE
#define MP_REDZONE 0 /* bytes; a multiple of 8 */
#endif

#if MP_REDZONE
void __asan_poison_memory_region(const volatile void *p, size_t n);
void __asan_unpoison_memory_region(const volatile void *p, size_t n);
#define mm_poison(p, n) __asan_poison_memory_region(p, n)
#define mm_unpoison(p, n) __asan_unpoison_memory_region(p, n)
#define mm_trusted __attribute__((no_sanitize_address))
#else
#define mm_poison(p, n) ((void)0)
#define mm_unpoison(p, n) ((void)0)
#define mm_trusted
#endif

#endif /* MM_POISON_H */
