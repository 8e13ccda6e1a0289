// SPDX-License-Identifier: MIT
/*
 * run_cleanup.c - mp_cleanup_add(), mp_cleanup_or_run(), mp_cleanup_remove(), mp_cleanup_run()
 */
#include <mm/env.h>
#include <tests/model/pools/pools.h>

#define HEADER mp_align(sizeof(struct mp_cleanup_s), MP_ALIGNMENT)

static bool can_fail(const struct model *m, unsigned int heap, size_t size)
{
	return size > MODEL_BYTES ||
	       model_can_fail(m, heap, MODEL_ALIGN, HEADER + size + MP_REDZONE);
}

/* Would a handler with @size bytes of data pass a limit? */
static bool is_over(const struct model *m, unsigned int pool, size_t size)
{
	return size <= HEAP_MAX_SIZE && model_is_over(m, pool, HEADER + size + MP_REDZONE);
}

/* Checks a new record, and adds it to the model. */
static struct live *place(struct model *m, const struct model_op *op, struct mp_cleanup_s *cleanup)
{
	struct live *live = model_new_block(m, op->owner, LIVE_CLEANUP);
	uintptr_t at = (uintptr_t)cleanup, data = (uintptr_t)cleanup->data;

	if (!live || m->error[0])
		return NULL;
	if (at != (uintptr_t)live->at || cleanup->handler || !cleanup->data != !op->size)
		model_fail(m, "mp_cleanup_add: %p, with handler or data, or not in a new block",
			   (void *)cleanup);
	else if (op->size > MODEL_BYTES)
		model_fail(m, "mp_cleanup_add: served what is impossible");
	else if (op->size && (data % MP_ALIGNMENT || data < at + sizeof(*cleanup) ||
			      data + op->size + MP_REDZONE > at + live->bytes))
		model_fail(m, "mp_cleanup_add: its data are not aligned, or outside");
	else if (live->bytes >= HEADER + op->size + MP_REDZONE + 32)
		model_fail(m, "mp_cleanup_add: takes %zu bytes", live->bytes);
	else if (op->size)
		model_fill(m, live, cleanup->data, op->size);
	return live;
}

void run_cleanup_add(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct mp_cleanup_s *cleanup;
	bool may_fail, over;
	struct live *live;

	if (!pool->pool)
		return;
	over = is_over(m, op->owner, op->size);
	may_fail = over || can_fail(m, pool->heap, op->size);
	if (may_fail)
		model_remember(m);
	cleanup = mp_cleanup_add(pool->pool, op->size);
	if (!model_after(m, pool->heap, !cleanup && !over, op->size > MODEL_ABSURD))
		return;
	if (cleanup && over)
		model_fail(m, "mp_cleanup_add: passes a limit");
	if (!cleanup) {
		pool->refused += op->size <= HEAP_MAX_SIZE;
		if (!may_fail)
			model_fail(m, "mp_cleanup_add: NULL, but there is memory");
		model_unchanged(m, "mp_cleanup_add, which returned NULL,");
		return;
	}
	live = place(m, op, cleanup);
	if (!live || m->error[0])
		return;
	if (op->offset) {
		cleanup->handler = model_handler;
		if (op->offset > 1 || !op->size)
			cleanup->data = (void *)op;
		live->op = op;
		live->arg = cleanup->data;
	}
	m->handlers[op->slot % MODEL_HANDLES] = cleanup;
	if (model_neighbours_intact(m, live->at))
		model_check_heap(m, pool->heap);
}

void run_cleanup_or_run(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct model_frame frame = { .outer = m->frame, .root = MODEL_NONE, .heap = pool->heap };
	struct live *live;
	int got;

	frame.at_once = op; /* model_handler() takes it away */
	if (!pool->pool)
		return;
	frame.is_over = is_over(m, op->owner, 0);
	frame.may_be_out = frame.is_over || can_fail(m, pool->heap, 0);
	if (frame.may_be_out)
		model_remember(m);
	m->frame = &frame;
	got = mp_cleanup_or_run(pool->pool, op->offset ? model_handler : NULL, (void *)op);
	m->frame = frame.outer;
	if (got) {
		if (got != -ENOMEM || !frame.may_be_out)
			model_fail(m, "mp_cleanup_or_run: %d, but there is memory", got);
		if (op->offset && frame.at_once)
			model_fail(m, "mp_cleanup_or_run: %d, but nothing has run", got);
		if (op->offset)
			return;
		pool->refused++;
		if (model_after(m, frame.heap, !frame.is_over, false))
			model_unchanged(m, "mp_cleanup_or_run, without memory and function,");
		return;
	}
	if (frame.is_over)
		model_fail(m, "mp_cleanup_or_run: passes a limit");
	if (!frame.at_once)
		model_fail(m, "mp_cleanup_or_run: 0, but the function has run");
	if (!model_after(m, frame.heap, false, false))
		return;
	live = model_new_block(m, op->owner, LIVE_CLEANUP);
	if (!live || m->error[0])
		return;
	if (op->offset) {
		live->op = op;
		live->arg = (void *)op;
	}
	model_check_heap(m, frame.heap);
}

static int drop(struct mp_pool_s *pool, struct mp_cleanup_s *cleanup, bool run)
{
	return run ? mp_cleanup_run(pool, cleanup) : mp_cleanup_remove(pool, cleanup);
}

/* Removes or runs a live handler. */
static void drop_live(struct model *m, struct mp_pool_s *pool, struct live *live, bool run)
{
	struct mp_cleanup_s *cleanup = (void *)live->at;
	unsigned int heap = live->heap;
	struct model_frame frame = { .outer = m->frame, .root = MODEL_NONE, .heap = heap };
	int got;

	if (!model_intact(m, live))
		return;
	live->running = true;
	live->let_go = true;
	if (run && live->op)
		frame.next = live;
	m->frame = &frame;
	got = drop(pool, cleanup, run);
	m->frame = frame.outer;
	if (got)
		model_fail(m, "mp_cleanup_%s: %d for a live handler", run ? "run" : "remove", got);
	if (frame.next)
		model_fail(m, "mp_cleanup_run: the handler did not run");
	model_remove(m, live);
	if (model_after(m, heap, false, false))
		model_check_heap(m, heap);
}

void run_cleanup_drop(struct model *m, const struct model_op *op)
{
	struct model_pool *pool = &m->pools[op->owner];
	struct mp_pool_s *p = pool->pool ? pool->pool : model_dead_pool(m, op->owner);
	bool bad = op->code == OP_CLEANUP_BAD;
	bool run = op->code == OP_CLEANUP_RUN || (bad && op->size == 1);
	struct mp_cleanup_s *cleanup;
	struct live *live;
	int got;

	if (!p)
		return;
	cleanup = bad ? (void *)model_bad_address(m, op) : m->handlers[op->slot % MODEL_HANDLES];
	live = pool->pool ? model_cleanup_at(m, op->owner, cleanup) : NULL;
	if (live) {
		drop_live(m, p, live, run);
		return;
	}
	model_remember(m);
	got = drop(p, cleanup, run);
	if (got != -ENOENT)
		model_fail(m, "mp_cleanup_%s: %d for %p; should be %d", run ? "run" : "remove", got,
			   (void *)cleanup, -ENOENT);
	model_unchanged(m, "mp_cleanup_remove or run, refused,");
}
