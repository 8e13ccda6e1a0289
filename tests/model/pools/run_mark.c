// SPDX-License-Identifier: MIT
/*
 * run_mark.c - mp_mark(), mp_release()
 */
#include <mm/env.h>
#include <tests/model/pools/pools.h>

/* A mark remembers one node of the window, or NULL. */
static void save(struct model_window *window, int i, const struct live *node)
{
	window->failed[i] = node ? node->failed : 0;
	window->low[i] = node ? node->low : 0;
	window->high[i] = node ? node->high : 0;
}

/* A node is again what it was. */
static void restore(const struct model_window *window, int i, struct live *node)
{
	if (!node)
		return;
	node->failed = window->failed[i];
	node->low = window->low[i];
	node->high = window->high[i];
}

/**
 * model_note_mark() - add a mark that was just made to the model
 * @m: the model
 * @pool: the number of its pool
 * @token: its token; empty: it is a scope's, and nobody knows it
 */
void model_note_mark(struct model *m, unsigned int pool, struct model_token *token)
{
	struct model_window *window = &m->pools[pool].window;
	struct live *live = model_new_block(m, pool, LIVE_MARK);

	if (!live || m->error[0])
		return;
	token->order = live->order;
	live->window = *window;
	save(&live->window, 0, window->current);
	save(&live->window, 1, window->older);
	if (token->mark.savepoint && (uintptr_t)token->mark.savepoint != (uintptr_t)live->at)
		model_fail(m, "mp_mark: %p is not in a new block", (void *)token->mark.savepoint);
	if (live->bytes != MODEL_MARK_BYTES)
		model_fail(m, "mp_mark: takes %zu bytes", live->bytes);
}

void run_mark(struct model *m, const struct model_op *op)
{
	struct model_token *token = &m->tokens[op->slot % (MODEL_HANDLES + 1)];
	struct model_pool *pool = &m->pools[op->owner];
	bool can_fail, is_over;

	if (!pool->pool)
		return;
	is_over = model_is_over(m, op->owner, MODEL_MARK_BYTES);
	can_fail = is_over || model_can_fail(m, pool->heap, MODEL_ALIGN, MODEL_MARK_BYTES);
	if (can_fail)
		model_remember(m);
	*token = (struct model_token){ .mark = mp_mark(pool->pool) };
	if (!model_after(m, pool->heap, !token->mark.savepoint && !is_over, false))
		return;
	if (token->mark.savepoint) {
		if (is_over)
			model_fail(m, "mp_mark: passes a limit");
		model_note_mark(m, op->owner, token);
		model_check_heap(m, pool->heap);
		return;
	}
	pool->refused++;
	if (!can_fail)
		model_fail(m, "mp_mark: empty, but there is memory");
	model_unchanged(m, "mp_mark, without memory,");
}

/**
 * model_release_begin() - a call begins that releases a mark
 * @m: the model
 * @frame: of the call
 * @mark: the mark; it is alive
 */
void model_release_begin(struct model *m, struct model_frame *frame, struct live *mark)
{
	if (!model_all_intact(m))
		model_abort(m);
	model_undo_begin(m, frame, mark->owner, mark);
}

/**
 * model_release_end() - a call that releases a mark has returned
 * @m: the model
 * @frame: of the call
 */
void model_release_end(struct model *m, struct model_frame *frame)
{
	struct live *mark = frame->stop;
	unsigned int pool = frame->root;

	model_undo_end(m, frame);
	model_forget_objects(m, pool, NULL, mark->order);
	m->pools[pool].window = mark->window;
	restore(&mark->window, 0, mark->window.current);
	restore(&mark->window, 1, mark->window.older);
	model_remove(m, mark);
	if (model_after(m, frame->heap, false, false))
		model_check_heap(m, frame->heap);
}

static void refuse(struct model *m, struct mp_pool_s *pool, struct mp_mark_s mark, int expected)
{
	int got;

	model_remember(m);
	got = mp_release(pool, mark);
	if (got != expected)
		model_fail(m, "mp_release: %d; should be %d", got, expected);
	model_unchanged(m, "mp_release, refused,");
}

void run_release(struct model *m, const struct model_op *op)
{
	const struct model_token *token = &m->tokens[op->slot % (MODEL_HANDLES + 1)];
	struct model_pool *pool = &m->pools[op->owner];
	struct live *mark = model_mark_of(m, token);
	struct model_frame frame;
	struct mp_pool_s *dead;
	int got;

	if (!pool->pool) {
		dead = model_dead_pool(m, op->owner);
		if (dead)
			refuse(m, dead, token->mark, -EINVAL);
	} else if (!mark || mark->owner != op->owner) {
		refuse(m, pool->pool, token->mark, -EINVAL);
	} else if (pool->frame && mark->order <= pool->frame->began) {
		refuse(m, pool->pool, token->mark, -EBUSY);
	} else if (!model_would_panic(m, op->owner, mark->order)) {
		model_release_begin(m, &frame, mark);
		got = mp_release(pool->pool, token->mark);
		if (got)
			model_fail(m, "mp_release: %d for a live mark", got);
		model_release_end(m, &frame);
	}
}

/* Any address as a record. */
static struct mp_savepoint_s *record_at(const void *p, size_t offset)
{
	return (void *)((uintptr_t)p + offset);
}

void run_release_bad(struct model *m, const struct model_op *op)
{
	struct mp_pool_s *pool = m->pools[op->owner].pool;
	struct mp_mark_s mark = m->tokens[op->slot % MODEL_HANDLES].mark;
	struct mp_mark_s other = m->tokens[op->size % MODEL_HANDLES].mark;
	const struct live *object = m->slots[op->size % MODEL_SLOTS];

	if (!pool)
		return;
	switch (op->align) {
	case TOKEN_NUMBER:
		mark.number += op->offset ? op->offset : 1;
		break;
	case TOKEN_OF_TWO:
		if (mark.number == other.number)
			return;
		mark.number = other.number;
		break;
	case TOKEN_POINTER:
		mark.savepoint = record_at(mark.savepoint, op->offset ? op->offset : 1);
		break;
	case TOKEN_OBJECT:
		mark.savepoint = record_at(object ? object->at : NULL, 0);
		break;
	default:
		mark = (struct mp_mark_s){ NULL, op->offset };
		break;
	}
	refuse(m, pool, mark, -EINVAL);
}
