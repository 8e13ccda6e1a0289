/* SPDX-License-Identifier: MIT */
/*
 * demo.h - what the parts of the demonstration share
 */
#ifndef TESTS_DEMO_H
#define TESTS_DEMO_H

#include <stdbool.h>
#include <mm/mp_pool.h>

/* Have all claims been right so far? */
extern bool all_true;

/* How many claims were checked? */
extern unsigned int nr_claims;

/* Prints an empty line. It begins with "# ", as all lines of the kernel do. */
void blank(void);

/* What the text says must be so. If not, this prints @what, and the run fails. */
void claim(bool is_so, const char *what);

/* demo_undo.c: what ends with a pool. */
void show_undo(struct mp_pool_s *pool);
void show_undo_of_reset(struct mp_pool_s *pool);
void show_undo_of_destroy(struct mp_pool_s *pool);

/* demo_grow.c: text, arrays, limits, figures. */
void show_growing(struct heap *heap);

#endif /* TESTS_DEMO_H */
