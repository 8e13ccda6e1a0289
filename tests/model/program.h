/* SPDX-License-Identifier: MIT */
/*
 * program.h - random programs: an array of operations, made from a seed
 *
 *	seed 12                              the ranges of pages, and what fills the arena
 *	pool_create 3 0 4096 1 0             pool 3 on heap 1
 *	mp_alloc 3 17 100 0 0                slot 17: an object of pool 3
 *	mp_free 3 17 0 0 0                   what is in slot 17
 *
 * A line has five numbers: owner (an allocator, a heap or a pool), slot, size,
 * alignment, offset. What an operation does not need is 0. An operation on an empty
 * slot, or one that would fill a slot that is full, does nothing. So a program is
 * still one after any operation was deleted.
 */
#ifndef TESTS_MODEL_PROGRAM_H
#define TESTS_MODEL_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#define MODEL_OPS 1000

enum model_code {
	OP_PAGE_ADD,	  /* add @size bytes at arena + @offset; alignment 1: at NULL */
	OP_PAGE_ALLOC,	  /* @size pages */
	OP_PAGE_EXTEND,	  /* by @size pages */
	OP_PAGE_PUT_BACK, /* the last @size pages of a slot */
	OP_PAGE_PUT_BAD,  /* @size pages at arena + @offset, whoever holds them */
	OP_PAGE_ASK,	  /* what is there at arena + @offset, for @size bytes? */
	OP_HEAP_ALLOC,
	OP_HEAP_ALLOC_AT,
	OP_HEAP_FREE,
	OP_HEAP_FREE_BAD, /* @align says what: enum model_bad */
	OP_HEAP_JOIN,	  /* slots @slot and @size */
	OP_HEAP_TRIM,
	OP_HEAP_ASK,	/* what is there at arena + @offset? */
	OP_POOL_CREATE, /* pool @owner on heap @align */
	OP_MP_ALLOC,
	OP_MP_NALLOC,
	OP_MP_CALLOC,
	OP_MP_MEMALIGN,
	OP_MP_FREE,	/* the object in a slot, through pool @owner */
	OP_MP_FREE_BAD, /* @align says what: enum model_bad */
	OP_MP_RESET,
	OP_MP_DESTROY,
	OP_COUNT,
};

/* Addresses that should be refused; most are made from the object in a slot. */
enum model_bad {
	BAD_NULL,
	BAD_INSIDE,   /* @offset * 32 bytes behind the start of the object */
	BAD_CROOKED,  /* @offset bytes behind it */
	BAD_STALE,    /* what was freed last */
	BAD_ANYWHERE, /* arena + @offset */
	BAD_OUTSIDE,  /* @offset itself */
	BAD_HEADER,   /* @offset bytes behind the start of pool @owner */
	BAD_COUNT,
};

struct model_op {
	enum model_code code;
	unsigned int owner;
	unsigned int slot;
	size_t size;
	size_t align;
	size_t offset;
};

/**
 * struct model_program - a program
 * @seed: it was made from this, and the set-up of a run is
 * @nr_ops: how many operations
 * @ops: the operations
 */
struct model_program {
	uint64_t seed;
	size_t nr_ops;
	struct model_op ops[MODEL_OPS];
};

const char *model_code_name(enum model_code code);
void model_generate(struct model_program *program, uint64_t seed, size_t nr_ops);
uint64_t model_scramble(uint64_t seed);
void model_print(const struct model_program *program);

#endif /* TESTS_MODEL_PROGRAM_H */
