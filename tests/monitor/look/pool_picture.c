// SPDX-License-Identifier: MIT
/*
 * pool_picture.c - "pool": the nodes of a pool to scale, and what there is to undo
 *
 *	 node window   aligned ->            <- packed   free failed
 *	    1 older   |AAAABBBBCC--............ffeeeedd|  384      1
 *	    2 current |GGGG............................|  896      0
 *	one character: 32 bytes; A is a0, ...
 *
 * The letter of an object is that of its number: the world fills its bytes with it.
 */
#include <mm/mp_record.h>
#include <tests/monitor/look/draw.h>

#define PICTURE_FRAME 29 /* columns of a line that are no cells */
#define ARROWS 20	 /* columns of "aligned -> <- packed" */

/**
 * struct nodes - the newest nodes of a pool
 * @newest: SHOWN_MAX of them, the newest first
 * @nr: how many nodes it has
 * @records: how many records
 * @is_whole: all records are sound
 */
struct nodes {
	const struct mp_node_s *newest[SHOWN_MAX];
	unsigned int nr;
	size_t records;
	bool is_whole;
};

static void add_node(struct nodes *nodes, const struct mp_node_s *node)
{
	if (nodes->nr < SHOWN_MAX)
		nodes->newest[nodes->nr] = node;
	nodes->nr++;
}

/* The first node is the oldest, and on no list. */
static void find_nodes(const struct mp_pool_s *pool, struct nodes *nodes)
{
	const struct mp_record_s *record = pool->records;

	*nodes = (struct nodes){ 0 };
	for (; record_is_sound(pool, record); record = record->next) {
		nodes->records++;
		if (mp_said_kind(record) == MP_NODE)
			add_node(nodes, mp_block_of(record));
	}
	add_node(nodes, pool->head);
	nodes->is_whole = !record;
}

/* Draws the objects that are alive in @canvas: letters for aligned, small ones for packed. */
static void draw_objects(struct canvas *canvas, const struct world *world,
			 const struct mp_node_s *node)
{
	for (uint32_t i = 0; i < world->nr[OBJECT]; i++) {
		const struct thing *object = &world->of[OBJECT][i];
		uintptr_t at = (uintptr_t)object->at;
		char letter = (at < (uintptr_t)node->last ? 'A' : 'a') + i % 26;

		if (!object->ended)
			canvas_draw(canvas, at, at + object->size, letter);
	}
}

static void say_node(struct monitor *monitor, const struct mp_pool_s *pool,
		     const struct mp_node_s *node, unsigned int number, size_t scale, size_t width)
{
	bool is_current = node == pool->current, is_older = node == pool->older;
	struct canvas canvas;

	canvas_begin(&canvas, mp_node_start(pool, node), mp_node_size(pool, node), scale,
		     CELL_PADDING);
	canvas_draw(&canvas, (uintptr_t)node->last, (uintptr_t)node->end,
		    is_current || is_older ? CELL_FREE : CELL_LOST);
	draw_objects(&canvas, &monitor->session.world, node);
	say(monitor, "%5u %-7s ", number, is_current ? "current" : is_older ? "older" : "");
	canvas_say(monitor, &canvas, width);
	say(monitor, " %5zu %6u\n", mp_node_room(node), node->failed);
}

static void say_nodes(struct monitor *monitor, const struct mp_pool_s *pool,
		      const struct nodes *nodes)
{
	unsigned int shown = nodes->nr < SHOWN_MAX ? nodes->nr : SHOWN_MAX;
	size_t most = 0, room = screen_columns(monitor) - PICTURE_FRAME, scale, width;

	for (unsigned int i = 0; i < shown; i++)
		if (mp_node_size(pool, nodes->newest[i]) > most)
			most = mp_node_size(pool, nodes->newest[i]);
	scale = canvas_scale(most, room < CANVAS_CELLS ? room : CANVAS_CELLS);
	width = (most + scale - 1) / scale;
	if (width > ARROWS)
		say(monitor, " node window   aligned ->%*s<- packed   free failed\n",
		    (int)(width - ARROWS + 1), "");
	else
		say(monitor, " node window  %*s  free failed\n", (int)width + 2, "");
	if (nodes->nr > shown)
		say(monitor, "  ... %u more, older\n", nodes->nr - shown);
	for (unsigned int i = shown; i--;)
		say_node(monitor, pool, nodes->newest[i], nodes->nr - i, scale, width);
	say_line(monitor,
		 "One character: %zu bytes. A is a0, packed a; %c padding, %c free, %c lost.",
		 scale, CELL_PADDING, CELL_FREE, CELL_LOST);
}

/* What undoing the pool would end, in its order. */
static void say_records(struct monitor *monitor, const struct mp_pool_s *pool,
			const struct nodes *nodes)
{
	const struct mp_record_s *record = pool->records;

	say_line(monitor, nodes->records ? "To undo, newest first:" : "There is nothing to undo.");
	for (size_t i = 0; i < nodes->records && i < SHOWN_MAX; i++, record = record->next)
		say_line(monitor, "  %s", record_words(&monitor->session.world, pool, record).text);
	if (nodes->records > SHOWN_MAX)
		say_line(monitor, "  ... %zu more", nodes->records - SHOWN_MAX);
	if (!nodes->is_whole)
		say_line(monitor, "  then a record that was overwritten");
}

/* The number of the newest pool that is alive; NO_THING: there is none. */
static uint32_t newest_pool(const struct world *world)
{
	uint32_t name = world->nr[POOL];

	while (name--)
		if (!world->of[POOL][name].ended)
			return name;
	return NO_THING;
}

/* Draws a pool. */
enum answer cmd_pool(struct monitor *monitor, const struct args *args)
{
	const struct world *world = &monitor->session.world;
	uint32_t name = args->kind == POOL ? args->name : newest_pool(world);
	const struct thing *thing = world_thing(world, POOL, name);
	const struct mp_pool_s *pool;
	struct nodes nodes;

	if (!thing)
		return fail(monitor, "pool: there is none; \"create\" makes one");
	if (thing->ended)
		return fail(monitor, "p%u has ended", name);
	pool = thing->at;
	if (!mp_is_pool(pool))
		return fail(monitor, "p%u: its struct was overwritten", name);
	find_nodes(pool, &nodes);
	say_nodes(monitor, pool, &nodes);
	say_records(monitor, pool, &nodes);
	if (pool->bounded == pool)
		say_line(monitor, "It holds %zu bytes of the heap; its limit has %zu left.",
			 pool->held, pool->left);
	else
		say_line(monitor, "It holds %zu bytes of the heap, and has no limit of its own.",
			 pool->held);
	return ANSWER_DONE;
}
