/* SPDX-License-Identifier: MIT */
/*
 * format.h - printf's formatting, apart from where the text goes
 */
#ifndef KERNEL_FORMAT_H
#define KERNEL_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/**
 * struct text - where formatted text goes
 * @at: the next character
 * @end: just past the room
 * @length: of all the text so far, also of what found no room
 * @full: called when there is no room: makes some, by moving @at back. NULL:
 *	what finds no room is dropped.
 */
struct text {
	char *at;
	char *end;
	size_t length;
	void (*full)(struct text *text);
};

void format_text(struct text *text, const char *fmt, va_list args);

#endif /* KERNEL_FORMAT_H */
