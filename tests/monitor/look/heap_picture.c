// SPDX-License-Identifier: MIT
/*
 * heap_picture.c - "heap": a map of its blocks to scale, its free lists, and sums
 *
 *	  10200000 |000000001111HHH...0000____________|
 *
 * A digit stands for blocks of that pool: 0 for p0, a for p10.
 */
#include <mm/heap_list.h>
#include <mm/mp_record.h>
#include <tests/monitor/look/draw.h>

#define ROW_FRAME 15 /* columns of a row that are no cells */

static mm_trusted void add_block(struct heap_sums *sums, const struct heap *heap,
				 const struct heap_place *place)
{
	size_t bytes = place->size + BLOCK_HEADER;

	if (place->kind == HEAP_BROKEN) {
		sums->lost += bytes;
	} else if (block_of(place->block) == heap->top) {
		sums->top = bytes;
	} else if (place->kind == HEAP_FREE) {
		sums->free.nr++;
		sums->free.bytes += bytes;
	} else {
		sums->used.nr++;
		sums->used.bytes += bytes;
	}
}

/* Walks a heap, and counts what it holds. */
mm_trusted void heap_add_up(const struct heap *heap, struct heap_sums *sums)
{
	struct heap_place place = { 0 };
	const struct heap_span *span = NULL;

	*sums = (struct heap_sums){ 0 };
	while (heap_next(heap, &place)) {
		add_block(sums, heap, &place);
		if (place.span == span)
			continue;
		span = place.span;
		sums->spans.nr++;
		sums->spans.bytes += sizeof(*span) + BLOCK_HEADER;
		sums->all += span->end - (uintptr_t)span;
	}
}

/* Draws the block of the heap that begins at @payload. */
static mm_trusted void draw_block(struct canvas *canvas, const void *payload, char shown)
{
	uintptr_t block = (uintptr_t)block_of(payload);

	canvas_draw(canvas, block, block + mp_block_bytes(payload), shown);
}

static void draw_pool(struct canvas *canvas, const struct mp_pool_s *pool, uint32_t number)
{
	char letter = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
	const struct mp_record_s *record = pool->records;

	draw_block(canvas, pool, letter);
	for (; record_is_sound(pool, record); record = record->next)
		if (mp_said_kind(record) != MP_CHILD)
			draw_block(canvas, record, letter);
}

/* Draws what lies in @canvas: free blocks, and used ones by their owners. */
static void draw_blocks(struct canvas *canvas, const struct world *world)
{
	struct heap_place place = { 0 };

	for (uint32_t i = 0; i < world->nr[POOL]; i++)
		if (!world->of[POOL][i].ended)
			draw_pool(canvas, world->of[POOL][i].at, i);
	for (uint32_t i = 0; i < world->nr[BLOCK]; i++)
		if (!world->of[BLOCK][i].ended)
			draw_block(canvas, world->of[BLOCK][i].at, CELL_BLOCK);
	while (heap_next(&world->heap, &place)) {
		uintptr_t block = (uintptr_t)block_of(place.block);
		bool is_top = block == (uintptr_t)world->heap.top;

		if (place.kind == HEAP_FREE)
			canvas_draw(canvas, block, (uintptr_t)place.block + place.size,
				    is_top ? CELL_TOP : CELL_FREE);
	}
}

/* Draws all spans, the newest first, in SHOWN_MAX rows or as few as they need. */
static mm_trusted void say_picture(struct monitor *monitor, const struct heap_sums *sums)
{
	const struct world *world = &monitor->session.world;
	size_t width = (screen_columns(monitor) - ROW_FRAME) & -(size_t)8, rows = 0, row, scale;
	struct canvas canvas;

	width = width < CANVAS_CELLS ? width : CANVAS_CELLS;
	scale = canvas_scale(sums->all, width * SHOWN_MAX);
	scale = scale > HEAP_ALIGN ? scale : HEAP_ALIGN;
	row = width * scale;
	for (const struct heap_span *span = world->heap.spans; span; span = span->next) {
		for (uintptr_t at = (uintptr_t)span; at < span->end; at += row) {
			size_t bytes = span->end - at < row ? span->end - at : row;

			if (++rows > SHOWN_MAX)
				continue;
			canvas_begin(&canvas, at, bytes, scale, CELL_OWN);
			draw_blocks(&canvas, world);
			say(monitor, "%12lx ", at);
			canvas_say(monitor, &canvas, canvas.cells);
			say(monitor, "\n");
		}
	}
	if (rows > SHOWN_MAX)
		say_line(monitor, "  ... %zu more rows", rows - SHOWN_MAX);
	say_line(monitor,
		 "One character: %zu bytes. 0 is p0, a p10; %c halloc, %c free, %c top, %c other.",
		 scale, CELL_BLOCK, CELL_FREE, CELL_TOP, CELL_OWN);
}

/* Prints the lists that hold blocks; the heap is sound. Returns the bytes of these blocks. */
static mm_trusted size_t say_lists(struct monitor *monitor, const struct heap *heap)
{
	size_t all = 0;

	for (size_t fl = 0; fl < HEAP_FL_COUNT; fl++) {
		for (size_t sl = 0; sl < HEAP_SL_COUNT; sl++) {
			const struct heap_links *list = &heap->lists[fl][sl], *at = list->next;
			size_t nr = 0, bytes = 0;

			for (; at != list; at = at->next, nr++)
				bytes += block_size(heap, block_of(at));
			if (nr)
				say_line(monitor, "Free list [%zu %zu]: %zu block%s, %zu bytes", fl,
					 sl, nr, nr == 1 ? "" : "s", bytes);
			all += bytes;
		}
	}
	return all;
}

/* Draws the heap. */
enum answer cmd_heap(struct monitor *monitor, const struct args *args)
{
	const struct heap *heap = &monitor->session.world.heap;
	struct heap_sums sums;

	(void)args;
	if (!heap->spans) {
		say_line(monitor, "The heap has no pages.");
		return ANSWER_DONE;
	}
	heap_add_up(heap, &sums);
	say_picture(monitor, &sums);
	if (heap_check(heap))
		return fail(monitor, "The heap is damaged: %zu bytes cannot be told", sums.lost);
	if (say_lists(monitor, heap) != sums.free.bytes)
		return fail(monitor, "The free blocks and the free lists differ");
	say_line(monitor, "%zu page%s in %zu span%s, %zu bytes", sums.all >> MM_PAGE_SHIFT,
		 sums.all == MM_PAGE_SIZE ? "" : "s", sums.spans.nr, sums.spans.nr == 1 ? "" : "s",
		 sums.all);
	say_line(monitor,
		 " = %zu in %zu used blocks + %zu in %zu free ones + %zu in top + %zu around spans",
		 sums.used.bytes, sums.used.nr, sums.free.bytes, sums.free.nr, sums.top,
		 sums.spans.bytes);
	if (sums.used.bytes + sums.free.bytes + sums.top + sums.spans.bytes != sums.all)
		return fail(monitor, "The parts of the heap do not add up to its pages");
	return ANSWER_DONE;
}
