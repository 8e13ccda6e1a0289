// SPDX-License-Identifier: MIT
/*
 * run_pool.c - operations on pools
 *
 * The model adds up what the objects of each node take. While the sum for the newest
 * node leaves room for a request, the object must lie in that node. An object that lies
 * in no block that the model knows must lie in a new one: a node, or a large block.
 */
#include <mm/env.h>
#include <tests/kunit/pattern.h>
#include <tests/model/run.h>

#define RECORD sizeof(struct mp_large_s)
/* A block's alignment, which is at least the heap's. */
#define BLOCK_ALIGN (MP_ALIGNMENT > 32 ? (size_t)MP_ALIGNMENT : (size_t)32)
#define POOL_HEADER mp_align(sizeof(struct mp_pool_s), MP_ALIGNMENT)
#define NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)

void run_pool_create(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	unsigned int heap = op->align % MODEL_HEAPS;
	bool possible = op->size && op->size <= HEAP_MAX_SIZE;
	size_t red_zone = mp_align(MP_REDZONE, MP_ALIGNMENT);
	size_t size = mp_align(op->size, MP_ALIGNMENT);
	bool can_fail = !possible ||
			model_can_fail(m, heap, BLOCK_ALIGN, POOL_HEADER + size + red_zone);
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
	else if ((uintptr_t)p % MP_ALIGNMENT || (uintptr_t)p % 32 || !model_in_arena(m, p, sizeof(*p)))
		model_fail(m, "mp_create_pool_on: %p is not aligned, or outside", (void *)p);
	if (m->error[0])
		return;
	*pool = (struct model_pool){ .pool = p, .heap = heap, .capacity = size };
	live = model_add(m, LIVE_POOL, op->owner, p, heap_usable_size(p));
	if (!live || m->error[0])
		return;
	pool->newest = live;
	if (live->bytes < POOL_HEADER + size + red_zone)
		model_fail(m, "mp_create_pool_on: a block of %zu bytes", live->bytes);
	if (p->max != (size < MP_MAX_ALLOC_FROM_POOL ? size : MP_MAX_ALLOC_FROM_POOL))
		model_fail(m, "mp_create_pool_on: max is %zu", p->max);
	model_check_heap(m, heap);
}

/* The block of the pool that holds the object, also an empty one at its end; or NULL. */
static struct live *find_block(struct model *m, unsigned int pool, const unsigned char *p)
{
	for (struct live *live = m->live; live < m->live + MODEL_LIVE; live++)
		if (live->kind >= LIVE_POOL && live->kind <= LIVE_LARGE && live->owner == pool &&
		    (uintptr_t)p - (uintptr_t)live->at <= live->bytes)
			return live;
	return NULL;
}

/* The object lies in no known block: adds the new one to the model. */
static struct live *new_block(struct model *m, unsigned int pool, enum live_kind kind,
			      const unsigned char *p)
{
	const struct heap *heap = &m->heaps[m->pools[pool].heap];
	struct heap_place place;

	heap_find(heap, p, &place);
	if (place.kind != HEAP_USED || model_at(m, place.block)) {
		model_fail(m, "the object %p is not in a new block", (const void *)p);
		return NULL;
	}
	return model_add(m, kind, pool, (void *)place.block, place.size);
}

/* Checks the place of a large block, and adds it to the model. */
static struct live *place_large(struct model *m, const struct model_op *op, unsigned char *p)
{
	size_t most = mp_align(RECORD + op->size + MP_REDZONE + 16, 32);
	struct live *live;

	if (find_block(m, op->owner, p)) {
		model_fail(m, "the large block %p is in an older block", (void *)p);
		return NULL;
	}
	live = new_block(m, op->owner, LIVE_LARGE, p);
	if (!live)
		return NULL;
	if (p != live->at + RECORD || live->bytes < RECORD + op->size + MP_REDZONE ||
	    live->bytes > most)
		model_fail(m, "a large block of %zu bytes at byte %zu of a block of %zu", op->size,
			   (size_t)(p - live->at), live->bytes);
	model_fill(m, live, p, op->size);
	return live;
}

/* The bytes that an object takes in a node. */
static size_t room_for(const struct model_op *op)
{
	size_t room = op->size ? op->size + MP_REDZONE : 0;

	if (op->code == OP_MP_NALLOC)
		return MP_REDZONE ? mp_align(room, 8) : room;
	return mp_align(room, MP_ALIGNMENT);
}

/* Bytes in a node for objects and for what they take besides. */
static size_t node_bytes(const struct model_pool *pool)
{
	return pool->capacity + mp_align(MP_REDZONE, MP_ALIGNMENT);
}

