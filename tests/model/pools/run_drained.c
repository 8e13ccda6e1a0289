// SPDX-License-Identifier: MIT
/*
 * run_drained.c - operations while there is no memory
 *
 * Random programs seldom take the last free bytes of a heap. Here, one block after the other is
 * taken, the largest first, until not even the smallest is left.
 */
#include <tests/model/pools/pools.h>

#define MOST_BLOCKS 256
#define NAME 0 /* the slot that names a block while it is taken or freed */

/* Takes blocks of a heap until there are none. Returns how many. */
static size_t drain(struct model *m, unsigned int heap, struct live **blocks)
{
	struct model_op op = { .code = OP_HEAP_ALLOC, .owner = heap, .slot = NAME, .align = 32 };
	size_t count = 0;

	for (op.size = MODEL_BYTES / 2; op.size >= 16; op.size /= 2)
		while (count < MOST_BLOCKS && !m->error[0]) {
			m->slots[NAME] = NULL;
			run_heap_alloc(m, &op);
			if (!m->slots[NAME])
				break;
			blocks[count++] = m->slots[NAME];
		}
	return count;
}

void run_drained(struct model *m, const struct model_op *op)
{
	struct model_op free = { .code = OP_HEAP_FREE, .slot = NAME };
	struct live *blocks[MOST_BLOCKS], *old = m->slots[NAME];
	size_t count;

	if (!m->pools[op->owner].pool || m->depth)
		return;
	count = drain(m, m->pools[op->owner].heap, blocks);
	m->slots[NAME] = old;
	if (!m->error[0])
		m->run_body(m, op);
	old = m->slots[NAME];
	while (count && !m->error[0]) {
		m->slots[NAME] = blocks[--count];
		run_heap_free(m, &free);
	}
	m->slots[NAME] = old;
}
