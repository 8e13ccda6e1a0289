// SPDX-License-Identifier: MIT
/*
 * undo_mark.c - marks released twice, out of order, never; stale and forged tokens
 *
 *	pool->records --> other --> mark --> r --> child --> q --> cleanup --> p --> old_mark
 *
 *	|next tag prev cookie|number|current: node last end failed|older: ...|sum|	a mark
 *
 * A token is the address of a record and a number.
 */
#include <tests/misuse/undo/undo.h>

static void mark_released(void)
{
	things();
	release_mark(mem.mark, MARK);
}

static void old_released(void)
{
	things();
	release_mark(mem.old_mark, OLD_MARK);
}

/* A new mark has the record of the one that was released, but another number. */
static void mark_lives_again(void)
{
	mark_released();
	mp_mark(as_pool(mem.pool));
}

/* A new pool at the address of a dead one, with a mark where that had one. */
static void pool_lives_again(void)
{
	struct mp_mark_s mark;

	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mark = mp_mark(as_pool(mem.pool));
	mem.mark = (unsigned char *)mark.savepoint;
	mem.number = mark.number;
	mp_destroy_pool(as_pool(mem.pool));
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mp_mark(as_pool(mem.pool));
}

static void of_another_pool(void)
{
	things();
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
}

static void of_parent(void)
{
	things();
	mem.pool = mem.child;
}

/* Memory is out, so the token is empty. */
static void no_memory(void)
{
	struct mp_mark_s mark;

	things();
	use_up_memory();
	mark = mp_mark(as_pool(mem.pool));
	mem.mark = (unsigned char *)mark.savepoint;
	mem.number = mark.number;
}

static void freed_as_block(void)
{
	things();
	heap_free(mem.heap, mem.mark);
}

/* A copy of the record lies in a large block. */
static void copied_to_large(void)
{
	things();
	memcpy(mem.q, mem.mark, MARK_BYTES);
}

static void copied_to_object(void)
{
	things();
	mem.small = mp_alloc(as_pool(mem.pool), MARK_BYTES);
	memcpy(mem.small, mem.mark, MARK_BYTES);
}

/* Releases the older mark, then the one made after it. */
static const char *release_both(unsigned char *p, size_t n)
{
	release_mark(p, n);
	return release_mark(mem.mark, MARK);
}

#define FORGED(what, scene, base, offset, number)          \
	{                                                  \
		what, INVAL, scene, {},                    \
		{                                          \
			release_mark, base, offset, number \
		}                                          \
	}

/* Two rows: the mark is the newest record, and one is newer. */
#define WINDOW(what, offset, bytes, fill)                                                  \
	{ what ", the mark is the newest: release",                                        \
	  OVERWRITTEN,                                                                     \
	  newest_is_mark,                                                                  \
	  { &mem.mark, offset, bytes, fill },                                              \
	  { release_mark, &mem.mark, 0, MARK } },                                          \
	{                                                                                  \
		what ": release", OVERWRITTEN, things, { &mem.mark, offset, bytes, fill }, \
		{                                                                          \
			release_mark, &mem.mark, 0, MARK                                   \
		}                                                                          \
	}

static void newest_is_mark(void)
{
	things();
	mp_free(as_pool(mem.pool), mem.other);
}

