/* SPDX-License-Identifier: MIT */
/*
 * draw.h - pictures of memory, and lines that fit the screen
 *
 *	start                      start + cells * scale
 *	|AAAABBBB-----...............~~~~~~~ccdd|
 *	 ^ one cell: @scale bytes, a power of two
 */
#ifndef TESTS_MONITOR_LOOK_DRAW_H
#define TESTS_MONITOR_LOOK_DRAW_H

#include <kernel/lib/printk.h>
#include <kernel/report/pool_place.h>
#include <tests/monitor/monitor.h>

#define CANVAS_CELLS 184
#define SHOWN_MAX 16 /* of more nodes, records or rows, the newest are shown */

/* What a cell says, if it is not the letter of somebody. */
#define CELL_FREE '.'
#define CELL_LOST '~'	 /* free, but no request looks there any more */
#define CELL_PADDING '-' /* in no object that is alive */
#define CELL_TOP '_'
#define CELL_BLOCK 'H' /* a block of the heap that was asked for by halloc */
#define CELL_OWN '#'   /* of the heap itself: what begins and ends a span */

/**
 * struct canvas - a picture of some memory
 * @start: its first address
 * @scale: bytes of a cell
 * @cells: how many
 * @cell: what each shows: of all that was drawn there, what has the most bytes in it
 * @most: these bytes
 */
struct canvas {
	uintptr_t start;
	size_t scale;
	size_t cells;
	char cell[CANVAS_CELLS];
	size_t most[CANVAS_CELLS];
};

unsigned int screen_columns(const struct monitor *monitor);
size_t canvas_scale(size_t bytes, size_t cells);
void canvas_begin(struct canvas *canvas, uintptr_t start, size_t bytes, size_t scale, char rest);
void canvas_draw(struct canvas *canvas, uintptr_t from, uintptr_t to, char shown);
void canvas_say(struct monitor *monitor, const struct canvas *canvas, size_t width);
void say_line(struct monitor *monitor, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * struct heap_sums - what a walk of a heap counts; the bytes of blocks are those with headers
 * @used: blocks
 * @free: blocks that are in lists
 * @spans: runs of pages, and the bytes that begin and end them
 * @top: bytes at the end of the newest span
 * @lost: bytes behind a header that was overwritten
 * @all: bytes of all spans
 */
struct heap_sums {
	struct {
		size_t nr, bytes;
	} used, free, spans;
	size_t top, lost, all;
};

void heap_add_up(const struct heap *heap, struct heap_sums *sums);

/* place.c: what there is at an address, in words */
struct words {
	char text[160];
};

/* A printf() into struct words. */
#define WORDS(...)                                                       \
	({                                                               \
		struct words words_;                                     \
		snprintf(words_.text, sizeof(words_.text), __VA_ARGS__); \
		words_;                                                  \
	})

struct words address_words(const struct monitor *monitor, uintptr_t at);
struct words record_words(const struct world *world, const struct mp_pool_s *pool,
			  const struct mp_record_s *record);
bool record_is_sound(const struct mp_pool_s *pool, const struct mp_record_s *record);
uint32_t find_thing(const struct world *world, enum thing_kind kind, uintptr_t at);
struct pool_place find_node(const struct world *world, const struct thing *object);

/* map.c, for struct machine: only in the kernel */
void map_print(struct monitor *monitor);
void map_find(struct monitor *monitor, uintptr_t at);

#endif /* TESTS_MONITOR_LOOK_DRAW_H */
