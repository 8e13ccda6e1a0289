// SPDX-License-Identifier: MIT
/*
 * mp_cleanup.c - cleanup handlers: what is called when a pool ends, or before
 *
 *	block of the heap
 *	+-------+---------+------+---------------------+
 *	| entry | handler | data | bytes for the data  |
 *	+-------+---------+--|---+---------------------+
 *	                     '---^   or wherever the caller points it
 *
 * As in nginx, the caller gets the record, and sets its handler. Each record is a block of
 * the heap, not of a node: so a handler that is removed gives its memory back.
 */
#include <mm/mp_record.h>

/**
 * mp_cleanup_add() - add a cleanup handler to a pool
 * @pool: the pool
 * @size: bytes of data that the handler needs; 0: none
 *
 * Set the handler in the record that is returned; until then, nothing is called. It
 * is called once: when the pool is destroyed or reset, when a mark made before it is
 * released, or by mp_cleanup_run(). Constant time. Panics if @pool is no live pool, or
 * if its newest record or a free block was overwritten, or, while the pool is being
 * undone, if more than 10,000 handlers and children are added.
 *
 * The interface is that of nginx's ngx_pool_cleanup_add().
 *
 * Return: the record; its data points to @size bytes, aligned to MP_ALIGNMENT and not
 * cleared, and is NULL if @size is 0. NULL if memory is out (then the pool is as it was).
 */
struct mp_cleanup_s *mp_cleanup_add(struct mp_pool_s *pool, size_t size)
{
	struct mp_cleanup_s *cleanup;
	size_t used = CLEANUP_HEADER + size;

	mp_check_pool(pool, "mp_cleanup_add");
	mp_count_registration(pool);
	if (size > HEAP_MAX_SIZE) /* the sum may have wrapped */
		return NULL;
	cleanup = mp_take_block(pool, MP_BLOCK_ALIGNMENT, 0, used + MP_REDZONE);
	if (!cleanup)
		return NULL;
	cleanup->handler = NULL;
	cleanup->data = size ? (char *)cleanup + CLEANUP_HEADER : NULL;
	mp_link(pool, &cleanup->entry, MP_CLEANUP);
	mm_poison((char *)cleanup + used, heap_usable_size(cleanup) - used);
	return cleanup;
}

/**
 * mp_cleanup_or_run() - have a function called when a pool ends; now, if memory is out
 * @pool: the pool
 * @fn: the function
 * @data: what is passed to it
 *
 * For a resource that was just acquired: it cannot be lost. Panics as mp_cleanup_add(), and
 * also if more than 32 functions register each other and are called at once, one inside the
 * other.
 *
 * Return: 0; -ENOMEM: there was no memory, and @fn has been called.
 */
int mp_cleanup_or_run(struct mp_pool_s *pool, void (*fn)(void *data), void *data)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(pool, 0);

	if (!cleanup) {
		mp_call_handler(pool, fn, data);
		return -ENOMEM;
	}
	cleanup->handler = fn;
	cleanup->data = data;
	return 0;
}

/* Is @cleanup a live record of the live pool @pool? Both may be any address. */
static bool is_registered(const struct mp_pool_s *pool, const struct mp_cleanup_s *cleanup)
{
	return mp_is_pool(pool) && mp_is_entry(pool, cleanup, MP_CLEANUP);
}

/**
 * mp_cleanup_remove() - forget a cleanup handler: it is not called
 * @pool: the pool
 * @cleanup: anything at all
 *
 * Constant time. Panics if a neighbour in the list of records was overwritten, or the header
 * of a block that heap_free() looks at.
 *
 * Return: 0; -ENOENT if @cleanup is no live handler of @pool (then nothing has changed): one
 * that was removed or has run, or is running, another pool's, NULL; or if @pool is no pool.
 */
int mp_cleanup_remove(struct mp_pool_s *pool, struct mp_cleanup_s *cleanup)
{
	if (!is_registered(pool, cleanup))
		return -ENOENT;
	mp_free_entry(pool, &cleanup->entry);
	return 0;
}

/**
 * mp_cleanup_run() - call a cleanup handler now, and forget it
 * @pool: the pool
 * @cleanup: anything at all
 *
 * The handler is forgotten before it is called, and its bytes no longer count against limits. It
 * may even end the pool, unless that is being undone. What is younger than it is still there.
 * Constant time, but for the handler. Panics as mp_cleanup_remove(), and if more than 32
 * handlers run one inside the other.
 *
 * Return: 0; -ENOENT as mp_cleanup_remove(), then nothing was called.
 */
int mp_cleanup_run(struct mp_pool_s *pool, struct mp_cleanup_s *cleanup)
{
	struct heap *heap;

	if (!is_registered(pool, cleanup))
		return -ENOENT;
	heap = pool->heap; /* the handler may destroy the pool */
	mp_unlink(pool, &cleanup->entry);
	mp_let_go(pool, mp_block_bytes(cleanup));
	mp_call_handler(pool, cleanup->handler, cleanup->data);
	heap_free(heap, cleanup);
	return 0;
}
