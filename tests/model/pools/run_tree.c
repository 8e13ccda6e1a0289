// SPDX-License-Identifier: MIT
/*
 * run_tree.c - mp_create_child(), mp_parent(), mp_is_ancestor()
 */
#include <tests/model/pools/pools.h>

void run_child_create(struct model *m, const struct model_op *op)
{
	unsigned int number = (unsigned int)(op->align % MODEL_POOLS);
	struct model_pool *parent = &m->pools[number];
	bool possible = op->size && op->size <= HEAP_MAX_SIZE, can_fail, is_over;
	struct model_pool made = { .parent = number, .heap = parent->heap };
	struct mp_pool_s *p;

	if (m->pools[op->owner].pool || !parent->pool)
		return;
	is_over = possible && model_is_over(m, number, model_pool_bytes(op->size));
	can_fail = is_over || model_pool_can_fail(m, parent->heap, op->size);
	if (can_fail)
		model_remember(m);
	p = mp_create_child(parent->pool, op->size);
	if (!model_after(m, parent->heap, !p && possible && !is_over, op->size > MODEL_ABSURD))
		return;
	if (!p) {
		parent->refused += possible;
		if (!can_fail)
			model_fail(m, "mp_create_child: NULL, but there is memory");
		model_unchanged(m, "mp_create_child, which returned NULL,");
		return;
	}
	if (is_over)
		model_fail(m, "mp_create_child: passes a limit");
	made.capacity = mp_align(op->size, MP_ALIGNMENT);
	made.max_capacity = made.capacity;
	model_add_pool(m, op, p, &made);
}

/* Does pool @b end with pool @a, or is it the same? */
static bool is_ancestor(const struct model *m, unsigned int a, unsigned int b)
{
	while (b != a && b != MODEL_NONE)
		b = m->pools[b].parent;
	return b == a;
}

void run_tree_ask(struct model *m, const struct model_op *op)
{
	struct mp_pool_s *a = m->pools[op->owner].pool;

	if (mp_is_ancestor(a, NULL) || mp_is_ancestor(NULL, a))
		model_fail(m, "mp_is_ancestor: NULL is somebody's");
	for (unsigned int i = 0; i < MODEL_POOLS && a; i++) {
		struct mp_pool_s *b = m->pools[i].pool;

		if (b && mp_is_ancestor(a, b) != is_ancestor(m, op->owner, i))
			model_fail(m, "mp_is_ancestor: pool %u, pool %u: %d", op->owner, i,
				   mp_is_ancestor(a, b));
	}
}
