// SPDX-License-Identifier: MIT
/*
 * bench_trace.c - replays a trace through mp_pool and through the reference
 *
 *	kernel_pages:  |..... bench_pages .....|.. events, pools, objects ..|...
 *
 * The trace is parsed first. Then each call is timed alone. Nothing is checked (the
 * suite "replay" does that), and the objects are not touched, so that only the pool
 * is counted. Both pools get the same pages and the same heap, one after the other.
 *
 * Cleanup handlers do nothing. The reference has no children: there they are pools like any other,
 * and the end of their parent counts the calls that destroy them.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>
#include <tests/replay/reference.h>
#include <tests/replay/trace.h>

struct event {
	char type;
	bool has_parent;
	uint32_t pool;
	size_t size;  /* of an f record: the number of the object */
	size_t align; /* of a c record: the number of the parent, if it has one */
};

struct pool {
	void *pool; /* NULL: it has ended */
	struct pool *parent;
	struct pool *child;   /* the newest; some may have ended */
	struct pool *sibling; /* the next older child of the parent */
};

static struct {
	struct event *events;
	struct pool *pools;
	void **objects;
	size_t nr_events, nr_pools, nr_objects;
	size_t largest_node; /* bytes */
	size_t table_pages;
} trace;

/* The records of the trace, by their letters: first the four that allocate. */
static const char letters[] = "anzmkcfrd";
static const char *const names[] = {
	"alloc", "nalloc", "calloc, without zeroing",		"memalign", "cleanup", "create",
	"free",	 "reset",  "destroy, with the end of children",
};

#define LETTERS (sizeof(letters) - 1)
#define ALLOCATIONS 4

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
			trace.events[events] = (struct event){ record.type, has_parent,
							       (uint32_t)record.pool, record.size,
							       record.align };
		if (record.type == 'c' && trace.largest_node < record.size)
			trace.largest_node = record.size;
		pools += record.type == 'c';
		objects += allocates;
		events++;
	}
	KUNIT_ASSERT_STREQ(test, reader.error, "");
	trace.nr_events = events;
	trace.nr_pools = pools;
	trace.nr_objects = objects;
}

static void open_trace(struct kunit *test)
{
	size_t size, bytes;
	const void *data = bench_module(&size);

	read_trace(test, data, size, false);
	bytes = trace.nr_events * sizeof(*trace.events) + trace.nr_pools * sizeof(*trace.pools) +
		trace.nr_objects * sizeof(void *);
	trace.table_pages = bytes / MM_PAGE_SIZE + 1;
	trace.events = page_alloc(&kernel_pages, trace.table_pages);
	KUNIT_ASSERT_NOT_NULL(test, trace.events);
	trace.pools = (struct pool *)(trace.events + trace.nr_events);
	trace.objects = (void **)(trace.pools + trace.nr_pools);
	read_trace(test, data, size, true);
}

static void close_trace(struct kunit *test)
{
	if (trace.events)
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, trace.events, trace.table_pages),
				0);
	trace.events = NULL;
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
struct contender {
	uint32_t (*alloc)(void **result, void *pool, size_t size);
	uint32_t (*nalloc)(void **result, void *pool, size_t size);
	uint32_t (*calloc)(void **result, void *pool, size_t size);
	uint32_t (*memalign)(void **result, void *pool, size_t size, size_t align);
	const void *create, *reset, *destroy, *free, *cleanup_add;
	const void *create_child; /* NULL: it has no children */
	void (*set_handler)(void *cleanup);
};

