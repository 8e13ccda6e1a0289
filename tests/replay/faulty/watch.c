// SPDX-License-Identifier: MIT
/*
 * watch.c - does a request, and says what went wrong
 *
 * What the pool looked at is found out before and after the call: the pool has no hook for it. So
 * without a fault, instructions are those of the benchmarks.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <tests/replay/faulty/watch.h>

#define WINDOW 2	/* nodes that mp_alloc() looks at */
#define RECORDS_TRIED 5 /* that the reference looks at for a free one */

static const struct ref_calls *calls;
static uint64_t (*now)(void);
static void *caught[5];
static char *caught_reason;

/* Executes a statement, and counts its instructions, but not those of the clock. */
#define COUNTED(seen, statement)                                                \
	do {                                                                    \
		uint64_t before_ = now(), between_ = now();                     \
		statement;                                                      \
		(seen)->instructions = now() - between_ - (between_ - before_); \
	} while (0)

static uint64_t no_clock(void)
{
	return 0;
}

__attribute__((format(printf, 2, 3))) static void show(struct ref_seen *seen, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(seen->words, sizeof(seen->words), fmt, args);
	va_end(args);
	seen->shows = true;
}

/* Nodes from @node on, before the one in which @at lies. */
static unsigned int nodes_before(const struct ref_node *node, const struct ref_pool *pool,
				 const unsigned char *at)
{
	unsigned int n = 0;

	for (; node && !(at >= node->end - pool->size && at <= node->end); node = ref_next(node))
		n++;
	return n;
}

static bool has_free_record(const struct ref_pool *pool)
{
	const struct ref_large *large = pool->large;

	for (int n = 0; large && n < RECORDS_TRIED; n++, large = large->next)
		if (!large->alloc)
			return true;
	return false;
}

static void create(struct heap *heap, size_t size, struct ref_seen *seen)
{
	struct ref_pool *pool;
	uintptr_t start, end;
	size_t holds;

	COUNTED(seen, pool = calls->create_pool_on(heap, size));
	seen->at = pool;
	if (!pool)
		return;
	start = mp_align((uintptr_t)pool->head->last, MP_ALIGNMENT);
	end = (uintptr_t)pool->head->end;
	holds = end > start ? end - start : 0;
	if (!size || size > HEAP_MAX_SIZE) {
		show(seen, "it made a pool of %zu bytes, which holds %zu", size, holds);
		seen->is_broken = true;
	} else if (holds < pool->size) {
		show(seen, "the first node of %zu bytes holds %zu", pool->size, holds);
	}
}

static void *call(const struct ref_request *request, struct ref_seen *seen)
{
	struct ref_pool *pool = request->pool;
	size_t size = request->size;
	void *at;

	switch (request->type) {
	case 'a':
		COUNTED(seen, at = calls->alloc(pool, size));
		break;
	case 'n':
		COUNTED(seen, at = calls->nalloc(pool, size));
		break;
	case 'z':
		COUNTED(seen, at = calls->calloc(pool, size));
		break;
	default:
		COUNTED(seen, at = calls->memalign(pool, size, request->align));
		break;
	}
	return at;
}

static void check_zeros(const unsigned char *at, size_t size, struct ref_seen *seen)
{
	for (size_t i = 0; at && i < size; i++) {
		if (at[i]) {
			show(seen, "calloc does not clear: byte %zu is 0x%02x", i, at[i]);
			return;
		}
	}
}

static void check_large(const struct ref_request *request, bool took_record, bool was_free,
			struct ref_seen *seen)
{
	uintptr_t at = (uintptr_t)seen->at;

	if (at && request->size > HEAP_MAX_SIZE) {
		show(seen, "asked for %zu bytes, it gave %zu", request->size,
		     heap_usable_size(seen->at));
		seen->is_broken = true;
	} else if (at % MP_ALIGNMENT) {
		show(seen, "the block is aligned to %zu bytes, not to %d", (size_t)(at & -at),
		     MP_ALIGNMENT);
	} else if (!at && took_record) {
		show(seen, "it failed, and took a record of %zu bytes", sizeof(struct ref_large));
	} else if (took_record && was_free) {
		show(seen, "it took a new record of %zu bytes; one of the first %d was free",
		     sizeof(struct ref_large), RECORDS_TRIED);
	}
}

