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
 *
 * The body of a handler or a scope is the operations behind it:
 *
 *	cleanup_add 3 5 100 2 1              handler 5 of pool 3, with 100 bytes of data
 *	mp_alloc 3 18 50 0 0                     its body: run when the handler is
 *	mp_destroy 4 0 0 0 0
 *	mp_destroy 3 0 0 0 0                 this runs it
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
	OP_HEAP_REALLOC,  /* the block in a slot, or NULL, to @size bytes */
	OP_HEAP_JOIN,	  /* slots @slot and @size */
	OP_HEAP_TRIM,
	OP_HEAP_ASK,	/* what is there at arena + @offset? */
	OP_POOL_CREATE, /* pool @owner on heap @align */
	OP_MP_ALLOC,
	OP_MP_NALLOC,
	OP_MP_CALLOC,
	OP_MP_MEMALIGN,
	OP_MP_ALIGNED,
	OP_MP_TEXT,    /* @align says by which call: enum model_text */
	OP_MP_REALLOC, /* the object in a slot, to @size bytes */
	OP_MP_GIVE_BACK,
	OP_MP_FREE,	/* the object in a slot, through pool @owner */
	OP_MP_FREE_BAD, /* @align says what: enum model_bad */
	OP_MP_RESET,
	OP_MP_DESTROY,
	OP_CHILD_CREATE, /* pool @owner as a child of pool @align */
	OP_TREE_ASK,
	/* Handler @slot; its body: the next @align operations. Offset 0: NULL; 2: other data. */
	OP_CLEANUP_ADD,	   /* with @size bytes of data */
	OP_CLEANUP_OR_RUN, /* a function with such a body; offset 0: NULL */
	OP_CLEANUP_REMOVE, /* handler @slot, dead or alive, through pool @owner */
	OP_CLEANUP_RUN,
	OP_CLEANUP_BAD, /* @align says what: enum model_bad; size 1: run it, else remove it */
	OP_MARK,	/* token @slot */
	OP_RELEASE,	/* token @slot, dead or alive, through pool @owner */
	OP_RELEASE_BAD, /* @align says what: enum model_bad_token */
	OP_SCOPE,	/* its body: the next @align operations; @offset: how it is left */
	OP_AGAIN,	/* @size requests, made from @offset; release; the same requests */
	OP_SET_LIMIT,	/* of pool @owner; @align says which: see limit.c */
	OP_POOL_WITH,	/* pool @owner by options: see run_with.c */
	OP_DRAINED,	/* its body: as many, while the heap of pool @owner has no memory */
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

/* Tokens that must be refused; most are made from token @slot. */
enum model_bad_token {
	TOKEN_EMPTY,
	TOKEN_NUMBER,  /* another number: @offset more */
	TOKEN_OF_TWO,  /* the record of one mark, the number of another */
	TOKEN_POINTER, /* another record: @offset bytes further on */
	TOKEN_OBJECT,  /* as record, the object in slot @size */
	TOKEN_COUNT,
};

/* Calls that make text, or copy bytes. */
enum model_text { TEXT_MEMDUP, TEXT_STRDUP, TEXT_STRNDUP, TEXT_STRCAT, TEXT_PRINTF, TEXT_COUNT };

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