static bool newest_has_room(const struct model *m, const struct model_op *op)
{
	const struct model_pool *pool = &m->pools[op->owner];

	return room_for(op) <= node_bytes(pool) - pool->newest->taken;
}

/* Checks the place of a small object, and adds it to the model. */
static struct live *place_small(struct model *m, const struct model_op *op, unsigned char *p,
				bool in_newest)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *node = find_block(m, op->owner, p), *live;

	if (!node) {
		node = new_block(m, op->owner, LIVE_NODE, p);
		if (!node || m->error[0])
			return NULL;
		pool->newest = node;
	}
	if (in_newest && node != pool->newest) {
		model_fail(m, "a small object is not in the newest node, which has room");
		return NULL;
	}
	node->taken += room_for(op);
	if (node->kind == LIVE_LARGE || node->taken > node_bytes(pool) ||
	    op->size > (size_t)(node->at + node->bytes - p)) {
		model_fail(m, "a small object of %zu bytes does not fit its node", op->size);
		return NULL;
	}
	live = model_add(m, LIVE_SMALL, op->owner, p, op->size);
	if (live && !m->error[0])
		model_fill(m, live, p, op->size);
	return live;
}

static void *call(const struct model_op *op, struct mp_pool_s *pool)
{
	switch (op->code) {
	case OP_MP_ALLOC:
		return mp_alloc(pool, op->size);
	case OP_MP_NALLOC:
		return mp_nalloc(pool, op->size);
	case OP_MP_CALLOC:
		return mp_calloc(pool, op->size);
	default:
		return mp_memalign(pool, op->size, op->align);
	}
}

/* Can the call return NULL because memory is out? */
static bool can_be_out(const struct model *m, const struct model_op *op, bool large, size_t align)
{
	const struct model_pool *pool = &m->pools[op->owner];
	size_t bytes = op->size + RECORD + MP_REDZONE;

	if (large)
		return op->size > MODEL_BYTES || model_can_fail(m, pool->heap, align, bytes);
	return !newest_has_room(m, op) &&
	       model_can_fail(m, pool->heap, BLOCK_ALIGN, NODE_HEADER + node_bytes(pool));
}

void run_mp_alloc(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *old = m->slots[op->slot], *live;
	bool memalign = op->code == OP_MP_MEMALIGN, large, possible, can_fail, in_newest;
	size_t align = memalign && op->align > BLOCK_ALIGN ? op->align : BLOCK_ALIGN;
	unsigned char *p;

	/* A slot with a small object may get another one: the old object stays alive. */
	if (!pool->pool || (old && old->kind != LIVE_SMALL))
		return;
	large = memalign || op->size > pool->pool->max;
	possible = !memalign || model_is_power(op->align);
	can_fail = !possible || can_be_out(m, op, large, align);
	in_newest = !large && newest_has_room(m, op);
	if (can_fail)
		model_remember(m);
	p = call(op, pool->pool);
	if (!model_after(m, pool->heap, !p && possible,
			 op->size > MODEL_ABSURD || align > MODEL_ABSURD))
		return;
	if (!p) {
		if (!can_fail)
			model_fail(m, "%s: NULL, but there is memory", model_code_name(op->code));
		model_unchanged(m, "an allocation, which returned NULL,");
		return;
	}
	if (!large)
		align = op->code == OP_MP_NALLOC ? 1 : MP_ALIGNMENT;
	if (!possible)
		model_fail(m, "%s: served what is impossible", model_code_name(op->code));
	else if ((uintptr_t)p % align)
		model_fail(m, "%s: %p is not aligned", model_code_name(op->code), (void *)p);
	else if (!model_in_arena(m, p, op->size))
		model_fail(m, "%s: %p is outside the arena", model_code_name(op->code), (void *)p);
	else if (op->code == OP_MP_CALLOC && pattern_zeros(p, op->size) < op->size)
		model_fail(m, "mp_calloc: byte %zu is not 0", pattern_zeros(p, op->size));
	if (m->error[0])
		return;
	live = large ? place_large(m, op, p) : place_small(m, op, p, in_newest);
	if (!live || m->error[0])
		return;
	m->slots[op->slot] = live;
	if (model_neighbours_intact(m, p))
		model_check_heap(m, pool->heap);
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
	p = op->code == OP_MP_FREE_BAD ? model_bad_address(m, op) : live->data ? live->data : live->at;
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
		m->stale = p;
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
			m->stale = live->data;
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
