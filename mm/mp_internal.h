/* SPDX-License-Identifier: MIT */
/*
 * mp_internal.h - what the files of the pool have in common; for mm/mp_*.c and reports
 */
#ifndef MM_MP_INTERNAL_H
#define MM_MP_INTERNAL_H

#include <mm/env.h>
#include <mm/heap_block.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

/* Every block of the heap is aligned to HEAP_ALIGN: asking for less would gain nothing. */
#define MP_BLOCK_ALIGNMENT mp_align(HEAP_ALIGN, MP_ALIGNMENT)

/**
 * struct mp_history_s - what a pool remembers for ever; lies right behind its struct
 * @peak: the most bytes that it ever held
 * @refused: requests that the heap or a limit refused
 *
 * Not in the struct: a request that fails, and mp_release(), leave that as it was, byte for byte.
 */
struct mp_history_s {
	size_t peak;
	size_t refused;
};

/* Headers, rounded up so that what follows them is aligned. */
#define POOL_HEADER mp_align(sizeof(struct mp_pool_s) + sizeof(struct mp_history_s), MP_ALIGNMENT)
#define NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)
#define CLEANUP_HEADER mp_align(sizeof(struct mp_cleanup_s), MP_ALIGNMENT)

/* One node of the window, as it was. */
struct mp_view_s {
	struct mp_node_s *node; /* NULL: there is none */
	unsigned char *last;
	unsigned char *end;
};

/**
 * struct mp_savepoint_s - the record of a mark
 * @entry: the pool's
 * @number: no other mark has it: the heap's stamp in the high 16 bits, and below it a count of
 *	the marks of the heap's pools
 * @outer: the mark that was the newest before, or NULL
 * @window: the current and the older node, as they were
 * @failed: of both nodes; apart, so that the block has 128 bytes
 * @sum: of the words from number to failed: right only if they were not overwritten
 */
struct mp_savepoint_s {
	struct mp_entry_s entry;
	uint64_t number;
	struct mp_savepoint_s *outer;
	struct mp_view_s window[2];
	uint32_t failed[2];
	uint64_t sum;
};

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

static inline struct mp_history_s *mp_history(const struct mp_pool_s *pool)
{
	return (struct mp_history_s *)(uintptr_t)(pool + 1);
}

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
	       (uintptr_t)pool->undoing + (uintptr_t)pool->parent + pool->max_size +
	       (uintptr_t)pool->mark + (uintptr_t)pool->bounded + (uintptr_t)pool->name;
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
 * Sets a word that the cookie of @pool vouches for, and changes the cookie by as much. A fresh sum
 * would vouch for a word that was overwritten meanwhile.
 */
#define MP_SET(pool, word, value)                                              \
	((pool)->entry.cookie += (uintptr_t)(value) - (uintptr_t)(pool)->word, \
	 (pool)->word = (value))

/* Makes two nodes of @pool the ones that requests look at. */
static inline void mp_set_window(struct mp_pool_s *pool, struct mp_node_s *current,
				 struct mp_node_s *older)
{
	MP_SET(pool, current, current);
	MP_SET(pool, older, older);
}

/* The bytes that a node holds if those of the first are doubled so often, but at most max_size. */
static inline size_t mp_doubled(const struct mp_pool_s *pool, unsigned int doublings)
{
	size_t size = pool->size << doublings;

	return size < pool->max_size ? size : pool->max_size;
}

/* The bytes that @node holds. */
static inline size_t mp_node_size(const struct mp_pool_s *pool, const struct mp_node_s *node)
{
	return mp_doubled(pool, node->doublings);
}

/* Where the bytes that @node holds begin. */
static inline uintptr_t mp_node_start(const struct mp_pool_s *pool, const struct mp_node_s *node)
{
	return node == pool->head ? (uintptr_t)pool + POOL_HEADER : (uintptr_t)node + NODE_HEADER;
}

/* The free bytes of @node. */
static inline size_t mp_node_room(const struct mp_node_s *node)
{
	return (uintptr_t)node->end - (uintptr_t)node->last;
}

mm_internal void mp_node_failed(const struct mp_pool_s *pool, const struct mp_node_s *node)
	__attribute__((noreturn, cold));

/* Panics unless last and end of @node lie in it, in this order, and last is aligned. */
static inline void mp_check_node(const struct mp_pool_s *pool, const struct mp_node_s *node)
{
	size_t below = (uintptr_t)node->last - mp_node_start(pool, node);
	size_t size = mp_node_size(pool, node);

	if (below % MP_ALIGNMENT || below > size || mp_node_room(node) > size - below)
		mp_node_failed(pool, node);
}

/* The bytes of the heap that @block takes: those counted in pool->held. */
static inline mm_trusted size_t mp_block_bytes(const void *block)
{
	return block_of(block)->tag & BLOCK_SIZE_MASK;
}

mm_internal bool mp_charge_limits(struct mp_pool_s *bounded, size_t bytes);
mm_internal void mp_discharge_limits(struct mp_pool_s *bounded, size_t bytes);

/* @pool wants @bytes of the heap. False: a limit would be passed, and nothing has changed. */
static inline bool mp_charge(struct mp_pool_s *pool, size_t bytes)
{
	return !pool->bounded || mp_charge_limits(pool->bounded, bytes);
}

static inline void mp_discharge(struct mp_pool_s *pool, size_t bytes)
{
	if (pool->bounded)
		mp_discharge_limits(pool->bounded, bytes);
}

/* @pool holds @bytes more, which were charged. */
static inline void mp_hold(struct mp_pool_s *pool, size_t bytes)
{
	struct mp_history_s *history = mp_history(pool);

	pool->held += bytes;
	if (pool->held > history->peak)
		history->peak = pool->held;
}

/* @pool holds @bytes less. */
static inline void mp_let_go(struct mp_pool_s *pool, size_t bytes)
{
	pool->held -= bytes;
	mp_discharge(pool, bytes);
}

mm_internal struct mp_pool_s *mp_new_pool(struct heap *heap, struct mp_pool_s *parent, size_t size,
					  size_t max_size);
mm_internal struct mp_pool_s *mp_new_child(struct mp_pool_s *parent, size_t size, size_t max_size);
mm_internal struct mp_pool_s *mp_next_pool(const struct mp_pool_s *root,
					   const struct mp_pool_s *at);
mm_internal size_t mp_tree_held(const struct mp_pool_s *pool);
mm_internal void mp_leave_limits(struct mp_pool_s *pool);

mm_internal void *mp_alloc_large(struct mp_pool_s *pool, size_t size, size_t alignment);
mm_internal bool mp_is_large(const struct mp_pool_s *pool, void *p);
mm_internal void *mp_realloc_large(struct mp_pool_s *pool, void *p, size_t old_size,
				   size_t new_size);
mm_internal void mp_start_pool(struct mp_pool_s *pool);
mm_internal void mp_leave_window(struct mp_pool_s *pool, const struct mp_node_s *node,
				 struct mp_node_s *instead);

mm_internal bool mp_is_before_mark(const struct mp_pool_s *pool, const struct mp_node_s *node,
				   const void *p);

mm_internal void mp_count_registration(const struct mp_pool_s *pool);
mm_internal void mp_call_handler(const struct mp_pool_s *pool, void (*fn)(void *data), void *data);
mm_internal void mp_undo(struct mp_pool_s *pool, const struct mp_record_s *stop,
			 struct mp_node_s *last_node);

#endif /* MM_MP_INTERNAL_H */
