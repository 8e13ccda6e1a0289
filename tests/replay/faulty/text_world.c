// SPDX-License-Identifier: MIT
/*
 * text_world.c - requests by number, and what lies where a fault places an object
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/mp_pool.h>
#include <mm/poison.h>
#include <tests/replay/faulty/text_world.h>

#define GUARD mp_align(2 * MP_PAGE_SIZE, MM_PAGE_SIZE)
#define BYTES_MIN ((size_t)128 << 10)

/**
 * text_world_open() - prepare a world
 * @world: the world
 * @memory: whole pages
 * @bytes: how many; at least 128 KiB. There can be an object for each 96 bytes
 * @clock: counts instructions; or NULL
 *
 * Return: whether the memory suffices.
 */
bool text_world_open(struct text_world *world, void *memory, size_t bytes, uint64_t (*clock)(void))
{
	size_t for_pools = mp_align(bytes / 64, MM_PAGE_SIZE);
	size_t for_objects = mp_align(bytes / 4, MM_PAGE_SIZE);

	if (bytes < BYTES_MIN)
		return false;
	*world = (struct text_world){ .clock = clock, .pools = memory };
	world->objects = (struct text_object *)((char *)memory + for_pools);
	world->max_pools = (uint32_t)(for_pools / sizeof(*world->pools));
	world->max_objects = (uint32_t)(for_objects / sizeof(*world->objects));
	world->arena = (char *)memory + for_pools + for_objects;
	world->arena_bytes = bytes - for_pools - for_objects - GUARD;
	text_world_start(world);
	return true;
}

/**
 * text_world_start() - make a world empty, whatever was damaged in it
 * @world: the world
 */
void text_world_start(struct text_world *world)
{
	mm_unpoison(world->pools,
		    (size_t)(world->arena - (char *)world->pools) + world->arena_bytes + GUARD);
	world->pages = (struct page_allocator){ 0 };
	(void)page_add_range(&world->pages, world->arena, world->arena_bytes);
	heap_init(&world->heap, &world->pages);
	memset(world->pools, 0, world->max_pools * sizeof(*world->pools));
	memset(world->objects, 0, world->max_objects * sizeof(*world->objects));
}

/* Says what an object behind its node lies over. */
static void tell_over(const struct text_world *world, const void *itself, struct ref_seen *seen)
{
	const unsigned char *at = reference_misplaced.at, *end = at + reference_misplaced.size;
	char over[48] = "";
	size_t length = strlen(seen->words);

	for (uint32_t i = 0; i < world->max_pools; i++) {
		const unsigned char *pool = (const unsigned char *)world->pools[i];

		if (pool && pool < end && pool + sizeof(struct ref_pool) > at)
			snprintf(over, sizeof(over), ", over the header of p%u", i);
	}
	for (uint32_t i = 0; i < world->max_objects; i++) {
		const unsigned char *object = world->objects[i].at;

		if (object && object != itself && object < end &&
		    object + world->objects[i].size > at)
			snprintf(over, sizeof(over), ", over a%u", i);
	}
	snprintf(seen->words + length, sizeof(seen->words) - length, "%s", over);
}

static void end_objects(struct text_world *world, uint32_t pool)
{
	for (uint32_t i = 0; i < world->max_objects; i++)
		if (world->objects[i].at && world->objects[i].pool == pool)
			world->objects[i].at = NULL;
}

/* Gives what was made its number, and ends what ended. */
static void number(struct text_world *world, const struct text_request *request, void *at)
{
	switch (request->type) {
	case 'c':
		if (request->made < world->max_pools)
			world->pools[request->made] = at;
		break;
	case 'f':
	case 'k':
		break;
	case 'd':
		world->pools[request->pool] = NULL;
		end_objects(world, request->pool);
		break;
	case 'r':
		end_objects(world, request->pool);
		break;
	default:
		if (request->made < world->max_objects)
			world->objects[request->made] =
				(struct text_object){ at, request->size, request->pool };
		break;
	}
}

static void add(struct text_sum *sum)
{
	const struct ref_seen *seen = &sum->newest;

	sum->requests++;
	sum->nodes += seen->nodes;
	sum->records += seen->records;
	sum->instructions += seen->instructions;
	if (seen->shows && !sum->shown++)
		memcpy(sum->words, seen->words, sizeof(sum->words));
}

/**
 * text_world_do() - do a request, and add it to the sum
 * @world: the world
 * @request: the request. If the pool or the object is not there, nothing is done
 *
 * Return: false if memory is damaged: start the world anew.
 */
bool text_world_do(struct text_world *world, const struct text_request *request)
{
	struct ref_seen *seen = &world->sum.newest;
	struct ref_request call = { .type = request->type,
				    .size = request->size,
				    .align = request->align };
	struct text_object *object = NULL;
	uint32_t pool = request->pool;

	if (request->type == 'f') {
		if (request->object >= world->max_objects)
			return true;
		object = &world->objects[request->object];
		if (!object->at)
			return true;
		call.object = (void *)object->at;
		pool = object->pool;
	}
	if (request->type != 'c') {
		call.pool = pool < world->max_pools ? world->pools[pool] : NULL;
		if (!call.pool)
			return true;
	}
	ref_watch(&world->heap, &call, world->clock, seen);
	number(world, request, seen->at);
	if (object && seen->is_freed)
		object->at = NULL;
	if (reference_misplaced.node)
		tell_over(world, seen->at, seen);
	add(&world->sum);
	return !seen->is_broken;
}
