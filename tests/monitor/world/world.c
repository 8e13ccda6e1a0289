// SPDX-License-Identifier: MIT
/*
 * world.c - operations on a world, and what ends with what
 *
 * Compiled twice: see world.h. WORLD is the name of the copy.
 */
#include <mm/env.h>
#include <mm/mp_internal.h>
#include <tests/monitor/world/world.h>

#ifndef WORLD
#define WORLD world_plain
#endif

static uint64_t now(const struct world *world)
{
	return world->clock ? world->clock() : 0;
}

/* Executes a statement, and counts its instructions, but not those of the clock. */
#define COUNTED(world, statement)                                                             \
	do {                                                                                  \
		uint64_t before_ = now(world), between_ = now(world);                         \
		statement;                                                                    \
		(world)->outcome.instructions = now(world) - between_ - (between_ - before_); \
	} while (0)

static struct mp_pool_s *pool_at(const struct world *world, uint32_t number)
{
	return world->of[POOL][number].at;
}

/* Names what an operation made; nothing, if @at is NULL. */
static struct thing *name(struct world *world, enum thing_kind kind, uint32_t pool, void *at,
			  size_t size)
{
	struct thing *thing = &world->of[kind][world->nr[kind]];

	world->outcome.at = at;
	if (!at)
		return NULL;
	world->outcome.made = world->nr[kind]++;
	*thing = (struct thing){ .at = at, .size = size, .pool = pool, .born = world->op };
	return thing;
}

/* Bytes that a learner can tell apart: the letter of an object is that of its number. */
static void fill(const struct world *world, void *at, size_t from, size_t size)
{
	if (at && size > from)
		memset((char *)at + from, 'A' + (int)(world->outcome.made % 26), size - from);
}

static void end(struct world *world, enum thing_kind kind, struct thing *thing)
{
	if (thing->ended)
		return;
	thing->ended = world->op;
	world->outcome.ended[kind]++;
}

/*
 * Ends what pool @number held and is younger than operation @since: also the pools below, and
 * what they held. A child has a higher number than its parent, so one pass finds all.
 */
static void end_younger(struct world *world, uint32_t number, uint32_t since)
{
	for (enum thing_kind kind = POOL; kind < THING_KINDS; kind++) {
		for (uint32_t i = 0; i < world->nr[kind]; i++) {
			struct thing *thing = &world->of[kind][i];
			bool is_direct = thing->pool == number && thing->born > since;

			if (thing->pool != NO_THING &&
			    (is_direct || world->of[POOL][thing->pool].ended == world->op))
				end(world, kind, thing);
		}
	}
}

/* The handler of every cleanup: it notes that it ran, and when. */
static void ran(void *data)
{
	struct thing *thing = *(struct thing **)data;
	struct world *world = *((struct world **)data + 1);

	thing->ran = ++world->ran;
	end(world, HANDLER, thing);
}

/* @size: of its data; at least two pointers, which ran() needs. */
static void add_cleanup(struct world *world, uint32_t number, size_t size)
{
	void *data[2] = { &world->of[HANDLER][world->nr[HANDLER]], world };
	struct mp_cleanup_s *cleanup;

	if (size < sizeof(data))
		size = sizeof(data);
	COUNTED(world, cleanup = mp_cleanup_add(pool_at(world, number), size));
	if (!name(world, HANDLER, number, cleanup, size))
		return;
	memcpy(cleanup->data, data, sizeof(data));
	cleanup->handler = ran;
}

static void add_mark(struct world *world, uint32_t number)
{
	struct mp_mark_s mark;

	COUNTED(world, mark = mp_mark(pool_at(world, number)));
	name(world, MARK, number, mark.savepoint, mark.number);
}

static int release(struct world *world, struct thing *mark)
{
	struct mp_mark_s token = { mark->at, mark->size };
	uint32_t pool = mark->pool;
	int error;

	COUNTED(world, error = mp_release(pool_at(world, pool), token));
	if (error)
		return error;
	end_younger(world, pool, mark->born);
	end(world, MARK, mark);
	return 0;
}

/* A small object that moved is as young as a new one; a large one keeps its place. */
static void resize(struct world *world, struct thing *object, uint32_t number, size_t size)
{
	struct mp_pool_s *pool = pool_at(world, object->pool);
	size_t old_size = object->size;
	void *p = object->at;
	bool was_large = mp_is_large(pool, p);

	COUNTED(world, p = mp_realloc(pool, p, old_size, size));
	world->outcome.at = p;
	world->outcome.made = number;
	if (!size)
		end(world, OBJECT, object);
	if (!p)
		return;
	if (p != object->at && !was_large)
		object->born = world->op;
	object->at = p;
	object->size = size;
	fill(world, p, old_size, size);
}

