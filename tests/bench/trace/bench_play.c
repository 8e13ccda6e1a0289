// SPDX-License-Identifier: MIT
/*
 * bench_play.c - plays a trace through mp_pool, or through the reference
 *
 *	kernel_pages:  |..... bench_pages .....|.. events, pools, objects ..|...
 *
 * Every replay gets the same pages and a new heap.
 *
 * Cleanup handlers do nothing. The reference has no children: there they are pools like any other,
 * and the end of their parent counts the calls that destroy them.
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench_calls.h>
#include <tests/bench/trace/bench_play.h>
#include <tests/replay/reference.h>
#include <tests/replay/trace.h>

struct bench_trace bench_trace;
void (*bench_after_event)(const struct bench_outcome *outcome, size_t pages);

/* Checks only what the replay relies on. A wrong line ends the case. */
static void read_trace(struct kunit *test, const void *data, size_t size, bool store)
{
	struct trace reader;
	struct trace_record record;
	size_t events = 0, pools = 0, objects = 0;

	trace_open(&reader, data, size);
	while (trace_next(&reader, &record) == TRACE_RECORD) {
		bool allocates = record.type == 'a' || record.type == 'n' || record.type == 'z' ||
				 record.type == 'm';
		bool known = record.type == 'c' ? record.pool == pools : record.pool < pools;

		bool has_parent = record.type == 'c' && record.nr_fields == 3;

		if (record.type == 'f')
			known = known && record.object < objects;
		if (has_parent)
			known = known && record.parent < pools;
		if (!known)
			KUNIT_FAIL(test, "line %zu: 'make replay' says what is wrong", reader.line);
		KUNIT_ASSERT_TRUE(test, known);
		if (store)
			bench_trace.events[events] = (struct bench_event){ record.type, has_parent,
									   (uint32_t)record.pool,
									   record.size,
									   record.align };
		if (record.type == 'c' && bench_trace.largest_node < record.size)
			bench_trace.largest_node = record.size;
		pools += record.type == 'c';
		objects += allocates;
		events++;
	}
	KUNIT_ASSERT_STREQ(test, reader.error, "");
	bench_trace.nr_events = events;
	bench_trace.nr_pools = pools;
	bench_trace.nr_objects = objects;
}

/**
 * bench_open_trace() - parse the trace in module 0
 * @test: the case, which ends if a line is wrong
 */
void bench_open_trace(struct kunit *test)
{
	size_t size, bytes;
	const void *data = bench_module(&size);

	bench_trace = (struct bench_trace){ 0 };
	read_trace(test, data, size, false);
	bytes = bench_trace.nr_events * sizeof(*bench_trace.events) +
		bench_trace.nr_pools * sizeof(*bench_trace.pools) +
		bench_trace.nr_objects * sizeof(*bench_trace.objects);
	bench_trace.table_pages = bytes / MM_PAGE_SIZE + 1;
	bench_trace.events = page_alloc(&kernel_pages, bench_trace.table_pages);
	KUNIT_ASSERT_NOT_NULL(test, bench_trace.events);
	bench_trace.pools = (struct bench_pool *)(bench_trace.events + bench_trace.nr_events);
	bench_trace.objects = (struct bench_object *)(bench_trace.pools + bench_trace.nr_pools);
	read_trace(test, data, size, true);
}

/* Gives back what bench_open_trace() took. */
void bench_close_trace(struct kunit *test)
{
	if (bench_trace.events)
		KUNIT_EXPECT_EQ(test,
				page_put_back(&kernel_pages, bench_trace.events,
					      bench_trace.table_pages),
				0);
	bench_trace.events = NULL;
}

static void do_nothing(void *data)
{
	(void)data;
}

static void set_our_handler(void *cleanup)
{
	((struct mp_cleanup_s *)cleanup)->handler = do_nothing;
}

static void set_ref_handler(void *cleanup)
{
	((struct ref_cleanup *)cleanup)->handler = do_nothing;
}

/*
 * A pool implementation. The first four functions time a call themselves, inlined if
 * it can be; the others are called through BENCH_CALL().
 */
