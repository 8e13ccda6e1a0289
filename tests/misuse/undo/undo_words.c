// SPDX-License-Identifier: MIT
/*
 * undo_words.c - each word of a record overwritten, and each call that reads it
 *
 *	other --> mark --> r --> child --> q --> cleanup --> p --> old_mark
 *
 *	|next tag prev cookie|	begins a cleanup, a child, a mark
 */
#include <tests/misuse/undo/undo.h>

/* A row for each damage to the words of the record at @base; then the call. */
#define EACH_WORD(what, words, base, many_steps, ...)                                              \
	{ "next of " what, words,     things, { base, WORD(record.next), 8, 'A' },                 \
	  { __VA_ARGS__ }, many_steps },                                                           \
		{ "next is NULL, of " what,	     words,	      things,                      \
		  { base, WORD(record.next), 8, 0 }, { __VA_ARGS__ }, many_steps },                \
		{ "next is a variable, of " what,                                                  \
		  words,                                                                           \
		  things,                                                                          \
		  { base, WORD(record.next), .put = &mem.fake },                                   \
		  { __VA_ARGS__ },                                                                 \
		  many_steps },                                                                    \
		{ "next skips a record, of " what,                                                 \
		  words,                                                                           \
		  things,                                                                          \
		  { base, WORD(record.next), .put = &mem.old_mark },                               \
		  { __VA_ARGS__ },                                                                 \
		  many_steps },                                                                    \
		{ "tag of " what,  words,     things, { base, WORD(record.tag), 4, 'A' },          \
		  { __VA_ARGS__ }, many_steps },                                                   \
		{ "tag is 0, of " what, words,	   things, { base, WORD(record.tag), 4, 0 },       \
		  { __VA_ARGS__ },	many_steps },                                              \
		{ "a bit of the tag of " what,                                                     \
		  words,                                                                           \
		  things,                                                                          \
		  { base, WORD(record.tag), 1, FLIP(1) },                                          \
		  { __VA_ARGS__ },                                                                 \
		  many_steps },                                                                    \
		{ "the top bit of the tag of " what,                                               \
		  words,                                                                           \
		  things,                                                                          \
		  { base, WORD(record.tag) + 3, 1, FLIP(0x80) },                                   \
		  { __VA_ARGS__ },                                                                 \
		  many_steps },                                                                    \
		{ "prev of " what, words,     things, { base, WORD(prev), 8, 'A' },                \
		  { __VA_ARGS__ }, many_steps },                                                   \
		{ "prev is NULL, of " what,   words,	       things,                             \
		  { base, WORD(prev), 8, 0 }, { __VA_ARGS__ }, many_steps },                       \
		{ "cookie of " what, words,	things, { base, WORD(cookie), 8, 'A' },            \
		  { __VA_ARGS__ },   many_steps },                                                 \
	{                                                                                          \
		"a bit of the cookie of " what, words, things, { base, WORD(cookie), 1, FLIP(1) }, \
			{ __VA_ARGS__ }, many_steps                                                \
	}

/* The calls that undo all of it, or all that is younger than the oldest mark. */
#define EACH_WALK(what, base)                                                         \
	EACH_WORD(what ": destroy", OVERWRITTEN, base, true, destroy, &mem.pool),     \
		EACH_WORD(what ": reset", OVERWRITTEN, base, true, reset, &mem.pool), \
		EACH_WORD(what ": release", OVERWRITTEN, base, true, release_mark, &mem.old_mark)

/* A field of the child that no record has. Its cookie vouches for all of them. */
#define EACH_FIELD(name)                                                   \
	{ #name " of a child: destroy of it",                              \
	  NO_POOL,                                                         \
	  things,                                                          \
	  { &mem.child, POOL(name), 8, 'A' },                              \
	  { destroy, &mem.child } },                                       \
		{ #name " of a child: destroy of the parent",              \
		  OVERWRITTEN,                                             \
		  things,                                                  \
		  { &mem.child, POOL(name), 8, 'A' },                      \
		  { destroy, &mem.pool } },                                \
		{ #name " is a variable, of a child: reset of the parent", \
		  OVERWRITTEN,                                             \
		  things,                                                  \
		  { &mem.child, POOL(name), .put = &mem.fake },            \
		  { reset, &mem.pool } },                                  \
	{                                                                  \
#name " is a block, of a child: mark", NO_POOL, things,    \
			{ &mem.child, POOL(name), .put = &mem.guard },     \
		{                                                          \
			make_mark, &mem.child                              \
		}                                                          \
	}

const struct misuse_row undo_words[] = {
	EACH_WALK("a cleanup", &mem.cleanup),
	EACH_WORD("a cleanup: remove", NOENT, &mem.cleanup, false, remove_cleanup, &mem.cleanup),
	EACH_WORD("a cleanup: run", NOENT, &mem.cleanup, false, run_cleanup, &mem.cleanup),

	EACH_WALK("a mark", &mem.mark),
	EACH_WORD("a mark: release of it", INVAL, &mem.mark, false, release_mark, &mem.mark, 0,
		  MARK),

	EACH_WALK("a child", &mem.child),
	EACH_WORD("a child: destroy of it", NO_POOL, &mem.child, false, destroy, &mem.child),
	EACH_WORD("a child: reset of it", NO_POOL, &mem.child, false, reset, &mem.child),
	EACH_WORD("a child: parent", NO_POOL, &mem.child, false, parent_of, &mem.child),
	EACH_WORD("a child: is_ancestor", NO_POOL, &mem.child, false, is_below, &mem.child),
	EACH_WORD("a child: cleanup_add", NO_POOL, &mem.child, false, add_cleanup, &mem.child, 0,
		  16),
	EACH_WORD("a child: alloc, large", NO_POOL, &mem.child, false, aligned, &mem.child, 0,
		  5000),
	EACH_FIELD(max),
	EACH_FIELD(size),
	EACH_FIELD(current),
	EACH_FIELD(older),
	EACH_FIELD(records),
	EACH_FIELD(heap),
	EACH_FIELD(undoing),
	EACH_FIELD(parent),
	{},
};
