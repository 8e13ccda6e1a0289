// SPDX-License-Identifier: MIT
/*
 * mp_pool.c - the pool
 *
 *	pool                                 node                  node
 *	+--------------+                    +--------+            +--------+
 *	| max, size    |               .--->| header |       .--->| header |
 *	| current -----|--------------'     | next --|------'     | next --|-> NULL
 *	| older -------|--> (any node)      |########|            |########|
 *	| large --.    |                    |####....|            |########|
 *	+---------|----+                    |..######|            |########|
 *	| head[0] |    |                    +--------+            +--------+
 *	| next ---|----|--> the newest node
 *	+---------|----+
 *	|#########|....|        large block           large block
 *	|....##########|        +--------+            +--------+
 *	+--------------+   '--->| record |----next--->| record |-> NULL
 *	                        |########|            |########|
 *
 * Every node holds pool->size bytes: aligned objects from the low end up, packed
 * ones from the high end down. So no object pays for another's alignment, and
 * last <= end holds always.
 *
 * A request looks at the newest node, then at one older node, and then gets a
 * new node. Looking at more would fill nodes a little better and cost every
 * request for it: nginx looks at up to seven, the oldest first. The older node
 * in the window is the one of the last two that has failed fewer requests.
 */
#include <mm/mp_large.h>

/* Headers, rounded up so that what follows them is aligned. */
#define POOL_HEADER mp_align(sizeof(struct mp_pool_s) + sizeof(struct mp_node_s), MP_ALIGNMENT)
#define NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)

static mm_trusted void check_pool(const struct mp_pool_s *pool, const char *caller)
{
	if (pool->cookie != heap_mark(pool->heap, pool))
		panic("%s: %p is no pool, or was destroyed already", caller, (const void *)pool);
}

/* Makes @pool what it is when nothing has been allocated from it. */
static void start(struct mp_pool_s *pool)
{
	struct mp_node_s *head = pool->head;

	head->last = (unsigned char *)pool + POOL_HEADER;
	head->end = head->last + pool->size;
	mm_poison(head->last, pool->size);
	head->next = NULL;
	head->failed = 0;
	pool->current = head;
	pool->older = NULL;
	pool->large = NULL;
	pool->nr_nodes = 1;
}

/*
 * Frees all but the first node, in the reverse order of allocation: so the heap is
 * afterwards as it was before, and serves the same requests alike, unless it was
 * used otherwise meanwhile, or mp_free() has freed something out of order.
 *
 * A block is held back until it is known where the next one lies. If that is right in
 * front of it, as with nodes it often is, both are freed as one; what is further off than
 * a node is long, with at most 128 bytes of headers, is not asked about. No link is
 * followed beyond a block that the heap has not looked at: it says what is wrong.
 */
static mm_trusted mm_noinline void release(struct mp_pool_s *pool)
{
	struct mp_large_s *large = pool->large;
	struct mp_node_s *node = pool->head->next;
	size_t nodes = pool->nr_nodes - 1;
	void *held = NULL;

	while (large || node) {
		void *block = large && nodes_then(pool, large) == nodes ? (void *)large : node;

		if (!block)
			panic("the pool %p: the record of its large block %p was overwritten",
			      (void *)pool, (void *)(large + 1));
		if (held && (MP_REDZONE || (uintptr_t)held - (uintptr_t)block > pool->size + 128 ||
			     !heap_join(pool->heap, block, held)))
			heap_free(pool->heap, held);
		held = block;
		if (block == large) {
			large->cookie = 0;
			large = large->next;
		} else {
			node = node->next;
			nodes--;
		}
	}
	if (nodes)
		panic("the pool %p: the list of its nodes was overwritten", (void *)pool);
	if (held)
		heap_free(pool->heap, held);
}

/**
 * mp_create_pool() - create a pool on the kernel's heap
 * @size: bytes that each of its nodes holds
 *
 * Return: as mp_create_pool_on(); NULL also before kernel_heap's heap_init().
 */
struct mp_pool_s *mp_create_pool(size_t size)
{
	return mp_create_pool_on(&kernel_heap, size);
}

/**
 * mp_create_pool_on() - create a pool
 * @heap: where its memory comes from
 * @size: bytes that each of its nodes holds; rounded up to MP_ALIGNMENT
 *
 * Requests of at most min(that, MP_MAX_ALLOC_FROM_POOL) bytes are small and go
 * into nodes; all others are large and get blocks of their own.
 *
 * Return: the pool, or NULL: out of memory, or @size 0 or absurd.
 */
