/* SPDX-License-Identifier: MIT */
/*
 * mp_options.h - pools with options: sizes, limits, names; and figures about pools
 *
 *	struct mp_options_s options = { .size = 1024, .max_size = 65536, .name = "request" };
 *	struct mp_pool_s *pool = mp_create_pool_with(&options);
 *	...
 *	mp_print_tree(pool);
 *
 * The bytes that a pool holds are those of its blocks of the heap, headers included. A limit bounds
 * them. mp_pool.h includes this header, and has the structs and mp_align().
 */
#ifndef MM_MP_OPTIONS_H
#define MM_MP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <mm/config.h>

struct heap;
struct mp_pool_s;

/*
 * For who counts in pages. A pool whose nodes hold 4096 - MP_POOL_OVERHEAD bytes is a block of
 * 4096 bytes (of 4064 if MP_ALIGNMENT is 64); so is a later node of 4096 - MP_NODE_OVERHEAD bytes.
 * 16 bytes are the heap's header, 16 more of a pool are struct mp_history_s (mp_internal.h).
 */
#define MP_POOL_OVERHEAD mp_align(sizeof(struct mp_pool_s) + 32 + MP_REDZONE, MP_ALIGNMENT)
#define MP_NODE_OVERHEAD \
	mp_align(mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT) + 16 + MP_REDZONE, MP_ALIGNMENT)

/**
 * struct mp_options_s - what a pool shall be like; all zeros: as mp_create_pool(MP_PAGE_SIZE)
 * @heap: where its memory comes from; NULL: the parent's heap, or kernel_heap
 * @parent: the pool that it ends with; NULL: none. Its heap must be @heap
 * @size: bytes that a node holds; 0: MP_PAGE_SIZE
 * @max_size: if above @size: each new node holds twice the bytes of the one before, up to this
 *	many. Then a pool of megabytes is no long chain of small nodes. If there is no memory for
 *	such a node, no smaller one is tried. 0: all nodes hold @size
 * @limit: as for mp_set_limit()
 * @name: as for mp_set_name()
 * @size_with_headers: @size and @max_size are those of whole blocks of the heap, headers included:
 *	the block of no node is larger
 */
struct mp_options_s {
	struct heap *heap;
	struct mp_pool_s *parent;
	size_t size;
	size_t max_size;
	size_t limit;
	const char *name;
	bool size_with_headers;
};

/**
 * struct mp_stats_s - figures of a pool, or of a pool and all below
 * @held: bytes of its blocks of the heap: the sum of @used, @tails and @headers
 * @peak: the most that were ever held. Of a tree: the sum over the pools that are alive
 * @used: bytes of objects, of handlers' data, and of what they were rounded up by
 * @tails: bytes of nodes that are free
 * @headers: bytes of headers and marks
 * @limit: the pool's limit; 0: it has none of its own. While a pool below is being undone, or
 *	the heap's oom callback runs, it is too low by what that pool, or the request, takes
 * @pools: how many were added up
 * @nodes: the first one counted
 * @large: large blocks
 * @handlers: cleanup handlers
 * @children: child pools. Of a tree: all pools below
 * @marks: marks that are alive
 * @refused: requests that the heap or a limit refused
 */
struct mp_stats_s {
	size_t held;
	size_t peak;
	size_t used;
	size_t tails;
	size_t headers;
	size_t limit;
	size_t pools;
	size_t nodes;
	size_t large;
	size_t handlers;
	size_t children;
	size_t marks;
	size_t refused;
};

MM_BEGIN_DECLS

struct mp_pool_s *mp_create_pool_with(const struct mp_options_s *options)
	MM_NAMED("mp_create_pool_with");
int mp_set_limit(struct mp_pool_s *pool, size_t bytes);
void mp_set_name(struct mp_pool_s *pool, const char *name);
void mp_get_stats(const struct mp_pool_s *pool, struct mp_stats_s *stats);
void mp_get_tree_stats(const struct mp_pool_s *pool, struct mp_stats_s *stats);
void mp_print_tree(const struct mp_pool_s *pool);

MM_END_DECLS

#endif /* MM_MP_OPTIONS_H */
