/* SPDX-License-Identifier: MIT */
/*
 * mp_internal.h - what the files of the pool have in common; for mm/mp_*.c and reports
 */
#ifndef MM_MP_INTERNAL_H
#define MM_MP_INTERNAL_H

#include <mm/env.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

/* Every block of the heap is aligned to HEAP_ALIGN: asking for less would gain nothing. */
#define MP_BLOCK_ALIGNMENT mp_align(HEAP_ALIGN, MP_ALIGNMENT)

/* Headers, rounded up so that what follows them is aligned. */
#define POOL_HEADER mp_align(sizeof(struct mp_pool_s), MP_ALIGNMENT)
#define NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)
#define CLEANUP_HEADER mp_align(sizeof(struct mp_cleanup_s), MP_ALIGNMENT)

/**
 * struct mp_undoing_s - one call that undoes records; lies on its stack
 * @outer: the one that it interrupts: a handler of the same pool called it; or NULL
 * @pool: whose records it undoes; with them, those of the pools below
 * @last_node: a node of that pool that does not end: it serves handlers when others have ended
 * @marks: the number of the newest mark when it began
 * @registered: handlers and children asked for meanwhile; counted in the outermost call
 * @pending: a block that was taken off the list and is not free yet, or NULL
 */
struct mp_undoing_s {
	struct mp_undoing_s *outer;
	struct mp_pool_s *pool;
	struct mp_node_s *last_node;
	uint64_t marks;
	unsigned int registered;
	void *pending;
};

/*
 * Vouches for the words of @pool that are added up here. A dead pool holds another cookie.
 * The complement of the address makes the sum of a pool of zeros differ from 0.
 */
static inline mm_trusted uintptr_t mp_pool_cookie(const struct mp_pool_s *pool)
{
	const struct mp_entry_s *entry = &pool->entry;

	return ~(uintptr_t)pool + (uintptr_t)entry->record.next + entry->record.tag +
	       (uintptr_t)entry->prev + pool->max + pool->size + (uintptr_t)pool->current +
	       (uintptr_t)pool->older + (uintptr_t)pool->records + (uintptr_t)pool->heap +
	       (uintptr_t)pool->undoing + (uintptr_t)pool->parent;
}

/* Is @pool a live pool? Its memory must be readable. */
static inline mm_trusted bool mp_is_pool(const struct mp_pool_s *pool)
{
	if ((uintptr_t)pool < MM_PAGE_SIZE || (uintptr_t)pool % MP_ALIGNMENT)
		return false;
	return pool->entry.cookie == mp_pool_cookie(pool);
}

/* Panics if @pool is not a live pool. Its memory must be readable. */
static inline void mp_check_pool(const struct mp_pool_s *pool, const char *caller)
{
	if (!mp_is_pool(pool))
		panic("%s: %p is no pool, or was destroyed already, or overwritten", caller,
		      (const void *)pool);
}

/*
 * Makes two nodes of @pool the ones that requests look at. Who changes a word that a cookie
 * vouches for, changes the cookie by as much. A fresh sum would vouch for a word that was
 * overwritten meanwhile.
 */
static inline void mp_set_window(struct mp_pool_s *pool, struct mp_node_s *current,
				 struct mp_node_s *older)
{
	pool->entry.cookie += (uintptr_t)current - (uintptr_t)pool->current;
	pool->entry.cookie += (uintptr_t)older - (uintptr_t)pool->older;
	pool->current = current;
	pool->older = older;
}

mm_internal void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment);
mm_internal void mp_start_pool(struct mp_pool_s *pool);
mm_internal void mp_leave_window(struct mp_pool_s *pool, const struct mp_node_s *node,
				 struct mp_node_s *instead);

mm_internal void mp_count_registration(const struct mp_pool_s *pool);
mm_internal void mp_call_handler(const struct mp_pool_s *pool, void (*fn)(void *data), void *data);
mm_internal void mp_undo(struct mp_pool_s *pool, const struct mp_record_s *stop,
			 struct mp_node_s *last_node);

#endif /* MM_MP_INTERNAL_H */
