// SPDX-License-Identifier: MIT
/*
 * run_object.c - mp_alloc(), mp_nalloc(), mp_calloc(), mp_memalign()
 *
 * The model adds up what the objects of each node take. So it knows which node of the window
 * must serve a request, and when a new one must. A large block lies in a new block, too.
 */
#include <tests/kunit/pattern.h>
#include <tests/model/pools/pools.h>

#define RECORD sizeof(struct mp_large_s)
#define NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)

/* The block of the pool that holds the object, also an empty one at its end; or NULL. */
static struct live *find_block(struct model *m, unsigned int pool, const unsigned char *p)
{
	for (struct live *live = m->live; live < m->live + m->nr_live; live++)
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
	return pool->capacity + MODEL_REDZONE;
}

/* The node that must serve a small request; NULL: a new one. */
static struct live *serving_node(const struct model *m, const struct model_op *op)
{
	const struct model_pool *pool = &m->pools[op->owner];
	const struct model_window *window = &pool->window;

	if (room_for(op) <= node_bytes(pool) - window->current->taken)
		return window->current;
	if (window->older && room_for(op) <= node_bytes(pool) - window->older->taken)
		return window->older;
	return NULL;
}

/*
 * A new node enters the window, since neither node could serve. Of the two, the one leaves that
 * failed more often; at a tie, the older.
 */
static void enter_window(struct model_window *window, struct live *node)
{
	window->current->failed++;
	if (window->older)
		window->older->failed++;
	if (!window->older || window->current->failed <= window->older->failed)
		window->older = window->current;
	window->current = node;
}

/* Checks the place of a small object, and adds it to the model. */
static struct live *place_small(struct model *m, const struct model_op *op, unsigned char *p,
				struct live *node)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *live;

	if (!node) {
		node = new_block(m, op->owner, LIVE_NODE, p);
		if (!node || m->error[0])
			return NULL;
		enter_window(&pool->window, node);
	} else if (node == pool->window.older) {
		pool->window.current->failed++;
	}
	if ((uintptr_t)p - (uintptr_t)node->at > node->bytes) {
		model_fail(m, "a small object is not in the node that has room for it");
		return NULL;
	}
	node->taken += room_for(op);
	if (node->taken > node_bytes(pool) || op->size > (size_t)(node->at + node->bytes - p)) {
		model_fail(m, "a small object of %zu bytes does not fit its node", op->size);
		return NULL;
	}
	live = model_add(m, LIVE_SMALL, op->owner, p, op->size);
	if (!live || m->error[0])
		return NULL;
	live->node = node;
	live->room = room_for(op);
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
	return !serving_node(m, op) &&
	       model_can_fail(m, pool->heap, MODEL_ALIGN, NODE_HEADER + node_bytes(pool));
}

void run_mp_alloc(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *old = m->slots[op->slot], *live, *node;
	bool memalign = op->code == OP_MP_MEMALIGN, large, possible, can_fail;
	size_t align = memalign && op->align > MODEL_ALIGN ? op->align : MODEL_ALIGN;
	unsigned char *p;

	/* A slot with a small object may get another one: the old object stays alive. */
	if (!pool->pool || (old && old->kind != LIVE_SMALL))
		return;
	large = memalign || op->size > pool->pool->max;
	possible = !memalign || model_is_power(op->align);
	can_fail = !possible || can_be_out(m, op, large, align);
	node = large ? NULL : serving_node(m, op);
	if (can_fail)
		model_remember(m);
	p = call(op, pool->pool);
	m->got = p;
	if (!model_after(m, pool->heap, !p && possible,
			 op->size > MODEL_ABSURD || align > MODEL_ABSURD))
		return;
	if (!p) {
		if (!can_fail)
			model_fail(m, "%s: NULL, but there is memory", model_code_name(op->code));
		pool->refused += possible && op->size <= HEAP_MAX_SIZE;
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
	live = large ? place_large(m, op, p) : place_small(m, op, p, node);
	if (!live || m->error[0])
		return;
	m->slots[op->slot] = live;
	if (model_neighbours_intact(m, p))
		model_check_heap(m, pool->heap);
}
