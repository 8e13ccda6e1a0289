/* SPDX-License-Identifier: MIT */
/*
 * format.h - printf's formatting, to any destination
 */
#ifndef KERNEL_FORMAT_H
#define KERNEL_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/**
 * struct text - where formatted text goes
 * @at: where the next character goes
 * @end: just past the buffer
 * @length: of all the text so far, also of text that was dropped
 * @full: called when the buffer is full; makes room by moving @at back. If NULL, text
 *	that does not fit is dropped.
 */
struct text {
	char *at;
	char *end;
	size_t length;
	void (*full)(struct text *text);
};

int format_text(struct text *text, const char *fmt, va_list args);

#endif /* KERNEL_FORMAT_H */
