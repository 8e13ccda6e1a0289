/* SPDX-License-Identifier: MIT */
/*
 * cmdline.h - the kernel command line: words separated by spaces, each "name" or
 * "name=value". If a name occurs twice, the last one counts, as in Linux.
 */
#ifndef KERNEL_CMDLINE_H
#define KERNEL_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

/* Is there a word "name" or "name=..."? */
bool cmdline_has(const char *cmdline, const char *name);

/*
 * Copies the value of "name=value" ("" for a bare "name") to @value, always ended by a
 * NUL. Returns its length, -ENOENT if there is no such word (then @value is ""), or
 * -ENOSPC if it was cut to @size bytes.
 */
int cmdline_get(const char *cmdline, const char *name, char *value, size_t size);

/*
 * Copies the next word at *@cursor to @word (cut to @size) and moves *@cursor
 * past it. Returns false at the end.
 */
bool cmdline_next(const char **cursor, char *word, size_t size);

#endif /* KERNEL_CMDLINE_H */