static void allocate(const struct ref_request *request, struct ref_seen *seen)
{
	struct ref_pool *pool = request->pool;
	const struct ref_large *newest = pool->large;
	const struct ref_node *from = pool->current;
	unsigned int most = nodes_before(from, pool, NULL);
	bool was_free = has_free_record(pool);

	seen->at = call(request, seen);
	if (request->type == 'n' && reference_fault == 7)
		show(seen, "nalloc is only declared: a program that calls it does not link");
	if (request->type == 'z')
		check_zeros(seen->at, request->size, seen);
	if (request->type == 'm' || request->size > pool->max) {
		check_large(request, pool->large != newest, was_free, seen);
	} else if (seen->at) {
		seen->nodes = nodes_before(from, pool, seen->at) + 1;
		seen->nodes = seen->nodes < most ? seen->nodes : most;
		seen->node = nodes_before(pool->head, pool, seen->at) + 1;
		if (reference_fault == 5 && seen->nodes > WINDOW)
			show(seen, "it looked at %u nodes; ours looks at %d at most", seen->nodes,
			     WINDOW);
	}
}

static void free_object(const struct ref_request *request, struct ref_seen *seen)
{
	const struct ref_large *large = request->pool->large;

	for (; large && large->alloc != request->object; large = large->next)
		seen->records++;
	seen->records += large ? 1 : 0;
	COUNTED(seen, seen->is_freed = !calls->free(request->pool, request->object));
	if (reference_fault == 6 && seen->records > 1)
		show(seen, "it looked at %u records; ours looks at 1", seen->records);
	if (reference_fault == 7)
		show(seen, "free is only declared: a program that calls it does not link");
}

static void ran(void *data)
{
	(void)data;
}

static void add_cleanup(const struct ref_request *request, struct ref_seen *seen)
{
	struct ref_cleanup *cleanup;

	COUNTED(seen, cleanup = calls->cleanup_add(request->pool, request->size));
	if (cleanup)
		cleanup->handler = ran;
	seen->at = cleanup;
}

static void act(struct heap *heap, const struct ref_request *request, struct ref_seen *seen)
{
	const char *fault = NULL;

	switch (request->type) {
	case 'c':
		create(heap, request->size, seen);
		break;
	case 'k':
		add_cleanup(request, seen);
		break;
	case 'f':
		free_object(request, seen);
		break;
	case 'r':
		/* This copy's: only here fault 8, which the reference has, can be off. */
		COUNTED(seen, reference_faulty_calls.reset_pool(request->pool));
		break;
	case 'd':
		COUNTED(seen, fault = calls->destroy_pool(request->pool));
		if (fault)
			show(seen, "%s", fault);
		break;
	default:
		allocate(request, seen);
		break;
	}
}

static void catch_panic(const char *reason)
{
	snprintf(caught_reason, sizeof(((struct ref_seen *)NULL)->words), "%s", reason);
	__builtin_longjmp(caught, 1);
}

/* Does act(). False: the pool or the heap panicked. */
static __attribute__((noinline)) bool survives(struct heap *heap, const struct ref_request *request,
					       struct ref_seen *seen)
{
	if (__builtin_setjmp(caught)) {
		panic_notifier = NULL;
		return false;
	}
	panic_notifier = catch_panic;
	act(heap, request, seen);
	panic_notifier = NULL;
	return true;
}

/**
 * ref_watch() - do a request, and look at what it does
 * @heap: the heap of the pools
 * @request: the request; with reference_fault 0, the benchmarks' pool does it
 * @clock: counts instructions; or NULL
 * @seen: set
 *
 * All pools on @heap were made by it, with the same fault, or before that was switched on.
 */
void ref_watch(struct heap *heap, const struct ref_request *request, uint64_t (*clock)(void),
	       struct ref_seen *seen)
{
	*seen = (struct ref_seen){ 0 };
	calls = reference_fault ? &reference_faulty_calls : &reference_calls;
	now = clock ? clock : no_clock;
	caught_reason = seen->words;
	reference_misplaced.node = NULL;
	if (!survives(heap, request, seen)) {
		seen->shows = true;
		seen->is_broken = true;
		seen->at = NULL;
	}
	if (reference_misplaced.node) {
		seen->is_broken = true;
		seen->node = 0;
		show(seen, "%zu bytes end %zu bytes behind their node", reference_misplaced.size,
		     (size_t)(reference_misplaced.at + reference_misplaced.size -
			      reference_misplaced.node->end));
	}
}
