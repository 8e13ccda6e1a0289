// SPDX-License-Identifier: MIT
/*
 * grow_words.c - words overwritten, and the calls that resize, name, limit and count
 *
 * The pool's cookie vouches for max_size, mark, bounded and name. left and held are mere figures:
 * no address is made of them.
 */
#include <tests/misuse/grow/grow.h>

/* A word of the pool, for each call that reads it or writes through it. */
#define EACH_CALL(what, scene, ...)                                                               \
	{ what ": realloc, small",                                                                \
	  NO_POOL,                                                                                \
	  scene,                                                                                  \
	  { __VA_ARGS__ },                                                                        \
	  { resize_object, &mem.small, 0, FROM_TO(64, 128) } },                                   \
		{ what ": realloc, large",                                                        \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  { __VA_ARGS__ },                                                                \
		  { resize_object, &mem.q, 0, FROM_TO(900, 2000) } },                             \
		{ what ": give_back",                                                             \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  { __VA_ARGS__ },                                                                \
		  { give_back, &mem.small, 0, 64 } },                                             \
		{ what ": alloc_aligned",                                                         \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  { __VA_ARGS__ },                                                                \
		  { aligned_to, &mem.pool, 0, 64 } },                                             \
		{ what ": printf", NO_POOL, scene, { __VA_ARGS__ }, { printf_of, &mem.pool } },   \
		{ what ": set_limit",                                                             \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  { __VA_ARGS__ },                                                                \
		  { limit_of, &mem.pool, 0, 99999 } },                                            \
		{ what ": set_name", NO_POOL, scene, { __VA_ARGS__ }, { name_of, &mem.pool } },   \
		{ what ": get_stats", NO_POOL, scene, { __VA_ARGS__ }, { stats_of, &mem.pool } }, \
		{ what ": print_tree", NO_POOL, scene, { __VA_ARGS__ }, { tree_of, &mem.pool } }, \
		{ what ": create_pool_with",                                                      \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  { __VA_ARGS__ },                                                                \
		  { create_below, &mem.pool } },                                                  \
		{ what ": alloc, large",                                                          \
		  NO_POOL,                                                                        \
		  scene,                                                                          \
		  { __VA_ARGS__ },                                                                \
		  { aligned, &mem.pool, 0, 5000 } },                                              \
		{ what ": mark", NO_POOL, scene, { __VA_ARGS__ }, { make_mark, &mem.pool } },     \
		{ what ": free", NOENT, scene, { __VA_ARGS__ }, { release, &mem.q } },            \
		{ what ": reset", NO_POOL, scene, { __VA_ARGS__ }, { reset, &mem.pool } },        \
	{                                                                                         \
		what ": destroy", NO_POOL, scene, { __VA_ARGS__ },                                \
		{                                                                                 \
			destroy, &mem.pool                                                        \
		}                                                                                 \
	}

