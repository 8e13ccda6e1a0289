/* SPDX-License-Identifier: MIT */
/*
 * arena.h - private pages and a private heap for a test case
 *
 *	kernel_pages:  |######|============ arena ============|..........|
 *	                       \_ range 0 _/ hole \_ range 1 _/
 *
 * A suite whose init and exit are arena_init() and arena_exit() can run out of
 * memory and damage arena_heap without touching kernel_heap. When a case ends,
 * arena_heap must be intact and every page of the arena must be free.
 */
#ifndef TESTS_ARENA_H
#define TESTS_ARENA_H

#include <mm/env.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>

#define ARENA_PAGES ((size_t)192)

extern struct page_allocator arena_pages;
extern struct heap arena_heap;
extern struct heap arena_zeroed; /* all zeros: heap_init() was not called on it */
extern unsigned char *arena_memory;

int arena_init(struct kunit *test);
void arena_exit(struct kunit *test);
void arena_use(struct kunit *test, size_t ranges, size_t pages);
void arena_trim(struct kunit *test);

/* heap_check() must fail, and @words must be part of what it says. */
#define ARENA_EXPECT_BROKEN(test, words) \
	KUNIT_EXPECT_MESSAGE(test, words, KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), -EFAULT))

/* The next pseudo-random number. A seed gives the same numbers everywhere (xorshift64). */
static inline uint64_t arena_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif /* TESTS_ARENA_H */