struct bench_contender {
	uint32_t (*alloc)(void **result, void *pool, size_t size);
	uint32_t (*nalloc)(void **result, void *pool, size_t size);
	uint32_t (*calloc)(void **result, void *pool, size_t size);
	uint32_t (*memalign)(void **result, void *pool, size_t size, size_t align);
	const void *create, *reset, *destroy, *free, *cleanup_add;
	const void *create_child; /* NULL: it has no children */
	void (*set_handler)(void *cleanup);
};

const struct bench_contender bench_ours = {
	.alloc = bench_inlined_alloc,
	.nalloc = bench_inlined_nalloc,
	.calloc = bench_inlined_calloc,
	.memalign = bench_inlined_memalign,
	.create = mp_create_pool_on,
	.create_child = mp_create_child,
	.reset = mp_reset_pool,
	.destroy = mp_destroy_pool,
	.free = mp_free,
	.cleanup_add = mp_cleanup_add,
	.set_handler = set_our_handler,
};

const struct bench_contender bench_reference = {
	.alloc = bench_ref_alloc,
	.nalloc = bench_ref_nalloc,
	.calloc = bench_ref_calloc,
	.memalign = bench_ref_memalign,
	.create = ref_create_pool_on,
	.reset = ref_reset_pool,
	.destroy = ref_destroy_pool,
	.free = ref_free,
	.cleanup_add = ref_cleanup_add,
	.set_handler = set_ref_handler,
};

/* One replay. */
struct player {
	struct kunit *test;
	const struct bench_contender *contender;
	const struct bench_nodes *nodes; /* NULL: as the trace says, and bytes are not counted */
	struct bench_outcome *outcome;
};

/* Calls mp_create_pool_with(). */
static uint32_t create_with(const struct bench_nodes *nodes, struct bench_pool *pool, size_t size)
{
	struct mp_options_s options = {
		.heap = &bench_heap,
		.parent = pool->parent ? pool->parent->pool : NULL,
		.size = nodes->size ? nodes->size : size,
	};

	if (nodes->max_size > options.size)
		options.max_size = nodes->max_size;
	return BENCH_CALL(&pool->pool, mp_create_pool_with, &options, 0, 0);
}

static uint32_t create(const struct player *player, const struct bench_event *event)
{
	const struct bench_contender *contender = player->contender;
	struct bench_pool *pool = &bench_trace.pools[event->pool], *parent = NULL;

	*pool = (struct bench_pool){ 0 };
	if (event->has_parent) {
		parent = &bench_trace.pools[event->align];
		pool->parent = parent;
		pool->sibling = parent->child;
		parent->child = pool;
	}
	if (player->nodes)
		return create_with(player->nodes, pool, event->size);
	if (!parent || !contender->create_child)
		return BENCH_CALL(&pool->pool, contender->create, &bench_heap, event->size, 0);
	return BENCH_CALL(&pool->pool, contender->create_child, parent->pool, event->size, 0);
}

static uint32_t destroy(const struct player *player, struct bench_pool *pool)
{
	const char *said = NULL;
	uint32_t spent = BENCH_CALL(&said, player->contender->destroy, pool->pool, 0, 0);

	if (player->contender == &bench_reference && said)
		player->outcome->fault = said;
	pool->pool = NULL;
	return spent;
}

/*
 * @top is about to end, or to be reset. The pools below end with it, or by calls of their own
 * if the contender has no children.
 */
static uint32_t end_children(const struct player *player, struct bench_pool *top)
{
	struct bench_pool *pool = top;
	uint32_t spent = 0;

	if (player->nodes && top->pool)
		bench_bytes_end(player->test, top);
	while (pool != top || pool->child) {
		if (pool->child) {
			pool = pool->child;
			continue;
		}
		if (player->nodes && pool->pool)
			bench_bytes_end(player->test, pool);
		if (pool->pool && !player->contender->create_child)
			spent += destroy(player, pool);
		pool->pool = NULL;
		pool->parent->child = pool->sibling;
		pool = pool->parent;
	}
	return spent;
}

