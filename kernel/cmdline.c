// SPDX-License-Identifier: MIT
/*
 * cmdline.c - the words of the kernel command line
 */
#include <limits.h>

#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Returns the next word at *@cursor and moves *@cursor past it; NULL if there is none. */
static const char *next_word(const char **cursor, size_t *length)
{
	const char *word = *cursor;

	while (is_blank(*word))
		word++;
	for (*length = 0; word[*length] && !is_blank(word[*length]);)
		++*length;
	*cursor = word + *length;
	return *length ? word : NULL;
}

/*
 * Copies what fits and a NUL; returns whether all of it fitted. A word is printed sooner or
 * later. A control character in it must not reach a terminal, so it becomes a '?'.
 */
static bool copy(char *to, size_t size, const char *from, size_t length)
{
	bool fits = length < size;

	if (!fits)
		length = size ? size - 1 : 0;
	for (size_t i = 0; i < length; i++)
		to[i] = from[i] < ' ' || from[i] > '~' ? '?' : from[i];
	if (size)
		to[length] = '\0';
	return fits;
}

/* The value of the last word called @name, "" if it has none; NULL if there is no such word. */
static const char *find_value(const char *cmdline, const char *name, size_t *value_length)
{
	size_t name_length = strlen(name);
	const char *value = NULL;
	const char *word;
	size_t length;

	while ((word = next_word(&cmdline, &length))) {
		if (length < name_length || strncmp(word, name, name_length))
			continue;
		if (length > name_length && word[name_length] != '=')
			continue;
		value = word + name_length + (length > name_length);
		*value_length = word + length - value;
	}
	return value;
}

/**
 * cmdline_has() - is a word on the command line?
 * @cmdline: the command line
 * @name: the word, or its part before the "="
 *
 * Return: whether there is a word "@name" or "@name=...".
 */
bool cmdline_has(const char *cmdline, const char *name)
{
	size_t length;

	return find_value(cmdline, name, &length);
}

/**
 * cmdline_get() - the value of a word
 * @cmdline: the command line
 * @name: the part before the "="
 * @value: where the value goes; "" if the word has none or is not there
 * @size: of @value, in bytes
 *
 * The value is always ended by a NUL. In it, each character that cannot be printed becomes a '?'.
 *
 * Return: the length of the value; -ENOENT if there is no such word; -ENOSPC if
 * the value was cut to fit.
 */
int cmdline_get(const char *cmdline, const char *name, char *value, size_t size)
{
	size_t length = 0;
	const char *found = find_value(cmdline, name, &length);

	if (!copy(value, size, found ? found : "", length))
		return -ENOSPC;
	return found ? (int)length : -ENOENT;
}

/**
 * cmdline_next() - get one word after the other
 * @cursor: at first the command line; moved past the word
 * @word: where the word goes, cut if it is too long
 * @size: of @word, in bytes
 *
 * Each character that cannot be printed becomes a '?'.
 *
 * Return: whether there was another word.
 */
bool cmdline_next(const char **cursor, char *word, size_t size)
{
	size_t length;
	const char *found = next_word(cursor, &length);

	if (found)
		copy(word, size, found, length);
	return found;
}

/*
 * What must be done to @word to make it @name: a letter that is missing costs 1, one that
 * is wrong or too many costs 2. So "pool" is nearer to "mp_pool" than to "page". Small and
 * large letters are the same.
 */
static unsigned int distance(const char *word, const char *name)
{
	unsigned int
		row[WORD_MAX]; /* row[i]: from @word up to here to the first i letters of @name */
	size_t length = strlen(name);

	if (length >= WORD_MAX)
		return UINT_MAX;
	for (size_t i = 0; i <= length; i++)
		row[i] = i;
	for (; *word; word++) {
		unsigned int before = row[0]; /* row[i - 1] of the letter before */

		row[0] += 2;
		for (size_t i = 1; i <= length; i++) {
			bool same = !((*word ^ name[i - 1]) & ~('a' - 'A'));
			unsigned int replaced = before + (same ? 0 : 2);
			unsigned int dropped = row[i] + 2;
			unsigned int added = row[i - 1] + 1;

			before = row[i];
			row[i] = replaced < dropped ? replaced : dropped;
			if (added < row[i])
				row[i] = added;
		}
	}
	return row[length];
}

/**
 * nearest_try() - is a name nearer to a misspelt word than all before?
 * @nearest: the word, and the nearest name so far
 * @name: a name that would have been known
 *
 * A name that has little in common with the word is never the nearest.
 */
void nearest_try(struct nearest *nearest, const char *name)
{
	unsigned int cost = distance(nearest->word, name);

	if (cost > strlen(nearest->word) || (nearest->text[0] && cost >= nearest->cost))
		return;
	nearest->cost = cost;
	snprintf(nearest->text, sizeof(nearest->text), "; the nearest is \"%s\"", name);
}
