// SPDX-License-Identifier: MIT
/*
 * undo_newest.c - the newest record overwritten: whoever adds a record will write to it
 *
 *	pool->records --> a cleanup, a child or a mark --> other --> ...
 */
#include <tests/misuse/undo/undo.h>

static void newest_is_cleanup(void)
{
	things();
	add_handler(mem.pool);
	mem.a = mem.cleanup;
}

static void newest_is_child(void)
{
	things();
	mem.a = (unsigned char *)mp_create_child(as_pool(mem.pool), NODE);
}

static void newest_is_mark(void)
{
	things();
	mem.a = (unsigned char *)mp_mark(as_pool(mem.pool)).savepoint;
}

/* Makes the pool take a new node. */
static const char *new_node(unsigned char *p, size_t n)
{
	return success(mp_alloc_slow(as_pool(p), n));
}

/* A row for each word of the newest record; then the call. */
#define EACH_WORD(what, scene, ...)                                                    \
	{ "next of " what,                                                             \
	  OVERWRITTEN,                                                                 \
	  scene,                                                                       \
	  { &mem.a, WORD(record.next), 8, 'A' },                                       \
	  { __VA_ARGS__ } },                                                           \
		{ "next is a variable, of " what,                                      \
		  OVERWRITTEN,                                                         \
		  scene,                                                               \
		  { &mem.a, WORD(record.next), .put = &mem.fake },                     \
		  { __VA_ARGS__ } },                                                   \
		{ "tag of " what,                                                      \
		  OVERWRITTEN,                                                         \
		  scene,                                                               \
		  { &mem.a, WORD(record.tag), 4, 'A' },                                \
		  { __VA_ARGS__ } },                                                   \
		{ "a bit of the tag of " what,                                         \
		  OVERWRITTEN,                                                         \
		  scene,                                                               \
		  { &mem.a, WORD(record.tag), 1, FLIP(1) },                            \
		  { __VA_ARGS__ } },                                                   \
		{ "prev of " what,                                                     \
		  OVERWRITTEN,                                                         \
		  scene,                                                               \
		  { &mem.a, WORD(prev), 8, 'A' },                                      \
		  { __VA_ARGS__ } },                                                   \
	{                                                                              \
		"cookie of " what, OVERWRITTEN, scene, { &mem.a, WORD(cookie), 8, 0 }, \
		{                                                                      \
			__VA_ARGS__                                                    \
		}                                                                      \
	}

/* A row for each word and for each call that adds a record. */
#define EACH_CALL(what, scene)                                                           \
	EACH_WORD(what ": alloc, large", scene, aligned, &mem.pool, 0, 5000),            \
		EACH_WORD(what ": memalign", scene, memaligned, &mem.pool, 0, 64),       \
		EACH_WORD(what ": new node", scene, new_node, &mem.pool, 0, NODE),       \
		EACH_WORD(what ": cleanup_add", scene, add_cleanup, &mem.pool, 0, 16),   \
		EACH_WORD(what ": cleanup_or_run", scene, add_or_run, &mem.pool),        \
		EACH_WORD(what ": create_child", scene, make_child, &mem.pool, 0, NODE), \
		EACH_WORD(what ": mark", scene, make_mark, &mem.pool)

const struct misuse_row undo_newest[] = {
	EACH_CALL("the newest, a cleanup", newest_is_cleanup),
	EACH_CALL("the newest, a child", newest_is_child),
	EACH_CALL("the newest, a mark", newest_is_mark),
	{},
};
