// SPDX-License-Identifier: MIT
/*
 * undo_beside.c - a record overwritten, and its neighbour in the list leaves; writes past objects
 *
 *	other --> mark --> r --> child --> q --> cleanup --> p --> old_mark		the list
 *	|pool|old_mark|p|hdr|cleanup, data|hdr|q|hdr|child|hdr|r|hdr|mark|other|guard|	memory
 *
 * Who leaves writes to both neighbours. A neighbour that does not point back is noticed. Other
 * damage to it stays damage: the neighbour itself is refused later.
 */
#include <tests/misuse/undo/undo.h>

/* node --> cleanup --> node2 --> NULL */
static void cleanup_between_nodes(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mp_alloc(as_pool(mem.pool), NODE - 64);
	mp_alloc(as_pool(mem.pool), NODE - 64);
	mem.node2 = (unsigned char *)as_pool(mem.pool)->records;
	add_handler(mem.pool);
	mp_alloc(as_pool(mem.pool), NODE - 64);
	mem.node = (unsigned char *)as_pool(mem.pool)->records;
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

/* node --> q --> a node --> ... */
static void large_between_nodes(void)
{
	nodes();
	mem.q = mp_alloc(as_pool(mem.pool), LARGE);
	mp_alloc(as_pool(mem.pool), NODE);
	mem.node = (unsigned char *)as_pool(mem.pool)->records;
}

/* p is a large block of 0 bytes, just before the end of all pages. */
static void large_at_the_end(void)
{
	size_t size;

	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, (MISUSE_PAGES - 1) * MM_PAGE_SIZE);
	size = (size_t)mem.heap->sentinel - (size_t)mem.heap->top;
	size -= RECORD + mp_align(HEAP_ALIGN, MP_ALIGNMENT); /* what p's block takes */
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, size - MP_REDZONE - HEADER);
	mem.p = mp_memalign(as_pool(mem.pool), 0, HEAP_ALIGN);
}

/* @p, a large block, leaves; then the cleanup, the mark or the child beside it is asked. */
static const char *free_then_remove(unsigned char *p, size_t n)
{
	release(p, n);
	return remove_cleanup(mem.cleanup, n);
}

static const char *free_then_release(unsigned char *p, size_t n)
{
	release(p, n);
	return release_mark(mem.mark, MARK);
}

static const char *free_then_destroy(unsigned char *p, size_t n)
{
	release(p, n);
	return destroy(mem.child, n);
}

/* @younger and @older are the large blocks beside the record at @base. */
#define BESIDE(what, base, younger, older, call, refusal)                                \
	{ "next of " what ": free of the older",                                         \
	  OVERWRITTEN,                                                                   \
	  things,                                                                        \
	  { base, WORD(record.next), 8, 'A' },                                           \
	  { release, older } },                                                          \
		{ "next is NULL, of " what ": free of the older",                        \
		  OVERWRITTEN,                                                           \
		  things,                                                                \
		  { base, WORD(record.next), 8, 0 },                                     \
		  { release, older } },                                                  \
		{ "prev of " what ": free of the younger",                               \
		  OVERWRITTEN,                                                           \
		  things,                                                                \
		  { base, WORD(prev), 8, 'A' },                                          \
		  { release, younger } },                                                \
		{ "prev is NULL, of " what ": free of the younger",                      \
		  OVERWRITTEN,                                                           \
		  things,                                                                \
		  { base, WORD(prev), 8, 0 },                                            \
		  { release, younger } },                                                \
		{ "next of " what ": free of the younger, then it",                      \
		  refusal,                                                               \
		  things,                                                                \
		  { base, WORD(record.next), 8, 'A' },                                   \
		  { call, younger },                                                     \
		  .is_long = true },                                                     \
		{ "prev of " what ": free of the older, then it",                        \
		  refusal,                                                               \
		  things,                                                                \
		  { base, WORD(prev), 8, 'A' },                                          \
		  { call, older },                                                       \
		  .is_long = true },                                                     \
		{ "tag of " what ": free of the younger, then it",                       \
		  refusal,                                                               \
		  things,                                                                \
		  { base, WORD(record.tag), 4, 'A' },                                    \
		  { call, younger },                                                     \
		  .is_long = true },                                                     \
		{ "tag of " what ": free of the older, then it",                         \
		  refusal,                                                               \
		  things,                                                                \
		  { base, WORD(record.tag), 4, 'A' },                                    \
		  { call, older },                                                       \
		  .is_long = true },                                                     \
		{ "tag is 0, of " what ": free of the older",                            \
		  OVERWRITTEN,                                                           \
		  things,                                                                \
		  { base, WORD(record.tag), 4, 0 },                                      \
		  { release, older } },                                                  \
		{ "a bit of the tag of " what ": free of the older, then it",            \
		  refusal,                                                               \
		  things,                                                                \
		  { base, WORD(record.tag), 1, FLIP(1) },                                \
		  { call, older },                                                       \
		  .is_long = true },                                                     \
		{ "cookie of " what ": free of the younger, then it",                    \
		  refusal,                                                               \
		  things,                                                                \
		  { base, WORD(cookie), 8, 'A' },                                        \
		  { call, younger },                                                     \
		  .is_long = true },                                                     \
	{                                                                                \
		"cookie of " what ": free of the older, then it", refusal, things,       \
			{ base, WORD(cookie), 8, 'A' }, { call, older }, .is_long = true \
	}

