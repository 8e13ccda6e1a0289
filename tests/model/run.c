// SPDX-License-Identifier: MIT
/*
 * run.c - runs a program from start to end
 *
 *	set up     ranges, heaps and what fills the arena: a function of the seed
 *	run        operation after operation; the first disagreement ends the run
 *	clean up   destroy and free all; then every page must be back
 *
 * A run depends on nothing but the program and the addresses' distance from the start
 * of the arena. So each run of a program has the same result. Panics are caught.
 */
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <tests/kunit/arena.h>
#include <tests/model/pools/pools.h>

static void (*const table[OP_COUNT])(struct model *m, const struct model_op *op) = {
	[OP_PAGE_ADD] = run_page_add,
	[OP_PAGE_ALLOC] = run_page_alloc,
	[OP_PAGE_EXTEND] = run_page_extend,
	[OP_PAGE_PUT_BACK] = run_page_put_back,
	[OP_PAGE_PUT_BAD] = run_page_put_bad,
	[OP_PAGE_ASK] = run_page_ask,
	[OP_HEAP_ALLOC] = run_heap_alloc,
	[OP_HEAP_ALLOC_AT] = run_heap_alloc,
	[OP_HEAP_FREE] = run_heap_free,
	[OP_HEAP_FREE_BAD] = run_heap_free_bad,
	[OP_HEAP_REALLOC] = run_heap_realloc,
	[OP_HEAP_JOIN] = run_heap_join,
	[OP_HEAP_TRIM] = run_heap_trim,
	[OP_HEAP_ASK] = run_heap_ask,
	[OP_POOL_CREATE] = run_pool_create,
	[OP_MP_ALLOC] = run_mp_alloc,
	[OP_MP_NALLOC] = run_mp_alloc,
	[OP_MP_CALLOC] = run_mp_alloc,
	[OP_MP_MEMALIGN] = run_mp_alloc,
	[OP_MP_ALIGNED] = run_mp_alloc,
	[OP_MP_TEXT] = run_mp_text,
	[OP_MP_REALLOC] = run_mp_realloc,
	[OP_MP_GIVE_BACK] = run_mp_give_back,
	[OP_MP_FREE] = run_mp_free,
	[OP_MP_FREE_BAD] = run_mp_free,
	[OP_MP_RESET] = run_mp_reset,
	[OP_MP_DESTROY] = run_mp_destroy,
	[OP_CHILD_CREATE] = run_child_create,
	[OP_TREE_ASK] = run_tree_ask,
	[OP_CLEANUP_ADD] = run_cleanup_add,
	[OP_CLEANUP_OR_RUN] = run_cleanup_or_run,
	[OP_CLEANUP_REMOVE] = run_cleanup_drop,
	[OP_CLEANUP_RUN] = run_cleanup_drop,
	[OP_CLEANUP_BAD] = run_cleanup_drop,
	[OP_MARK] = run_mark,
	[OP_RELEASE] = run_release,
	[OP_RELEASE_BAD] = run_release_bad,
	[OP_SCOPE] = run_scope,
	[OP_AGAIN] = run_again,
	[OP_SET_LIMIT] = run_set_limit,
	[OP_POOL_WITH] = run_pool_with,
	[OP_DRAINED] = run_drained,
};

/* Runs an operation, and checks what any operation could have broken. */
static void run_checked(struct model *m, const struct model_op *op)
{
	table[op->code](m, op);
	if (!m->error[0])
		model_check_pools(m);
}

static void run_op(struct model *m, const struct model_op *op)
{
	model_catch(m, run_checked, op);
}

/* How many operations behind @op are its body. Its own bodies' operations count, too. */
static size_t body_of(const struct model_op *op, size_t behind)
{
	bool has_body = op->code == OP_CLEANUP_ADD || op->code == OP_CLEANUP_OR_RUN ||
			op->code == OP_SCOPE || op->code == OP_DRAINED;

	if (!has_body)
		return 0;
	return op->align < behind ? op->align : behind;
}

/* Runs the body of @op, the operation that registered a handler, or that is a scope. */
static void run_body(struct model *m, const struct model_op *op)
{
	const struct model_program *program = m->program;
	size_t first = (size_t)(op - program->ops) + 1;
	size_t end = first + body_of(op, program->nr_ops - first);

	if (m->depth == MODEL_DEPTH)
		return;
	m->depth++;
	for (size_t i = first; i < end && !m->error[0]; i++) {
		run_checked(m, &program->ops[i]);
		i += body_of(&program->ops[i], end - i - 1);
	}
	m->depth--;
}

static size_t below(uint64_t *random, size_t limit)
{
	return (arena_random(random) >> 8) % limit;
}

