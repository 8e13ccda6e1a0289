// SPDX-License-Identifier: MIT
/*
 * undo_dead.c - the calls of mp_undo.h with what is no pool, or none any more
 *
 * The cleanup and the mark that they are given were those of the pool while it lived.
 */
#include <tests/misuse/undo/undo.h>

/* A row for each call: the pool is @base + @offset, after @scene. */
#define EACH_CALL(what, scene, base, offset)                                                       \
	{ what ": cleanup_add", NO_POOL, scene, {}, { add_cleanup, base, offset, 16 } },           \
		{ what ": cleanup_or_run", NO_POOL, scene, {}, { add_or_run, base, offset } },     \
		{ what ": cleanup_remove", NOENT, scene, {}, { remove_from, base, offset } },      \
		{ what ": cleanup_run", NOENT, scene, {}, { run_of, base, offset } },              \
		{ what ": create_child", NO_POOL, scene, {}, { make_child, base, offset, NODE } }, \
		{ what ": parent", NO_POOL, scene, {}, { parent_of, base, offset } },              \
		{ what ": is_ancestor, above", NO_POOL, scene, {}, { is_above, base, offset } },   \
		{ what ": is_ancestor, below", NO_POOL, scene, {}, { is_below, base, offset } },   \
		{ what ": mark", NO_POOL, scene, {}, { make_mark, base, offset } },                \
	{                                                                                          \
		what ": release", INVAL, scene, {},                                                \
		{                                                                                  \
			release_of, base, offset                                                   \
		}                                                                                  \
	}

/* Nothing lies behind its memory, so all of it becomes part of the top. */
static void things_in_top(void)
{
	things();
	heap_free(mem.heap, mem.guard);
	mp_destroy_pool(as_pool(mem.pool));
}

static void things_trimmed(void)
{
	things_in_top();
	heap_trim(mem.heap);
}

/* Another owner has all the memory that the pool had. */
static void things_reused(void)
{
	unsigned char *end;

	things();
	end = mem.other + LARGE;
	mp_destroy_pool(as_pool(mem.pool));
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, (size_t)(end - mem.pool) - HEADER);
	memset(mem.other, 0, (size_t)(end - mem.pool) - HEADER);
}

static void things_reused_for_letters(void)
{
	things_reused();
	memset(mem.other, 'A', heap_usable_size(mem.other));
}

static void things_freed_as_block(void)
{
	things();
	heap_free(mem.heap, mem.pool);
}

/* pool is a copy of a live pool. */
static void things_copied(void)
{
	static struct mp_pool_s copy;

	things();
	memcpy(&copy, mem.pool, sizeof(copy));
	mem.pool = (unsigned char *)&copy;
}

/* The parent was destroyed, so the child was, too. */
static void child_of_dead(void)
{
	things_destroyed();
	mem.pool = mem.child;
}

static void child_dead(void)
{
	things();
	mp_destroy_pool(as_pool(mem.child));
}

const struct misuse_row undo_dead[] = {
	EACH_CALL("dead", things_destroyed, &mem.pool, 0),
	EACH_CALL("dead in the top", things_in_top, &mem.pool, 0),
	EACH_CALL("dead, pages gone", things_trimmed, &mem.pool, 0),
	EACH_CALL("reused and then cleared", things_reused, &mem.pool, 0),
	EACH_CALL("reused for letters", things_reused_for_letters, &mem.pool, 0),
	EACH_CALL("freed by heap_free()", things_freed_as_block, &mem.pool, 0),
	EACH_CALL("copied", things_copied, &mem.pool, 0),
	EACH_CALL("zeros", things, &mem.fake, 0),
	EACH_CALL("a large block", things, &mem.q, 0),
	EACH_CALL("a cleanup", things, &mem.cleanup, 0),
	EACH_CALL("a mark's record", things, &mem.mark, 0),
	EACH_CALL("8 bytes into a pool", things, &mem.pool, 8),
	EACH_CALL("a small number", things, NULL, 4064),
	EACH_CALL("a child of a dead parent", child_of_dead, &mem.pool, 0),
	EACH_CALL("a dead child", child_dead, &mem.child, 0),
	{ "NULL: cleanup_add", NO_POOL, things, {}, { add_cleanup, &mem.null, 0, 16 } },
	{ "NULL: cleanup_or_run", NO_POOL, things, {}, { add_or_run, &mem.null } },
	{ "NULL: cleanup_remove", NOENT, things, {}, { remove_from, &mem.null } },
	{ "NULL: cleanup_run", NOENT, things, {}, { run_of, &mem.null } },
	{ "NULL: create_child", NO_POOL, things, {}, { make_child, &mem.null, 0, NODE } },
	{ "NULL: parent", NO_POOL, things, {}, { parent_of, &mem.null } },
	{ "NULL: is_ancestor", "= false", things, {}, { is_above, &mem.null } },
	{ "NULL: mark", NO_POOL, things, {}, { make_mark, &mem.null } },
	{ "NULL: release", INVAL, things, {}, { release_of, &mem.null } },
	{},
};
