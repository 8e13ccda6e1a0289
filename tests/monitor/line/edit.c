// SPDX-License-Identifier: MIT
/*
 * edit.c - a line editor: keys, a history, completion
 *
 * Read edit_key() at the end first. A byte goes one of these ways:
 *
 *	byte --+-- of an escape sequence ------> escape_byte() --+
 *	       +-- a control character -------------------------+--> control_key()
 *	       +-- of a character of UTF-8 ----> wide_byte() ---+
 *	       '-- another character ---------------------------+--> insert()
 */
#include <kernel/lib/string.h>
#include <tests/monitor/line/edit.h>

#define CTRL(letter) (0x1f & (letter))
#define ESC CTRL('[')
#define BACKSPACE 0x7f
#define DELETE 0x80 /* no byte that comes: the key sends an escape sequence */

static void put(struct edit *edit, const char *text)
{
	edit->put(edit->owner, text, strlen(text));
}

/* Is this byte the second, third or fourth of a character of UTF-8? */
static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Where the character before, or behind, the one at @at begins. */
static size_t before(const struct edit *edit, size_t at)
{
	while (at > 0 && continues(edit->line[--at]))
		;
	return at;
}

static size_t after(const struct edit *edit, size_t at)
{
	while (at < edit->length && continues(edit->line[++at]))
		;
	return at;
}

/* The columns of the characters from @from up to @to: one each. */
static size_t columns(const struct edit *edit, size_t from, size_t to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += !continues(edit->line[from]);
	return n;
}

/* Draws the part of the line around the cursor, and puts the cursor at its place. */
static void show(struct edit *edit)
{
	size_t last, column;

	if (edit->at <= edit->first) {
		edit->first = edit->at;
		for (size_t n = edit->room / 2; n; n--)
			edit->first = before(edit, edit->first);
	}
	while (columns(edit, edit->first, edit->at) > edit->room)
		edit->first = after(edit, edit->first);
	for (last = edit->at; last < edit->length; last = after(edit, last))
		if (columns(edit, edit->first, last) == edit->room)
			break;

	put(edit, "\r");
	put(edit, edit->prompt);
	edit->put(edit->owner, edit->line + edit->first, last - edit->first);
	column = columns(edit, edit->first, last);
	for (; edit->shown > column; column++)
		put(edit, " ");
	edit->shown = columns(edit, edit->first, last);
	for (; column > columns(edit, edit->first, edit->at); column--)
		put(edit, "\b");
}

static void insert(struct edit *edit, const char *text, size_t length)
{
	if (edit->length + length > EDIT_MAX) {
		edit->too_long = true;
		return;
	}
	memmove(edit->line + edit->at + length, edit->line + edit->at, edit->length - edit->at);
	memcpy(edit->line + edit->at, text, length);
	edit->length += length;
	edit->at += length;
}

/* A character was typed. At the end of a line that fits, nothing else is drawn again. */
static void type(struct edit *edit, const char *text, size_t length)
{
	insert(edit, text, length);
	if (edit->keys && edit->at == edit->length && edit->shown < edit->room && !edit->too_long) {
		edit->put(edit->owner, text, length);
		edit->shown++;
	} else if (edit->keys) {
		show(edit);
	}
}

static void erase(struct edit *edit, size_t from, size_t to)
{
	memmove(edit->line + from, edit->line + to, edit->length - to);
	edit->length -= to - from;
	edit->at = from;
	edit->too_long &= edit->length > 0;
}

/* Replaces the line by the @back-th newest one of the history; 0: by the one that was begun. */
static void recall(struct edit *edit, size_t back)
{
	if (back > edit->nr || back >= EDIT_LINES)
		return;
	edit->line[edit->length] = '\0';
	if (!edit->back)
		memcpy(edit->history[edit->nr % EDIT_LINES], edit->line, EDIT_MAX + 1);
	edit->back = back;
	memcpy(edit->line, edit->history[(edit->nr - back) % EDIT_LINES], EDIT_MAX + 1);
	edit->length = strlen(edit->line);
	edit->at = edit->length;
	edit->first = 0;
}

