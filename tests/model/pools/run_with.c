// SPDX-License-Identifier: MIT
/*
 * run_with.c - mp_create_pool_with(): sizes with headers, nodes that double, limits, parents
 *
 * The offset of the operation chooses the wishes.
 */
#include <tests/model/pools/pools.h>

/* What the heap puts in front of a block, and rounds its size up to. */
#define BLOCK_HEADER 16
#define BLOCK_ALIGN 32

/* What is left of a block of @size bytes behind its headers, in whole units; 0: nothing. */
static size_t without_headers(size_t size, size_t header)
{
	size_t overhead = mp_align(mp_align(header, MP_ALIGNMENT) + BLOCK_HEADER + MODEL_REDZONE,
				   MP_ALIGNMENT);

	size = size / BLOCK_ALIGN * BLOCK_ALIGN;
	return size > overhead ? (size - overhead) / MP_ALIGNMENT * MP_ALIGNMENT : 0;
}

/* What the operation wishes. */
static struct mp_options_s wishes(struct model *m, const struct model_op *op)
{
	struct model_pool *parent = &m->pools[op->align % MODEL_POOLS];
	size_t doublings = op->offset / 4 % 8, limit = op->offset / 32 % 8;
	struct mp_options_s o = { .size = op->size };

	o.heap = &m->heaps[op->align % MODEL_HEAPS];
	if (op->offset & 1 && parent->pool) {
		o.parent = parent->pool;
		/* Once in a while, its heap is named, or another one. */
		if (limit != 1)
			o.heap = NULL;
	}
	o.size_with_headers = op->offset & 2;
	if (doublings == 7)
		o.max_size = op->size ? op->size - 1 : 1;
	else if (doublings)
		o.max_size = (op->size << (doublings - 1)) + 40 * (limit & 1);
	if (limit == 7)
		o.limit = 1 + op->size / 2 % 2000;
	else if (limit > 4)
		o.limit = (op->size % 10000 + 600) * (2 * limit - 9);
	return o;
}

/* What must come of it. Returns whether something can. */
static bool expect(const struct model *m, const struct model_op *op, const struct mp_options_s *o,
		   struct model_pool *made)
{
	size_t size = o->size ? o->size : MP_PAGE_SIZE;
	size_t max_size = o->max_size ? o->max_size : size, most = 0;
	bool is_right = max_size >= size;

	*made = (struct model_pool){ .parent = MODEL_NONE, .heap = op->align % MODEL_HEAPS };
	if (o->size_with_headers) {
		most = max_size;
		size = without_headers(size, sizeof(struct mp_pool_s) + 2 * sizeof(size_t));
		max_size = o->max_size ? without_headers(max_size, sizeof(struct mp_node_s)) : size;
	}
	if (o->parent) {
		made->parent = op->align % MODEL_POOLS;
		made->heap = m->pools[made->parent].heap;
		is_right = is_right && (!o->heap || o->heap == &m->heaps[made->heap]);
	}
	made->most = most;
	made->limit = o->limit;
	made->capacity = mp_align(size, MP_ALIGNMENT);
	made->max_capacity = mp_align(max_size, MP_ALIGNMENT);
	return is_right && size && size <= HEAP_MAX_SIZE && max_size <= HEAP_MAX_SIZE;
}

void run_pool_with(struct model *m, const struct model_op *op)
{
	struct mp_options_s o = wishes(m, op);
	struct model_pool made;
	bool possible = expect(m, op, &o, &made), is_over = false, is_limit_near, can_fail;
	struct mp_pool_s *p;

	if (m->pools[op->owner].pool)
		return;
	if (possible && o.parent)
		is_over = model_is_over(m, made.parent, model_pool_bytes(made.capacity));
	can_fail = !possible || is_over || model_pool_can_fail(m, made.heap, made.capacity);
	is_limit_near =
		possible && o.limit && made.capacity <= MODEL_BYTES &&
		o.limit < mp_align(model_pool_bytes(made.capacity) + BLOCK_HEADER, BLOCK_ALIGN);
	if (can_fail)
		model_remember(m);
	p = mp_create_pool_with(&o);
	if (p) {
		if (!possible || is_over || is_limit_near)
			model_fail(m, "mp_create_pool_with: served what it must refuse");
		if (model_after(m, made.heap, false, false))
			model_add_pool(m, op, p, &made);
		return;
	}
	/* If its own limit was too low, the pool was there for a moment, if there was memory. */
	if (is_limit_near && !is_over &&
	    m->pages[m->heap_pages[made.heap]].failed ==
		    m->allocators[m->heap_pages[made.heap]].failed) {
		if (model_after(m, made.heap, false, false))
			model_check_heap(m, made.heap);
		return;
	}
	if (!model_after(m, made.heap, possible && !is_over, made.capacity > MODEL_ABSURD))
		return;
	if (o.parent)
		m->pools[made.parent].refused += possible;
	if (!can_fail)
		model_fail(m, "mp_create_pool_with: NULL, but there is memory");
	model_unchanged(m, "mp_create_pool_with, which returned NULL,");
}
