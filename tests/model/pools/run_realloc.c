// SPDX-License-Identifier: MIT
/*
 * run_realloc.c - mp_realloc(), mp_give_back()
 *
 * The model knows where the free bytes of each node of the window are. So it knows which object
 * is a newest one, whether there is room behind it, and where it must go: all is exact, but for
 * the new place of a large block.
 */
#include <mm/env.h>
#include <tests/kunit/pattern.h>
#include <tests/model/pools/pools.h>

#define RECORD sizeof(struct mp_large_s)

/* The order of the newest mark of a pool; 0: there is none. */
static const struct live *newest_mark(const struct model *m, unsigned int pool)
{
	const struct live *mark = NULL;

	for (const struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind == LIVE_MARK && live->owner == pool &&
		    (!mark || live->order > mark->order))
			mark = live;
	return mark;
}

/*
 * Is an object older than the newest mark? An object of the first node that the mark does not
 * know counts as such: a handler got it while younger nodes ended.
 */
static bool is_older(const struct model *m, const struct live *live)
{
	const struct live *mark = newest_mark(m, live->owner), *node = live->node;

	if (!mark)
		return false;
	return live->order < mark->order ||
	       (node->kind == LIVE_POOL && mark->window.current != node &&
		mark->window.older != node);
}

/* Is a small object a newest one: the last, aligned or packed, of a node in the window? */
static bool is_newest(const struct model *m, const struct live *live)
{
	const struct model_window *window = &m->pools[live->owner].window;
	const struct live *node = live->node;
	uintptr_t start = model_node_start(node), at = (uintptr_t)live->at;

	if ((node != window->current && node != window->older) || is_older(m, live))
		return false;
	return live->packed ? at == start + node->capacity - node->high :
			      at + live->room == start + node->low;
}

/* The bytes of a newest object are free again. */
static void give_back(struct model *m, struct live *live)
{
	*(live->packed ? &live->node->high : &live->node->low) -= live->room;
	model_remove(m, live);
}

