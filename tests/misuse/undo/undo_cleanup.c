// SPDX-License-Identifier: MIT
/*
 * undo_cleanup.c - cleanups removed or run twice, those of other pools, stale, forged
 *
 *	|pool|old_mark|p|hdr|next tag prev cookie handler data|its data|hdr|q| ...
 *	                    ^ the cleanup
 */
#include <tests/misuse/undo/undo.h>

static void removed(void)
{
	things();
	mp_cleanup_remove(as_pool(mem.pool), as_cleanup(mem.cleanup));
}

static void was_run(void)
{
	things();
	mp_cleanup_run(as_pool(mem.pool), as_cleanup(mem.cleanup));
	undo_called = 0;
}

/* It ended with a mark. */
static void released(void)
{
	things();
	release_mark(mem.old_mark, 0);
	undo_called = 0;
}

/* The next owner of its memory has a large block. */
static void removed_and_reused(void)
{
	removed();
	mem.other = mp_alloc(as_pool(mem.pool), sizeof(struct mp_cleanup_s) + DATA);
}

/* A pool with one cleanup; mem.other is the same address. */
static void pool_with_cleanup(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	add_handler(mem.pool);
	mem.other = mem.cleanup;
}

/* The pool was reset, and has got another cleanup at the same address. */
static void reset_and_added(void)
{
	pool_with_cleanup();
	mp_reset_pool(as_pool(mem.pool));
	add_handler(mem.pool);
}

/* A new pool at the address of a dead one, with a cleanup where that had one. */
static void both_live_again(void)
{
	pool_with_cleanup();
	mp_destroy_pool(as_pool(mem.pool));
	pool_with_cleanup();
}

/* A new pool at the address of a dead one, with a large block where that had a cleanup. */
static void pool_lives_again(void)
{
	pool_with_cleanup();
	mp_destroy_pool(as_pool(mem.pool));
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.p = mp_alloc(as_pool(mem.pool), 5000);
	undo_called = 0;
}

static void of_another_pool(void)
{
	things();
	add_handler((unsigned char *)mp_create_pool_on(mem.heap, NODE));
}

static void of_child(void)
{
	things();
	add_handler(mem.child);
}

static void of_parent(void)
{
	things();
	mem.pool = mem.child;
}

/* A copy of its record lies in @to. */
static void copy_to(unsigned char *to)
{
	memcpy(to, mem.cleanup, sizeof(struct mp_cleanup_s));
	mem.cleanup = to;
}

static void copied_to_object(void)
{
	things();
	copy_to(mem.small);
}

static void copied_to_large(void)
{
	things();
	copy_to(mem.q);
}

static void copied_to_variable(void)
{
	things();
	copy_to(mem.fake);
}

/* The caller frees its block behind the pool's back. */
static void freed_as_block(void)
{
	things();
	heap_free(mem.heap, mem.cleanup);
}

static void other_handler(void *data)
{
	(void)data;
	undo_called += 1000;
}

/* The two words that its owner sets are his own: what stands there is called. */
static void handler_replaced(void)
{
	things();
	as_cleanup(mem.cleanup)->handler = other_handler;
	memset(&as_cleanup(mem.cleanup)->data, 'A', sizeof(void *));
}

static const char *run_other(unsigned char *p, size_t n)
{
	run_cleanup(p, n);
	return undo_called == 1000 ? "= the other one was called" : "= another one was called";
}

/* Its handler frees its block. */
static void free_own_block(void *data)
{
	(void)data;
	heap_free(mem.heap, mem.cleanup);
}

static void handler_frees_block(void)
{
	things();
	as_cleanup(mem.cleanup)->handler = free_own_block;
}

/* Both calls, with the address @base + @offset. */
#define BOTH(what, scene, base, offset)                                          \
	{ what ": remove", NOENT, scene, {}, { remove_cleanup, base, offset } }, \
	{                                                                        \
		what ": run", NOENT, scene, {},                                  \
		{                                                                \
			run_cleanup, base, offset                                \
		}                                                                \
	}

