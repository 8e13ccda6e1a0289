// SPDX-License-Identifier: MIT
/*
 * check_pools.c - do pools agree with the model?
 *
 * Their lists must hold exactly the model's things, newest first. Their windows must be those
 * of the model, with as much room; and so must be their first nodes. And their figures are the
 * model's sums.
 */
#include <tests/model/pools/pools.h>

static bool check_list(struct model *m, unsigned int pool)
{
	const struct mp_record_s *record = m->pools[pool].pool->records;
	const struct live *live = model_newest(m, pool, SIZE_MAX);

	while (live) {
		if ((uintptr_t)record != (uintptr_t)live->at)
			return model_fail(m, "pool %u: on the list, %p is where %s at %p should be",
					  pool, (const void *)record, model_name(live),
					  (void *)live->at);
		record = record->next;
		live = model_newest(m, pool, live->order);
	}
	if (record)
		return model_fail(m, "pool %u: on the list, %p is no thing of it", pool,
				  (const void *)record);
	return true;
}

static bool check_node(struct model *m, unsigned int pool, const struct mp_node_s *node,
		       const struct live *live, const char *name)
{
	const struct model_pool *p = &m->pools[pool];
	const void *at = !live ? NULL : live == p->first ? (void *)p->pool->head : live->at;
	size_t room;

	if ((const void *)node != at)
		return model_fail(m, "pool %u: the %s node is %p; should be %p", pool, name,
				  (const void *)node, at);
	if (!node)
		return true;
	room = live->capacity - live->low - live->high;
	if ((uintptr_t)node->end - (uintptr_t)node->last != room)
		return model_fail(m, "pool %u: the %s node has room for %zu bytes; should be %zu",
				  pool, name, (size_t)(node->end - node->last), room);
	if (node->failed != live->failed)
		return model_fail(m, "pool %u: the %s node has failed %u times; should be %zu",
				  pool, name, node->failed, live->failed);
	return true;
}

/**
 * model_check_pools() - compare all pools with the model
 * @m: the model
 *
 * Return: false, with an error noted, if they do not agree.
 */
bool model_check_pools(struct model *m)
{
	for (unsigned int i = 0; i < MODEL_POOLS; i++) {
		const struct model_pool *p = &m->pools[i];
		const struct mp_pool_s *pool = p->pool;

		if (!pool)
			continue;
		if (mp_parent(pool) != (p->parent == MODEL_NONE ? NULL : m->pools[p->parent].pool))
			return model_fail(m, "pool %u: mp_parent() is %p", i,
					  (void *)mp_parent(pool));
		if (!check_list(m, i) ||
		    !check_node(m, i, pool->current, p->window.current, "current") ||
		    !check_node(m, i, pool->older, p->window.older, "older") ||
		    !check_node(m, i, pool->head, p->first, "first") || !model_check_stats(m, i))
			return false;
	}
	return true;
}