struct mp_pool_s *mp_create_pool_on(struct heap *heap, size_t size)
{
	struct mp_pool_s *pool;

	if (size - 1 >= HEAP_MAX_SIZE)
		return NULL;
	size = mp_align(size, MP_ALIGNMENT);
	pool = heap_alloc(heap, BLOCK_ALIGNMENT,
			  POOL_HEADER + size + mp_align(MP_REDZONE, MP_ALIGNMENT));
	if (!pool)
		return NULL;

	pool->max = size < MP_MAX_ALLOC_FROM_POOL ? size : MP_MAX_ALLOC_FROM_POOL;
	pool->heap = heap;
	pool->size = size + mp_align(MP_REDZONE, MP_ALIGNMENT);
	pool->cookie = heap_mark(heap, pool);
	start(pool);
	return pool;
}

/**
 * mp_destroy_pool() - give everything back
 * @pool: the pool; NULL is fine
 *
 * Time grows with the pool's nodes and large blocks, not with its objects.
 */
void mp_destroy_pool(struct mp_pool_s *pool)
{
	if (!pool)
		return;
	check_pool(pool, "mp_destroy_pool");
	if (pool->large || pool->head->next)
		release(pool);
	pool->cookie = 0;
	heap_free(pool->heap, pool);
}

/**
 * mp_reset_pool() - give everything back but the pool
 * @pool: the pool
 *
 * Every large block and every node but the first go back to the heap; the pool
 * is as good as new. The same requests get the same addresses as after its creation,
 * if nobody else uses the heap meanwhile and mp_free() did not either; unless they made
 * it begin a new run of pages (heap_span.c), which may then serve first. Memory is not
 * cleared.
 */
void mp_reset_pool(struct mp_pool_s *pool)
{
	check_pool(pool, "mp_reset_pool");
	release(pool);
	start(pool);
}

/*
 * A new node, which becomes the current one. Of the two nodes that could not
 * serve, the one that has failed more often leaves the window for good; it is
 * the older one if both have failed alike.
 */
static inline mm_always_inline struct mp_node_s *mp_alloc_block(struct mp_pool_s *pool)
{
	struct mp_node_s *node = heap_alloc(pool->heap, BLOCK_ALIGNMENT, NODE_HEADER + pool->size);

	if (!node)
		return NULL;
	node->last = (unsigned char *)node + NODE_HEADER;
	node->end = node->last + pool->size;
	mm_poison(node->last, pool->size);
	node->next = pool->head->next;
	node->failed = 0;
	pool->head->next = node;
	pool->nr_nodes++;

	pool->current->failed++;
	if (pool->older)
		pool->older->failed++;
	if (!pool->older || pool->current->failed <= pool->older->failed)
		pool->older = pool->current;
	pool->current = node;
	return node;
}

static inline bool has_room(const struct mp_node_s *node, size_t size)
{
	return node && bump_room((uintptr_t)node->last, (uintptr_t)node->end, size);
}

/* An aligned object from @node, which has room. */
static inline void *take_up(struct mp_node_s *node, size_t size)
{
	unsigned char *p = node->last;

	node->last = p + MP_ROOM(size);
	mm_unpoison(p, size);
	return p;
}

/* A packed one. */
static inline void *take_down(struct mp_node_s *node, size_t size)
{
	node->end -= MP_PACKED(size);
	mm_unpoison(node->end, size);
	return node->end;
}

/* Apart from the functions that end with them, which so need no stack frame. */
static mm_trusted mm_noinline void *alloc_in_new(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node = mp_alloc_block(pool);

	return node ? take_up(node, size) : NULL;
}

static mm_trusted mm_noinline void *nalloc_in_new(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node = mp_alloc_block(pool);

	return node ? take_down(node, size) : NULL;
}

/* mp_alloc(), where the current node does not serve. */
void *mp_alloc_slow(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node = pool->older;

	if (size > pool->max)
		return mp_alloc_large(pool, size, BLOCK_ALIGNMENT);
	if (!has_room(node, MP_ROOM(size)))
		return alloc_in_new(pool, size);
	pool->current->failed++;
	return take_up(node, size);
}

/* mp_nalloc(), where the current node does not serve. */
void *mp_nalloc_slow(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node = pool->older;

	if (size > pool->max)
		return mp_alloc_large(pool, size, BLOCK_ALIGNMENT);
	if (!has_room(node, MP_PACKED(size)))
		return nalloc_in_new(pool, size);
	pool->current->failed++;
	return take_down(node, size);
}
