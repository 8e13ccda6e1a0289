// SPDX-License-Identifier: MIT
/*
 * run_pool.c - pools: create, free one large block, reset, destroy
 */
#include <mm/env.h>
#include <tests/model/run.h>

#define POOL_HEADER mp_align(sizeof(struct mp_pool_s), MP_ALIGNMENT)

void run_pool_create(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	unsigned int heap = op->align % MODEL_HEAPS;
	bool possible = op->size && op->size <= HEAP_MAX_SIZE;
	size_t size = mp_align(op->size, MP_ALIGNMENT);
	bool can_fail = !possible ||
			model_can_fail(m, heap, MODEL_ALIGN, POOL_HEADER + size + MODEL_REDZONE);
	struct mp_pool_s *p;
	struct live *live;

	if (pool->pool)
		return;
	if (can_fail)
		model_remember(m);
	p = mp_create_pool_on(&m->heaps[heap], op->size);
	if (!model_after(m, heap, !p && possible, op->size > MODEL_ABSURD))
		return;
	if (!p) {
		if (!can_fail)
			model_fail(m, "mp_create_pool_on: NULL, but there is memory");
		model_unchanged(m, "mp_create_pool_on, which returned NULL,");
		return;
	}
	if (!possible)
		model_fail(m, "mp_create_pool_on: served what is impossible");
	else if ((uintptr_t)p % MP_ALIGNMENT || (uintptr_t)p % 32 ||
		 !model_in_arena(m, p, sizeof(*p)))
		model_fail(m, "mp_create_pool_on: %p is not aligned, or outside", (void *)p);
	if (m->error[0])
		return;
	*pool = (struct model_pool){ .pool = p, .heap = heap, .capacity = size };
	live = model_add(m, LIVE_POOL, op->owner, p, heap_usable_size(p));
	if (!live || m->error[0])
		return;
	pool->newest = live;
	if (live->bytes < POOL_HEADER + size + MODEL_REDZONE)
		model_fail(m, "mp_create_pool_on: a block of %zu bytes", live->bytes);
	if (p->max != (size < MP_MAX_ALLOC_FROM_POOL ? size : MP_MAX_ALLOC_FROM_POOL))
		model_fail(m, "mp_create_pool_on: max is %zu", p->max);
	model_check_heap(m, heap);
}

/* The live large block of a pool whose memory begins at @p; or NULL. */
static struct live *find_large(struct model *m, unsigned int pool, const unsigned char *p)
{
	for (struct live *live = m->live; live < m->live + MODEL_LIVE; live++)
		if (live->kind == LIVE_LARGE && live->owner == pool && live->data == p)
			return live;
	return NULL;
}

void run_mp_free(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *live = m->slots[op->slot];
	unsigned char *p;
	int expected, got;

	if (!pool->pool || (op->code == OP_MP_FREE && !live))
		return;
	p = op->code == OP_MP_FREE_BAD ? model_bad_address(m, op) :
	    live->data		       ? live->data :
					 live->at;
	live = find_large(m, op->owner, p);
	if (live && !model_intact(m, live))
		return;
	expected = live ? 0 : -ENOENT;
	if (expected)
		model_remember(m);
	got = mp_free(pool->pool, p);
	if (got != expected) {
		model_fail(m, "mp_free: %d for %p; should be %d", got, (void *)p, expected);
	} else if (got) {
		model_unchanged(m, "mp_free, refused,");
	} else {
		pool->stale = p;
		model_remove(m, live);
		if (model_after(m, pool->heap, false, false) && model_neighbours_intact(m, p))
			model_check_heap(m, pool->heap);
	}
}

/* Forgets all that a pool has, but for its first node. */
static bool forget(struct model *m, unsigned int pool)
{
	for (struct live *live = m->live; live < m->live + MODEL_LIVE; live++) {
		if (live->kind < LIVE_NODE || live->owner != pool)
			continue;
		if (!model_intact(m, live))
			return false;
		if (live->kind == LIVE_LARGE)
			m->pools[pool].stale = live->data;
		model_remove(m, live);
	}
	return true;
}

void run_mp_reset(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *first = model_at(m, pool->pool);
	unsigned char *at;
	size_t bytes;

	if (!pool->pool || !forget(m, op->owner))
		return;
	mp_reset_pool(pool->pool);
	/* Its headers stay, and its objects are gone. */
	at = first->at;
	bytes = first->bytes;
	model_remove(m, first);
	pool->newest = model_add(m, LIVE_POOL, op->owner, at, bytes);
	if (pool->newest && model_after(m, pool->heap, false, false))
		model_check_heap(m, pool->heap);
}

void run_mp_destroy(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	unsigned int heap = pool->heap;

	if (!pool->pool || !forget(m, op->owner))
		return;
	mp_destroy_pool(pool->pool);
	model_remove(m, model_at(m, pool->pool));
	*pool = (struct model_pool){ 0 };
	mp_destroy_pool(NULL);
	if (model_after(m, heap, false, false))
		model_check_heap(m, heap);
}