/* Plays @event; sets *@value to NULL if memory is out. */
static uint32_t play(const struct player *player, const struct bench_event *event, void **value)
{
	const struct bench_contender *contender = player->contender;
	struct bench_pool *pool = &bench_trace.pools[event->pool];
	uint32_t spent;

	*value = pool;
	switch (event->type) {
	case 'a':
		return contender->alloc(value, pool->pool, event->size);
	case 'n':
		return contender->nalloc(value, pool->pool, event->size);
	case 'z':
		spent = contender->calloc(value, pool->pool, event->size);
		return *value ? spent - BENCH_CALL(NULL, memset, *value, 0, event->size) : spent;
	case 'm':
		return contender->memalign(value, pool->pool, event->size, event->align);
	case 'k':
		spent = BENCH_CALL(value, contender->cleanup_add, pool->pool, event->size, 0);
		if (*value)
			contender->set_handler(*value);
		return spent;
	case 'c':
		spent = create(player, event);
		*value = pool->pool;
		return spent;
	case 'r':
		spent = end_children(player, pool);
		return spent + BENCH_CALL(NULL, contender->reset, pool->pool, 0, 0);
	case 'd':
		spent = end_children(player, pool);
		return spent + destroy(player, pool);
	default:
		return BENCH_CALL(NULL, contender->free, pool->pool,
				  bench_trace.objects[event->size].at, 0);
	}
}

/* Plays @event and counts it. False: memory is out. */
static bool play_and_count(const struct player *player, const struct bench_event *event,
			   struct bench_object **next)
{
	size_t letter = (size_t)(strchr(BENCH_LETTERS, event->type) - BENCH_LETTERS);
	struct bench_outcome *outcome = player->outcome;
	struct bench_pool *pool = &bench_trace.pools[event->pool];
	size_t held = player->nodes ? bench_bytes_before(pool) : 0;
	uint32_t spent;
	void *value;

	spent = play(player, event, &value);
	if (!value)
		return false;
	bench_add(&outcome->sums[letter], spent);
	bench_add(&outcome->all, spent);
	if (letter < BENCH_ALLOCATIONS) {
		bench_add(&outcome->allocations, spent);
		*(*next)++ = (struct bench_object){ value, event->size };
	}
	if (player->nodes)
		bench_bytes_after(event, pool, held,
				  event->type == 'f' ? bench_trace.objects[event->size].size : 0);
	return true;
}

/**
 * bench_play() - replay the trace on a new heap
 * @test: the case, which fails if the trace uses a pool that has ended
 * @contender: whose pools
 * @nodes: sizes of nodes, for mp_pool; then bytes are counted, too. NULL: those of the trace
 * @outcome: set to what was counted. Destroying pools that the trace leaves is not counted
 */
void bench_play(struct kunit *test, const struct bench_contender *contender,
		const struct bench_nodes *nodes, struct bench_outcome *outcome)
{
	const struct player player = { test, contender, nodes, outcome };
	struct bench_object *next = bench_trace.objects;
	size_t before;

	*outcome = (struct bench_outcome){ 0 };
	memset(bench_trace.pools, 0, bench_trace.nr_pools * sizeof(*bench_trace.pools));
	bench_ranges(test, 4);
	bench_bytes_start();
	before = bench_pages.used;
	for (size_t i = 0; i < bench_trace.nr_events && !outcome->is_cut; i++) {
		const struct bench_event *event = &bench_trace.events[i];

		if (event->type != 'c')
			KUNIT_ASSERT_NOT_NULL(test, bench_trace.pools[event->pool].pool);
		else if (event->has_parent)
			KUNIT_ASSERT_NOT_NULL(test, bench_trace.pools[event->align].pool);
		outcome->is_cut = !play_and_count(&player, event, &next);
		if (nodes)
			bench_bytes_note(bench_pages.used - before, outcome);
		if (bench_after_event && !outcome->is_cut)
			bench_after_event(outcome, bench_pages.used - before);
	}
	outcome->peak_pages = bench_pages.peak - before;
	for (size_t i = 0; i < bench_trace.nr_pools; i++) {
		end_children(&player, &bench_trace.pools[i]);
		if (bench_trace.pools[i].pool)
			destroy(&player, &bench_trace.pools[i]);
	}
}
