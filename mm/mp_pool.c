// SPDX-License-Identifier: MIT
/*
 * mp_pool.c - the pool: its nodes, and which of them serves a request
 *
 *	pool                                 node                  node
 *	+--------------+                    +--------+            +--------+
 *	| max, size    |               .--->| record |------>...->| record |--> older records
 *	| current -----|---------------+--->| last   |            | last   |
 *	| older -------|--> any node   |    | end    |            | end    |
 *	| records -----|---------------'    |########|            |########|
 *	+--------------+   (if the newest   |####....|            |########|
 *	| head[0]      |   is a node)       |..######|            |########|
 *	|#########.....|                    +--------+            +--------+
 *	|....##########|
 *	+--------------+
 *
 * Aligned objects fill a node from the low end up, packed ones from the high end down. So no
 * object pays for another's alignment, and last <= end holds always. All nodes hold as many
 * bytes as the first, or they double (mp_options.h).
 *
 * A request looks at the newest node, then at one older node, and then gets a new
 * node. These two nodes are the window. Looking at more nodes would fill them a
 * little better, but a request that the newest node cannot serve would pay for it:
 * nginx looks at up to seven, the oldest first. When a new node enters the window, one
 * of the other two leaves it: the one that has failed to serve more requests.
 */
#include <mm/mp_record.h>

/* Makes @node an empty node, whose @size bytes begin at @memory. It is in no list yet. */
static void start_node(struct mp_node_s *node, unsigned char *memory, size_t size,
		       unsigned int doublings)
{
	node->doublings = doublings;
	node->failed = 0;
	node->last = memory;
	node->end = memory + size;
	mm_poison(memory, size);
}

/**
 * mp_start_pool() - make a pool what it is when nothing has been allocated from it
 * @pool: the pool; it holds no records, and nothing is being undone
 */
void mp_start_pool(struct mp_pool_s *pool)
{
	start_node(pool->head, (unsigned char *)pool + POOL_HEADER, pool->size, 0);
	mp_set_window(pool, pool->head, NULL);
}

/* mp_new_pool(). Compiled into each caller: without a parent, no limits are looked at. */
static inline mm_always_inline struct mp_pool_s *create(struct heap *heap, struct mp_pool_s *parent,
							size_t size, size_t max_size)
{
	size_t bytes = block_bytes(POOL_HEADER + mp_align(size, MP_ALIGNMENT) + MP_REDZONE);
	struct mp_pool_s *pool;

	if (!size || max_size > HEAP_MAX_SIZE || (parent && !mp_charge(parent, bytes)))
		return NULL;
	pool = heap_alloc(heap, MP_BLOCK_ALIGNMENT, bytes - BLOCK_HEADER);
	if (!pool) {
		if (parent)
			mp_discharge(parent, bytes);
		return NULL;
	}
	max_size = mp_align(max_size, MP_ALIGNMENT);
	pool->entry = (struct mp_entry_s){ .prev = NULL };
	pool->max = max_size < MP_MAX_ALLOC_FROM_POOL ? max_size : MP_MAX_ALLOC_FROM_POOL;
	pool->size = mp_align(size, MP_ALIGNMENT) + MP_REDZONE;
	pool->max_size = max_size + MP_REDZONE;
	pool->current = pool->head;
	pool->older = NULL;
	pool->records = NULL;
	pool->heap = heap;
	pool->undoing = NULL;
	pool->parent = NULL;
	pool->mark = NULL;
	pool->bounded = parent ? parent->bounded : NULL;
	pool->name = NULL;
	pool->left = 0;
	pool->held = bytes;
	*mp_history(pool) = (struct mp_history_s){ .peak = bytes };
	pool->head->record = (struct mp_record_s){ NULL, 0 };
	pool->entry.cookie = mp_pool_cookie(pool);
	start_node(pool->head, (unsigned char *)pool + POOL_HEADER, pool->size, 0);
	return pool;
}

/**
 * mp_new_pool() - create a pool, also one with a parent or with nodes that double
 * @heap: where its memory comes from
 * @parent: the pool whose limits bound it, or NULL; it is not put on the list of the parent
 * @size: bytes that its first node holds
 * @max_size: bytes that a node holds at most; not below @size. Both are rounded up
 *
 * Requests of at most @max_size bytes, and at most MP_MAX_ALLOC_FROM_POOL, are small: they go
 * into nodes.
 *
 * Return: as mp_create_pool_on(); NULL also if a limit would be passed.
 */
