// SPDX-License-Identifier: MIT
/*
 * mp_undo.c - undoing what a pool holds, newest first: destroy, reset, release
 *
 *	pool->records --> node --> cleanup --> child --> large --> mark --> node --> NULL
 *	                                         |                  |                 |
 *	                                         |   mp_release(): down to here       |
 *	                                         |             mp_reset_pool(): to the end
 *	                                         '--> records of the child: undone first
 *
 * A record is taken off the list before anything is done about it, and the list is read
 * anew afterwards: a handler may have changed it. A child is undone by the same loop, which
 * goes down into its list, and comes up when that is empty. So a chain of children takes no
 * more stack than one. Undoing allocates nothing.
 */
#include <mm/mp_record.h>

/* Handlers that go beyond one of these are taken for a loop, before memory or stack are out. */
#define MAX_REGISTERED 10000
#define MAX_DEPTH 32

/* Panics if @pool is being undone: a handler of it, or of a pool below, called @caller. */
static void check_idle(const struct mp_pool_s *pool, const char *caller)
{
	if (pool->undoing)
		panic("%s: the pool %p is being undone: one of its handlers, or of a child's, is running",
		      caller, (const void *)pool);
}

/**
 * mp_count_registration() - count a handler or a child that is about to be added
 * @pool: the pool
 *
 * Panics if it is being undone, and this is one too many: a handler that adds itself again
 * would go on for ever.
 */
void mp_count_registration(const struct mp_pool_s *pool)
{
	struct mp_undoing_s *undoing = pool->undoing;

	while (undoing && undoing->outer)
		undoing = undoing->outer;
	if (undoing && ++undoing->registered > MAX_REGISTERED)
		panic("the pool %p: more than %d handlers and children were added while it was undone: does a handler register itself?",
		      (const void *)pool, MAX_REGISTERED);
}

/**
 * mp_call_handler() - call a handler
 * @pool: whose handler it is; it may be gone afterwards
 * @fn: the handler, or NULL
 * @data: what is passed to it
 *
 * Panics if too many handlers run one inside the other: one that calls itself that way, by
 * whatever pools, would need ever more stack.
 */
void mp_call_handler(const struct mp_pool_s *pool, void (*fn)(void *data), void *data)
{
	struct heap *heap = pool->heap;

	if (!fn)
		return;
	if (heap->depth == MAX_DEPTH)
		panic("the pool %p: more than %d handlers run one inside the other: does a handler register itself?",
		      (const void *)pool, MAX_DEPTH);
	heap->depth++;
	fn(data);
	heap->depth--;
}

/* Frees the block that is pending, if any. */
static void free_pending(struct mp_undoing_s *undoing, struct heap *heap)
{
	void *pending = undoing->pending;

	undoing->pending = NULL;
	heap_free(heap, pending);
}

/*
 * Frees @block, which @pool holds, sooner or later: blocks that lie side by side, as nodes often
 * do, are joined and freed as one.
 */
static inline mm_always_inline void give_back(struct mp_undoing_s *undoing, struct mp_pool_s *pool,
					      void *block)
{
	struct heap *heap = pool->heap;

	mp_let_go(pool, mp_block_bytes(block));
	if (undoing->pending && !heap_join(heap, block, undoing->pending))
		free_pending(undoing, heap);
	undoing->pending = block;
}

/*
 * Calls the handler of @record, if any. Frees the pending block first: then everything younger
 * is gone.
 */
static void undo_cleanup(struct mp_undoing_s *undoing, const struct mp_pool_s *pool,
			 const struct mp_record_s *record)
{
	const struct mp_cleanup_s *cleanup = mp_block_of(record);

	if (!cleanup->handler)
		return;
	free_pending(undoing, pool->heap);
	mp_call_handler(pool, cleanup->handler, cleanup->data);
	mp_check_pool(pool, "a handler has run");
}

/* Begins to undo the child whose record is @record. Returns the child. */
static struct mp_pool_s *enter_child(struct mp_undoing_s *undoing, struct mp_record_s *record)
{
	struct mp_pool_s *child = mp_block_of(record);

	check_idle(child, "its parent ends");
	MP_SET(child, undoing, undoing);
	return child;
}

/* From now on @pool is no pool. Only its block is left to free. */
static void bury(struct mp_pool_s *pool)
{
	pool->entry.cookie = 0;
	/* Only 0 bytes fit the dead pool's node, so later calls take the slow path. It checks. */
	pool->current = pool->head;
	pool->head->last = pool->head->end;
}