/* Gives each allocator 1 to 4 ranges. Some lie side by side, some have a page between them. */
static void add_ranges(struct model *m, uint64_t *random)
{
	bool large = !below(random, 6);
	size_t page = 0, sizes = large ? 100 : 6;

	m->arena_pages = MODEL_PAGES;
	for (unsigned int round = 0; round < (large ? 2 : 4); round++)
		for (unsigned int owner = 0; owner < MODEL_ALLOCATORS; owner++) {
			size_t gap = below(random, 2), pages = 1 + below(random, sizes);
			size_t front = gap ? below(random, MM_PAGE_SIZE) : 0;

			if ((round && !below(random, 3)) || page + gap + pages > MODEL_PAGES)
				continue;
			page += gap;
			model_add_range(m, owner, m->arena + page * MM_PAGE_SIZE - front,
					front + pages * MM_PAGE_SIZE + below(random, MM_PAGE_SIZE));
			page += pages;
		}
	/* A few pages are left for page_add. */
	m->arena_pages = page + 6 < MODEL_PAGES ? page + 6 : MODEL_PAGES;
}

static void init_heaps(struct model *m, uint64_t *random)
{
	for (unsigned int i = 0; i < MODEL_HEAPS; i++) {
		heap_init(&m->heaps[i], &m->pages[m->heap_pages[i]]);
		heap_set_secret(&m->heaps[i], arena_random(random));
	}
}

static void set_up(struct model *m, uint64_t seed)
{
	uint64_t random = model_scramble(~seed);
	unsigned char *arena = m->arena;

	memset(m, 0, offsetof(struct model, pages_before));
	m->arena = arena;
	m->arena_pages = MODEL_PAGES;
	m->stale = arena;
	model_arena_fill(m, seed % 3, random);
	m->heap_pages[1] = (unsigned int)below(&random, 2);
	m->heap_pages[2] = 1 + (unsigned int)below(&random, 2);
	add_ranges(m, &random);
	init_heaps(m, &random);
}

/* Runs @code on whatever is in @slot, or belongs to @owner. */
static void finish(struct model *m, enum model_code code, unsigned int owner, unsigned int slot)
{
	struct model_op op = { .code = code, .owner = owner, .slot = slot };

	if (code == OP_PAGE_PUT_BACK && m->slots[slot] && m->slots[slot]->kind == LIVE_PAGES)
		op.size = m->slots[slot]->bytes / MM_PAGE_SIZE;
	if (!m->error[0])
		run_op(m, &op);
}

static size_t pages_used(const struct model *m)
{
	size_t used = 0;

	for (size_t i = 0; i < MODEL_ALLOCATORS; i++)
		used += m->pages[i].used;
	return used;
}

static bool pool_lives(const struct model *m)
{
	for (unsigned int i = 0; i < MODEL_POOLS; i++)
		if (m->pools[i].pool)
			return true;
	return false;
}

/*
 * Gives everything back. That may take some rounds: a handler may make more, and pages go back
 * only at a frontier.
 */
static void clean_up(struct model *m)
{
	size_t used;

	while (pool_lives(m) && !m->error[0])
		for (unsigned int i = 0; i < MODEL_POOLS; i++)
			finish(m, OP_MP_DESTROY, i, 0);
	for (unsigned int i = 0; i < MODEL_SLOTS; i++)
		finish(m, OP_HEAP_FREE, 0, i);
	do {
		used = pages_used(m);
		for (unsigned int i = 0; i < MODEL_HEAPS; i++)
			finish(m, OP_HEAP_TRIM, i, 0);
		for (unsigned int i = 0; i < MODEL_SLOTS; i++)
			finish(m, OP_PAGE_PUT_BACK, 0, i);
	} while (pages_used(m) < used && !m->error[0]);
	if (used && !m->error[0])
		model_fail(m, "%zu pages are not back at the end", used);
	for (unsigned int i = 0; i < MODEL_HEAPS && !m->error[0]; i++)
		if (m->heaps[i].spans || m->heaps[i].depth)
			model_fail(m, "at the end, an empty heap has a span, or a handler runs");
}

/**
 * model_run() - run a program
 * @m: the model; @m->arena holds MODEL_BYTES bytes, all else may be anything
 * @program: the program
 * @at: if not NULL: the index of the operation that failed, or of the last one of its
 *	body, goes here; nr_ops: it was the clean-up
 *
 * Return: whether everything was as it should be; if not, @m->error says what was not.
 */
bool model_run(struct model *m, const struct model_program *program, size_t *at)
{
	void (*notifier)(const char *reason) = panic_notifier;
	size_t i;

	set_up(m, program->seed);
	m->program = program;
	m->run_body = run_body;
	for (i = 0; i < program->nr_ops && !m->error[0]; i++) {
		const struct model_op *op = &program->ops[i];

		i += body_of(op, program->nr_ops - i - 1);
		/* Noted before: the operation may end the whole program. */
		if (at)
			*at = i;
		run_op(m, op);
		if (i % 64 == 63)
			model_all_intact(m);
	}
	if (!m->error[0]) {
		if (at)
			*at = i;
		clean_up(m);
	}
	panic_notifier = notifier;
	return !m->error[0];
}
