// SPDX-License-Identifier: MIT
/*
 * mp_pool.c - the pool: its nodes, and which of them serves a request
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
 * A request looks at the newest node, then at one older node, and then gets a new
 * node. These two nodes are the window. Looking at more nodes would fill them a
 * little better, but a request that the newest node cannot serve would pay for it:
 * nginx looks at up to seven, the oldest first. When a new node enters the window, one
 * of the other two leaves it: the one that has failed to serve more requests.
 */
#include <mm/mp_internal.h>

/* Panics if @pool is not a live pool. Its memory must be readable. */
static inline void check_pool(const struct mp_pool_s *pool, const char *caller)
{
	if (!mp_is_pool(pool))
		panic("%s: %p is no pool, or was destroyed already, or overwritten", caller,
		      (const void *)pool);
}

/* What only a further node of @pool holds, and only at its own address. */
static inline uint32_t mark_of(const struct mp_pool_s *pool, const struct mp_node_s *node)
{
	return (uint32_t)(((uintptr_t)node ^ (uintptr_t)pool ^ pool->heap->secret) >> 5);
}

/* Makes @node an empty node, whose @size bytes begin at @memory. It is in no list yet. */
static void start_node(struct mp_node_s *node, unsigned char *memory, size_t size)
{
	node->last = memory;
	node->end = memory + size;
	node->failed = 0;
	mm_poison(memory, size);
}

/* Makes @pool what it is when nothing has been allocated from it. */
static void start_pool(struct mp_pool_s *pool)
{
	start_node(pool->head, (unsigned char *)pool + POOL_HEADER, pool->size);
	pool->head->next = NULL;
	pool->current = pool->head;
	pool->older = NULL;
	pool->large = NULL;
	pool->nr_nodes = 1;
	pool->nr_large = 0;
	pool->cookie = mp_pool_cookie(pool);
}

/**
 * mp_create_pool_on() - create a pool
 * @heap: where its memory comes from
 * @size: bytes that each of its nodes holds; rounded up to MP_ALIGNMENT
 *
 * Requests of at most that many bytes, and at most MP_MAX_ALLOC_FROM_POOL, are small and
 * go into nodes. All others are large and get blocks of their own. Constant time. Panics if
 * a free block was overwritten.
 *
 * Return: the pool, or NULL: out of memory, @size is 0 or above HEAP_MAX_SIZE.
 */
struct mp_pool_s *mp_create_pool_on(struct heap *heap, size_t size)
{
	struct mp_pool_s *pool;

	if (!size || size > HEAP_MAX_SIZE)
		return NULL;
	size = mp_align(size, MP_ALIGNMENT);
	pool = heap_alloc(heap, MP_BLOCK_ALIGNMENT, POOL_HEADER + size + MP_REDZONE);
	if (!pool)
		return NULL;

	pool->max = size < MP_MAX_ALLOC_FROM_POOL ? size : MP_MAX_ALLOC_FROM_POOL;
	pool->heap = heap;
	pool->size = size + MP_REDZONE;
	start_pool(pool);
	return pool;
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

/* Takes the newest node off the list. */
static struct mp_node_s *take_node(struct mp_pool_s *pool)
{
	struct mp_node_s *node = pool->head->next;