static const struct contender ours = {
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

static const struct contender reference = {
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

struct outcome {
	struct bench_sum sums[LETTERS];
	struct bench_sum allocations;
	size_t peak_pages;
	const char *fault; /* what the reference says of its list of handlers, or NULL */
};

static uint32_t create(const struct contender *contender, const struct event *event)
{
	struct pool *pool = &trace.pools[event->pool], *parent;

	*pool = (struct pool){ 0 };
	if (!event->has_parent)
		return BENCH_CALL(&pool->pool, contender->create, &bench_heap, event->size, 0);
	parent = &trace.pools[event->align];
	pool->parent = parent;
	pool->sibling = parent->child;
	parent->child = pool;
	if (!contender->create_child)
		return BENCH_CALL(&pool->pool, contender->create, &bench_heap, event->size, 0);
	return BENCH_CALL(&pool->pool, contender->create_child, parent->pool, event->size, 0);
}

static uint32_t destroy(const struct contender *contender, struct pool *pool, const char **fault)
{
	const char *said = NULL;
	uint32_t spent = BENCH_CALL(&said, contender->destroy, pool->pool, 0, 0);

	if (contender == &reference && said)
		*fault = said;
	pool->pool = NULL;
	return spent;
}

/* The pools below @top end: with it, or by calls of their own if the contender has no children. */
static uint32_t end_children(const struct contender *contender, struct pool *top,
			     const char **fault)
{
	struct pool *pool = top;
	uint32_t spent = 0;

	while (pool != top || pool->child) {
		if (pool->child) {
			pool = pool->child;
			continue;
		}
		if (pool->pool && !contender->create_child)
			spent += destroy(contender, pool, fault);
		pool->pool = NULL;
		pool->parent->child = pool->sibling;
		pool = pool->parent;
	}
	return spent;
}

/* Plays @event; sets *@value to NULL if memory is out. */
static uint32_t play(const struct contender *contender, const struct event *event, void **value,
		     const char **fault)
{
	struct pool *pool = &trace.pools[event->pool];
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
		spent = create(contender, event);
		*value = pool->pool;
		return spent;
	case 'r':
		spent = end_children(contender, pool, fault);
		return spent + BENCH_CALL(NULL, contender->reset, pool->pool, 0, 0);
	case 'd':
		spent = end_children(contender, pool, fault);
		return spent + destroy(contender, pool, fault);
	default:
		return BENCH_CALL(NULL, contender->free, pool->pool, trace.objects[event->size], 0);
	}
}

static void replay(struct kunit *test, const struct contender *contender, struct outcome *outcome)
{
	size_t objects = 0, before;

	*outcome = (struct outcome){ 0 };
	bench_ranges(test, 4);
	before = bench_pages.used;
	for (size_t i = 0; i < trace.nr_events; i++) {
		const struct event *event = &trace.events[i];
		size_t letter = (size_t)(strchr(letters, event->type) - letters);
		uint32_t spent;
		void *value;

		if (event->type != 'c')
			KUNIT_ASSERT_NOT_NULL(test, trace.pools[event->pool].pool);
		else if (event->has_parent)
			KUNIT_ASSERT_NOT_NULL(test, trace.pools[event->align].pool);
		spent = play(contender, event, &value, &outcome->fault);
		KUNIT_ASSERT_NOT_NULL(test, value);
		bench_add(&outcome->sums[letter], spent);
		if (letter < ALLOCATIONS) {
			bench_add(&outcome->allocations, spent);
			trace.objects[objects++] = value;
		}
	}
	outcome->peak_pages = bench_pages.peak - before;
	for (size_t i = 0; i < trace.nr_pools; i++) {
		end_children(contender, &trace.pools[i], &outcome->fault);
		if (trace.pools[i].pool)
			destroy(contender, &trace.pools[i], &outcome->fault);
	}
}

static void print(const struct outcome *our, const struct outcome *other)
{
	bench_versus_head("by call: how many, then instructions");
	for (size_t i = 0; i < LETTERS; i++)
		if (our->sums[i].count)
			bench_versus(names[i], our->sums[i], other->sums[i]);
	bench_versus("all allocations", our->allocations, other->allocations);
	if (other->fault)
		bench_row_text(bench_text(" the reference: %s", other->fault));
}

/* The trace through mp_pool, then through the reference. */
static void bench_trace_replay(struct kunit *test)
{
	static struct outcome our, other;
	bool has_small_nodes = trace.largest_node <= 2048;
	/*
	 * % of the reference's pages. How many large holes stay whole is half chance: with 16 to
	 * 256 bytes more for each pool or handler, one trace peaks at 963 to 977 pages, or at 1,031
	 * to 1,038, in no order.
	 */
	size_t allowed = 110;
	const char *pages;

	replay(test, &ours, &our);
	replay(test, &reference, &other);

	bench_head(bench_text("trace %s: %zu events, MP_ALIGNMENT %d", bench_module_name(),
			      trace.nr_events, MP_ALIGNMENT));
	if (has_small_nodes) /* many of its requests need a new node */
		bench_row_info("allocations, slow paths included, mean", our.allocations);
	else
		bench_row_mean(test, "allocations, slow paths included, mean", 43, our.allocations);
	pages = bench_text("peak pages (the reference: %zu)", other.peak_pages);
	/* In nodes of 256 bytes, two objects leave a tail that only a longer search would fill. */
	if (trace.largest_node <= 256)
		bench_row_info(pages, (struct bench_sum){ 1, our.peak_pages, 0 });
	else
		bench_row(test, pages, other.peak_pages * allowed / 100, our.peak_pages);
	print(&our, &other);
}

static int trace_init(struct kunit *test)
{
	if (bench_init_large(test))
		return 1;
	trace.largest_node = 0;
	open_trace(test);
	return 0;
}

static void trace_exit(struct kunit *test)
{
	close_trace(test);
	bench_exit(test);
}

static bool trace_is_wanted(void)
{
	size_t size;

	return bench_is_wanted() && bench_module(&size);
}

static struct kunit_case trace_cases[] = {
	KUNIT_CASE(bench_trace_replay),
	{},
};

static struct kunit_suite bench_trace_suite = {
	.name = "bench_trace",
	.test_cases = trace_cases,
	.init = trace_init,
	.exit = trace_exit,
	.wanted = trace_is_wanted,
	.needs = "the word \"bench\" and a trace",
};

kunit_test_suite(bench_trace_suite);
