/* SPDX-License-Identifier: MIT */
/*
 * walk.h - what walk.c prints of a heap: sizes, lists, drawings
 */
#ifndef TESTS_DOCS_WALK_H
#define TESTS_DOCS_WALK_H

#include <mm/heap_list.h>

/* An object, and its name in drawings. A @start of NULL: it is not alive. */
struct walk_object {
	const char *name;
	const void *start;
};

/* An address, as printf's %#lx takes it. */
static inline unsigned long walk_at(const void *p)
{
	return (unsigned long)p;
}

void walk_draw(const struct heap *heap, const struct walk_object *objects, size_t nr_objects);
size_t walk_say_size(const char *whose, const char *what, size_t header, size_t bytes);
void walk_say_list(const struct heap *heap, const struct heap_block *block);
void walk_print_table(void);

#endif /* TESTS_DOCS_WALK_H */
