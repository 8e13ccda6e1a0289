// SPDX-License-Identifier: MIT
/*
 * handler.c - what mm/ calls when something is undone
 *
 * It must be the handler that the model comes to. Then all that is younger is free, and all
 * that is older holds its pattern. Then the body of the handler runs.
 */
#include <tests/model/pools/pools.h>

/* There was no memory to register it: so nothing has changed but the count of failures. */
static const struct model_op *enter_at_once(struct model *m, struct model_frame *frame,
					    const void *data)
{
	const struct model_op *op = frame->at_once;

	frame->at_once = NULL;
	if (!frame->may_be_out)
		model_fail(m, "mp_cleanup_or_run: runs at once, but there is memory");
	if (data != op)
		model_fail(m, "mp_cleanup_or_run: passes %p; should be %p", data, (const void *)op);
	m->pools[op->owner].refused++;
	/* The handler that runs is counted. */
	m->heaps_before[frame->heap].depth++;
	if (model_after(m, frame->heap, !frame->is_over, false))
		model_unchanged(m, "mp_cleanup_or_run, without memory,");
	return op;
}

/* The handler that must run now. */
static struct live *next_handler(struct model *m, struct model_frame *frame)
{
	struct live *next = frame->next;

	frame->next = NULL;
	return frame->root == MODEL_NONE ? next : model_undo_next(m, frame);
}

/* Everything that is left must be there, and nothing else. */
static void check_all(struct model *m, unsigned int heap)
{
	if (model_sync(m, m->heap_pages[heap], OWNER_HEAP + heap) && model_check_heap(m, heap) &&
	    model_all_intact(m))
		model_check_pools(m);
}

static void handle(struct model *m, void *data)
{
	struct model_frame *frame = m->frame;
	struct live *live;

	if (!frame) {
		model_fail(m, "a handler runs outside of every call");
		return;
	}
	if (frame->at_once) {
		const struct model_op *op = enter_at_once(m, frame, data);

		if (!m->error[0])
			m->run_body(m, op);
		return;
	}
	live = next_handler(m, frame);
	if (!live || live->arg != data) {
		model_fail(m, "a handler runs that is not the next");
		return;
	}
	check_all(m, frame->heap);
	if (!m->error[0])
		m->run_body(m, live->op);
	if (!m->error[0])
		model_intact(m, live);
}

/**
 * model_handler() - every cleanup handler of a program
 * @data: says which: its own bytes, or the operation that registered it
 */
void model_handler(void *data)
{
	struct model *m = model_running();

	if (!m->error[0])
		handle(m, data);
	if (m->error[0])
		model_abort(m);
}
