// SPDX-License-Identifier: MIT
/*
 * undo.c - what ends when a pool is undone, and in which order
 */
#include <tests/model/pools/pools.h>

/* Is it a thing of the pool, which ends with it, or before? */
static bool is_thing_of(const struct model *m, const struct live *live, unsigned int pool)
{
	const struct model_pool *owner = &m->pools[live->owner];

	switch (live->kind) {
	case LIVE_POOL:
		return owner->parent == pool && !owner->entered;
	case LIVE_NODE:
	case LIVE_LARGE:
	case LIVE_CLEANUP:
	case LIVE_MARK:
		return live->owner == pool && !live->running;
	default:
		return false;
	}
}

/**
 * model_newest() - the newest thing of a pool
 * @m: the model
 * @pool: its number
 * @below: only things with a smaller order count; SIZE_MAX: all
 *
 * Return: its entry, or NULL.
 */
struct live *model_newest(struct model *m, unsigned int pool, size_t below)
{
	struct live *newest = NULL;

	for (struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->order < below && (!newest || live->order > newest->order) &&
		    is_thing_of(m, live, pool))
			newest = live;
	return newest;
}

/**
 * model_forget_objects() - small objects of a pool end
 * @m: the model
 * @pool: its number
 * @node: only those in this node; NULL: in all
 * @order: only those that are newer
 */
void model_forget_objects(struct model *m, unsigned int pool, const struct live *node, size_t order)
{
	for (struct live *live = m->live; live < m->live + m->nr_live; live++) {
		if (live->kind != LIVE_SMALL || live->owner != pool || live->order <= order ||
		    (node && live->node != node))
			continue;
		*(live->packed ? &live->node->high : &live->node->low) -= live->room;
		model_remove(m, live);
	}
}

/**
 * model_would_panic() - would undoing a pool come to one that is being undone already?
 * @m: the model
 * @pool: its number; it is not being undone itself, or only things are that are newer than
 *	when that began
 * @order: things up to this one stay
 *
 * A handler of the pool below is running then.
 *
 * Return: whether it would.
 */
bool model_would_panic(const struct model *m, unsigned int pool, size_t order)
{
	for (unsigned int i = 0; i < MODEL_POOLS; i++) {
		unsigned int at = i;

		if (!m->pools[i].pool || !m->pools[i].frame)
			continue;
		while (at != MODEL_NONE && at != pool && !m->pools[at].entered) {
			if (m->pools[at].parent == pool && m->pools[at].first->order > order)
				return true;
			at = m->pools[at].parent;
		}
	}
	return false;
}

/*
 * A node ends. What is left of the window serves; if nothing is, then a node that stays: the
 * mark's current one, or the first.
 */
static void end_node(struct model *m, const struct model_frame *frame, struct live *node)
{
	struct model_pool *pool = &m->pools[node->owner];
	struct model_window *window = &pool->window;
	bool is_release = frame->root == node->owner && frame->stop;

	if (window->current == node) {
		window->current = window->older ? window->older :
				  is_release	? frame->stop->window.current :
						  pool->first;
		window->older = NULL;
	}
	model_forget_objects(m, node->owner, node, 0);
	model_remove(m, node);
}

/**
 * model_end_pool() - a pool ends: it has no things any more
 * @m: the model
 * @number: of the pool
 *
 * Return: its parent.
 */
unsigned int model_end_pool(struct model *m, unsigned int number)
{
	struct model_pool *pool = &m->pools[number];
	unsigned int parent = pool->parent;

	model_forget_objects(m, number, NULL, 0);
	model_remove(m, pool->first);
	*pool = (struct model_pool){ .dead = pool->pool, .stale = pool->stale };
	return parent;
}

/**
 * model_undo_begin() - a call begins that undoes a pool
 * @m: the model
 * @frame: of the call
 * @pool: the pool's number
 * @stop: the thing to stop at; NULL: none
 */
void model_undo_begin(struct model *m, struct model_frame *frame, unsigned int pool,
		      struct live *stop)
{
	*frame = (struct model_frame){ .outer = m->frame,
				       .root = pool,
				       .at = pool,
				       .stop = stop,
				       .began = m->next_order,
				       .saved = m->pools[pool].frame,
				       .heap = m->pools[pool].heap };
	m->pools[pool].frame = frame;
	m->frame = frame;
}

/* The newest thing ends. */
static void undo_thing(struct model *m, struct model_frame *frame, struct live *live)
{
	struct model_pool *pool = &m->pools[live->owner];

	switch (live->kind) {
	case LIVE_POOL:
		frame->at = live->owner;
		pool->entered = true;
		pool->frame = frame;
		return;
	case LIVE_NODE:
		end_node(m, frame, live);
		return;
	case LIVE_LARGE:
		pool->stale = live->data;
		break;
	default:
		break;
	}
	model_remove(m, live);
}

/**
 * model_undo_next() - undo things up to the next handler
 * @m: the model
 * @frame: the call that undoes them
 *
 * Return: the handler that must run; NULL: all is undone.
 */
struct live *model_undo_next(struct model *m, struct model_frame *frame)
{
	if (frame->running)
		model_remove(m, frame->running);
	frame->running = NULL;
	while (true) {
		struct live *live = model_newest(m, frame->at, SIZE_MAX);

		if (frame->at == frame->root && (!live || live == frame->stop))
			return NULL;
		if (!live) {
			frame->at = model_end_pool(m, frame->at);
			continue;
		}
		if (live->kind == LIVE_CLEANUP && live->op) {
			live->running = true;
			frame->running = live;
			return live;
		}
		undo_thing(m, frame, live);
	}
}

/**
 * model_undo_end() - a call that undoes a pool has returned
 * @m: the model
 * @frame: of the call
 *
 * Notes an error if a handler did not run.
 */
void model_undo_end(struct model *m, struct model_frame *frame)
{
	struct live *live = model_undo_next(m, frame);

	if (live)
		model_fail(m, "a handler of pool %u did not run", live->owner);
	m->frame = frame->outer;
	m->pools[frame->root].frame = frame->saved;
}