const struct misuse_row undo_mark[] = {
	FORGED("released twice", mark_released, &mem.mark, 0, MARK),
	FORGED("an older one was released", old_released, &mem.mark, 0, MARK),
	FORGED("the oldest, released twice", old_released, &mem.old_mark, 0, OLD_MARK),
	FORGED("the pool was reset", things_reset, &mem.mark, 0, MARK),
	FORGED("the pool was destroyed", things_destroyed, &mem.mark, 0, MARK),
	FORGED("released, and a new mark has its record", mark_lives_again, &mem.mark, 0, MARK),
	FORGED("the pool destroyed, a new one has a mark there", pool_lives_again, &mem.mark, 0, 0),
	{ "the older, then the newer",
	  INVAL,
	  things,
	  {},
	  { release_both, &mem.old_mark },
	  .is_long = true },
	{ "forgotten: destroy works", "= destroyed", things, {}, { destroy, &mem.pool } },
	{ "forgotten: reset works", "= reset", things, {}, { reset, &mem.pool } },
	{ "forgotten, an older one is released: works",
	  "= 0",
	  things,
	  {},
	  { release_mark, &mem.old_mark },
	  .is_long = true },
	FORGED("another pool's", of_another_pool, &mem.mark, 0, MARK),
	FORGED("its parent's", of_parent, &mem.mark, 0, MARK),
	FORGED("its child's", family, &mem.other, 0, CHILD_MARK),
	FORGED("empty: memory was out", no_memory, &mem.mark, 0, 0),
	FORGED("the number is 1 more", things, &mem.mark, 0, MARK + 1),
	FORGED("the number of an older one", things, &mem.mark, 0, OLD_MARK),
	FORGED("the record of an older one", things, &mem.old_mark, 0, MARK),
	FORGED("a number far off", things, &mem.mark, 0, 1UL << 40),
	FORGED("NULL", things, &mem.null, 0, MARK),
	FORGED("address 32", things, NULL, 32, MARK),
	FORGED("the last address", things, NULL, -1, MARK),
	FORGED("an address that no processor has", things, NULL, 0x7fffffffffff0000, MARK),
	FORGED("1 byte into its record", things, &mem.mark, 1, MARK),
	FORGED("8 bytes into its record", things, &mem.mark, 8, MARK),
	FORGED("32 bytes into its record", things, &mem.mark, 32, MARK),
	FORGED("a variable", things, &mem.fake, 0, MARK),
	FORGED("a cleanup", things, &mem.cleanup, 0, MARK),
	FORGED("a child", things, &mem.child, 0, MARK),
	FORGED("a large block", things, &mem.q, 0, MARK),
	FORGED("the record of a large block", things, &mem.q, -(long)RECORD, MARK),
	FORGED("a small object", things, &mem.small, 0, MARK),
	FORGED("the pool", things, &mem.pool, 0, MARK),
	FORGED("a node", nodes, &mem.node, 0, MARK),
	FORGED("a copy in a large block", copied_to_large, &mem.q, 0, MARK),
	FORGED("a copy in a small object", copied_to_object, &mem.small, 0, MARK),
	FORGED("freed by heap_free()", freed_as_block, &mem.mark, 0, MARK),
	{ "freed by heap_free(): reset", OVERWRITTEN, freed_as_block, {}, { reset, &mem.pool } },
	{ "freed by heap_free(): release of an older one",
	  OVERWRITTEN,
	  freed_as_block,
	  {},
	  { release_mark, &mem.old_mark },
	  .is_long = true },
	{ "freed by mp_free()", NOENT, things, {}, { release, &mem.mark } },
	{ "freed by mp_free(), 32 bytes into it",
	  NOENT,
	  things,
	  {},
	  { release, &mem.mark, RECORD } },
	{ "number: release",
	  INVAL,
	  things,
	  { &mem.mark, MARK_NUMBER, 8, 'A' },
	  { release_mark, &mem.mark, 0, MARK } },
	WINDOW("current", MARK_CURRENT, 8, 'A'),
	WINDOW("current is NULL", MARK_CURRENT, 8, 0),
	WINDOW("last", MARK_CURRENT + 8, 8, 'A'),
	WINDOW("a bit of last", MARK_CURRENT + 8, 1, FLIP(32)),
	WINDOW("end", MARK_CURRENT + 16, 8, 0),
	WINDOW("failed", MARK_CURRENT + 24, 1, FLIP(1)),
	WINDOW("older", MARK_OLDER, 8, 'A'),
	WINDOW("last of the older", MARK_OLDER + 8, 8, 'A'),
	WINDOW("end of the older", MARK_OLDER + 16, 8, 'A'),
	WINDOW("failed of the older", MARK_OLDER + 24, 1, FLIP(1)),
	WINDOW("sum", MARK_SUM, 8, 'A'),
	WINDOW("the window is 0", MARK_CURRENT, MARK_BYTES - MARK_CURRENT, 0),
	WINDOW("the window is letters", MARK_CURRENT, MARK_BYTES - MARK_CURRENT, 'A'),
	{},
};
