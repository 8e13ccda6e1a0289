// SPDX-License-Identifier: MIT
/*
 * run_object.c - mp_alloc(), mp_nalloc(), mp_calloc(), mp_memalign(), mp_alloc_aligned()
 *
 * The model adds up what the objects of each node take, at its low end and at its high end. So it
 * knows which node of the window must serve a request, where the object must lie, and when a
 * new node must come. A large block lies in a new block, too.
 */
#include <tests/kunit/pattern.h>
#include <tests/model/pools/pools.h>

#define RECORD sizeof(struct mp_large_s)

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

/**
 * model_room_for() - the bytes that an object takes in a node
 * @op: the request for it
 *
 * Return: the bytes, without what aligns it to more than MP_ALIGNMENT.
 */
size_t model_room_for(const struct model_op *op)
{
	size_t room = op->size ? op->size + MP_REDZONE : 0;

	if (op->code == OP_MP_NALLOC)
		return MP_REDZONE ? mp_align(room, 8) : room;
	return mp_align(room, MP_ALIGNMENT);
}

/* The most bytes that an alignment can take in front of an object. */
static size_t padding_for(const struct model_op *op)
{
	return op->code == OP_MP_ALIGNED && op->align > MP_ALIGNMENT ? op->align - MP_ALIGNMENT : 0;
}

/**
 * model_node_start() - where the bytes that a node holds begin
 * @node: the node
 *
 * Return: the address.
 */
uintptr_t model_node_start(const struct live *node)
{
	size_t header = node->kind == LIVE_POOL ? MODEL_POOL_HEADER : MODEL_NODE_HEADER;

	return (uintptr_t)node->at + header;
}

/* The node that must serve a small request of so many bytes; NULL: a new one. */
static struct live *serving_node(const struct model_window *window, size_t room)
{
	struct live *current = window->current, *older = window->older;

	if (room <= current->capacity - current->low - current->high)
		return current;
	if (older && room <= older->capacity - older->low - older->high)
		return older;
	return NULL;
}

