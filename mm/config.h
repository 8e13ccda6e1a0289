/* SPDX-License-Identifier: MIT */
/*
 * config.h - the settings of mm/, and what C, C++ and their compilers need
 *
 * A program and its library must agree on the settings. They stand in the names of
 * functions that every program calls: a program with others does not link.
 */
#ifndef MM_CONFIG_H
#define MM_CONFIG_H

#ifndef __LP64__
#error "mm/ is for 64-bit systems on which long and pointers have 64 bits (LP64)"
#endif

#ifndef MP_ALIGNMENT
#define MP_ALIGNMENT 32 /* bytes; of all but packed objects: 8, 16, 32 or 64 */
#endif
#if defined(MP_VALGRIND) && !defined(MP_REDZONE)
#define MP_REDZONE MP_ALIGNMENT
#endif
#ifndef MP_REDZONE
#define MP_REDZONE 0 /* bytes, a multiple of MP_ALIGNMENT; not 0 only for sanitizers: poison.h */
#endif

#ifdef __cplusplus
#define MM_BEGIN_DECLS extern "C" {
#define MM_END_DECLS }
#define MM_ASSERT(is_true, why) static_assert(is_true, why)
#else
#define MM_BEGIN_DECLS
#define MM_END_DECLS
#define MM_ASSERT(is_true, why) __extension__ _Static_assert(is_true, why)
#endif

/* Behind a declaration: its symbol is @name with the settings: mp_alloc_slow.align32.redzone0 */
#define MM_STRING(setting) #setting
#define MM_NAME(name, align, zone) name ".align" MM_STRING(align) ".redzone" MM_STRING(zone)
#define MM_NAMED(name) __asm__(MM_NAME(name, MP_ALIGNMENT, MP_REDZONE))

/* A function that is no business of programs: a shared library does not export it. */
#define mm_public __attribute__((__visibility__("default"))) /* whatever -fvisibility= says */
#define mm_internal __attribute__((__visibility__("hidden")))

/* For paths whose instructions have a budget (make bench). */
#define mm_unlikely(x) __builtin_expect(!!(x), 0)
#define mm_always_inline __attribute__((__always_inline__))
#define mm_noinline __attribute__((__noinline__))

#endif /* MM_CONFIG_H */