struct mp_pool_s *mp_new_pool(struct heap *heap, struct mp_pool_s *parent, size_t size,
			      size_t max_size)
{
	return create(heap, parent, size, max_size);
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
	return create(heap, NULL, size, size);
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

/*
 * @node enters the window, because no node in it could serve the request. If there are
 * two, the one that has failed more often leaves the window for good; at a tie, the older.
 */
static void enter_window(struct mp_pool_s *pool, struct mp_node_s *node)
{
	struct mp_node_s *current = pool->current, *older = pool->older;

	mp_set_window(pool, node, !older || current->failed <= older->failed ? current : older);
	current->failed++;
	if (older)
		older->failed++;
	mm_tell(NEW_NODE, node, older, older ? mp_node_room(older) : 0);
}

/**
 * mp_leave_window() - see to it that no request looks at a node that ends
 * @pool: the pool
 * @node: the newest of its nodes. It is never the older one of the window: that became
 *	current when the younger one ended
 * @instead: a node to look at if no other is in the window
 *
 * What is left goes on serving: a handler may run before all is undone.
 */
void mp_leave_window(struct mp_pool_s *pool, const struct mp_node_s *node,
		     struct mp_node_s *instead)
{
	if (node == pool->current)
		mp_set_window(pool, pool->older ? pool->older : instead, NULL);
}

/*
 * How often the first node's bytes are doubled for the next one, which must hold @room bytes.
 * Panics if the header of the current node was overwritten: it says how often they were so far.
 */
static unsigned int next_doublings(const struct mp_pool_s *pool, size_t room)
{
	unsigned int doublings = pool->current->doublings;

	mp_check_node(pool, pool->current);
	if (mp_doubled(pool, doublings) < pool->max_size)
		doublings++;
	while (mp_doubled(pool, doublings) < room)
		doublings++;
	return doublings;
}

/*
 * Adds a node with at least @room bytes, as the newest and current one. (The name is the text's.)
 * Out of line: the callers save fewer registers for a request that the older node serves.
 */
static mm_noinline struct mp_node_s *mp_alloc_block(struct mp_pool_s *pool, size_t room)
{
	unsigned int doublings = pool->size < pool->max_size ? next_doublings(pool, room) : 0;
	size_t size = mp_doubled(pool, doublings);
	struct mp_node_s *node = mp_take_block(pool, MP_BLOCK_ALIGNMENT, 0, NODE_HEADER + size);

	if (!node)
		return NULL;
	start_node(node, (unsigned char *)node + NODE_HEADER, size, doublings);
	mp_link_node(pool, node);
	enter_window(pool, node);
	return node;
}

/* Panics: last or end of @node was overwritten. */
void mp_node_failed(const struct mp_pool_s *pool, const struct mp_node_s *node)
{
	panic("the pool %p: the header of its node %p was overwritten", (const void *)pool,
	      (const void *)node);
}

/*
 * A node with @room free bytes, where the current one has fewer: the older one, or a
 * new one. NULL: no memory. A failure of the current node is counted only when it is sure
 * that the request will be served. Panics if the header of the older node was overwritten.
 */
static inline struct mp_node_s *find_node(struct mp_pool_s *pool, size_t room)
{
	struct mp_node_s *older = pool->older;

	mm_tell(NO_ROOM, pool->current, mp_node_room(pool->current), room);
	if (older)
		mp_check_node(pool, older);
	if (!older || mp_node_room(older) < room)
		return mp_alloc_block(pool, room);
	pool->current->failed++;
	return older;
}

/* Takes an aligned object from @node, which has room for it; NULL: there is no node. */
static inline void *take_aligned(struct mp_node_s *node, size_t size)
{
	unsigned char *p;

	if (!node)
		return NULL;
	p = node->last;
	node->last += MP_ROOM(size);
	mm_unpoison(p, size);
	mm_tell(ALIGNED, p, node, MP_ROOM(size));
	return p;
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
	mp_check_pool(pool, "mp_alloc");
	if (size > pool->max)
		return mp_alloc_large(pool, size, MP_BLOCK_ALIGNMENT);
	return take_aligned(find_node(pool, MP_ROOM(size)), size);
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

	mp_check_pool(pool, "mp_nalloc");
	if (size > pool->max)
		return mp_alloc_large(pool, size, MP_BLOCK_ALIGNMENT);
	node = find_node(pool, MP_PACKED(size));
	if (!node)
		return NULL;
	node->end -= MP_PACKED(size);
	mm_unpoison(node->end, size);
	mm_tell(PACKED, node->end, node, MP_PACKED(size));
	return node->end;
}

/**
 * mp_alloc_aligned() - allocate memory for an object of any alignment
 * @pool: the pool
 * @size: in bytes; 0 may get NULL, unlike in mp_alloc(): it can need a node or a block
 * @alignment: a power of two; below MP_ALIGNMENT counts as MP_ALIGNMENT
 *
 * The object is small if @size + @alignment - MP_ALIGNMENT is at most @pool->max: then it fits
 * a new node for certain. Else it is a large block. Constant time. Panics as mp_alloc_slow(), and
 * if the header of the current node was overwritten.
 *
 * Return: the memory, not cleared; NULL if memory is out or @alignment is not a power of two.
 */
void *mp_alloc_aligned(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	size_t padding = alignment > MP_ALIGNMENT ? alignment - MP_ALIGNMENT : 0;
	size_t room = MP_ROOM(size) + padding;
	struct mp_node_s *node;

	mp_check_pool(pool, "mp_alloc_aligned");
	if (padding > pool->max || size > pool->max - padding || (alignment & (alignment - 1)))
		return mp_memalign(pool, size, alignment);
	if (!alignment)
		return NULL;
	node = pool->current;
	mp_check_node(pool, node);
	if (mp_node_room(node) < room)
		node = find_node(pool, room);
	if (!node)
		return NULL;
	node->last = (unsigned char *)mp_align(node->last, padding + MP_ALIGNMENT);
	return take_aligned(node, size);
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
 * Return: the memory, not cleared, which mp_free() takes; NULL if memory is out, a limit would be
 * passed, or @alignment is not a power of two.
 */
void *mp_memalign(struct mp_pool_s *pool, size_t size, size_t alignment)
{
	mp_check_pool(pool, "mp_memalign");
	if (!alignment || (alignment & (alignment - 1)))
		return NULL;
	return mp_alloc_large(pool, size,
			      alignment < MP_BLOCK_ALIGNMENT ? MP_BLOCK_ALIGNMENT : alignment);
}