#define NEW_WORD(name)                                           \
	EACH_CALL(#name, larges, &mem.pool, POOL(name), 8, 'A'), \
		EACH_CALL(#name " is a variable", larges, &mem.pool, POOL(name), .put = &mem.fake)

/* A word of a record that a walk of the tree meets, @base. */
#define EACH_WALK(what, base, ...)                                               \
	{ what ": set_limit",                                                    \
	  OVERWRITTEN,                                                           \
	  things,                                                                \
	  { base, __VA_ARGS__ },                                                 \
	  { limit_of, &mem.pool, 0, 99999 } },                                   \
		{ what ": set_limit, none",                                      \
		  OVERWRITTEN,                                                   \
		  things,                                                        \
		  { base, __VA_ARGS__ },                                         \
		  { limit_of, &mem.pool, 0, 0 } },                               \
		{ what ": get_stats",                                            \
		  OVERWRITTEN,                                                   \
		  things,                                                        \
		  { base, __VA_ARGS__ },                                         \
		  { stats_of, &mem.pool } },                                     \
		{ what ": get_tree_stats",                                       \
		  OVERWRITTEN,                                                   \
		  things,                                                        \
		  { base, __VA_ARGS__ },                                         \
		  { tree_stats_of, &mem.pool } },                                \
	{                                                                        \
		what ": print_tree", OVERWRITTEN, things, { base, __VA_ARGS__ }, \
		{                                                                \
			tree_of, &mem.pool                                       \
		}                                                                \
	}

#define EACH_WORD(what, base)                                                       \
	EACH_WALK("next of " what, base, WORD(record.next), 8, 'A'),                \
		EACH_WALK("next is NULL, of " what, base, WORD(record.next), 8, 0), \
		EACH_WALK("tag of " what, base, WORD(record.tag), 4, 'A'),          \
		EACH_WALK("tag is 0, of " what, base, WORD(record.tag), 4, 0),      \
		EACH_WALK("prev of " what, base, WORD(prev), 8, 'A'),               \
		EACH_WALK("cookie of " what, base, WORD(cookie), 8, 'A')

/* A large block that is reallocated, and words around it: in place and moved. */
#define EACH_SIZE(what, words, ...)                                             \
	{ what ": grows",                                                       \
	  words,                                                                \
	  larges,                                                               \
	  { __VA_ARGS__ },                                                      \
	  { resize_object, &mem.q, 0, FROM_TO(LARGE - RECORD, 3000) } },        \
		{ what ": shrinks",                                             \
		  words,                                                        \
		  larges,                                                       \
		  { __VA_ARGS__ },                                              \
		  { resize_object, &mem.q, 0, FROM_TO(LARGE - RECORD, 700) } }, \
	{                                                                       \
		what ": goes back", words, larges, { __VA_ARGS__ },             \
		{                                                               \
			resize_object, &mem.q, 0, FROM_TO(LARGE - RECORD, 0)    \
		}                                                               \
	}

static void marked(void)
{
	newest();
	mem.mark = (unsigned char *)mp_mark(as_pool(mem.pool)).savepoint;
	mem.small = mp_alloc(as_pool(mem.pool), 64);
}

/* The newest mark, and the object is the newest. */
#define MARK_WORD(what, ...)                                            \
	{ what ": give_back",                                           \
	  "was overwritten",                                            \
	  marked,                                                       \
	  { &mem.mark, __VA_ARGS__ },                                   \
	  { give_back, &mem.small, 0, 64 } },                           \
		{ what ": realloc, grows",                              \
		  "was overwritten",                                    \
		  marked,                                               \
		  { &mem.mark, __VA_ARGS__ },                           \
		  { resize_object, &mem.small, 0, FROM_TO(64, 100) } }, \
	{                                                               \
		what ": realloc, goes back", "was overwritten", marked, \
			{ &mem.mark, __VA_ARGS__ },                     \
		{                                                       \
			resize_object, &mem.small, 0, FROM_TO(64, 0)    \
		}                                                       \
	}

/* A node of the window, for each call that looks for a newest object or room there. */
#define NODE_WORD(what, scene, words, ...)                                                       \
	{ what ": give_back", words, scene, { __VA_ARGS__ }, { give_back, &mem.small, 0, 64 } }, \
		{ what ": realloc, grows",                                                       \
		  words,                                                                         \
		  scene,                                                                         \
		  { __VA_ARGS__ },                                                               \
		  { resize_object, &mem.small, 0, FROM_TO(64, 100) } },                          \
		{ what ": alloc_aligned",                                                        \
		  words,                                                                         \
		  scene,                                                                         \
		  { __VA_ARGS__ },                                                               \
		  { aligned_to, &mem.pool, 0, 64 } },                                            \
		{ what ": printf", words, scene, { __VA_ARGS__ }, { printf_of, &mem.pool } },    \
		{ what ": get_stats", words, scene, { __VA_ARGS__ }, { stats_of, &mem.pool } },  \
	{                                                                                        \
		what ": print_tree", words, scene, { __VA_ARGS__ },                              \
		{                                                                                \
			tree_of, &mem.pool                                                       \
		}                                                                                \
	}

#define HEAD(name) (offsetof(struct mp_pool_s, head) + offsetof(struct mp_node_s, name))
#define NODE_WORDS(what, scene, base, at)                                                        \
	NODE_WORD("last of " what, scene, OVERWRITTEN, base, (at) + 16, 8, 'A'),                 \
		NODE_WORD("last is 0, of " what, scene, OVERWRITTEN, base, (at) + 16, 8, 0),     \
		NODE_WORD("a low bit of last, of " what, scene, OVERWRITTEN, base, (at) + 16, 1, \
			  FLIP(1)),                                                              \
		NODE_WORD("end of " what, scene, OVERWRITTEN, base, (at) + 24, 8, 'A'),          \
		NODE_WORD("end is 0, of " what, scene, OVERWRITTEN, base, (at) + 24, 8, 0)

static void nodes_and_small(void)
{
	nodes();
	mem.small = mp_alloc(as_pool(mem.pool), 16);
}

/* The newest node holds more bytes than the first, and small is its newest object. */
static void doubling(void)
{
	struct mp_options_s options = { .heap = mem.heap, .size = NODE, .max_size = 8 * NODE };

	mem.pool = (unsigned char *)mp_create_pool_with(&options);
	for (int i = 0; i < 3; i++)
		mem.small = mp_alloc(as_pool(mem.pool), NODE - 64);
	mem.small = mp_alloc(as_pool(mem.pool), 64);
	mem.node = (unsigned char *)as_pool(mem.pool)->current;
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

/* Makes the pool take a new node. */
static const char *new_node(unsigned char *p, size_t n)
{
	return success(mp_alloc_slow(as_pool(p), n));
}

const struct misuse_row grow_words[] = {
	NEW_WORD(max_size),
	NEW_WORD(mark),
	NEW_WORD(bounded),
	NEW_WORD(name),

	EACH_WORD("a cleanup", &mem.cleanup),
	EACH_WORD("a child", &mem.child),
	EACH_WORD("a mark", &mem.mark),
	EACH_WALK("bounded of a child", &mem.child, POOL(bounded), 8, 'A'),
	EACH_WALK("max_size of a child", &mem.child, POOL(max_size), 8, 'A'),
	EACH_WALK("mark of a child", &mem.child, POOL(mark), 8, 'A'),
	EACH_WALK("name of a child", &mem.child, POOL(name), .put = &mem.fake),
	EACH_WALK("records of a child", &mem.child, POOL(records), 8, 'A'),

	EACH_SIZE("next", NOT_OF_POOL, &mem.q, -(long)RECORD + (long)WORD(record.next), 8, 'A'),
	EACH_SIZE("tag", NOT_OF_POOL, &mem.q, -(long)RECORD + (long)WORD(record.tag), 4, 'A'),
	EACH_SIZE("prev", NOT_OF_POOL, &mem.q, -(long)RECORD + (long)WORD(prev), 8, 'A'),
	EACH_SIZE("cookie", NOT_OF_POOL, &mem.q, -(long)RECORD + (long)WORD(cookie), 8, 'A'),
	EACH_SIZE("tag of its block", OVERWRITTEN, &mem.q, -(long)RECORD - 8, 8, 'A'),
	EACH_SIZE("size of its block", OVERWRITTEN, &mem.q, -(long)RECORD - 8, 1, FLIP(0x20)),
	EACH_SIZE("8 bytes behind it", OVERWRITTEN, &mem.q, END, 8, 'A'),
	EACH_SIZE("16 bytes behind it", OVERWRITTEN, &mem.q, END, 16, 'A'),
	/* The neighbours are read when it moves or goes back. */
	{ "prev of the older one: grows",
	  OVERWRITTEN,
	  larges,
	  { &mem.p, -(long)RECORD + (long)WORD(prev), 8, 'A' },
	  { resize_object, &mem.q, 0, FROM_TO(LARGE - RECORD, 3000) } },
	{ "next of the younger one: grows",
	  OVERWRITTEN,
	  larges,
	  { &mem.r, -(long)RECORD + (long)WORD(record.next), 8, 'A' },
	  { resize_object, &mem.q, 0, FROM_TO(LARGE - RECORD, 3000) } },
	{ "prev of the block: grows",
	  OVERWRITTEN,
	  larges,
	  { &mem.q, -(long)RECORD - 16, 8, 'A' },
	  { resize_object, &mem.q, 0, FROM_TO(LARGE - RECORD, 3000) } },

	MARK_WORD("number", MARK_NUMBER, 8, 'A'),
	MARK_WORD("current", MARK_CURRENT, 8, 'A'),
	MARK_WORD("current's last", MARK_CURRENT + 8, 8, 0),
	MARK_WORD("current's end", MARK_CURRENT + 16, 8, 0),
	MARK_WORD("older", MARK_OLDER, 8, 'A'),
	MARK_WORD("sum", MARK_SUM, 8, 'A'),
	MARK_WORD("all of it", 0, MARK_BYTES, 'A'),

	NODE_WORDS("the first node", newest, &mem.pool, HEAD(record)),
	NODE_WORDS("a further node", nodes_and_small, &mem.node, 0),
	/* How often its bytes were doubled: 6 bits behind the tag. */
	NODE_WORD("doublings are 0", doubling, OVERWRITTEN, &mem.node, 12, 4, 0),
	NODE_WORD("doublings are 63", doubling, OVERWRITTEN, &mem.node, 12, 1, 63),
	{ "doublings are 63: new node",
	  OVERWRITTEN,
	  doubling,
	  { &mem.node, 12, 1, 63 },
	  { new_node, &mem.pool, 0, 3 * NODE } },
	{ "doublings are 60: new node",
	  OVERWRITTEN,
	  doubling,
	  { &mem.node, 12, 1, 60 },
	  { new_node, &mem.pool, 0, 3 * NODE } },
	/* With some more, the node is only taken for a larger one. */
	{ "doublings are 2, not 1: give_back, works",
	  "= 0",
	  doubling,
	  { &mem.node, 12, 1, 2 },
	  { give_back, &mem.small, 0, 64 },
	  true },
	{ "doublings are 2, not 1: new node, works",
	  "= memory",
	  doubling,
	  { &mem.node, 12, 1, 2 },
	  { new_node, &mem.pool, 0, 3 * NODE },
	  true },
	{ "doublings are 2, not 1: get_stats",
	  OVERWRITTEN,
	  doubling,
	  { &mem.node, 12, 1, 2 },
	  { stats_of, &mem.pool },
	  .kind = 6 },
	/* The record of the newest mark. */
	MARK_WORD("next", WORD(record.next), 8, 'A'),
	MARK_WORD("tag", WORD(record.tag), 4, 'A'),
	MARK_WORD("cookie", WORD(cookie), 8, 'A'),
	{},
};