const struct misuse_row undo_cleanup[] = {
	BOTH("removed before", removed, &mem.cleanup, 0),
	BOTH("has run", was_run, &mem.cleanup, 0),
	BOTH("ended by release", released, &mem.cleanup, 0),
	BOTH("ended by reset", things_reset, &mem.cleanup, 0),
	BOTH("ended by destroy", things_destroyed, &mem.cleanup, 0),
	BOTH("removed, and a large block has its memory", removed_and_reused, &mem.cleanup, 0),
	BOTH("its pool destroyed, and a pool lives there", pool_lives_again, &mem.cleanup, 0),
	{ "ended by reset, for a new owner: remove",
	  NOENT,
	  reset_and_added,
	  {},
	  { remove_cleanup, &mem.other },
	  .kind = 2 },
	{ "its pool destroyed, for a new owner in a new pool: run",
	  NOENT,
	  both_live_again,
	  {},
	  { run_cleanup, &mem.other },
	  .kind = 2 },
	BOTH("another pool's", of_another_pool, &mem.cleanup, 0),
	BOTH("a child's", of_child, &mem.cleanup, 0),
	BOTH("its parent's", of_parent, &mem.cleanup, 0),
	BOTH("a copy in a small object", copied_to_object, &mem.cleanup, 0),
	BOTH("a copy in a large block", copied_to_large, &mem.cleanup, 0),
	BOTH("a copy in a variable", copied_to_variable, &mem.cleanup, 0),
	BOTH("NULL", things, &mem.null, 0),
	BOTH("address 32", things, NULL, 32),
	BOTH("the last address", things, NULL, -1),
	BOTH("an address that no processor has", things, NULL, 0x7fffffffffff0000),
	BOTH("1 byte into it", things, &mem.cleanup, 1),
	BOTH("8 bytes into it", things, &mem.cleanup, 8),
	BOTH("its data", things, &mem.cleanup, 64),
	BOTH("a small object", things, &mem.small, 0),
	BOTH("a large block", things, &mem.q, 0),
	BOTH("the record of a large block", things, &mem.q, -(long)RECORD),
	BOTH("a mark's record", things, &mem.mark, 0),
	BOTH("a child", things, &mem.child, 0),
	BOTH("its pool", things, &mem.pool, 0),
	BOTH("a node", nodes, &mem.node, 0),
	BOTH("a block of the heap", things, &mem.guard, 0),
	BOTH("freed by heap_free()", freed_as_block, &mem.cleanup, 0),
	{ "freed by heap_free(), then destroy",
	  OVERWRITTEN,
	  freed_as_block,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by heap_free(), then reset",
	  OVERWRITTEN,
	  freed_as_block,
	  {},
	  { reset, &mem.pool } },
	{ "freed by heap_free(), then release",
	  OVERWRITTEN,
	  freed_as_block,
	  {},
	  { release_mark, &mem.old_mark },
	  .is_long = true },
	{ "freed by its handler: run",
	  "freed already",
	  handler_frees_block,
	  {},
	  { run_cleanup, &mem.cleanup },
	  .is_long = true },
	{ "freed by its handler: destroy",
	  "freed already",
	  handler_frees_block,
	  {},
	  { destroy, &mem.pool } },
	{ "freed by mp_free()", NOENT, things, {}, { release, &mem.cleanup } },
	{ "freed by mp_free(), 32 bytes into it",
	  NOENT,
	  things,
	  {},
	  { release, &mem.cleanup, RECORD } },
	{ "its data freed by mp_free()", NOENT, things, {}, { release, &mem.cleanup, 64 } },
	{ "its data freed by heap_free()",
	  "inside a block",
	  things,
	  {},
	  { free_block, &mem.cleanup, 64 } },
	{ "destroyed as if it were a pool", NO_POOL, things, {}, { destroy, &mem.cleanup } },
	{ "its handler and data replaced: the new ones are called",
	  "= the other one was called",
	  handler_replaced,
	  {},
	  { run_other, &mem.cleanup },
	  .is_long = true },
	{},
};
