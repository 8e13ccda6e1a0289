// SPDX-License-Identifier: MIT
/*
 * run_scope.c - MP_SCOPE(); and the same requests before and after a release
 */
#include <tests/model/pools/pools.h>

#define MOST_REQUESTS 12

/* A scope that is open. */
struct scope {
	struct model_token token; /* order 0: there was no memory for its mark */
	struct model_frame frame;
	bool is_over; /* its mark would pass a limit */
	bool is_dead; /* the mark ended before the scope */
};

/* A scope has begun. */
static void enter(struct model *m, const struct model_op *op, struct scope *scope)
{
	unsigned int heap = m->pools[op->owner].heap, allocator = m->heap_pages[heap];
	bool failed = m->pages[allocator].failed != m->allocators[allocator].failed;

	if (!model_after(m, heap, failed, false))
		return;
	if (failed || scope->is_over) {
		m->pools[op->owner].refused++;
		model_unchanged(m, "MP_SCOPE, without memory,");
		return;
	}
	model_note_mark(m, op->owner, &scope->token);
	model_check_heap(m, heap);
}

/* It is about to be left. */
static void leave(struct model *m, struct scope *scope)
{
	struct live *mark = m->error[0] ? NULL : model_mark_of(m, &scope->token);

	/* Jumps over the end of the scope. */
	if (m->error[0])
		model_abort(m);
	scope->is_dead = !mark;
	if (mark)
		model_release_begin(m, &scope->frame, mark);
	else
		model_remember(m);
}

static void run_in_scope(struct model *m, const struct model_op *op, struct scope *scope)
{
	MP_SCOPE(m->pools[op->owner].pool) {
		enter(m, op, scope);
		if (!m->error[0])
			m->run_body(m, op);
		leave(m, scope);
		switch (op->offset % 4) {
		case 0:
			continue;
		case 1:
			goto out;
		case 2:
			return;
		default:
			break;
		}
		if (op->offset % 8 == 3)
			break;
	}
out:
	m->got = NULL;
}

void run_scope(struct model *m, const struct model_op *op)
{
	struct scope scope = { .is_dead = false };

	if (!m->pools[op->owner].pool)
		return;
	scope.is_over = model_is_over(m, op->owner, MODEL_MARK_BYTES);
	model_remember(m);
	run_in_scope(m, op, &scope);
	if (scope.is_dead)
		model_unchanged(m, "the end of a scope whose mark is dead");
	else
		model_release_end(m, &scope.frame);
}

/* An address that requests got. */
struct answer {
	unsigned char *at;
	bool in_old_node; /* the node is older than the mark */
};

/* Request number @i of those that @op means. */
static struct model_op request(const struct model *m, const struct model_op *op, size_t i)
{
	uint64_t random = model_scramble(op->offset * MOST_REQUESTS + i);
	size_t capacity = m->pools[op->owner].capacity % 10000, limit = 0;
	struct model_op made = { .code = OP_MP_ALLOC, .owner = op->owner, .align = 32 };

	made.slot = op->slot;
	made.code += random % 4;
	limit = random / 4 % 3 ? 100 : random / 4 % 2 ? capacity + 100 : capacity / 2;
	made.size = random / 64 % (limit + 1);
	return made;
}

/* A mark, requests until there is no memory, a release. Returns how many were served. */
static size_t requests(struct model *m, const struct model_op *op, struct answer *answers)
{
	struct model_op mark = { .code = OP_MARK, .owner = op->owner, .slot = MODEL_HANDLES };
	struct model_token *token = &m->tokens[MODEL_HANDLES];
	size_t i, count = op->size % (MOST_REQUESTS + 1);

	run_mark(m, &mark);
	for (i = 0; i < count && token->mark.savepoint && !m->error[0]; i++) {
		struct model_op made = request(m, op, i);
		const struct live *live;

		m->slots[op->slot] = NULL;
		run_mp_alloc(m, &made);
		live = m->slots[op->slot];
		if (!live)
			break;
		answers[i].at = m->got;
		answers[i].in_old_node = live->kind == LIVE_SMALL &&
					 live->node->order < token->order;
	}
	m->slots[op->slot] = NULL;
	if (!m->error[0])
		run_release(m, &mark);
	return i;
}

/*
 * Nothing but these requests uses the heap meanwhile. So the second time, the same addresses
 * are free. Two exceptions: the heap began a new span, or keeps freed blocks apart for a while.
 */
void run_again(struct model *m, const struct model_op *op)
{
	const struct heap *heap = &m->heaps[m->pools[op->owner].heap];
	struct answer first[MOST_REQUESTS], second[MOST_REQUESTS];
	struct live *old = m->slots[op->slot];
	size_t spans = heap->nr_spans, pages, count[2] = { 0 };
	bool is_same_heap;

	if (!m->pools[op->owner].pool)
		return;
	pages = heap->pages->peak;
	count[0] = requests(m, op, first);
	is_same_heap = !MP_REDZONE && heap->nr_spans == spans && heap->pages->peak == pages;
	if (!m->error[0])
		count[1] = requests(m, op, second);
	is_same_heap = is_same_heap && heap->nr_spans == spans;
	for (size_t i = 0; !m->error[0] && i < count[0] && i < count[1]; i++)
		if ((is_same_heap || first[i].in_old_node) && first[i].at != second[i].at)
			model_fail(m, "request %zu gets %p, and after a release %p", i,
				   (void *)first[i].at, (void *)second[i].at);
	m->slots[op->slot] = old;
}
