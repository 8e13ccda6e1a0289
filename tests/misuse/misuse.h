/* SPDX-License-Identifier: MIT */
/*
 * misuse.h - a misuse of mm/ is a row: a scene, a damage, a call, and the words that must come
 *
 *	{ "8 bytes behind b: free b", "overwritten", blocks, { &mem.b, SIZE, 8, 'A' },
 *	  { free_block, &mem.b } },
 *
 *	scene		allocates: five blocks, or a pool with three nodes
 *	damage		overwrites bytes; none if the call itself is the misuse
 *	call		one public function of mm/, with one argument from the scene
 *	words		part of the panic's message; or "= " and the result that refuses
 *
 * Each row runs on a fresh heap. A row that is not excused must have its words.
 */
#ifndef TESTS_MISUSE_H
#define TESTS_MISUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

/* Most rows need few of their fields; the others are 0. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define MISUSE_PAGES ((size_t)64) /* of a row's fresh heap */
#define SIZE 112		  /* bytes of a scene's blocks; they fill their blocks */
#define HEADER 16		  /* bytes of a block's header */
#define NODE 512		  /* bytes of a node of a scene's pool */
#define LARGE 1008		  /* bytes of a scene's large blocks; they fill their blocks */
#define RECORD sizeof(struct mp_large_s)

#define FLIP(bits) (256 + (bits)) /* a fill: these bits of each byte are inverted */

/**
 * struct misuse_memory - what a scene has allocated
 * @pages: pages for one row
 * @heap: the heap on them
 * @start: the first byte of the pages
 * @a: the first of five neighbours of SIZE bytes; then @b, @c, @d, @guard
 * @edge: the address just past the newest span
 * @span: the struct of the newest span
 * @old: the struct of the span before it
 * @pool: a pool with nodes of NODE bytes
 * @small: an object in the first node
 * @p: the first of three large blocks of LARGE bytes; then @q, @r
 * @node: the newest node; @node2 was made before it
 * @cleanup: a cleanup handler of @pool
 * @child: a child of @pool; @grandchild: a child of that
 * @mark: the record of a mark of @pool; @old_mark: of an older one
 * @number: the number in the token of @old_mark; each later mark has one more
 * @other: memory of another owner
 * @fake: four pages of no heap, all zeros
 * @null: NULL
 */
struct misuse_memory {
	struct page_allocator *pages;
	struct heap *heap;
	unsigned char *start;
	unsigned char *a, *b, *c, *d, *guard;
	unsigned char *edge, *span, *old;
	unsigned char *pool, *small;
	unsigned char *p, *q, *r;
	unsigned char *node, *node2;
	unsigned char *cleanup, *child, *grandchild, *mark, *old_mark;
	uint64_t number;
	unsigned char *other, *fake, *null;
};

extern struct misuse_memory mem;

/**
 * struct misuse_damage - bytes that the row overwrites
 * @base: points to the pointer from which @offset counts; NULL: no damage
 * @offset: in bytes, may be negative
 * @bytes: how many
 * @fill: the value of each byte, or FLIP()
 * @put: if set, the pointer there is written, and @bytes and @fill do not count
 */
struct misuse_damage {
	unsigned char **base;
	long offset;
	size_t bytes;
	int fill;
	unsigned char **put;
};

/**
 * struct misuse_call - the call that should notice
 * @run: calls a function of mm/; returns what it returned, in words
 * @base: points to the pointer from which @offset counts; NULL: the pointer is @offset
 * @offset: in bytes, may be negative
 * @n: a size or a count
 */
struct misuse_call {
	const char *(*run)(unsigned char *p, size_t n);
	unsigned char **base;
	long offset;
	size_t n;
};

/**
 * struct misuse_row - one misuse
 * @name: says what was done, and which call should notice
 * @words: what must come
 * @scene: allocates
 * @damage: overwrites
 * @call: notices
 * @is_long: the call takes several steps, so it may write before the step that notices
 * @kind: 0, or the kind (1 to 7, README.md) that excuses the row in a plain build
 * @open: NULL, or why the row does not have its words yet
 */
struct misuse_row {
	const char *name;
	const char *words;
	void (*scene)(void);
	struct misuse_damage damage;
	struct misuse_call call;
	bool is_long;
	unsigned int kind;
	const char *open;
};

struct misuse_table {
	const char *name;
	const struct misuse_row *rows;
};

extern const struct misuse_row misuse_free[], misuse_header[], misuse_edge[], misuse_freed[];
extern const struct misuse_row misuse_dead[], misuse_pool[], misuse_large[], misuse_node[];
extern const struct misuse_row misuse_span[], misuse_page[], misuse_heap[];
extern const struct misuse_row misuse_partial[];

/* The tables in undo/. */
extern const struct misuse_row undo_dead[], undo_cleanup[], undo_child[], undo_mark[];
extern const struct misuse_row undo_words[], undo_newest[], undo_beside[], undo_handler[];
extern const struct misuse_row undo_recurse[], undo_wreck[];

/* The tables in grow/. */
extern const struct misuse_row grow_dead[], grow_heap[], grow_object[], grow_words[];
extern const struct misuse_row grow_limit[], grow_handler[];

/* All tables; an empty entry ends the array. */
extern const struct misuse_table misuse_tables[];

void misuse_start(struct page_allocator *pages, struct heap *heap, unsigned char *start);
void misuse_prepare(const struct misuse_row *row);
const char *misuse_call(const struct misuse_call *call);

/* Scenes: misuse_scenes.c draws them. */
void nothing(void);
void blocks(void);
void hole(void);
void holes(void);
void last(void);
void tail(void);
void full(void);
void spans(void);
void two_heaps(void);
void pool(void);
void larges(void);
void nodes(void);
void large_freed(void);
void pool_dead(void);
void pool_in_top(void);
void pool_trimmed(void);
void pool_reused(void);
void pool_reused_by_pool(void);
void pool_copied(void);
void pool_is_fake(void);

/* Calls: misuse_calls.c. */
const char *free_block(unsigned char *p, size_t n);
const char *alloc(unsigned char *p, size_t n);
const char *alloc_aligned(unsigned char *p, size_t n);
const char *alloc_at(unsigned char *p, size_t n);
const char *join(unsigned char *p, size_t n);
const char *usable_size(unsigned char *p, size_t n);
const char *check(unsigned char *p, size_t n);
const char *trim(unsigned char *p, size_t n);
const char *destroy(unsigned char *p, size_t n);
const char *reset(unsigned char *p, size_t n);
const char *aligned(unsigned char *p, size_t n);
const char *packed(unsigned char *p, size_t n);
const char *zeroed(unsigned char *p, size_t n);
const char *memaligned(unsigned char *p, size_t n);
const char *release(unsigned char *p, size_t n);
const char *success(const void *p);

#endif /* TESTS_MISUSE_H */
