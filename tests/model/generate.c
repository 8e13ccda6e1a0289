// SPDX-License-Identifier: MIT
/*
 * generate.c - makes random programs
 *
 * A program has phases in which it allocates more than it frees, and phases in which it frees
 * more. Two programs of three are about pools. The body of a handler or a scope is often about
 * its own pool.
 */
#include <tests/model/maker.h>

/* How often each operation comes: in phases that allocate, and in those that free. */
static const unsigned char weights[OP_COUNT][2] = {
	[OP_PAGE_ADD] = { 1, 1 },	[OP_PAGE_ALLOC] = { 4, 2 },
	[OP_PAGE_EXTEND] = { 4, 2 },	[OP_PAGE_PUT_BACK] = { 4, 6 },
	[OP_PAGE_PUT_BAD] = { 2, 2 },	[OP_PAGE_ASK] = { 6, 6 },
	[OP_HEAP_ALLOC] = { 24, 12 },	[OP_HEAP_ALLOC_AT] = { 8, 4 },
	[OP_HEAP_FREE] = { 14, 30 },	[OP_HEAP_FREE_BAD] = { 8, 8 },
	[OP_HEAP_JOIN] = { 4, 4 },	[OP_HEAP_TRIM] = { 1, 3 },
	[OP_HEAP_ASK] = { 2, 2 },	[OP_POOL_CREATE] = { 8, 6 },
	[OP_MP_ALLOC] = { 24, 12 },	[OP_MP_NALLOC] = { 24, 12 },
	[OP_MP_CALLOC] = { 10, 6 },	[OP_MP_MEMALIGN] = { 8, 4 },
	[OP_MP_FREE] = { 16, 24 },	[OP_MP_FREE_BAD] = { 4, 4 },
	[OP_MP_RESET] = { 1, 3 },	[OP_MP_DESTROY] = { 2, 5 },
	[OP_CHILD_CREATE] = { 10, 6 },	[OP_TREE_ASK] = { 1, 1 },
	[OP_CLEANUP_ADD] = { 14, 8 },	[OP_CLEANUP_OR_RUN] = { 8, 5 },
	[OP_CLEANUP_REMOVE] = { 4, 6 }, [OP_CLEANUP_RUN] = { 4, 6 },
	[OP_CLEANUP_BAD] = { 2, 2 },	[OP_MARK] = { 10, 6 },
	[OP_RELEASE] = { 6, 12 },	[OP_RELEASE_BAD] = { 2, 2 },
	[OP_SCOPE] = { 5, 5 },		[OP_AGAIN] = { 3, 3 },
	[OP_SET_LIMIT] = { 5, 5 },	[OP_POOL_WITH] = { 8, 6 },
	[OP_DRAINED] = { 3, 3 },	[OP_MP_ALIGNED] = { 8, 4 },
	[OP_MP_REALLOC] = { 24, 16 },	[OP_MP_GIVE_BACK] = { 6, 12 },
	[OP_MP_TEXT] = { 12, 6 },	[OP_HEAP_REALLOC] = { 16, 12 },
};

static enum model_code choose_code(struct maker *maker, bool freeing)
{
	bool only_pools = maker->is_about_pools && below(maker, 8);
	unsigned int sum = 0, code, first = only_pools ? OP_POOL_CREATE : 0;
	size_t number;

	for (code = first; code < OP_COUNT; code++)
		sum += weights[code][freeing];
	number = below(maker, sum);
	for (code = first; number >= weights[code][freeing]; code++)
		number -= weights[code][freeing];
	return code;
}

/* What would an operation of this code do with what OP_... left in a slot? */
static bool suits(enum model_code code, enum model_code holds)
{
	switch (code) {
	case OP_PAGE_EXTEND:
	case OP_PAGE_PUT_BACK:
		return holds == OP_PAGE_ALLOC;
	case OP_HEAP_FREE:
	case OP_HEAP_JOIN:
	case OP_HEAP_REALLOC:
		return holds == OP_HEAP_ALLOC || holds == OP_HEAP_ALLOC_AT;
	case OP_MP_REALLOC:
	case OP_MP_GIVE_BACK:
	case OP_MP_FREE:
		return holds >= OP_MP_ALLOC && holds <= OP_MP_TEXT;
	default:
		return holds != OP_PAGE_ADD;
	}
}

static bool fills_slot(enum model_code code)
{
	return code == OP_PAGE_ALLOC || code == OP_HEAP_ALLOC || code == OP_HEAP_ALLOC_AT ||
	       (code >= OP_MP_ALLOC && code <= OP_MP_TEXT);
}

/* A slot that is empty, or one that holds something suitable; after some tries, any. */
static unsigned int choose_slot(struct maker *maker, enum model_code code)
{
	unsigned int slot = 0;

	for (int tries = 0; tries < 40; tries++) {
		slot = (unsigned int)below(maker, MODEL_SLOTS);
		if (fills_slot(code) ? !maker->holds[slot] : suits(code, maker->holds[slot]))
			break;
	}
	return slot;
}