/* Appends the line to the history, unless it is empty or the newest one already. */
static void remember(struct edit *edit)
{
	size_t newest = (edit->nr - 1) % EDIT_LINES;

	if (edit->length && (!edit->nr || strcmp(edit->history[newest], edit->line)))
		memcpy(edit->history[edit->nr++ % EDIT_LINES], edit->line, EDIT_MAX + 1);
}

/* Goes to the line below. */
static void leave(struct edit *edit)
{
	edit->at = edit->length;
	edit->line[edit->length] = '\0';
	if (edit->keys)
		show(edit);
	else
		put(edit, edit->line);
	put(edit, "\n");
	edit->shown = 0;
}

/* Where the word in front of the cursor begins; with @blanks, also if blanks stand between. */
static size_t word_start(const struct edit *edit, bool blanks)
{
	size_t at = edit->at;

	while (blanks && at && edit->line[at - 1] == ' ')
		at--;
	while (at && edit->line[at - 1] != ' ')
		at--;
	return at;
}

/*
 * Which names begin like the word in front of the cursor? Returns how many, and leaves in @common
 * what they all begin with. @print: prints them.
 */
static size_t candidates(struct edit *edit, char *common, bool print)
{
	size_t start = word_start(edit, false), nr = 0;
	char name[EDIT_NAME];

	for (size_t i = 0; edit->candidate(edit->owner, edit->line, start, i, name); i++) {
		size_t same = 0;

		if (strncmp(name, edit->line + start, edit->at - start))
			continue;
		if (!nr++)
			memcpy(common, name, sizeof(name));
		while (name[same] && name[same] == common[same])
			same++;
		common[same] = '\0';
		if (print) {
			put(edit, name);
			put(edit, "  ");
		}
	}
	return nr;
}

/* Completes the word. If that does nothing, a second Tab lists the names that fit. */
static void complete(struct edit *edit)
{
	size_t at = edit->at, typed = at - word_start(edit, false);
	char common[EDIT_NAME];
	size_t nr = edit->candidate ? candidates(edit, common, false) : 0;

	if (nr)
		insert(edit, common + typed, strlen(common + typed));
	if (nr == 1)
		insert(edit, " ", 1);
	if (nr < 2 || edit->at > at || edit->last != '\t')
		return;
	leave(edit);
	edit->at = at;
	candidates(edit, common, true);
	put(edit, "\n");
}

/**
 * edit_begin() - show the prompt, and begin an empty line
 * @edit: the editor
 */
void edit_begin(struct edit *edit)
{
	edit->length = 0;
	edit->at = 0;
	edit->first = 0;
	edit->shown = 0;
	edit->back = 0;
	edit->too_long = false;
	edit->unreadable = false;
	edit->room = edit->columns - strlen(edit->prompt) - 1; /* the last is for the cursor */
	put(edit, edit->prompt);
}

/* Enter, or the end of the input. */
static enum edit_event finish(struct edit *edit)
{
	leave(edit);
	remember(edit);
	edit->why = edit->too_long ? "a line has at most 1,000 bytes, and this one has more" :
				     "\"?\" stands for bytes of this line that are no text";
	return edit->too_long || edit->unreadable ? EDIT_REFUSED : EDIT_LINE;
}

static void control_key(struct edit *edit, unsigned char key)
{
	size_t at = edit->at, end = edit->length, next = after(edit, at);
	const struct {
		unsigned char key;
		bool erases;
		size_t from, to;
	} keys[] = {
		{ CTRL('A'), false, 0, 0 },
		{ CTRL('B'), false, 0, before(edit, at) },
		{ CTRL('E'), false, 0, end },
		{ CTRL('F'), false, 0, next },
		{ CTRL('D'), true, at, next },
		{ DELETE, true, at, next },
		{ CTRL('H'), true, before(edit, at), at },
		{ BACKSPACE, true, before(edit, at), at },
		{ CTRL('K'), true, at, end },
		{ CTRL('U'), true, 0, at },
		{ CTRL('W'), true, word_start(edit, true), at },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].key != key)
			continue;
		if (keys[i].erases)
			erase(edit, keys[i].from, keys[i].to);
		else
			edit->at = keys[i].to;
	}
	switch (key) {
	case CTRL('C'):
		edit->at = end;
		show(edit);
		put(edit, "^C\n");
		edit_begin(edit);
		break;
	case CTRL('L'):
		put(edit, edit->escapes ? "\033[H\033[2J" : "\n");
		break;
	case CTRL('N'):
		if (edit->back)
			recall(edit, edit->back - 1);
		break;
	case CTRL('P'):
		recall(edit, edit->back + 1);
		break;
	case '\t':
		complete(edit);
		break;
	case ESC:
		edit->escape = ESC;
		return;
	}
	show(edit);
}

