/* SPDX-License-Identifier: MIT */
/*
 * grow.h - misuses of what resizes, names, limits and counts: scenes, calls, names
 */
#ifndef TESTS_MISUSE_GROW_H
#define TESTS_MISUSE_GROW_H

#include <tests/misuse/undo/undo.h>

/* The @n of a call that resizes: the size that the caller says it had, and the one it wants. */
#define FROM_TO(from, to) ((size_t)(from) << 32 | (to))
#define ANY_SIZE 0xffffffff /* of either: stands for SIZE_MAX */

#define LIMIT ((size_t)32768)

#define NOT_OF_POOL "is no object of"

/* Scenes: grow_scenes.c draws them. */
void newest(void);
void newest_packed(void);
void bounded(void);

/* Calls with a pool: grow_calls.c. The object they are given is mem.small. */
const char *resize_of(unsigned char *p, size_t n);
const char *give_back_of(unsigned char *p, size_t n);
const char *append_of(unsigned char *p, size_t n);
const char *aligned_to(unsigned char *p, size_t n);
const char *new_object(unsigned char *p, size_t n);
const char *new_array(unsigned char *p, size_t n);
const char *zeroed_array(unsigned char *p, size_t n);
const char *memdup_of(unsigned char *p, size_t n);
const char *strdup_of(unsigned char *p, size_t n);
const char *strndup_of(unsigned char *p, size_t n);
const char *strcat_of(unsigned char *p, size_t n);
const char *printf_of(unsigned char *p, size_t n);
const char *limit_of(unsigned char *p, size_t n);
const char *name_of(unsigned char *p, size_t n);
const char *stats_of(unsigned char *p, size_t n);
const char *tree_stats_of(unsigned char *p, size_t n);
const char *tree_of(unsigned char *p, size_t n);
const char *create_below(unsigned char *p, size_t n);
const char *create_below_on_heap(unsigned char *p, size_t n);

/* Calls with an object of mem.pool. */
const char *resize_object(unsigned char *p, size_t n);
const char *give_back(unsigned char *p, size_t n);

/* Calls with a block of mem.heap. */
const char *resize_block(unsigned char *p, size_t n);
const char *realloc_block(unsigned char *p, size_t n);

#endif /* TESTS_MISUSE_GROW_H */
