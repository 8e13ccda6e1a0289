// SPDX-License-Identifier: MIT
/*
 * bench_trace.c - turns a trace into an array of events of 16 bytes
 *
 * All slow work is done here, before the clock runs: reading the file, finding slots
 * in the tables, and listing the objects that are alive when a pool ends. This list
 * is an advantage for malloc(), because a real program would have to keep it itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tests/host/bench/bench.h>
#include <tests/replay/trace.h>

#define NOTHING UINT32_MAX

/* A stack of free slots. */
struct slots {
	uint32_t *free;
	size_t nr_free;
	size_t used; /* slots ever used */
};

struct object {
	uint32_t size;
	uint32_t slot; /* NOTHING: freed */
	uint32_t next; /* in its pool's list */
};

struct pool {
	uint32_t slot; /* NOTHING: it has ended */
	uint32_t objects;
	uint32_t parent;  /* NOTHING: it has none */
	uint32_t child;	  /* the newest; it may have ended */
	uint32_t sibling; /* the next older child of the parent */
};

struct maker {
	struct bench_trace *trace;
	struct slots pool_slots, object_slots;
	struct pool *pools;
	struct object *objects;
	size_t nr_pools, nr_objects, nr_numbered, nr_sweep;
	size_t alive;	    /* bytes */
	uint32_t *numbered; /* the trace's number of an object -> index in objects, with cleanups */
};

static uint32_t take_slot(struct slots *slots)
{
	return slots->nr_free ? slots->free[--slots->nr_free] : slots->used++;
}

static void put_slot(struct slots *slots, uint32_t slot)
{
	slots->free[slots->nr_free++] = slot;
}

static struct bench_event *add(struct maker *maker, enum bench_op op, size_t pool)
{
	struct bench_event *event = &maker->trace->events[maker->trace->nr_events++];

	*event = (struct bench_event){ .op = op, .pool = maker->pools[pool].slot };
	return event;
}

static void add_object(struct maker *maker, enum bench_op op, size_t number, size_t size,
		       size_t align)
{
	struct bench_event *event = add(maker, op, number);
	struct pool *pool = &maker->pools[number];
	struct object *object = &maker->objects[maker->nr_objects];

	event->size = size;
	event->shift = align ? __builtin_ctzl(align) : 0;
	object->slot = take_slot(&maker->object_slots);
	event->object = object->slot;
	object->next = pool->objects;
	pool->objects = maker->nr_objects++;
	object->size = size;
	maker->alive += size;
	if (size > maker->trace->largest)
		maker->trace->largest = size;
	if (maker->alive > maker->trace->peak)
		maker->trace->peak = maker->alive;
}

/* The object is freed or swept: its slot is free again. */
static void drop(struct maker *maker, struct object *object)
{
	put_slot(&maker->object_slots, object->slot);
	object->slot = NOTHING;
	maker->alive -= object->size;
}

static void add_free(struct maker *maker, size_t pool, size_t number)
{
	struct object *object = &maker->objects[maker->numbered[number]];

	/* The trace may free an object twice, if mp_pool declined it. malloc() must not. */
	if (object->slot == NOTHING)
		return;
	add(maker, BENCH_FREE, pool)->object = object->slot;
	drop(maker, object);
}

/* Adds the end of one pool, or its reset, with the list of the objects to sweep. */
static void add_one_end(struct maker *maker, enum bench_op op, size_t number)
{
	struct bench_event *event = add(maker, op, number);
	struct pool *pool = &maker->pools[number];

	event->object = maker->nr_sweep;
	for (uint32_t i = pool->objects; i != NOTHING; i = maker->objects[i].next) {
		struct object *object = &maker->objects[i];

		if (object->slot == NOTHING)
			continue;
		maker->trace->sweep[maker->nr_sweep++] = object->slot;
		drop(maker, object);
	}
	event->size = maker->nr_sweep - event->object;
	pool->objects = NOTHING;
	if (op != BENCH_RESET) {
		put_slot(&maker->pool_slots, pool->slot);
		pool->slot = NOTHING;
	}
}

/* Adds a reset or destroy, and before it the end of all children. */
static void add_end(struct maker *maker, enum bench_op op, uint32_t top)
{
	struct pool *pools = maker->pools;
	uint32_t at = top;

	while (at != top || pools[at].child != NOTHING) {
		if (pools[at].child != NOTHING) {
			at = pools[at].child;
			continue;
		}
		if (pools[at].slot != NOTHING)
			add_one_end(maker, BENCH_END_CHILD, at);
		pools[pools[at].parent].child = pools[at].sibling;
		at = pools[at].parent;
	}
	add_one_end(maker, op, top);
}

static void add_pool(struct maker *maker, const struct trace_record *record)
{
	struct pool *pool = &maker->pools[maker->nr_pools];
	struct pool *parent = record->nr_fields == 3 ? &maker->pools[record->parent] : NULL;
	struct bench_event *event;

	*pool = (struct pool){ take_slot(&maker->pool_slots), NOTHING, NOTHING, NOTHING, NOTHING };
	event = add(maker, parent ? BENCH_CREATE_CHILD : BENCH_CREATE, maker->nr_pools);
	event->size = record->size;
	if (parent) {
		event->object = parent->slot;
		pool->parent = record->parent;
		pool->sibling = parent->child;
		parent->child = maker->nr_pools;
	}
	maker->nr_pools++;
}