/* The number of a pool; after some tries, of one that is there, or of one that is not. */
static unsigned int choose_pool(struct maker *maker, bool exists)
{
	unsigned int pool = 0;

	for (int tries = 0; tries < 10; tries++) {
		pool = (unsigned int)below(maker, maker->nr_pools);
		if (!maker->pool_size[pool] == !exists)
			break;
	}
	return pool;
}

/* The pool of a call. In the body of a handler or a scope: often the same, or its parent. */
static void choose_owner(struct maker *maker, struct model_op *op)
{
	bool makes = op->code == OP_POOL_CREATE || op->code == OP_CHILD_CREATE ||
		     op->code == OP_POOL_WITH;
	bool any = !below(maker, 20);

	op->owner = choose_pool(maker, any || !makes);
	if (maker->body && !makes && below(maker, 2))
		op->owner = maker->owner_of_body;
	if (maker->body && !makes && !below(maker, op->code == OP_SET_LIMIT ? 2 : 3))
		op->owner = maker->parent[op->owner];
	/* What can be done without a pool? */
	if (!any && !maker->pool_size[op->owner] && !makes)
		op->code = below(maker, 2) ? OP_POOL_CREATE : OP_CHILD_CREATE;
}

/* The handler that is running removes or runs itself, or its pool's marks are released. */
static size_t choose_handle(struct maker *maker, enum model_code code)
{
	size_t handle = below(maker, 12);

	if (!maker->body)
		return handle;
	if (code != OP_RELEASE)
		return below(maker, 3) ? handle : maker->handle_of_body;
	for (int tries = 0; tries < 8 && maker->mark_owner[handle] != maker->owner_of_body; tries++)
		handle = below(maker, 12);
	return handle;
}

/* Operations that can have a body, or that name a handler or a mark. */
static void make_undo_op(struct maker *maker, struct model_op *op)
{
	size_t handle = choose_handle(maker, op->code);

	op->slot = (unsigned int)handle;
	switch (op->code) {
	case OP_CLEANUP_ADD:
		op->size = number_cleanup_size(maker, maker->pool_size[op->owner]);
		maker->handler_owner[handle] = (unsigned char)op->owner;
		break;
	case OP_CLEANUP_REMOVE:
	case OP_CLEANUP_RUN:
		op->owner = below(maker, 8) ? maker->handler_owner[handle] : op->owner;
		return;
	case OP_MARK:
		maker->mark_owner[handle] = (unsigned char)op->owner;
		return;
	case OP_RELEASE:
		op->owner = below(maker, 8) ? maker->mark_owner[handle] : op->owner;
		return;
	case OP_RELEASE_BAD:
		op->align = below(maker, TOKEN_COUNT);
		op->offset = below(maker, 2) ? 32 * (1 + below(maker, 4)) : 1 + below(maker, 40);
		op->size = below(maker, MODEL_SLOTS);
		return;
	case OP_AGAIN:
		op->size = 1 + below(maker, 12);
		return;
	default:
		break;
	}
	op->align = below(maker, 3) || op->code == OP_DRAINED ? below(maker, 6) : 0;
	op->offset = below(maker, op->code == OP_SCOPE ? 8 : 3);
	if (!maker->body) {
		maker->owner_of_body = op->owner;
		maker->handle_of_body = op->slot;
		maker->body = op->align;
	}
}

/* The object in a slot, often the one that was allocated last; and what it shall become. */
static void choose_object(struct maker *maker, struct model_op *op)
{
	if (below(maker, 3))
		op->slot = maker->last_slot;
	op->owner = maker->owner[op->slot];
	op->size = below(maker, 12) ? number_object_size(maker, maker->pool_size[op->owner]) : 0;
	op->offset = below(maker, 8);
}

