/* SPDX-License-Identifier: MIT */
/*
 * edit.h - a line editor that is fed byte by byte
 *
 *	bytes --> edit_key() --> EDIT_MORE, ..., EDIT_LINE: edit->line is complete
 *	              |
 *	              v
 *	            put()	what the terminal shows: text, BS, CR and LF, so a terminal need
 *				not know escape sequences
 *
 * A line that is longer than the terminal is wide is shown in part:
 *
 *	line	alloc p0 100 ; alloc p0 200 ; alloc p0 300
 *	              ^ first              ^ at
 *	screen	mp> p0 100 ; alloc p0 20
 */
#ifndef TESTS_MONITOR_EDIT_H
#define TESTS_MONITOR_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#define EDIT_MAX 1000 /* bytes of a line */
#define EDIT_LINES 32 /* lines of the history, with the one that is being typed */
#define EDIT_NAME 64  /* bytes of a name that Tab completes, with the NUL */

enum edit_event {
	EDIT_MORE,    /* the line is not complete */
	EDIT_LINE,    /* edit->line is complete */
	EDIT_REFUSED, /* the line is complete, but edit->why says why it must not be used */
	EDIT_END,     /* there are no more lines */
};

/**
 * struct edit - a line that is being typed
 * @prompt: stands in front of the line
 * @keys: somebody types, and sees what he types. If not, the bytes come from a file: the only keys
 *	are Enter and Ctrl-D, and a line is shown when it is complete
 * @escapes: the terminal knows escape sequences; only Ctrl-L uses one
 * @columns: of the terminal, at least 20
 * @put: shows text
 * @candidate: if set, says what Tab completes: @name becomes the @i-th name that may stand at
 *	line[@start]; false: there are no more
 * @owner: for @put and @candidate
 * @line: the line; ended by a NUL if it is complete
 * @why: after EDIT_REFUSED, a sentence
 *
 * The caller sets the members up to @owner, and clears the rest. edit.c uses the others:
 * @length: bytes in @line
 * @at: the cursor stands before this byte
 * @first: the first byte that is shown
 * @shown: columns of the terminal that hold something of the line
 * @room: columns that the line may have
 * @too_long: the line has more bytes than EDIT_MAX
 * @unreadable: it has bytes that are no text
 * @last: the byte before this one
 * @escape: inside an escape sequence: its last byte, or its number if that has one digit
 * @wide: a character of UTF-8 whose bytes are not all there
 * @nr_wide: how many of them are
 * @history: complete lines, the newest at nr - 1
 * @nr: how many there were
 * @back: @line was the @back-th newest of them; 0: it is the new one, which is kept at nr
 */
struct edit {
	const char *prompt;
	bool keys, escapes;
	size_t columns;
	void (*put)(void *owner, const char *text, size_t length);
	bool (*candidate)(void *owner, const char *line, size_t start, size_t i, char *name);
	void *owner;

	char line[EDIT_MAX + 1];
	const char *why;

	size_t length, at, first, shown, room;
	bool too_long, unreadable;
	unsigned char last, escape, wide[4];
	size_t nr_wide;
	char history[EDIT_LINES][EDIT_MAX + 1];
	size_t nr, back;
};

void edit_begin(struct edit *edit);
enum edit_event edit_key(struct edit *edit, unsigned char byte);

#endif /* TESTS_MONITOR_EDIT_H */
