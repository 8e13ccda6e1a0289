// SPDX-License-Identifier: MIT
/*
 * mp_limit.c - limits: how many bytes a pool and all below it may hold
 *
 *	server  (limit 1 MiB)    <---.
 *	  connection  (none)         | bounded
 *	    request  (64 KiB)    <---+---.
 *	      subrequest  (none) --------'     a request for memory asks "request", then "server"
 *
 * Each pool knows the nearest one, itself or above, that has a limit. So a request costs
 * time for each limit above, not for each pool. A pool that has a limit keeps what is left
 * of it.
 */
#include <mm/mp_record.h>

/* The nearest pool above @pool that has a limit. Panics if a word that says so was overwritten. */
static struct mp_pool_s *limit_above(const struct mp_pool_s *pool)
{
	mp_check_pool(pool, "a limit above");
	if (!pool->parent)
		return NULL;
	mp_check_pool(pool->parent, "a limit above");
	return pool->parent->bounded;
}

/**
 * mp_charge_limits() - take bytes from what is left of some limits
 * @bounded: the pool with the nearest limit; the others are above it
 * @bytes: how many
 *
 * Panics if one of these pools, or its parent, was overwritten.
 *
 * Return: whether each has them left. If not, nothing has changed.
 */
bool mp_charge_limits(struct mp_pool_s *bounded, size_t bytes)
{
	struct mp_pool_s *at;

	for (at = bounded; at; at = limit_above(at))
		if (at->left < bytes) {
			mm_tell(LIMIT, at, at->left, bytes);
			return false;
		}
	for (at = bounded; at; at = limit_above(at))
		at->left -= bytes;
	return true;
}

/* Gives bytes back to the limits that mp_charge_limits() took them from. */
void mp_discharge_limits(struct mp_pool_s *bounded, size_t bytes)
{
	for (; bounded; bounded = limit_above(bounded))
		bounded->left += bytes;
}

/**
 * mp_tree_held() - the bytes that a pool and all below hold
 * @pool: the pool
 *
 * Time grows with all their records. Panics if one was overwritten.
 *
 * Return: the bytes.
 */
size_t mp_tree_held(const struct mp_pool_s *pool)
{
	size_t held = 0;

	for (const struct mp_pool_s *at = pool; at; at = mp_next_pool(pool, at))
		held += at->held;
	return held;
}

/* Of @pool and all below: those bounded by @from are bounded by @to from now on. */
static void rebind(struct mp_pool_s *pool, struct mp_pool_s *from, struct mp_pool_s *to)
{
	for (struct mp_pool_s *at = pool; at; at = mp_next_pool(pool, at)) {
		if (at->bounded == from)
			MP_SET(at, bounded, to);
	}
}

/**
 * mp_set_limit() - limit what a pool and all below it may hold
 * @pool: the pool
 * @bytes: the limit, in bytes held (mp_options.h); 0: none
 *
 * A request that would pass it gets NULL, and changes nothing. Limits of pools above hold, too.
 * Time grows with the records of the pool and of all below. Panics if @pool is no live pool,
 * or a record was overwritten.
 *
 * Return: 0; -EINVAL if more than @bytes are held now; -EBUSY if the pool, or one below it, is
 * being undone, or if the heap's oom callback runs. Then nothing has changed.
 */
int mp_set_limit(struct mp_pool_s *pool, size_t bytes)
{
	struct mp_pool_s *above;
	size_t held = 0;

	mp_check_pool(pool, "mp_set_limit");
	above = limit_above(pool);
	for (const struct mp_pool_s *at = pool; at; held += at->held, at = mp_next_pool(pool, at))
		if (at->undoing || at->heap->in_oom)
			return -EBUSY;
	if (!bytes) {
		rebind(pool, pool, above);
		return 0;
	}
	if (bytes < held)
		return -EINVAL;
	rebind(pool, above, pool);
	pool->left = bytes - held;
	return 0;
}

/* The limits above @pool hold no longer, for it and all below: it is about to leave its parent. */
void mp_leave_limits(struct mp_pool_s *pool)
{
	struct mp_pool_s *above = limit_above(pool);

	mp_discharge_limits(above, mp_tree_held(pool));
	rebind(pool, above, NULL);
}
