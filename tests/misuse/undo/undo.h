/* SPDX-License-Identifier: MIT */
/*
 * undo.h - misuses of what ends with a pool: scenes, calls, and what their rows are made of
 */
#ifndef TESTS_MISUSE_UNDO_H
#define TESTS_MISUSE_UNDO_H

#include <mm/env.h>
#include <tests/misuse/misuse.h>

#define NO_POOL "is no pool"
#define OVERWRITTEN "overwritten"
#define BEING_UNDONE "is being undone"
#define NOENT "= -ENOENT"
#define INVAL "= -EINVAL"
#define BUSY "= -EBUSY"

#define DATA 48 /* bytes of the data of a scene's cleanup: the record fills its block */
#define END (LARGE - (long)sizeof(struct mp_large_s)) /* from a large block to the next header */

#define WORD(name) offsetof(struct mp_entry_s, name)
#define POOL(name) offsetof(struct mp_pool_s, name)

/* Where the words of a mark's record lie (struct mp_savepoint_s in mm/mp_mark.c). */
#define MARK_NUMBER 32
#define MARK_CURRENT 40 /* node, last, end, failed */
#define MARK_OLDER 72	/* the same of the older node */
#define MARK_SUM 104
#define MARK_BYTES 112

/* The numbers of the scenes' marks, less mem.number. */
#define OLD_MARK 0
#define MARK 1
#define CHILD_MARK 2

/* The pool or the cleanup at @p. */
static inline struct mp_pool_s *as_pool(unsigned char *p)
{
	return (struct mp_pool_s *)p;
}

static inline struct mp_cleanup_s *as_cleanup(unsigned char *p)
{
	return (struct mp_cleanup_s *)p;
}

/* How often the handler of a scene's cleanup was called. */
extern unsigned int undo_called;

/* Scenes: undo_scenes.c draws them. */
void things(void);
void things_destroyed(void);
void things_reset(void);
void family(void);
void add_handler(unsigned char *pool);
void use_up_memory(void);

/* Calls with a pool: undo_calls.c. */
const char *add_cleanup(unsigned char *p, size_t n);
const char *add_or_run(unsigned char *p, size_t n);
const char *remove_from(unsigned char *p, size_t n);
const char *run_of(unsigned char *p, size_t n);
const char *make_child(unsigned char *p, size_t n);
const char *parent_of(unsigned char *p, size_t n);
const char *is_above(unsigned char *p, size_t n);
const char *is_below(unsigned char *p, size_t n);
const char *make_mark(unsigned char *p, size_t n);
const char *release_of(unsigned char *p, size_t n);

/* Calls with a record of mem.pool. */
const char *remove_cleanup(unsigned char *p, size_t n);
const char *run_cleanup(unsigned char *p, size_t n);
const char *release_mark(unsigned char *p, size_t n);
const char *release_child(unsigned char *p, size_t n);

#endif /* TESTS_MISUSE_UNDO_H */
