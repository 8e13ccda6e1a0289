// SPDX-License-Identifier: MIT
/*
 * limit.c - limits: when must a request be refused?
 *
 *	pool 1: limit 9000     a request of pool 2 passes a limit if what pool 2 holds and what
 *	  pool 2: limit 5000   it wants are more than 5000, or what pools 1, 2 and 3 hold and what
 *	    pool 3             it wants are more than 9000
 */
#include <mm/env.h>
#include <tests/model/pools/pools.h>

/* How a program says which limit: the size says how far it is away. */
enum { LIMIT_NONE, LIMIT_EXACT, LIMIT_BELOW, LIMIT_ABOVE, LIMIT_SIZE, LIMIT_COUNT };

static bool is_below(const struct model *m, unsigned int pool, unsigned int root)
{
	while (pool != root && pool != MODEL_NONE)
		pool = m->pools[pool].parent;
	return pool == root;
}

/* The bytes that a pool and all below hold; also those below that end just now. */
static size_t tree_held(const struct model *m, unsigned int root)
{
	size_t held = 0;

	for (unsigned int i = 0; i < MODEL_POOLS; i++)
		if (m->pools[i].pool && is_below(m, i, root))
			held += model_held(m, i);
	return held;
}

/**
 * model_is_over() - would a new block pass a limit?
 * @m: the model
 * @pool: the number of the pool that wants it
 * @size: its bytes, at most HEAP_MAX_SIZE and some headers
 *
 * Return: whether it would.
 */
bool model_is_over(const struct model *m, unsigned int pool, size_t size)
{
	size_t bytes = mp_align(size + 16, 32);

	for (; pool != MODEL_NONE; pool = m->pools[pool].parent)
		if (m->pools[pool].limit && tree_held(m, pool) + bytes > m->pools[pool].limit)
			return true;
	return false;
}

/* Is a pool being undone, or one below? */
static bool is_busy(const struct model *m, unsigned int pool)
{
	for (unsigned int i = 0; i < MODEL_POOLS; i++)
		if (m->pools[i].pool && m->pools[i].frame && is_below(m, i, pool))
			return true;
	return false;
}

void run_set_limit(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	size_t held, limit = 0;
	int expected, got;

	if (!pool->pool)
		return;
	held = tree_held(m, op->owner);
	switch (op->align % LIMIT_COUNT) {
	case LIMIT_EXACT:
		limit = held;
		break;
	case LIMIT_BELOW:
		limit = held - 1 - op->size % (held - 1);
		break;
	case LIMIT_ABOVE:
		limit = held + op->size;
		break;
	case LIMIT_SIZE:
		limit = op->size;
		break;
	default:
		break;
	}
	expected = is_busy(m, op->owner) ? -EBUSY : limit && limit < held ? -EINVAL : 0;
	if (expected)
		model_remember(m);
	got = mp_set_limit(pool->pool, limit);
	if (got != expected)
		model_fail(m, "mp_set_limit: %d for %zu, where %zu are held; should be %d", got,
			   limit, held, expected);
	else if (got)
		model_unchanged(m, "mp_set_limit, refused,");
	else
		pool->limit = limit;
}
