// SPDX-License-Identifier: MIT
/*
 * walk_print.c - prints blocks, their lists, and a heap as a row of boxes
 *
 *	|span 16 |pool 416|free 672|top 2976|sentinel|
 *	10001000 10001010 100011b0 10001450 10001ff0 10002000
 *
 * The number in a box is the size in bytes, header included. All of it is read from the
 * structs of mm/.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tests/docs/walk.h>

#define TABLE_END 8192 /* the table of mm/heap_list.h shows smaller sizes */

/* Two lines of text: boxes, and below each box the address where it begins. */
struct drawing {
	char boxes[256];
	char addresses[256];
};

int printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintf(fmt, args);
	va_end(args);
	return length;
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	exit(EXIT_FAILURE);
}

static void draw_box(struct drawing *drawing, const char *name, size_t size, const void *start)
{
	char label[32], address[32];
	int width;

	snprintf(label, sizeof(label), size ? "%s %zu" : "%s", name, size);
	snprintf(address, sizeof(address), "%lx", walk_at(start));
	width = (int)(strlen(label) > strlen(address) ? strlen(label) : strlen(address));
	assert(strlen(drawing->boxes) + width + 2 < sizeof(drawing->boxes));
	sprintf(drawing->boxes + strlen(drawing->boxes), "|%-*s", width, label);
	sprintf(drawing->addresses + strlen(drawing->addresses), "%-*s ", width, address);
}

static const char *name_of(const struct heap *heap, const struct heap_place *place,
			   const struct walk_object *objects, size_t nr_objects)
{
	if (block_of(place->block) == heap->top)
		return "top";
	if (place->kind == HEAP_FREE)
		return "free";
	for (size_t i = 0; i < nr_objects; i++)
		if (walk_at(objects[i].start) - walk_at(place->block) < place->size)
			return objects[i].name;
	return "?";
}

/* Draws the newest span, and checks the heap. */
void walk_draw(const struct heap *heap, const struct walk_object *objects, size_t nr_objects)
{
	struct drawing drawing = { "", "" };
	struct heap_place place = { 0 };

	if (heap_check(heap))
		panic("walk: the heap is broken\n");
	draw_box(&drawing, "span", sizeof(*heap->spans), heap->spans);
	while (heap_next(heap, &place) && place.span == heap->spans)
		draw_box(&drawing, name_of(heap, &place, objects, nr_objects),
			 BLOCK_HEADER + place.size, block_of(place.block));
	draw_box(&drawing, "sentinel", 0, heap->sentinel);
	printf("\n   %s|\n   %s%lx\n", drawing.boxes, drawing.addresses, heap->spans->end);
}

/*
 * Computes the size of a block that holds @header bytes of @what, and @bytes behind them.
 * Returns it.
 */
size_t walk_say_size(const char *whose, const char *what, size_t header, size_t bytes)
{
	size_t size = block_bytes(header + bytes);

	printf("   %s: %zu (header) + %zu (%s) + %zu = %zu bytes, rounded up to %zu.\n", whose,
	       BLOCK_HEADER, header, what, bytes, BLOCK_HEADER + header + bytes, size);
	return size;
}

/* Computes the list that @block, which is free, is in. */
void walk_say_list(const struct heap *heap, const struct heap_block *block)
{
	size_t size = block_size(heap, block);
	struct heap_level list = list_level(size);
	size_t power = (size_t)1 << list.fl, sixteenths = size * HEAP_SL_COUNT / power;

	assert(list_first(&heap->lists[list.fl][list.sl]) == block);
	assert(power <= size && size < 2 * power && list.sl == sixteenths % HEAP_SL_COUNT);
	printf("   fl = %zu, because 2^%zu = %zu <= %zu < %zu.\n", list.fl, list.fl, power, size,
	       2 * power);
	printf("   sl = (%zu * %d / %zu) modulo %d = %zu modulo %d = %zu.\n", size, HEAP_SL_COUNT,
	       power, HEAP_SL_COUNT, sixteenths, HEAP_SL_COUNT, list.sl);
}

/* The lists of a first level that are in use: all of them in short, or each. */
static void print_lists(char *text, const size_t *sizes)
{
	size_t used = 0;

	*text = 0;
	for (size_t sl = 0; sl < HEAP_SL_COUNT; sl++)
		used += sizes[sl] != 0;
	if (used == HEAP_SL_COUNT) {
		sprintf(text, "0 1 2 3 ... %d", HEAP_SL_COUNT - 1);
		return;
	}
	for (size_t sl = 0; sl < HEAP_SL_COUNT; sl++)
		if (sizes[sl])
			sprintf(text + strlen(text), *text ? " %zu" : "%zu", sl);
}

/* One line of the table. @sizes: how many sizes each list of the first level @fl holds. */
static void print_row(size_t fl, size_t first, size_t last, const size_t *sizes)
{
	char range[32], lists[64], width[32] = "";
	size_t some = sizes[list_level(first).sl];

	snprintf(range, sizeof(range), last > first ? "%5zu .. %4zu" : "%5zu", first, last);
	print_lists(lists, sizes);
	for (size_t sl = 0; sl < HEAP_SL_COUNT; sl++)
		if (sizes[sl] && sizes[sl] != some)
			snprintf(width, sizeof(width), " or %zu", sizes[sl]);
	printf("%-13s%8zu   %-27s%zu%s\n", range, fl, lists, some, width);
}

/* Prints the table in the comment of mm/heap_list.h as list_level() computes it. */
void walk_print_table(void)
{
	size_t size = HEAP_ALIGN;

	printf("bytes of a block   fl   sl of the lists in use     sizes in a list\n");
	while (size < TABLE_END) {
		size_t sizes[HEAP_SL_COUNT] = { 0 };
		size_t fl = list_level(size).fl, first = size;

		for (; list_level(size).fl == fl; size += HEAP_ALIGN)
			sizes[list_level(size).sl]++;
		print_row(fl, first, size - HEAP_ALIGN, sizes);
	}
}
