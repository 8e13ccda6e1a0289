/* SPDX-License-Identifier: MIT */
/*
 * world.h - a small world to try things in: pages, a heap, pools, and names for all of them
 *
 *	memory	|== arena: pages of its own ==|
 *	           | world->pages
 *	           v
 *	         world->heap ---> h0, h1, ...	heap blocks
 *	           |
 *	           v
 *	         p0, p1, ...		pools, which hold
 *	           a0, a1, ...		  objects
 *	           m0, ...		  marks
 *	           c0, ...		  cleanup handlers
 *
 * The same operations on a fresh world give the same world, but for the address of the arena.
 * So the past can be done again: to go back, and to count instructions.
 *
 * world.c is compiled twice, each time with a copy of mm/: one copy tells what it decides
 * (tell.h), the other is the kernel's own. Their instructions are counted there.
 */
#ifndef TESTS_MONITOR_WORLD_H
#define TESTS_MONITOR_WORLD_H

#include <stdbool.h>

#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

enum thing_kind { POOL, OBJECT, MARK, BLOCK, HANDLER, THING_KINDS };

#define THING_LETTERS "pamhc"
#define NO_THING UINT32_MAX

/**
 * struct thing - something that has a name: p0, a17, m2, h3, c1
 * @at: the pool, the memory of an object or of a block, the savepoint of a mark, the cleanup
 * @size: bytes that were asked for; of a pool: that its first node holds; of a mark: the number
 *	in its token
 * @pool: the number of the pool that holds it; of a pool: of its parent; or NO_THING
 * @born: the operation that made it, or moved it to where newer things are
 * @ended: the operation that ended it; 0: it is alive
 * @ran: of a handler: 1 if it ran first in this world, 2 for the next; 0: it did not run
 */
struct thing {
	void *at;
	size_t size;
	uint32_t pool;
	uint32_t born;
	uint32_t ended;
	uint32_t ran;
};

/*
 * What a world can do. op_types[] says of each what it is about. The commands stand in the same
 * order in command_table.c.
 */
enum op_kind {
	OP_CREATE,
	OP_CHILD,
	OP_ALLOC,
	OP_NALLOC,
	OP_CALLOC,
	OP_MEMALIGN,
	OP_PRINTF,
	OP_CLEANUP,
	OP_REALLOC,
	OP_FREE,
	OP_MARK,
	OP_RELEASE,
	OP_RESET,
	OP_DESTROY,
	OP_LIMIT,
	OP_HALLOC,
	OP_HFREE,
	OP_PALLOC,
	OP_PBACK,
	OP_KINDS,
};

/**
 * struct op_type - what an operation is about
 * @acts_on: the kind of thing that it is done to; THING_KINDS: none
 * @makes: the kind of thing that it makes, if the allocator grants it; THING_KINDS: none
 * @trace: its letter in a trace; 0: a trace cannot say it
 */
struct op_type {
	enum thing_kind acts_on;
	enum thing_kind makes;
	char trace;
};

extern const struct op_type op_types[OP_KINDS];

/**
 * struct op - one operation
 * @kind: what to do
 * @command: the number of the command that did it, from 1
 * @line: of the trace that asked for it; 0: somebody typed it
 * @made: the number of what it made, or NO_THING; session_do() sets it
 * @name: the number of the thing that it is done to
 * @size: bytes, or pages
 * @align: in bytes
 * @text: for OP_PRINTF
 */
struct op {
	enum op_kind kind;
	uint32_t command;
	uint32_t line;
	uint32_t made;
	uint32_t name;
	size_t size;
	size_t align;
	const char *text;
};

/**
 * struct outcome - how an operation ended
 * @made: the number of the thing that it made, or NO_THING
 * @at: the address that the call returned
 * @error: 0, or what the call returned: -ENOENT, -EBUSY, -EINVAL
 * @instructions: that the call took, if the world has a clock
 * @ended: how many things ended with it, by kind
 */
struct outcome {
	uint32_t made;
	void *at;
	int error;
	uint64_t instructions;
	uint32_t ended[THING_KINDS];
};

#define WORLD_RUNS 64

/**
 * struct world - the world
 * @pages: the arena
 * @heap: on it
 * @of: its things, by kind and number
 * @nr: how many there are
 * @max: how many there can be
 * @runs: the runs of pages that OP_PALLOC took, oldest first
 * @nr_runs: how many
 * @arena: where its pages are
 * @arena_bytes: and how many bytes
 * @op: the number of the operation that runs, from 1
 * @ran: handlers that have run
 * @clock: counts instructions, or NULL
 * @outcome: of the newest operation
 */
struct world {
	struct page_allocator pages;
	struct heap heap;
	struct thing *of[THING_KINDS];
	uint32_t nr[THING_KINDS];
	uint32_t max[THING_KINDS];
	struct {
		void *start;
		size_t pages;
	} runs[WORLD_RUNS];
	size_t nr_runs;
	void *arena;
	size_t arena_bytes;
	uint32_t op;
	uint32_t ran;
	uint64_t (*clock)(void);
	struct outcome outcome;
};

/**
 * struct world_calls - one of the two copies of world.c
 * @start: makes a world empty: no thing, all pages of the arena free
 * @act: does an operation. Its names must be alive; what the allocator refuses is an outcome,
 *	and its panics are real. @world->max must leave room for one thing more
 */
struct world_calls {
	void (*start)(struct world *world);
	void (*act)(struct world *world, const struct op *op);
};

extern const struct world_calls world_watched; /* tells what it decides */
extern const struct world_calls world_plain;   /* the kernel's mm/ */

/* The thing of this kind and number, or NULL. */
static inline struct thing *world_thing(const struct world *world, enum thing_kind kind,
					uint32_t number)
{
	return number < world->nr[kind] ? &world->of[kind][number] : NULL;
}

/* Is what @op is done to alive in @world? */
static inline bool world_has(const struct world *world, const struct op *op)
{
	enum thing_kind kind = op_types[op->kind].acts_on;
	const struct thing *thing;

	if (op->kind == OP_PBACK)
		return world->nr_runs;
	if (kind == THING_KINDS)
		return true;
	thing = world_thing(world, kind, op->name);
	return thing && !thing->ended;
}

#endif /* TESTS_MONITOR_WORLD_H */
