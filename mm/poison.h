/* SPDX-License-Identifier: MIT */
/*
 * poison.h - what mm/ tells a tool that watches every access
 *
 * The tools: the address sanitizer of the kernel (KASAN=1), that of a Linux program
 * (-fsanitize=address -DMP_REDZONE=32), and valgrind's memcheck (-DMP_VALGRIND). They
 * are told
 *
 *	heap	All bytes of its pages are poisoned, except the payloads of used blocks.
 *		(memcheck: they may be touched, but their contents are undefined.)
 *	pool	In its nodes, headers and objects may be touched. All else is poisoned:
 *		free bytes, padding, and MP_REDZONE bytes after each object, also after
 *		large ones.
 *
 * So the tool notices the first byte past an object. Without the poison it sees only whole
 * nodes, or nothing. The heap's own functions may touch all of it: they are mm_trusted.
 *
 * A freed block of kernel_heap is kept in quarantine for a while (quarantine.c). So
 * nobody gets its memory while a stale pointer may still be used. Without a tool, none of
 * this exists.
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

mm_internal void *mm_quarantine(struct heap *heap, void *p);
mm_internal void *mm_quarantine_oldest(struct heap *heap);

/*
 * mm_poison	nobody may touch it
 * mm_unpoison	it may be touched; its contents are not defined yet
 * mm_release	nobody but the heap may touch it, which keeps words of its own there
 * mm_ignore	memory of any kind may be read until mm_watch(result): then @result counts
 */
#ifdef MP_VALGRIND
#include <valgrind/memcheck.h>
#define mm_poison(p, n) ((void)VALGRIND_MAKE_MEM_NOACCESS(p, n))
#define mm_unpoison(p, n) ((void)VALGRIND_MAKE_MEM_UNDEFINED(p, n))
#define mm_release(p, n) mm_unpoison(p, n)
#define mm_trusted
#define mm_ignore() VALGRIND_DISABLE_ERROR_REPORTING
#define mm_watch(result)                                                    \
	do {                                                                \
		(void)VALGRIND_MAKE_MEM_DEFINED(&(result), sizeof(result)); \
		VALGRIND_ENABLE_ERROR_REPORTING;                            \
	} while (0)
#else
void mm_poison(const volatile void *p, size_t n) __asm__("__asan_poison_memory_region");
void mm_unpoison(const volatile void *p, size_t n) __asm__("__asan_unpoison_memory_region");
int mm_is_poisoned(const volatile void *p) __asm__("__asan_address_is_poisoned");
#define mm_release(p, n) mm_poison(p, n)
#define mm_trusted __attribute__((__no_sanitize_address__))
#define mm_ignore() ((void)0) /* mm_trusted says it */
#define mm_watch(result) ((void)0)
#endif

MM_END_DECLS
#else
#define mm_poison(p, n) ((void)sizeof(n)) /* not evaluated */
#define mm_unpoison(p, n) ((void)sizeof(n))
#define mm_release(p, n) ((void)sizeof(n))
#define mm_ignore() ((void)0)
#define mm_watch(result) ((void)0)
#define mm_trusted
#define mm_quarantine(heap, p) (p) /* a freed block goes on at once */
#define mm_quarantine_oldest(heap) NULL
#endif

#endif /* MM_POISON_H */