/* Undoes the newest record of @pool. Returns whose records come next: @pool's, or a child's. */
static struct mp_pool_s *undo_newest(struct mp_undoing_s *undoing, struct mp_pool_s *pool)
{
	struct mp_record_s *record = pool->records;
	const struct mp_savepoint_s *mark = mp_block_of(record);

	mm_tell(UNDONE, record, record->tag, pool);
	switch (mp_take_newest(pool)) {
	case MP_CHILD:
		return enter_child(undoing, record);
	case MP_CLEANUP:
		undo_cleanup(undoing, pool, record);
		break;
	case MP_NODE:
		mp_leave_window(pool, mp_block_of(record),
				pool == undoing->pool ? undoing->last_node : pool->head);
		break;
	case MP_MARK:
		MP_SET(pool, mark, mark->outer); /* checked before it is followed */
		break;
	case MP_LARGE:
	case MP_NONE:
		break; /* memory only */
	}
	give_back(undoing, pool, record);
	return pool;
}

/* All records of @child are undone. Returns its parent, whose records come next. */
static struct mp_pool_s *end_child(struct mp_undoing_s *undoing, struct mp_pool_s *child)
{
	struct mp_pool_s *parent = child->parent;

	mp_check_pool(parent, "a child has ended");
	give_back(undoing, child, child); /* before bury(): limits above get its bytes back */
	bury(child);
	return parent;
}

/**
 * mp_undo() - undo records of a pool, newest first
 * @pool: the pool; it has records
 * @stop: the record to stop at, which stays; NULL: none
 * @last_node: a node of the pool that stays: it serves handlers when those of the window end
 *
 * Time grows with the records of the pool and of all pools below. Panics if a record was
 * overwritten.
 */
void mp_undo(struct mp_pool_s *pool, const struct mp_record_s *stop, struct mp_node_s *last_node)
{
	struct mp_undoing_s undoing = {
		.outer = pool->undoing,
		.pool = pool,
		.last_node = last_node,
		.marks = pool->heap->marks,
	};
	struct mp_pool_s *at = pool; /* the pool itself, or one below it */

	mp_check_newest(pool);
	MP_SET(pool, undoing, &undoing);
	while (at != pool || pool->records != stop)
		at = at->records ? undo_newest(&undoing, at) : end_child(&undoing, at);
	free_pending(&undoing, pool->heap);
	MP_SET(pool, undoing, undoing.outer);
}

/* Takes a child, which ends by itself, off its parent's list. */
static void leave_parent(struct mp_pool_s *pool)
{
	struct mp_pool_s *parent = pool->parent;

	mp_check_pool(parent, "mp_destroy_pool, of the parent");
	if (parent->bounded)
		mp_leave_limits(pool);
	mp_unlink(parent, &pool->entry);
	MP_SET(pool, parent, NULL);
}

/**
 * mp_destroy_pool() - undo and give back everything
 * @pool: the pool; NULL is fine
 *
 * A child leaves its parent first. Then handlers run, children end, blocks are freed, newest
 * first. Time grows with the pool's nodes and records, and those of all pools below, not with
 * its objects. Panics as mp_reset_pool(). Until the memory is handed out again, a reset, a
 * second destroy and a request for at least one byte panic, too; mp_free() refuses everything.
 */
void mp_destroy_pool(struct mp_pool_s *pool)
{
	if (!pool)
		return;
	mp_check_pool(pool, "mp_destroy_pool");
	check_idle(pool, "mp_destroy_pool");
	if (pool->parent)
		leave_parent(pool);
	if (pool->records)
		mp_undo(pool, NULL, pool->head);
	bury(pool);
	heap_free(pool->heap, pool);
}

/**
 * mp_reset_pool() - undo everything, and give it back, but keep the pool
 * @pool: the pool
 *
 * Handlers run, children end, large blocks and every node but the first are freed, newest
 * first. The pool is then as it was after its creation, and the same requests get the
 * same addresses. That holds if nobody else has used the heap meanwhile, if nothing left the
 * pool before (mp_free() and others), and if no request made the heap begin a new
 * span (heap_span.c): that span may serve first later. Memory is not cleared. Time grows with
 * nodes and records. Panics if @pool was destroyed or is being undone, or if one of
 * its links was overwritten.
 */
void mp_reset_pool(struct mp_pool_s *pool)
{
	mp_check_pool(pool, "mp_reset_pool");
	check_idle(pool, "mp_reset_pool");
	if (pool->records)
		mp_undo(pool, NULL, pool->head);
	mp_start_pool(pool);
}
