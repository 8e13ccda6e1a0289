// SPDX-License-Identifier: MIT
/*
 * place.c - what there is at an address, in words
 *
 *	the arena	free page | page that palloc took | page of the heap
 *	the heap	header or end of a span | header of a block | free block | top | used block
 *	a used block	h3 | node of a pool | large block | handler | mark
 *	a node		its header | a5 | padding | free bytes
 */
#include <mm/mp_record.h>
#include <tests/monitor/look/draw.h>

/**
 * find_thing() - find what is alive at an address
 * @world: the world
 * @kind: of objects and blocks, any byte counts; of other things only the first
 * @at: the address
 *
 * What has no bytes is found only if nothing else is there.
 *
 * Return: the number of the thing, or NO_THING.
 */
uint32_t find_thing(const struct world *world, enum thing_kind kind, uintptr_t at)
{
	uint32_t found = NO_THING;

	for (uint32_t i = 0; i < world->nr[kind]; i++) {
		const struct thing *thing = &world->of[kind][i];
		size_t bytes = kind == OBJECT || kind == BLOCK ? thing->size : 1;

		if (thing->ended)
			continue;
		if (at - (uintptr_t)thing->at < bytes)
			return i;
		if ((uintptr_t)thing->at == at)
			found = i;
	}
	return found;
}

/**
 * find_node() - the node in which a small object lies
 * @world: the world
 * @object: the object
 *
 * Without bytes it may lie at the very end of a node, so the byte before it is looked up.
 *
 * Return: the node and its pool.
 */
struct pool_place find_node(const struct world *world, const struct thing *object)
{
	struct heap_place place;
	struct pool_place owner;

	heap_find(&world->heap, (const char *)object->at - !object->size, &place);
	pool_find(&world->heap, place.block, &owner);
	return owner;
}

/* Is @record a live record of @pool? It may be any address. */
bool record_is_sound(const struct mp_pool_s *pool, const struct mp_record_s *record)
{
	return record && mp_is_readable(pool, record) && mp_kind(pool, record) != MP_NONE;
}

/* What a sound record of @pool is: "a3, a large block". */
struct words record_words(const struct world *world, const struct mp_pool_s *pool,
			  const struct mp_record_s *record)
{
	uintptr_t at = (uintptr_t)record;

	switch (mp_kind(pool, record)) {
	case MP_NODE:
		return WORDS("node %u", node_number(pool, record));
	case MP_LARGE:
		return WORDS("a%u, a large block",
			     find_thing(world, OBJECT, at + sizeof(struct mp_large_s)));
	case MP_CLEANUP:
		return WORDS("c%u, a cleanup handler", find_thing(world, HANDLER, at));
	case MP_CHILD:
		return WORDS("p%u, a child", find_thing(world, POOL, at));
	default:
		return WORDS("m%u, a mark", find_thing(world, MARK, at));
	}
}

/* What there is at @at in a node. @start: where what it holds begins. */
static struct words node_words(const struct world *world, const struct mp_pool_s *pool,
			       const struct mp_node_s *node, uintptr_t start, uintptr_t at)
{
	uint32_t p = find_thing(world, POOL, (uintptr_t)pool);
	uint32_t object = find_thing(world, OBJECT, at);
	unsigned int n = node_number(pool, node);

	if (at == (uintptr_t)pool)
		return WORDS("p%u", p);
	if (at == (uintptr_t)node)
		return WORDS("node %u of p%u", n, p);
	if (at < start)
		return WORDS("header of node %u of p%u", n, p);
	if (object != NO_THING && world->of[OBJECT][object].size)
		return WORDS("a%u, byte %lu, in node %u of p%u", object,
			     at - (uintptr_t)world->of[OBJECT][object].at, n, p);
	if (at - start >= mp_node_size(pool, node))
		return WORDS("the end of node %u of p%u", n, p);
	if (at >= (uintptr_t)node->last && at < (uintptr_t)node->end)
		return WORDS("free bytes of node %u of p%u", n, p);
	return WORDS("padding, or an object that has ended, in node %u of p%u", n, p);
}

/* What there is at @at in the used block @place. */
static struct words used_words(const struct world *world, const struct heap_place *place,
			       uintptr_t at)
{
	uintptr_t block = (uintptr_t)place->block;
	uint32_t named = find_thing(world, BLOCK, at);
	struct pool_place owner;

	if (at < block)
		return WORDS("header of the used heap block at %#lx", block);
	if (named != NO_THING)
		return WORDS("h%u, byte %lu", named, at - block);
	pool_find(&world->heap, place->block, &owner);
	if (owner.node)
		return node_words(world, owner.pool, owner.node, block + owner.header, at);
	if (owner.pool && at == block)
		return record_words(world, owner.pool, place->block);
	if (owner.pool)
		return WORDS("%.80s: byte %lu of its %s",
			     record_words(world, owner.pool, place->block).text,
			     at < block + owner.header ? at - block : at - block - owner.header,
			     at < block + owner.header ? "record" : "memory");
	return WORDS("used heap block at %#lx, byte %lu", block, at - block);
}

/* What there is at @at in a page that is given out, but in no block. */
static struct words page_words(const struct world *world, uintptr_t at)
{
	for (size_t i = 0; i < world->nr_runs; i++)
		if (at - (uintptr_t)world->runs[i].start < world->runs[i].pages << MM_PAGE_SHIFT)
			return WORDS("one of %zu pages that palloc took", world->runs[i].pages);
	return WORDS("the first or the last 16 bytes of a span of the heap");
}

/**
 * address_words() - what there is at an address
 * @monitor: the monitor
 * @at: any address; it is not read
 *
 * Return: the words; "" outside of what the session made.
 */
struct words address_words(const struct monitor *monitor, uintptr_t at)
{
	const struct world *world = &monitor->session.world;
	size_t list = (at - (uintptr_t)world->heap.lists) / sizeof(struct heap_links);
	struct heap_place place;

	if (at == (uintptr_t)&world->heap)
		return WORDS("the heap");
	if (list < HEAP_FL_COUNT * HEAP_SL_COUNT)
		return WORDS("the heap, its list [%zu %zu]", list / HEAP_SL_COUNT,
			     list % HEAP_SL_COUNT);
	if (at - (uintptr_t)&world->heap < sizeof(world->heap))
		return WORDS("the struct of the heap");
	if (at - (uintptr_t)world->arena >= world->arena_bytes)
		return WORDS("%s", "");
	if (!page_is_used(&world->pages, (const void *)at, 1))
		return WORDS("a free page of the arena");
	heap_find(&world->heap, (const void *)at, &place);
	switch (place.kind) {
	case HEAP_OUTSIDE:
		return page_words(world, at);
	case HEAP_BROKEN:
		return WORDS("behind a header that was overwritten, at %#lx",
			     (uintptr_t)block_of(place.block));
	case HEAP_FREE:
		return WORDS("%s of %zu bytes, byte %lu",
			     block_of(place.block) == world->heap.top ? "top" : "free block",
			     place.size + BLOCK_HEADER, at - (uintptr_t)block_of(place.block));
	default:
		return used_words(world, &place, at);
	}
}
