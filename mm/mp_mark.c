// SPDX-License-Identifier: MIT
/*
 * mp_mark.c - marks: a pool goes back to what it was
 *
 *	mark = mp_mark(pool)                    ...                mp_release(pool, mark)
 *
 *	records --> mark --> node --> NULL      records --> large --> node --> mark --> ...
 *	               |                                    `-- undone ---'
 *	               |    node  |####|......|###|
 *	               '--> the window: current, older, and of both: last, end, failed
 *
 * A mark is a record in a block of its own: it takes nothing from nodes. It keeps a copy
 * of the window. All that came into the list after it is undone; then the window is again
 * what it was, so the memory of small objects is free, also in nodes that are older than it.
 *
 * A token holds the same number as its record, and no other mark has it: so a stale token is
 * refused.
 */
#include <mm/mp_record.h>

/* Remembers one node of the window; NULL: there is none. */
static void save(struct mp_savepoint_s *savepoint, int i, struct mp_node_s *node)
{
	savepoint->window[i] = node ? (struct mp_view_s){ node, node->last, node->end } :
				      (struct mp_view_s){ NULL, NULL, NULL };
	savepoint->failed[i] = node ? node->failed : 0;
}

/* Makes that node again what it was. */
static void restore(const struct mp_savepoint_s *savepoint, int i)
{
	const struct mp_view_s *view = &savepoint->window[i];

	if (!view->node)
		return;
	view->node->last = view->last;
	view->node->end = view->end;
	view->node->failed = savepoint->failed[i];
	mm_poison(view->last, (uintptr_t)view->end - (uintptr_t)view->last);
}

static uint64_t sum_of(const struct mp_savepoint_s *savepoint)
{
	uint64_t sum = savepoint->number + (uintptr_t)savepoint->outer;

	for (int i = 0; i < 2; i++) {
		const struct mp_view_s *view = &savepoint->window[i];

		sum += (uintptr_t)view->node + (uintptr_t)view->last + (uintptr_t)view->end +
		       savepoint->failed[i];
	}
	return sum;
}

/* Panics if what @savepoint, whose entry is vouched for, remembers was overwritten. */
static void check_whole(const struct mp_pool_s *pool, const struct mp_savepoint_s *savepoint)
{
	if (savepoint->sum != sum_of(savepoint))
		panic("the pool %p: its mark %p was overwritten", (const void *)pool,
		      (const void *)savepoint);
}

/**
 * mp_mark() - remember what a pool is now
 * @pool: the pool
 *
 * A mark is alive until it is released, or an older one is, or its pool is reset or
 * destroyed. A mark that is forgotten costs 128 bytes of the heap until then. Constant time.
 * Panics if @pool is no live pool, or if its newest record or a free block was overwritten.
 *
 * Return: the token. If memory is out, an empty one, which mp_release() refuses; what is made
 * from now on ends with the next older mark or the pool.
 */
struct mp_mark_s mp_mark(struct mp_pool_s *pool)
{
	struct mp_savepoint_s *savepoint;

	mp_check_pool(pool, "mp_mark");
	savepoint = mp_take_block(pool, MP_BLOCK_ALIGNMENT, 0, sizeof(*savepoint));
	if (!savepoint)
		return (struct mp_mark_s){ NULL, 0 };
	savepoint->number = ++pool->heap->marks;
	savepoint->outer = pool->mark;
	save(savepoint, 0, pool->current);
	save(savepoint, 1, pool->older);
	savepoint->sum = sum_of(savepoint);
	mp_link(pool, &savepoint->entry, MP_MARK);
	MP_SET(pool, mark, savepoint);
	return (struct mp_mark_s){ savepoint, savepoint->number };
}

/* Is @mark the token of a live mark of the live pool @pool? All may be anything. */
static bool is_alive(const struct mp_pool_s *pool, struct mp_mark_s mark)
{
	return mp_is_pool(pool) && mp_is_entry(pool, mark.savepoint, MP_MARK) &&
	       mark.savepoint->number == mark.number;
}

/**
 * mp_release() - make a pool again what it was when a mark was made
 * @pool: the pool
 * @mark: the token of mp_mark()
 *
 * Undoes what was made since: handlers run, children end, large blocks, nodes and younger
 * marks are freed, newest first, and then the mark itself. The memory of small objects is
 * free again, also in nodes that are older. The same requests then get the same addresses, as
 * after mp_reset_pool(); if they need new nodes or blocks, then after a new mark. What is older
 * than the mark, and was freed, removed, run or destroyed meanwhile, stays so. Time grows with
 * what is undone. Panics if a record was overwritten.
 *
 * Return: 0; -EINVAL if @mark is no live mark of @pool, or @pool no live pool; -EBUSY if
 * the pool is being undone, and the mark was made before that began. Then nothing has changed.
 */
int mp_release(struct mp_pool_s *pool, struct mp_mark_s mark)
{
	struct mp_savepoint_s *savepoint = mark.savepoint;

	if (!is_alive(pool, mark))
		return -EINVAL;
	if (pool->undoing && mark.number <= pool->undoing->marks)
		return -EBUSY;
	check_whole(pool, savepoint);
	if (pool->records != &savepoint->entry.record) {
		mp_undo(pool, &savepoint->entry.record, savepoint->window[0].node);
		mp_check_newest(pool); /* a handler may have overwritten it */
		check_whole(pool, savepoint);
	}
	MP_SET(pool, records, savepoint->entry.record.next);
	mp_set_window(pool, savepoint->window[0].node, savepoint->window[1].node);
	MP_SET(pool, mark, savepoint->outer);
	restore(savepoint, 0);
	restore(savepoint, 1);
	mp_let_go(pool, mp_block_bytes(savepoint));
	heap_free(pool->heap, savepoint);
	return 0;
}

/**
 * mp_is_before_mark() - is a small object older than the newest mark?
 * @pool: the pool
 * @node: a node of its window
 * @p: an object in it
 *
 * Bytes that were free in @node when the mark was made are younger. The first node is older than
 * all marks, and any other node of the window that the mark does not name came after it.
 * Constant time. Panics if the mark was overwritten.
 *
 * Return: whether it is. False: there is no mark.
 */
bool mp_is_before_mark(const struct mp_pool_s *pool, const struct mp_node_s *node, const void *p)
{
	const struct mp_savepoint_s *mark = pool->mark;

	if (!mark)
		return false;
	if (!mp_is_entry(pool, mark, MP_MARK))
		mp_list_failed(pool, mark);
	check_whole(pool, mark);
	for (int i = 0; i < 2; i++) {
		const struct mp_view_s *view = &mark->window[i];

		if (node == view->node)
			return (uintptr_t)p - (uintptr_t)view->last >=
			       (uintptr_t)view->end - (uintptr_t)view->last;
	}
	return node == pool->head;
}