/* The first bytes of an object must be those that it had, as @old. */
static void check_copied(struct model *m, const struct live *old, const unsigned char *p,
			 size_t copied)
{
	size_t good = model_in_arena(m, p, copied) ? pattern_check(p, copied, old->number) : 0;

	if (good < copied)
		model_fail(m, "mp_realloc: of %zu bytes, byte %zu is not what it was", copied,
			   good);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A newest object grows or shrinks in its node. */
static void resize_small(struct model *m, struct live *live, const struct model_op *made,
			 unsigned int slot)
{
	struct model_pool *pool = &m->pools[made->owner];
	struct live old = *live, *node = live->node, *moved;
	size_t room = model_room_for(made);
	unsigned char *expected = old.packed ? old.at + old.room - room : old.at, *p;

	p = mp_realloc(pool->pool, old.at, old.size, made->size);
	if (!model_after(m, pool->heap, false, false))
		return;
	if (p != expected) {
		model_fail(m, "mp_realloc: the newest object goes to %p; should go to %p",
			   (void *)p, (void *)expected);
		return;
	}
	check_copied(m, &old, p, smaller(old.size, made->size));
	give_back(m, live);
	*(old.packed ? &node->high : &node->low) += room;
	moved = model_add(m, LIVE_SMALL, made->owner, p, made->size);
	if (!moved)
		return;
	moved->node = node;
	moved->room = room;
	moved->packed = old.packed;
	model_fill(m, moved, p, made->size);
	m->slots[slot] = moved;
}

/* Any other small object is copied, and then goes back if it can. */
static void copy_small(struct model *m, struct live *live, const struct model_op *made,
		       unsigned int slot)
{
	struct model_pool *pool = &m->pools[made->owner];
	struct model_request request;
	struct live *copy;
	unsigned char *p;

	model_request_begin(m, made, &request);
	p = mp_realloc(pool->pool, live->at, live->size, made->size);
	if (p)
		check_copied(m, live, p, smaller(live->size, made->size));
	copy = model_request_end(m, &request, p);
	if (!copy || m->error[0])
		return;
	if (is_newest(m, live))
		give_back(m, live);
	else
		model_intact(m, live);
	m->slots[slot] = copy;
}

static void realloc_small(struct model *m, struct live *live, const struct model_op *op)
{
	struct mp_pool_s *pool = m->pools[op->owner].pool;
	struct model_op made = { .code = OP_MP_NALLOC, .owner = op->owner, .size = op->size };
	const struct live *node = live->node;
	size_t free_bytes;

	if (!live->packed)
		made.code = OP_MP_ALLOC;
	free_bytes = node->capacity - node->low - node->high + live->room;
	if (is_newest(m, live) && op->size <= pool->max && model_room_for(&made) <= free_bytes) {
		resize_small(m, live, &made, op->slot);
		return;
	}
	/* A packed object that is aligned by chance stays so. */
	if ((uintptr_t)live->at % MP_ALIGNMENT == 0)
		made.code = OP_MP_ALLOC;
	copy_small(m, live, &made, op->slot);
}

/* A large block has been resized to @bytes, with its record, and maybe moved. */
static void move_large(struct model *m, const struct live *old, unsigned char *p, size_t bytes,
		       size_t size)
{
	unsigned char *at = p - RECORD;
	struct live *live;

	if ((uintptr_t)at % 32 || (p != old->data && (uintptr_t)p % MODEL_ALIGN)) {
		model_fail(m, "mp_realloc: the large block %p is not aligned", (void *)p);
		return;
	}
	live = model_add(m, LIVE_LARGE, old->owner, at, mp_align(bytes + 16, 32) - 16);
	if (!live)
		return;
	/* Its place in the order of undoing. */
	live->order = old->order;
	model_fill(m, live, p, size);
}

static void realloc_large(struct model *m, struct live *live, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	size_t bytes = RECORD + op->size + MP_REDZONE, block = mp_align(bytes + 16, 32);
	size_t old_block = live->bytes + 16, told = live->size;
	bool possible = op->size <= HEAP_MAX_SIZE, is_over, stays, can_fail;
	struct live old = *live;
	unsigned char *p;

	/* Only so many bytes need be copied. */
	if (op->offset % 4 == 0)
		told /= 2;
	is_over = possible && block > old_block &&
		  model_is_over(m, op->owner, block - old_block - 16);
	stays = possible && !MP_REDZONE && block <= old_block + model_room_behind(m, live);
	can_fail = !possible || is_over ||
		   (!stays && model_can_fail(m, pool->heap, MODEL_ALIGN, bytes));
	if (can_fail)
		model_remember(m);
	p = mp_realloc(pool->pool, old.data, told, op->size);
	if (p) /* before: pages behind it may have gone back */
		model_remove(m, live);
	if (!model_after(m, pool->heap, !p && possible && !is_over, op->size > MODEL_ABSURD))
		return;
	if (!p) {
		pool->refused += possible;
		if (!can_fail)
			model_fail(m, "mp_realloc: NULL, but there is memory");
		model_unchanged(m, "mp_realloc, which returned NULL,");
		return;
	}
	if (!possible || is_over)
		model_fail(m, "mp_realloc: serves what is impossible, or passes a limit");
	if (stays && p != old.data)
		model_fail(m, "mp_realloc: a large block moved, but there was room");
	check_copied(m, &old, p, smaller(p == old.data ? old.size : told, op->size));
	if (m->error[0])
		return;
	if (p != old.data)
		pool->stale = old.data;
	move_large(m, &old, p, bytes, op->size);
	m->slots[op->slot] = model_at(m, p - RECORD);
}

/* Size 0: it goes back if it can. */
static void end_object(struct model *m, struct live *live, struct mp_pool_s *pool)
{
	bool is_large = live->kind == LIVE_LARGE, goes = is_large || is_newest(m, live);
	unsigned char *p = live->data;

	if (!goes)
		model_remember(m);
	if (mp_realloc(pool, p, live->size, 0))
		model_fail(m, "mp_realloc: an object of 0 bytes is not NULL");
	if (!goes)
		model_unchanged(m, "mp_realloc to 0 bytes, of an object that stays,");
	else if (is_large)
		m->pools[live->owner].stale = p;
	if (is_large)
		model_remove(m, live);
	else if (goes)
		give_back(m, live);
}

/* The object that an operation means: one of its pool, with at least one byte; or NULL. */
static struct live *object_of(struct model *m, const struct model_op *op)
{
	struct live *live = m->slots[op->slot];

	if (!m->pools[op->owner].pool || !live || live->owner != op->owner || !live->size ||
	    (live->kind != LIVE_SMALL && live->kind != LIVE_LARGE) || !model_intact(m, live))
		return NULL;
	return live;
}

void run_mp_realloc(struct model *m, const struct model_op *op)
{
	struct live *live = object_of(m, op);
	unsigned int heap = m->pools[op->owner].heap;
	struct model_op made = { .code = OP_MP_ALLOC, .owner = op->owner, .size = op->size };
	struct model_request request;
	void *p;

	if (!live) {
		if (!m->pools[op->owner].pool || m->slots[op->slot])
			return;
		model_request_begin(m, &made, &request);
		p = mp_realloc(m->pools[op->owner].pool, NULL, 0, op->size);
		m->slots[op->slot] = model_request_end(m, &request, p);
	} else if (!op->size) {
		end_object(m, live, m->pools[op->owner].pool);
		model_after(m, heap, false, false);
	} else if (live->kind == LIVE_LARGE) {
		realloc_large(m, live, op);
	} else {
		realloc_small(m, live, op);
	}
	if (!m->error[0] && m->slots[op->slot] &&
	    model_neighbours_intact(m, m->slots[op->slot]->at))
		model_check_heap(m, heap);
}

void run_mp_give_back(struct model *m, const struct model_op *op)
{
	struct live *live = object_of(m, op);
	int expected = -EBUSY, got;
	size_t size;

	if (!live)
		return;
	size = live->size;
	if (live->kind == LIVE_SMALL && is_newest(m, live))
		expected = 0;
	/* Another size, of an object that takes another number of bytes, is no object's. */
	if (!live->packed && op->offset % 8 == 0 && size > MP_ALIGNMENT) {
		size -= MP_ALIGNMENT;
		expected = -EBUSY;
	}
	if (expected)
		model_remember(m);
	got = mp_give_back(m->pools[op->owner].pool, live->data, size);
	if (got != expected)
		model_fail(m, "mp_give_back: %d; should be %d", got, expected);
	else if (got)
		model_unchanged(m, "mp_give_back, refused,");
	else
		give_back(m, live);
}