/* The bytes of a new node: twice those of the current one, and so on until there is room. */
static size_t next_capacity(const struct model_pool *pool, size_t room)
{
	size_t most = pool->max_capacity + MODEL_REDZONE;
	size_t capacity = pool->window.current->capacity;

	do
		capacity = 2 * capacity < most ? 2 * capacity : most;
	while (capacity < room);
	return capacity;
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

/* A new node, with the object at @p. */
static struct live *new_node(struct model *m, const struct model_request *request,
			     const unsigned char *p)
{
	struct model_pool *pool = &m->pools[request->op->owner];
	size_t bytes = MODEL_NODE_HEADER + request->capacity;
	struct live *node = new_block(m, request->op->owner, LIVE_NODE, p);

	if (!node)
		return NULL;
	node->capacity = request->capacity;
	if (node->bytes < bytes || node->bytes >= bytes + 32 ||
	    (pool->most && node->bytes + 16 > pool->most))
		model_fail(m, "a node of %zu bytes in a block of %zu", node->capacity, node->bytes);
	enter_window(&pool->window, node);
	return node;
}

/* Checks the place of a small object, and adds it to the model. */
static struct live *place_small(struct model *m, const struct model_request *request,
				unsigned char *p)
{
	const struct model_op *op = request->op;
	struct model_pool *pool = &m->pools[op->owner];
	size_t room = model_room_for(op);
	struct live *live, *node = request->node;
	bool packed = op->code == OP_MP_NALLOC;
	uintptr_t expected;

	if (!node)
		node = new_node(m, request, p);
	else if (node == pool->window.older)
		pool->window.current->failed++;
	if (!node || m->error[0])
		return NULL;
	expected = model_node_start(node);
	if (packed) {
		expected += node->capacity - node->high - room;
		node->high += room;
	} else {
		expected = mp_align(expected + node->low, MP_ALIGNMENT + padding_for(op));
		node->low = expected + room - model_node_start(node);
	}
	if (node->low + node->high > node->capacity)
		model_fail(m, "a small object of %zu bytes does not fit its node", op->size);
	if ((uintptr_t)p != expected)
		model_fail(m, "a small object is at %p; should be at %p", (void *)p,
			   (void *)expected);
	live = m->error[0] ? NULL : model_add(m, LIVE_SMALL, op->owner, p, op->size);
	if (!live || m->error[0])
		return NULL;
	live->node = node;
	live->room = room;
	live->packed = packed;
	model_fill(m, live, p, op->size);
	return live;
}

/* The bytes of the block that a request needs, without the heap's header; 0: it needs none. */
static size_t block_for(struct model_request *request, const struct model_pool *pool)
{
	const struct model_op *op = request->op;
	size_t room = model_room_for(op) + padding_for(op);

	if (request->large)
		return RECORD + op->size + MP_REDZONE;
	request->node = serving_node(&pool->window, room);
	if (request->node)
		return 0;
	request->capacity = next_capacity(pool, room);
	return MODEL_NODE_HEADER + request->capacity;
}

/* Is the object one of a block of its own? */
static bool is_large(const struct model_op *op, const struct mp_pool_s *pool)
{
	size_t padding = padding_for(op);

	return op->code == OP_MP_MEMALIGN || op->size > pool->max || padding > pool->max - op->size;
}

/**
 * model_request_begin() - a call begins that asks for an object
 * @m: the model
 * @op: the request, of a pool that is there
 * @request: what must come of it goes here
 */
void model_request_begin(struct model *m, const struct model_op *op, struct model_request *request)
{
	const struct model_pool *pool = &m->pools[op->owner];
	bool aligns = op->code == OP_MP_MEMALIGN || op->code == OP_MP_ALIGNED;
	size_t bytes;

	*request = (struct model_request){ .op = op, .align = MODEL_ALIGN };
	request->large = is_large(op, pool->pool);
	if (aligns && op->align > MODEL_ALIGN)
		request->align = op->align;
	request->possible = (!aligns || model_is_power(op->align)) &&
			    (!request->large || op->size <= HEAP_MAX_SIZE);
	bytes = request->possible ? block_for(request, pool) : 0;
	request->is_over = bytes && model_is_over(m, op->owner, bytes);
	request->can_fail = !request->possible || request->is_over ||
			    (bytes && model_can_fail(m, pool->heap, request->align, bytes));
	if (request->can_fail)
		model_remember(m);
}

/* It got NULL. */
static void check_refused(struct model *m, const struct model_request *request)
{
	m->pools[request->op->owner].refused += request->possible;
	if (!request->can_fail)
		model_fail(m, "%s: NULL, but there is memory", model_code_name(request->op->code));
	model_unchanged(m, "an allocation, which returned NULL,");
}

/**
 * model_request_end() - a call that asked for an object has returned
 * @m: the model
 * @request: what must have come of it
 * @p: the object, or NULL
 *
 * Return: the entry of the object, filled with a pattern; NULL: there is none, or an error.
 */
struct live *model_request_end(struct model *m, const struct model_request *request,
			       unsigned char *p)
{
	const struct model_op *op = request->op;
	unsigned int heap = m->pools[op->owner].heap;
	const char *name = model_code_name(op->code);
	size_t align = request->align;

	if (!request->large)
		align = op->code == OP_MP_NALLOC  ? 1 :
			op->code == OP_MP_ALIGNED ? MP_ALIGNMENT + padding_for(op) :
						    MP_ALIGNMENT;
	if (!model_after(m, heap, !p && request->possible && !request->is_over,
			 op->size > MODEL_ABSURD || align > MODEL_ABSURD))
		return NULL;
	if (!p) {
		check_refused(m, request);
		return NULL;
	}
	if (!request->possible)
		model_fail(m, "%s: served what is impossible", name);
	else if (request->is_over)
		model_fail(m, "%s: passes a limit", name);
	else if ((uintptr_t)p % align)
		model_fail(m, "%s: %p is not aligned", name, (void *)p);
	else if (!model_in_arena(m, p, op->size))
		model_fail(m, "%s: %p is outside the arena", name, (void *)p);
	if (m->error[0])
		return NULL;
	return request->large ? place_large(m, op, p) : place_small(m, request, p);
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
	case OP_MP_ALIGNED:
		return mp_alloc_aligned(pool, op->size, op->align);
	default:
		return mp_memalign(pool, op->size, op->align);
	}
}

void run_mp_alloc(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct live *old = m->slots[op->slot], *live;
	struct model_request request;
	unsigned char *p;

	/* A slot with a small object may get another one: the old object stays alive. */
	if (!pool->pool || (old && old->kind != LIVE_SMALL))
		return;
	model_request_begin(m, op, &request);
	p = call(op, pool->pool);
	m->got = p;
	if (p && op->code == OP_MP_CALLOC && model_in_arena(m, p, op->size) &&
	    pattern_zeros(p, op->size) < op->size)
		model_fail(m, "mp_calloc: byte %zu is not 0", pattern_zeros(p, op->size));
	live = model_request_end(m, &request, p);
	if (!live || m->error[0])
		return;
	m->slots[op->slot] = live;
	if (model_neighbours_intact(m, p))
		model_check_heap(m, pool->heap);
}