static void make_op(struct maker *maker, struct model_op *op, bool freeing)
{
	op->code = choose_code(maker, freeing);
	if (maker->body && !below(maker, 4))
		op->code = below(maker, 2) ? OP_MP_NALLOC : OP_MP_ALLOC;
	if (maker->body && !below(maker, 20))
		op->code = OP_SET_LIMIT;
	op->owner = (unsigned int)below(maker, MODEL_HEAPS);
	if (op->code >= OP_POOL_CREATE)
		choose_owner(maker, op);
	if (maker->body)
		maker->body--;
	op->slot = choose_slot(maker, op->code);
	op->size = 1 + below(maker, 1 + below(maker, 8));
	op->align = below(maker, BAD_COUNT);
	op->offset = below(maker, MODEL_BYTES);
	switch (op->code) {
	case OP_PAGE_ADD:
		op->align = below(maker, 8);
		op->size = number_near(maker, below(maker, 4) * MM_PAGE_SIZE);
		break;
	case OP_PAGE_ALLOC:
	case OP_PAGE_EXTEND:
	case OP_PAGE_PUT_BACK:
		if (!below(maker, 16))
			op->size = below(maker, 2) ? 0 : number_huge(maker);
		break;
	case OP_PAGE_PUT_BAD:
		op->offset &= below(maker, 4) ? -MM_PAGE_SIZE : -1ul;
		break;
	case OP_PAGE_ASK:
		op->size = below(maker, 2) ? below(maker, 3) :
					     number_near(maker, op->size * MM_PAGE_SIZE);
		op->offset &= below(maker, 2) ? -MM_PAGE_SIZE : -1ul;
		break;
	case OP_HEAP_ALLOC_AT:
	case OP_HEAP_ALLOC:
		op->owner = (unsigned int)below(maker, 40) ? op->owner : MODEL_HEAPS;
		op->size = number_heap_size(maker);
		op->align = below(maker, 3) ? 32 : number_alignment(maker);
		op->offset = below(maker, 8) ? 32 * below(maker, 5) : below(maker, 100);
		break;
	case OP_HEAP_FREE_BAD:
	case OP_MP_FREE_BAD:
	case OP_CLEANUP_BAD:
		if (op->align == BAD_ANYWHERE)
			op->offset &= below(maker, 4) ? -HEAP_ALIGN : -1ul;
		if (op->align == BAD_HEADER)
			op->offset = 8 * below(maker, 20);
		if (op->align == BAD_INSIDE)
			op->offset = 1 + below(maker, 6);
		if (op->align == BAD_CROOKED)
			op->offset = 1 + below(maker, 31);
		if (op->align == BAD_OUTSIDE)
			op->offset = below(maker, 2) ? 32 * below(maker, 4) : number_huge(maker);
		break;
	case OP_HEAP_REALLOC:
		op->size = number_heap_size(maker);
		break;
	case OP_HEAP_JOIN:
		op->size = choose_slot(maker, op->code);
		break;
	case OP_POOL_CREATE:
		op->size = number_pool_size(maker);
		op->align = below(maker, MODEL_HEAPS);
		maker->pool_size[op->owner] = op->size;
		break;
	case OP_CHILD_CREATE:
		op->size = number_pool_size(maker);
		op->align = choose_pool(maker, true);
		maker->parent[op->owner] = (unsigned int)op->align;
		maker->pool_size[op->owner] = op->size;
		break;
	case OP_POOL_WITH:
		op->size = below(maker, 8) ? number_pool_size(maker) : 0;
		op->align = choose_pool(maker, true);
		op->offset = below(maker, 256);
		if (op->offset & 1)
			maker->parent[op->owner] = (unsigned int)op->align;
		maker->pool_size[op->owner] = op->size ? op->size : MP_PAGE_SIZE;
		break;
	case OP_MP_TEXT:
		op->size = number_object_size(maker, maker->pool_size[op->owner]);
		op->align = below(maker, TEXT_COUNT);
		break;
	case OP_SET_LIMIT:
		op->size = below(maker, 2) ? number_object_size(maker, 256) :
					     number_pool_size(maker);
		op->align = below(maker, 5);
		break;
	case OP_MP_MEMALIGN:
	case OP_MP_ALIGNED:
	case OP_MP_ALLOC:
	case OP_MP_NALLOC:
	case OP_MP_CALLOC:
		op->size = number_object_size(maker, maker->pool_size[op->owner]);
		op->align = op->code == OP_MP_MEMALIGN || op->code == OP_MP_ALIGNED ?
				    number_alignment(maker) :
				    0;
		op->offset = 0;
		break;
	case OP_MP_DESTROY:
		maker->pool_size[op->owner] = 0;
		break;
	case OP_MP_REALLOC:
	case OP_MP_GIVE_BACK:
		choose_object(maker, op);
		break;
	case OP_MP_FREE:
		op->owner = below(maker, 8) ? maker->owner[op->slot] : op->owner;
		break;
	case OP_CLEANUP_ADD:
	case OP_CLEANUP_OR_RUN:
	case OP_CLEANUP_REMOVE:
	case OP_CLEANUP_RUN:
	case OP_MARK:
	case OP_RELEASE:
	case OP_RELEASE_BAD:
	case OP_SCOPE:
	case OP_AGAIN:
	case OP_DRAINED:
		make_undo_op(maker, op);
		break;
	default:
		break;
	}
	if (fills_slot(op->code)) {
		maker->holds[op->slot] = (unsigned char)op->code;
		maker->owner[op->slot] = (unsigned char)op->owner;
		maker->last_slot = op->slot;
	} else if (op->code == OP_HEAP_FREE || op->code == OP_MP_FREE) {
		maker->holds[op->slot] = 0;
	}
}

/**
 * model_generate() - make a random program
 * @program: where it goes
 * @seed: any number; a seed gives the same program everywhere
 * @nr_ops: how many operations; at most MODEL_OPS
 */
void model_generate(struct model_program *program, uint64_t seed, size_t nr_ops)
{
	struct maker maker = { .random = model_scramble(seed) };
	bool freeing = false;

	maker.is_about_pools = below(&maker, 3);
	maker.small_pools = below(&maker, 2);
	maker.nr_pools = 2 + (unsigned int)below(&maker, 1 + below(&maker, MODEL_POOLS - 1));
	maker.biggest = 5 + (unsigned int)below(&maker, 10);
	program->seed = seed;
	program->nr_ops = nr_ops;
	for (size_t i = 0; i < nr_ops; i++) {
		if (!below(&maker, 40))
			freeing = !freeing;
		make_op(&maker, &program->ops[i], freeing);
	}
}