	/* The header of the block, in front of the node, will be read, too. */
	if ((uintptr_t)node % HEAP_ALIGN ||
	    !page_is_used(pool->heap->pages, (void *)((uintptr_t)node - HEAP_ALIGN),
			  HEAP_ALIGN + sizeof(*node)) ||
	    node->mark != mark_of(pool, node))
		panic("the pool %p: the list of its nodes was overwritten", (void *)pool);
	pool->head->next = node->next;
	pool->nr_nodes--;
	return node;
}

/*
 * Frees all but the first node, newest first. So the heap is afterwards what it was
 * before these blocks were allocated, unless it was used otherwise meanwhile. Blocks
 * that lie side by side, as nodes often do, are joined and freed as one.
 */
static void release(struct mp_pool_s *pool)
{
	struct mp_large_s *large;
	void *block, *pending = NULL; /* pending: taken before block, not freed yet */

	/* Nothing but the first node, as in most pools. */
	if (!pool->large && !pool->nr_large && !pool->head->next && pool->nr_nodes == 1)
		return;
	large = mp_newest_large(pool);
	while (large || pool->nr_nodes > 1) {
		/* A large block is newer than the newest node if no node came after it. */
		if (large && large->nodes == pool->nr_nodes) {
			mp_take_large(pool, large);
			block = large;
			large = mp_newest_large(pool);
		} else {
			block = take_node(pool);
		}
		if (pending && !heap_join(pool->heap, block, pending))
			heap_free(pool->heap, pending);
		pending = block;
	}
	heap_free(pool->heap, pending);
	if (pool->head->next || pool->nr_nodes != 1)
		panic("the pool %p: the list of its nodes was overwritten", (void *)pool);
}

/**
 * mp_destroy_pool() - give everything back
 * @pool: the pool; NULL is fine
 *
 * Time grows with the pool's nodes and large blocks, not with its objects. Panics as
 * mp_reset_pool(). Until the memory is handed out again, a reset, a second destroy and a
 * request for at least one byte panic, too; mp_free() refuses everything.
 */
void mp_destroy_pool(struct mp_pool_s *pool)
{
	if (!pool)
		return;
	check_pool(pool, "mp_destroy_pool");
	release(pool);
	pool->cookie = 0;
	/* Only 0 bytes fit the dead pool's node, so later calls take the slow path, which looks. */
	pool->current = pool->head;
	pool->head->last = pool->head->end;
	heap_free(pool->heap, pool);
}

/**
 * mp_reset_pool() - give everything back but the pool
 * @pool: the pool
 *
 * Every large block and every node but the first go back to the heap. The pool is
 * then as it was after its creation, and the same requests get the same addresses.
 * That holds if nobody else has used the heap meanwhile, if mp_free() was not called,
 * and if no request made the heap begin a new span (heap_span.c): that span may serve
 * first later. Memory is not cleared. Time grows with nodes and large blocks. Panics if
 * @pool was destroyed, or if one of its links was overwritten.
 */
void mp_reset_pool(struct mp_pool_s *pool)
{
	check_pool(pool, "mp_reset_pool");
	release(pool);
	start_pool(pool);
}

/*
 * @node enters the window, because no node in it could serve the request. If there are
 * two, the one that has failed more often leaves the window for good; at a tie, the older.
 */
static void move_window(struct mp_pool_s *pool, struct mp_node_s *node)
{
	pool->current->failed++;
	if (pool->older)
		pool->older->failed++;
	pool->cookie += (uintptr_t)node - (uintptr_t)pool->current;
	if (!pool->older || pool->current->failed <= pool->older->failed) {
		pool->cookie += (uintptr_t)pool->current - (uintptr_t)pool->older;
		pool->older = pool->current;
	}
	pool->current = node;
}

/*
 * Adds a node to the pool, as the newest and current one. (The name is the text's.) Out of
 * line: the callers save fewer registers for a request that the older node serves.
 */
static mm_noinline struct mp_node_s *mp_alloc_block(struct mp_pool_s *pool)
{
	struct mp_node_s *node =
		heap_alloc(pool->heap, MP_BLOCK_ALIGNMENT, NODE_HEADER + pool->size);

	if (!node)
		return NULL;
	start_node(node, (unsigned char *)node + NODE_HEADER, pool->size);
	node->mark = mark_of(pool, node);
	node->next = pool->head->next;
	pool->head->next = node;
	pool->nr_nodes++;
	move_window(pool, node);
	return node;
}

/* The free bytes of @node. */
static inline size_t room_in(const struct mp_node_s *node)
{
	return (uintptr_t)node->end - (uintptr_t)node->last;
}

/* Do last and end lie in @node, in this order, and is last aligned? */
static bool node_is_whole(const struct mp_pool_s *pool, const struct mp_node_s *node)
{
	uintptr_t start = node == pool->head ? (uintptr_t)pool + POOL_HEADER :
					       (uintptr_t)node + NODE_HEADER;
	size_t below = (uintptr_t)node->last - start;

	return below % MP_ALIGNMENT == 0 && below <= pool->size &&
	       room_in(node) <= pool->size - below;
}

/*
 * A node with @room free bytes, where the current one has fewer: the older one, or a
 * new one. NULL: no memory. A failure of the current node is counted only when it is sure
 * that the request will be served. Panics if the header of the older node was overwritten.
 */
static inline struct mp_node_s *find_node(struct mp_pool_s *pool, size_t room)
{
	struct mp_node_s *older = pool->older;

	if (older && !node_is_whole(pool, older))
		panic("the pool %p: the header of its node %p was overwritten", (void *)pool,
		      (void *)older);
	if (!older || room_in(older) < room)
		return mp_alloc_block(pool);
	pool->current->failed++;
	return older;
}

/**
 * mp_alloc_slow() - mp_alloc(), where the current node does not serve
 * @pool: the pool
 * @size: in bytes
 *
 * Panics if @pool is no live pool, or if its older node or a free block was overwritten.
 *
 * Return: as mp_alloc().
 */
void *mp_alloc_slow(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node;
	unsigned char *p;

	check_pool(pool, "mp_alloc");
	if (size > pool->max)
		return mp_alloc_large(pool, size, MP_BLOCK_ALIGNMENT);
	node = find_node(pool, MP_ROOM(size));
	if (!node)
		return NULL;
	p = node->last;
	node->last += MP_ROOM(size);
	mm_unpoison(p, size);
	return p;
}

/**
 * mp_nalloc_slow() - mp_nalloc(), where the current node does not serve
 * @pool: the pool
 * @size: in bytes
 *
 * Panics as mp_alloc_slow().
 *
 * Return: as mp_nalloc().
 */
void *mp_nalloc_slow(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node;

	check_pool(pool, "mp_nalloc");
	if (size > pool->max)
		return mp_alloc_large(pool, size, MP_BLOCK_ALIGNMENT);
	node = find_node(pool, MP_PACKED(size));
	if (!node)
		return NULL;
	node->end -= MP_PACKED(size);
	mm_unpoison(node->end, size);
	return node->end;
}

/**
 * mp_memalign() - allocate a large block of any alignment
 * @pool: the pool
 * @size: in bytes, of any size: the block is large even if @size is small
 * @alignment: a power of two; below MP_BLOCK_ALIGNMENT counts as MP_BLOCK_ALIGNMENT
 *
 * Takes @size and at most 79 bytes more, however large the alignment, and the red zone of a
 * sanitizer's build: the space in front of the block stays free for others. Constant time.
 * Panics if @pool is no live pool, or if a free block was overwritten.
 *
 * Return: the memory, not cleared, which mp_free() takes; NULL if memory is out
 * or @alignment is not a power of two.
 */
void *mp_memalign(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	check_pool(pool, "mp_memalign");
	if (!alignment || (alignment & (alignment - 1)))
		return NULL;
	return mp_alloc_large(pool, size,
			      alignment < MP_BLOCK_ALIGNMENT ? MP_BLOCK_ALIGNMENT : alignment);
}