static void take_pages(struct world *world, size_t count)
{
	void *start;

	COUNTED(world, start = page_alloc(&world->pages, count));
	world->outcome.at = start;
	if (!start)
		return;
	world->runs[world->nr_runs].start = start;
	world->runs[world->nr_runs++].pages = count;
}

static int put_pages_back(struct world *world)
{
	void *start = world->runs[world->nr_runs - 1].start;
	size_t count = world->runs[world->nr_runs - 1].pages;
	int error;

	COUNTED(world, error = page_put_back(&world->pages, start, count));
	world->outcome.at = start;
	if (!error)
		world->nr_runs--;
	return error;
}

/* Names what a request got, and fills it: all but what calloc and printf have written. */
static void take_object(struct world *world, const struct op *op, void *p)
{
	name(world, OBJECT, op->name, p, op->size);
	if (op->kind != OP_CALLOC && op->kind != OP_PRINTF)
		fill(world, p, 0, op->size);
}

static void act(struct world *world, const struct op *op)
{
	const struct op_type *type = &op_types[op->kind];
	struct thing *thing = type->acts_on == THING_KINDS ? NULL :
							     &world->of[type->acts_on][op->name];
	struct mp_pool_s *pool = type->acts_on == POOL	 ? thing->at :
				 type->acts_on == OBJECT ? pool_at(world, thing->pool) :
							   NULL;
	struct heap *heap = &world->heap;
	int error = 0;
	void *p = NULL;

	world->op++;
	world->outcome = (struct outcome){ .made = NO_THING };
	switch (op->kind) {
	case OP_CREATE:
		COUNTED(world, p = mp_create_pool_on(heap, op->size));
		name(world, POOL, NO_THING, p, op->size);
		break;
	case OP_CHILD:
		COUNTED(world, p = mp_create_child(pool, op->size));
		name(world, POOL, op->name, p, op->size);
		break;
	case OP_ALLOC:
		COUNTED(world, p = mp_alloc(pool, op->size));
		take_object(world, op, p);
		break;
	case OP_NALLOC:
		COUNTED(world, p = mp_nalloc(pool, op->size));
		take_object(world, op, p);
		break;
	case OP_CALLOC:
		COUNTED(world, p = mp_calloc(pool, op->size));
		take_object(world, op, p);
		break;
	case OP_MEMALIGN:
		COUNTED(world, p = mp_memalign(pool, op->size, op->align));
		take_object(world, op, p);
		break;
	case OP_PRINTF:
		COUNTED(world, p = mp_printf(pool, "%s", op->text));
		take_object(world, op, p);
		break;
	case OP_CLEANUP:
		add_cleanup(world, op->name, op->size);
		break;
	case OP_REALLOC:
		resize(world, thing, op->name, op->size);
		break;
	case OP_FREE:
		COUNTED(world, error = mp_free(pool, thing->at));
		if (!error)
			end(world, OBJECT, thing);
		break;
	case OP_MARK:
		add_mark(world, op->name);
		break;
	case OP_RELEASE:
		error = release(world, thing);
		break;
	case OP_RESET:
		COUNTED(world, mp_reset_pool(pool));
		end_younger(world, op->name, 0);
		break;
	case OP_DESTROY:
		COUNTED(world, mp_destroy_pool(pool));
		end(world, POOL, thing);
		end_younger(world, op->name, 0);
		break;
	case OP_LIMIT:
		COUNTED(world, error = mp_set_limit(pool, op->size));
		break;
	case OP_HALLOC:
		COUNTED(world, p = heap_alloc(heap, op->align, op->size));
		name(world, BLOCK, NO_THING, p, op->size);
		fill(world, p, 0, op->size);
		break;
	case OP_HFREE:
		COUNTED(world, heap_free(heap, thing->at));
		end(world, BLOCK, thing);
		break;
	case OP_PALLOC:
		take_pages(world, op->size);
		break;
	case OP_PBACK:
		error = put_pages_back(world);
		break;
	case OP_KINDS:
		break;
	}
	world->outcome.error = error;
}

static void start(struct world *world)
{
	for (enum thing_kind kind = POOL; kind < THING_KINDS; kind++)
		world->nr[kind] = 0;
	world->nr_runs = 0;
	world->op = 0;
	world->ran = 0;
	mm_unpoison(world->arena, world->arena_bytes);
	/* With the same secret, records of the world before would be live ones of this world. */
	memset(world->arena, 0, world->pages.peak * MM_PAGE_SIZE);
	world->pages = (struct page_allocator){ 0 };
	(void)page_add_range(&world->pages, world->arena, world->arena_bytes);
	heap_init(&world->heap, &world->pages);
	heap_set_secret(&world->heap, 0x5eed5eed5eed5eed);
}

const struct world_calls WORLD = { .start = start, .act = act };