/* The large block before the record at @base was overrun: by so many bytes, header of 16 first. */
#define PAST(before, what, base, bytes, words, ...)                                               \
	{                                                                                         \
#bytes " bytes past " before ": " what, words, things, { base, -16, bytes, 'A' }, \
		{                                                                                 \
			__VA_ARGS__                                                               \
		}                                                                                 \
	}

const struct misuse_row undo_beside[] = {
	BESIDE("a cleanup", &mem.cleanup, &mem.q, &mem.p, free_then_remove, NOENT),
	BESIDE("a mark", &mem.mark, &mem.other, &mem.r, free_then_release, INVAL),
	BESIDE("a child", &mem.child, &mem.r, &mem.q, free_then_destroy, NO_POOL),

	{ "next of a large block: remove of the older cleanup",
	  OVERWRITTEN,
	  things,
	  { &mem.q, -(long)RECORD, 8, 'A' },
	  { remove_cleanup, &mem.cleanup } },
	{ "next of a large block: run of the older cleanup",
	  OVERWRITTEN,
	  things,
	  { &mem.q, -(long)RECORD, 8, 'A' },
	  { run_cleanup, &mem.cleanup } },
	{ "prev of a large block: remove of the younger cleanup",
	  OVERWRITTEN,
	  things,
	  { &mem.p, -16, 8, 'A' },
	  { remove_cleanup, &mem.cleanup } },
	{ "prev of a large block: run of the younger cleanup",
	  OVERWRITTEN,
	  things,
	  { &mem.p, -16, 8, 'A' },
	  { run_cleanup, &mem.cleanup } },
	{ "prev of a large block: destroy of the younger child",
	  OVERWRITTEN,
	  things,
	  { &mem.q, -16, 8, 'A' },
	  { destroy, &mem.child } },
	{ "next of a large block: destroy of the older child",
	  OVERWRITTEN,
	  things,
	  { &mem.r, -(long)RECORD, 8, 'A' },
	  { destroy, &mem.child } },
	{ "tag of a large block at the end of memory says a child: destroy",
	  OVERWRITTEN,
	  large_at_the_end,
	  { &mem.p, WORD(record.tag) - (long)RECORD, 1, FLIP(6) },
	  { destroy, &mem.pool } },
	{ "next of the younger node: remove of a cleanup",
	  OVERWRITTEN,
	  cleanup_between_nodes,
	  { &mem.node, 0, 8, 'A' },
	  { remove_cleanup, &mem.cleanup } },
	{ "tag of the younger node says a large block: remove of a cleanup",
	  OVERWRITTEN,
	  cleanup_between_nodes,
	  { &mem.node, 8, 1, FLIP(3) },
	  { remove_cleanup, &mem.cleanup } },
	{ "tag of the younger node says a large block: run of a cleanup",
	  OVERWRITTEN,
	  cleanup_between_nodes,
	  { &mem.node, 8, 1, FLIP(3) },
	  { run_cleanup, &mem.cleanup } },
	{ "tag of the younger node says a large block: free",
	  OVERWRITTEN,
	  large_between_nodes,
	  { &mem.node, 8, 1, FLIP(3) },
	  { release, &mem.q } },
	{ "tag of the older node says a large block: remove of a cleanup",
	  OVERWRITTEN,
	  cleanup_between_nodes,
	  { &mem.node2, 8, 1, FLIP(3) },
	  { remove_cleanup, &mem.cleanup } },

	PAST("a large block", "remove of the cleanup", &mem.cleanup, 2, OVERWRITTEN, remove_cleanup,
	     &mem.cleanup),
	{ "16 bytes past a large block: run of the cleanup",
	  OVERWRITTEN,
	  things,
	  { &mem.cleanup, -16, 16, 'A' },
	  { run_cleanup, &mem.cleanup },
	  .is_long = true },
	PAST("a large block", "remove of the cleanup", &mem.cleanup, 8, OVERWRITTEN, remove_cleanup,
	     &mem.cleanup),
	PAST("a large block", "remove of the cleanup", &mem.cleanup, 16, OVERWRITTEN,
	     remove_cleanup, &mem.cleanup),
	PAST("a large block", "remove of the cleanup", &mem.cleanup, 24, NOENT, remove_cleanup,
	     &mem.cleanup),
	PAST("a large block", "run of the cleanup", &mem.cleanup, 28, NOENT, run_cleanup,
	     &mem.cleanup),
	PAST("a large block", "destroy", &mem.cleanup, 16, OVERWRITTEN, destroy, &mem.pool),
	PAST("a large block", "destroy", &mem.cleanup, 24, OVERWRITTEN, destroy, &mem.pool),
	PAST("a large block", "free of it", &mem.cleanup, 16, OVERWRITTEN, release, &mem.p),
	PAST("a large block", "free of it", &mem.cleanup, 24, OVERWRITTEN, release, &mem.p),
	PAST("a large block", "destroy of the child", &mem.child, 16, OVERWRITTEN, destroy,
	     &mem.child),
	PAST("a large block", "destroy of the child", &mem.child, 24, NO_POOL, destroy, &mem.child),
	PAST("a large block", "create_child in the child", &mem.child, 24, NO_POOL, make_child,
	     &mem.child, 0, NODE),
	PAST("a large block", "destroy of the parent of a child", &mem.child, 24, OVERWRITTEN,
	     destroy, &mem.pool),
	PAST("a large block", "destroy of the parent of a child", &mem.child, 16, OVERWRITTEN,
	     destroy, &mem.pool),
	PAST("a large block", "release of the mark", &mem.mark, 24, INVAL, release_mark, &mem.mark,
	     0, MARK),
	PAST("a large block", "release of the mark", &mem.mark, 60, INVAL, release_mark, &mem.mark,
	     0, MARK),
	PAST("a large block", "destroy, a mark is behind", &mem.mark, 24, OVERWRITTEN, destroy,
	     &mem.pool),
	{ "2 bytes past a cleanup's data: remove of it",
	  OVERWRITTEN,
	  things,
	  { &mem.cleanup, 64 + DATA, 2, 'A' },
	  { remove_cleanup, &mem.cleanup } },
	{ "16 bytes past a cleanup's data: run of it",
	  OVERWRITTEN,
	  things,
	  { &mem.cleanup, 64 + DATA, 16, 'A' },
	  { run_cleanup, &mem.cleanup },
	  .is_long = true },
	/* With MP_ALIGNMENT 64 there may be a gap between the two blocks: it is left out. */
	{ "24 bytes past a cleanup's data: free of the large block",
	  NOENT,
	  things,
	  { &mem.q, -(long)(RECORD + HEADER), 24, 'A' },
	  { release, &mem.q } },
	{ "16 bytes past a cleanup's data: destroy",
	  OVERWRITTEN,
	  things,
	  { &mem.cleanup, 64 + DATA, 16, 'A' },
	  { destroy, &mem.pool } },
	{},
};
