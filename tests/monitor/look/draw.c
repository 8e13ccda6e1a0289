// SPDX-License-Identifier: MIT
/*
 * draw.c - pictures of memory, and lines that fit the screen
 */
#include <kernel/lib/string.h>
#include <tests/monitor/look/draw.h>

#define COLUMNS_MIN 40
#define LINE_MAX 512
#define INDENT 4 /* of what is left of a line that is too long */

/* The columns that may be used: of a narrower screen, lines do not fit. */
unsigned int screen_columns(const struct monitor *monitor)
{
	return monitor->columns > COLUMNS_MIN ? monitor->columns : COLUMNS_MIN;
}

/* The smallest power of two that so many @cells need to show @bytes. */
size_t canvas_scale(size_t bytes, size_t cells)
{
	size_t scale = 1;

	while ((bytes + scale - 1) / scale > cells)
		scale *= 2;
	return scale;
}

/* Begins a picture of at most CANVAS_CELLS cells, in which nothing but @rest is drawn. */
void canvas_begin(struct canvas *canvas, uintptr_t start, size_t bytes, size_t scale, char rest)
{
	*canvas = (struct canvas){ start, scale, (bytes + scale - 1) / scale, "", { 0 } };
	memset(canvas->cell, rest, canvas->cells);
}

/* Draws the bytes from @from to @to, as far as they lie in the picture. */
void canvas_draw(struct canvas *canvas, uintptr_t from, uintptr_t to, char shown)
{
	uintptr_t end = canvas->start + canvas->cells * canvas->scale;

	if (from < canvas->start)
		from = canvas->start;
	if (to > end)
		to = end;
	while (from < to) {
		size_t i = (from - canvas->start) / canvas->scale;
		uintptr_t next = canvas->start + (i + 1) * canvas->scale;
		size_t bytes = (next < to ? next : to) - from;

		if (bytes > canvas->most[i]) {
			canvas->most[i] = bytes;
			canvas->cell[i] = shown;
		}
		from += bytes;
	}
}

/* The colour of a cell: what is free is dim, what is lost is red, padding is yellow. */
static const char *colour_of(const struct monitor *monitor, char cell)
{
	if (!monitor->colour)
		return "";
	return cell == CELL_FREE || cell == CELL_TOP ? "\033[2m" :
	       cell == CELL_LOST		     ? "\033[31m" :
	       cell == CELL_PADDING		     ? "\033[33m" :
						       "\033[36m";
}

/* Prints |the cells|, and blanks up to a width of @width cells. */
void canvas_say(struct monitor *monitor, const struct canvas *canvas, size_t width)
{
	size_t n;

	say(monitor, "|");
	for (size_t i = 0; i < canvas->cells; i += n) {
		const char *colour = colour_of(monitor, canvas->cell[i]);

		for (n = 1; i + n < canvas->cells; n++)
			if (colour_of(monitor, canvas->cell[i + n]) != colour)
				break;
		say(monitor, "%s%.*s%s", colour, (int)n, canvas->cell + i,
		    *colour ? "\033[0m" : "");
	}
	say(monitor, "|%*s", (int)(width - canvas->cells), "");
}

/**
 * say_line() - print a line
 * @monitor: where
 * @fmt: as of printf(), without a newline; LINE_MAX bytes at most are printed
 */
void say_line(struct monitor *monitor, const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	say(monitor, "%s\n", line);
}
