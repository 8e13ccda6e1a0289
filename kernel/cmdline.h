/* SPDX-License-Identifier: MIT */
/*
 * cmdline.h - the kernel command line: words separated by spaces, each "name" or
 * "name=value". If a name occurs twice, the last one counts, as in Linux.
 */
#ifndef KERNEL_CMDLINE_H
#define KERNEL_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#define WORD_MAX 64 /* no word that has a meaning is longer, with the NUL */

bool cmdline_has(const char *cmdline, const char *name);
int cmdline_get(const char *cmdline, const char *name, char *value, size_t size);
bool cmdline_next(const char **cursor, char *word, size_t size);

/**
 * struct nearest - which of many names did somebody mean?
 * @word: what was typed
 * @cost: how far away the nearest name is
 * @text: '; the nearest is "NAME"', or "" if no name is near
 *
 * Begin with { .word = WORD }, and give nearest_try() one name after the other.
 */
struct nearest {
	const char *word;
	unsigned int cost;
	char text[WORD_MAX + 24];
};

void nearest_try(struct nearest *nearest, const char *name);

#endif /* KERNEL_CMDLINE_H */