static void add_record(struct maker *maker, const struct trace_record *record)
{
	static const char types[] = "anzm";
	const char *type = strchr(types, record->type);

	if (type) {
		maker->numbered[maker->nr_numbered++] = maker->nr_objects;
		add_object(maker, BENCH_ALLOC + (type - types), record->pool, record->size,
			   record->type == 'm' ? record->align : 0);
	} else if (record->type == 'c') {
		add_pool(maker, record);
	} else if (record->type == 'k') {
		add_object(maker, BENCH_CLEANUP, record->pool, record->size, 0);
	} else if (record->type == 'f') {
		add_free(maker, record->pool, record->object);
	} else {
		add_end(maker, record->type == 'r' ? BENCH_RESET : BENCH_DESTROY, record->pool);
	}
}

static bool is_alive(const struct maker *maker, size_t pool)
{
	return pool < maker->nr_pools && maker->pools[pool].slot != NOTHING;
}

static void check(const struct maker *maker, const struct trace_record *record, const char *path,
		  size_t line)
{
	if (record->type == 'c' ? record->pool != maker->nr_pools : !is_alive(maker, record->pool))
		bench_fail("%s: line %zu: no such pool", path, line);
	if (record->type == 'c' && record->nr_fields == 3 && !is_alive(maker, record->parent))
		bench_fail("%s: line %zu: no such parent", path, line);
	if (record->type == 'f' && record->object >= maker->nr_numbered)
		bench_fail("%s: line %zu: no such object", path, line);
	if (!strchr("frd", record->type) && record->size > 1 << 30)
		bench_fail("%s: line %zu: more than 1 GiB", path, line);
}

static void *table(size_t count, size_t size)
{
	void *table = calloc(count + 1, size);

	if (!table)
		bench_fail("no memory to read a trace");
	return table;
}

static void make(struct maker *maker, size_t lines)
{
	/* A line makes at most one object or one pool, and each pool's end is one more event. */
	maker->trace->events = table(2 * lines, sizeof(struct bench_event));
	maker->trace->sweep = table(lines, sizeof(uint32_t));
	maker->pools = table(lines, sizeof(struct pool));
	maker->objects = table(lines, sizeof(struct object));
	maker->numbered = table(lines, sizeof(uint32_t));
	maker->pool_slots.free = table(lines, sizeof(uint32_t));
	maker->object_slots.free = table(lines, sizeof(uint32_t));
}

static void finish(struct maker *maker)
{
	/* Children end with their parents. */
	for (size_t i = maker->nr_pools; i-- > 0;)
		if (maker->pools[i].slot != NOTHING && maker->pools[i].parent == NOTHING)
			add_end(maker, BENCH_DESTROY, i);
	maker->trace->nr_pools = maker->pool_slots.used;
	maker->trace->nr_objects = maker->object_slots.used;
	free(maker->pools);
	free(maker->objects);
	free(maker->numbered);
	free(maker->pool_slots.free);
	free(maker->object_slots.free);
}

static void *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	long length = -1;
	struct stat about;
	char *data;

	if (file && (fstat(fileno(file), &about) || !S_ISREG(about.st_mode)))
		bench_fail("%s: this is not a file, so it cannot be read as a trace", path);
	if (file && !fseek(file, 0, SEEK_END))
		length = ftell(file);
	if (length < 0 || fseek(file, 0, SEEK_SET))
		bench_fail("%s: %s", path, strerror(errno));
	data = table(length, 1);
	if (fread(data, 1, length, file) != (size_t)length)
		bench_fail("%s: %s", path, strerror(errno));
	fclose(file);
	*size = length;
	return data;
}

void bench_trace_load(struct bench_trace *trace, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	struct maker maker = { .trace = trace };
	enum trace_result result;
	struct trace_record record;
	struct trace reader;
	size_t size, lines = 0;
	char *data = read_file(path, &size);

	*trace = (struct bench_trace){ 0 };
	snprintf(trace->name, sizeof(trace->name), "%.*s", (int)strcspn(name, "."), name);
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';

	make(&maker, lines);
	trace_open(&reader, data, size);
	while ((result = trace_next(&reader, &record)) == TRACE_RECORD) {
		check(&maker, &record, path, reader.line);
		add_record(&maker, &record);
	}
	if (result == TRACE_ERROR)
		bench_fail("%s: line %zu: %s", path, reader.line, reader.error);
	if (!trace->nr_events)
		bench_fail("%s: it has no events", path);
	finish(&maker);
	free(data);
}

/* Makes a trace of one pool: @pairs times, allocate a large block and free it at once. */
void bench_trace_large_pairs(struct bench_trace *trace, size_t pairs, size_t size)
{
	struct maker maker = { .trace = trace };
	const struct trace_record create = { .type = 'c', .nr_fields = 2, .size = 4096 };

	*trace = (struct bench_trace){ .name = "large pairs" };
	make(&maker, 2 * pairs + 1);
	add_record(&maker, &create);
	for (size_t i = 0; i < pairs; i++) {
		add_record(&maker, &(struct trace_record){ .type = 'a', .size = size });
		add_record(&maker, &(struct trace_record){ .type = 'f', .object = i });
	}
	finish(&maker);
}
