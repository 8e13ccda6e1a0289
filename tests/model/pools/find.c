// SPDX-License-Identifier: MIT
/*
 * find.c - finds blocks, handlers, marks and dead pools
 */
#include <tests/model/pools/pools.h>

/**
 * model_new_block() - add the one used block of a pool's heap that the model does not know
 * @m: the model
 * @pool: the pool's number
 * @kind: what it is
 *
 * Return: the entry; NULL, and an error is noted, if there is none.
 */
struct live *model_new_block(struct model *m, unsigned int pool, enum live_kind kind)
{
	const struct heap *heap = &m->heaps[m->pools[pool].heap];
	struct heap_place place = { 0 };

	while (heap_next(heap, &place))
		if (place.kind == HEAP_USED && !model_at(m, place.block))
			return model_add(m, kind, pool, (void *)place.block, place.size);
	model_fail(m, "there is no new block in the heap");
	return NULL;
}

/**
 * model_cleanup_at() - the live handler of a pool at an address
 * @m: the model
 * @pool: the pool's number
 * @p: any address
 *
 * Return: its entry, or NULL.
 */
struct live *model_cleanup_at(struct model *m, unsigned int pool, const void *p)
{
	struct live *live = model_at(m, p);

	if (!live || live->kind != LIVE_CLEANUP || live->owner != pool || live->running)
		return NULL;
	return live;
}

/**
 * model_mark_of() - the live mark that a token names
 * @m: the model
 * @token: the token
 *
 * Return: its entry, or NULL.
 */
struct live *model_mark_of(struct model *m, const struct model_token *token)
{
	for (struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind == LIVE_MARK && live->order == token->order)
			return live;
	return NULL;
}

/**
 * model_dead_pool() - the pool of a number that ended last
 * @m: the model
 * @pool: the number
 *
 * Return: the pool; NULL: there is none, or another one is at its address.
 */
struct mp_pool_s *model_dead_pool(struct model *m, unsigned int pool)
{
	struct mp_pool_s *dead = m->pools[pool].dead;

	for (unsigned int i = 0; i < MODEL_POOLS; i++)
		if (dead && m->pools[i].pool == dead)
			return NULL;
	return dead;
}
