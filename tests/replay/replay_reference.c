// SPDX-License-Identifier: MIT
/*
 * replay_reference.c - a trace through the reference pool: does its list of handlers end?
 *
 * The trace must be one that mp_pool has replayed, so each record is legal. The reference
 * has no children: they are pools like any other, destroyed at the end of the trace.
 */
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/replay/reference.h>
#include <tests/replay/replay.h>

struct tables {
	struct ref_pool **pools;
	void **objects;
	size_t nr_pools, nr_objects;
};

static void do_nothing(void *data)
{
	(void)data;
}

static const char *no_memory(const void *at)
{
	return at ? NULL : "the reference has no memory left";
}

static const char *register_handler(struct ref_pool *pool, size_t size)
{
	struct ref_cleanup *cleanup = ref_cleanup_add(pool, size);

	if (cleanup)
		cleanup->handler = do_nothing;
	return no_memory(cleanup);
}

static void *allocate(struct ref_pool *pool, const struct trace_record *record)
{
	switch (record->type) {
	case 'a':
		return ref_alloc(pool, record->size);
	case 'n':
		return ref_nalloc(pool, record->size);
	case 'z':
		return ref_calloc(pool, record->size);
	default:
		return ref_memalign(pool, record->size, record->align);
	}
}

/* Plays one record. Returns what is wrong, or NULL. */
static const char *play(struct tables *tables, const struct trace_record *record)
{
	struct ref_pool **pool = &tables->pools[record->pool];
	const char *fault = NULL;

	switch (record->type) {
	case 'c':
		*pool = ref_create_pool_on(&kernel_heap, record->size);
		tables->nr_pools++;
		return no_memory(*pool);
	case 'k':
		return register_handler(*pool, record->size);
	case 'f':
		ref_free(*pool, tables->objects[record->object]);
		return NULL;
	case 'r':
		ref_reset_pool(*pool);
		return NULL;
	case 'd':
		fault = ref_destroy_pool(*pool);
		*pool = NULL;
		return fault;
	default:
		tables->objects[tables->nr_objects++] = allocate(*pool, record);
		return no_memory(tables->objects[tables->nr_objects - 1]);
	}
}

static const char *play_all(struct tables *tables, struct trace *trace)
{
	struct trace_record record;
	const char *fault = NULL, *late;

	while (!fault && trace_next(trace, &record) == TRACE_RECORD)
		fault = play(tables, &record);
	for (size_t i = 0; i < tables->nr_pools; i++) {
		late = ref_destroy_pool(tables->pools[i]);
		if (!fault)
			fault = late;
	}
	return fault;
}

/**
 * replay_through_reference() - play a trace again, now through the reference pool
 * @replay: a replay of the trace that has ended without an error; its error is set
 * @data: the trace
 * @size: its size in bytes
 *
 * Return: true if no handler list of the reference was damaged by a reset.
 */
bool replay_through_reference(struct replay *replay, const void *data, size_t size)
{
	const struct replay_report *report = &replay->report;
	size_t pages = (report->pools + report->objects) * sizeof(void *) / MM_PAGE_SIZE + 1;
	struct tables tables = { .pools = page_alloc(&kernel_pages, pages) };
	const char *fault;

	if (!tables.pools)
		return replay_fail(replay, "no %zu pages for the replay's own tables", pages);
	tables.objects = (void **)(tables.pools + report->pools);
	trace_open(&replay->trace, data, size);
	fault = play_all(&tables, &replay->trace);
	heap_trim(&kernel_heap);
	page_put_back(&kernel_pages, tables.pools, pages);
	return fault ? replay_fail(replay, "%s", fault) : true;
}