/*
 * ESC [ A, ESC O H, ESC [ 3 ~, ESC [ 1 ; 5 C: the last byte says which key it is, or else the
 * number in front of "~". Further numbers say that Ctrl or Shift was down, too.
 */
static void escape_byte(struct edit *edit, unsigned char byte)
{
	static const char names[] = "ABCDHF13478";
	static const unsigned char keys[] = { CTRL('P'), CTRL('N'), CTRL('F'), CTRL('B'),
					      CTRL('A'), CTRL('E'), CTRL('A'), DELETE,
					      CTRL('E'), CTRL('A'), CTRL('E') };
	unsigned char so_far = edit->escape;
	const char *name;

	edit->escape = 0;
	if (so_far == ESC) {
		if (byte == '[' || byte == 'O')
			edit->escape = '[';
	} else if (byte == '[') {
		edit->escape = ESC; /* F1 to F5 of Linux's console: a letter follows */
	} else if (byte < '@') {
		edit->escape = so_far == '[' ? byte : ';';
	} else {
		name = strchr(names, byte == '~' ? so_far : byte);
		if (name)
			control_key(edit, keys[name - names]);
	}
}

/* Shows that a byte came that is no text. */
static void unreadable(struct edit *edit)
{
	type(edit, "?", 1);
	edit->unreadable = !edit->keys;
}

/* No control character, no half of a pair of UTF-16, and no longer than it must be. */
static bool is_legal(const unsigned char *wide)
{
	unsigned int two = wide[0] << 8 | wide[1];

	return (two >= 0xc2a0 && two <= 0xdfbf) || (two >= 0xe0a0 && two <= 0xed9f) ||
	       (two >= 0xee80 && two <= 0xefbf) || (two >= 0xf090 && two <= 0xf48f);
}

/* Inserts a character of UTF-8 when all of its bytes have come. */
static void wide_byte(struct edit *edit, unsigned char byte)
{
	size_t needed;

	edit->wide[edit->nr_wide++] = byte;
	needed = edit->wide[0] >= 0xf0 ? 4 : edit->wide[0] >= 0xe0 ? 3 : 2;
	if (!continues(edit->wide[0]) && edit->nr_wide < needed)
		return;
	edit->nr_wide = 0;
	if (is_legal(edit->wide))
		type(edit, (const char *)edit->wide, needed);
	else
		unreadable(edit);
}

/**
 * edit_key() - take the next byte
 * @edit: the editor
 * @byte: the byte
 *
 * After a line, call edit_begin() before the next byte.
 *
 * Return: whether the line is complete.
 */
enum edit_event edit_key(struct edit *edit, unsigned char byte)
{
	enum edit_event event = EDIT_MORE;
	bool is_control = byte < ' ' || byte == BACKSPACE;

	if (edit->nr_wide && !continues(byte)) {
		edit->nr_wide = 0;
		unreadable(edit);
	}
	if (byte < ' ')
		edit->escape = 0;

	if (byte == CTRL('D') && !edit->length) {
		put(edit, "\n");
		event = EDIT_END;
	} else if (byte == '\r' || byte == '\n' || (byte == CTRL('D') && !edit->keys)) {
		if (byte != '\n' || edit->last != '\r')
			event = finish(edit);
	} else if (byte >= 0x80) {
		wide_byte(edit, byte);
	} else if (edit->escape) {
		escape_byte(edit, byte);
	} else if (is_control && edit->keys) {
		control_key(edit, byte);
	} else if (is_control && byte != '\t') {
		unreadable(edit);
	} else {
		type(edit, is_control ? " " : (const char *)&byte, 1);
	}
	edit->last = byte;
	return event;
}
