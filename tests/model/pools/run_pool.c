// SPDX-License-Identifier: MIT
/*
 * run_pool.c - pools: create, free one large block, reset, destroy
 */
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/model/pools/pools.h>

/**
 * model_pool_bytes() - the bytes of the block of a pool
 * @size: what its first node shall hold
 *
 * Return: the bytes, without the heap's header.
 */
size_t model_pool_bytes(size_t size)
{
	return MODEL_POOL_HEADER + mp_align(size, MP_ALIGNMENT) + MODEL_REDZONE;
}

/**
 * model_pool_can_fail() - can memory be out for a pool?
 * @m: the model
 * @heap: the number of the heap
 * @size: what its nodes shall hold
 *
 * Return: false if the call must succeed.
 */
bool model_pool_can_fail(const struct model *m, unsigned int heap, size_t size)
{
	return !size || size > HEAP_MAX_SIZE ||
	       model_can_fail(m, heap, MODEL_ALIGN, model_pool_bytes(size));
}

/**
 * model_add_pool() - check a pool that was just made, and add it to the model
 * @m: the model
 * @op: the operation that made it
 * @p: the pool
 * @made: what it must be: its heap, parent, bytes in nodes, limit
 */
void model_add_pool(struct model *m, const struct model_op *op, struct mp_pool_s *p,
		    const struct model_pool *made)
{
	const char *name = model_code_name(op->code);
	struct model_pool *pool = &m->pools[op->owner];
	size_t max = made->max_capacity, bytes = model_pool_bytes(made->capacity);
	struct live *live;

	if (!made->capacity || made->capacity > HEAP_MAX_SIZE)
		model_fail(m, "%s: served what is impossible", name);
	else if ((uintptr_t)p % MP_ALIGNMENT || (uintptr_t)p % 32 ||
		 !model_in_arena(m, p, sizeof(*p)))
		model_fail(m, "%s: %p is not aligned, or outside", name, (void *)p);
	if (m->error[0])
		return;
	pool->pool = p;
	pool->heap = made->heap;
	pool->capacity = made->capacity;
	pool->max_capacity = made->max_capacity;
	pool->most = made->most;
	pool->limit = made->limit;
	pool->parent = made->parent;
	live = model_add(m, LIVE_POOL, op->owner, p, heap_usable_size(p));
	if (!live || m->error[0])
		return;
	pool->first = live;
	pool->window.current = live;
	live->capacity = made->capacity + MODEL_REDZONE;
	if (live->bytes < bytes || live->bytes >= bytes + 32 ||
	    (made->most && live->bytes + 16 > made->most))
		model_fail(m, "%s: a block of %zu bytes", name, live->bytes);
	if (p->max != (max < MP_MAX_ALLOC_FROM_POOL ? max : MP_MAX_ALLOC_FROM_POOL))
		model_fail(m, "%s: max is %zu", name, p->max);
	model_check_heap(m, made->heap);
}

void run_pool_create(struct model *m, const struct model_op *op)
{
	unsigned int heap = op->align % MODEL_HEAPS;
	bool possible = op->size && op->size <= HEAP_MAX_SIZE;
	bool can_fail = model_pool_can_fail(m, heap, op->size);
	struct model_pool made = { .heap = heap, .parent = MODEL_NONE };
	struct mp_pool_s *p;

	if (m->pools[op->owner].pool)
		return;
	if (can_fail)
		model_remember(m);
	p = mp_create_pool_on(&m->heaps[heap], op->size);
	if (!model_after(m, heap, !p && possible, op->size > MODEL_ABSURD))
		return;
	if (p) {
		made.capacity = mp_align(op->size, MP_ALIGNMENT);
		made.max_capacity = made.capacity;
		model_add_pool(m, op, p, &made);
		return;
	}
	if (!can_fail)
		model_fail(m, "mp_create_pool_on: NULL, but there is memory");
	model_unchanged(m, "mp_create_pool_on, which returned NULL,");
}

/* The live large block of a pool whose memory begins at @p; or NULL. */
static struct live *find_large(struct model *m, unsigned int pool, const unsigned char *p)
{
	for (struct live *live = m->live; live < m->live + m->nr_live; live++)
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

static void call_reset(void *pool, void *unused)
{
	(void)unused;
	mp_reset_pool(pool);
}

static void call_destroy(void *pool, void *unused)
{
	(void)unused;
	mp_destroy_pool(pool);
}

/* A pool that is being undone may be neither destroyed nor reset. */
static void expect_panic(struct model *m, struct mp_pool_s *pool,
			 void (*call)(void *pool, void *unused))
{
	model_remember(m);
	if (!model_panics(m, call, pool, NULL))
		model_fail(m, "a handler could destroy or reset its own pool");
	else if (!strstr(m->panic, "is being undone"))
		model_fail(m, "the panic says: %s", m->panic);
	model_unchanged(m, "destroying a pool that is being undone");
}

void run_mp_reset(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct model_frame frame;

	if (pool->pool && pool->frame) {
		expect_panic(m, pool->pool, call_reset);
		return;
	}
	if (!pool->pool || model_would_panic(m, op->owner, 0) || !model_all_intact(m))
		return;
	model_undo_begin(m, &frame, op->owner, NULL);
	mp_reset_pool(pool->pool);
	model_undo_end(m, &frame);
	model_forget_objects(m, op->owner, NULL, 0);
	pool->window = (struct model_window){ .current = pool->first };
	pool->first->failed = 0;
	pool->first->low = 0;
	pool->first->high = 0;
	if (model_after(m, pool->heap, false, false))
		model_check_heap(m, pool->heap);
}

void run_mp_destroy(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	unsigned int heap = pool->heap;
	struct model_frame frame;

	mp_destroy_pool(NULL);
	if (pool->pool && pool->frame) {
		expect_panic(m, pool->pool, call_destroy);
		return;
	}
	if (!pool->pool || model_would_panic(m, op->owner, 0) || !model_all_intact(m))
		return;
	/* It leaves its parent first. */
	pool->parent = MODEL_NONE;
	model_undo_begin(m, &frame, op->owner, NULL);
	mp_destroy_pool(pool->pool);
	model_undo_end(m, &frame);
	model_end_pool(m, op->owner);
	if (model_after(m, heap, false, false))
		model_check_heap(m, heap);
}
