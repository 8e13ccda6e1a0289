/* SPDX-License-Identifier: MIT */
/*
 * mp_pool.h - a memory pool: allocate piece by piece, free all at once
 *
 *	struct mp_pool_s *pool = mp_create_pool(4096);
 *	char *name = mp_nalloc(pool, 17);		packed, for bytes
 *	struct item *item = mp_alloc(pool, sizeof(*item));	aligned, for objects
 *	...
 *	mp_destroy_pool(pool);				gone, all of it
 *
 * A server gives each request a pool of its own. What is allocated for the request
 * comes from that pool, so nothing has to be freed one by one. Small objects are
 * bumped out of nodes, in a handful of instructions. Large objects are blocks of the
 * heap. What else a pool can hold, and how it ends, is told in mp_undo.h.
 *
 * The names and structs are those of the tutorial text that this project starts
 * from. That text follows nginx's ngx_palloc.c. Nothing here is locked: one CPU, no
 * calls from traps.
 */
#ifndef MM_MP_POOL_H
#define MM_MP_POOL_H

#include <mm/bump.h>
#include <mm/config.h>
#include <mm/mp_options.h>
#include <mm/mp_scope.h>
#include <mm/mp_text.h>
#include <mm/mp_undo.h>
#include <mm/poison.h>
#include <mm/tell.h>

struct heap;
struct mp_undoing_s;

#define MP_PAGE_SIZE 4096
#define MP_MAX_ALLOC_FROM_POOL (MP_PAGE_SIZE - 1) /* larger requests are large in every pool */

MM_ASSERT(MP_REDZONE % MP_ALIGNMENT == 0, "MP_REDZONE is a multiple of MP_ALIGNMENT");
MM_ASSERT(MP_ALIGNMENT >= 8 && 64 % MP_ALIGNMENT == 0, "MP_ALIGNMENT is 8, 16, 32 or 64");

/*
 * @n or @p rounded up to a multiple of @alignment, a power of two. Near the end of
 * the address space the sum wraps: callers check the size first.
 */
#define mp_align(n, alignment) (((size_t)(n) + ((alignment) - (size_t)1)) & -(size_t)(alignment))
#define mp_align_ptr(p, alignment) ((void *)mp_align((uintptr_t)(p), (alignment)))

/**
 * struct mp_large_s - the record of a large block; lies right in front of its memory
 * @entry: nothing else is needed
 */
struct mp_large_s {
	struct mp_entry_s entry;
};

/**
 * struct mp_node_s - memory for small objects, and the header in front of it
 * @record: its place on the list of records; of the first node, it is not used
 * @doublings: it holds twice the bytes of the first node, so often; see mp_node_size()
 * @failed: requests that found no room here and were served elsewhere
 * @last: aligned objects grow up from here; always aligned
 * @end: packed objects grow down from here
 *
 *	| header | aligned -> |.....free.....| <- packed |
 *	                      last           end
 */
struct mp_node_s {
	struct mp_record_s record;
	uint32_t doublings : 6;
	uint32_t failed : 26;
	unsigned char *last;
	unsigned char *end;
};

/**
 * struct mp_pool_s - a pool, and the header of its first node
 * @entry: its place on its parent's list of records; the cookie vouches also for the words
 *	below, down to @name, and is right only for a live pool
 * @max: the largest small request in bytes; above it, a request is large
 * @size: bytes that the first node holds
 * @current: the node where every request looks first: the newest, except while records are undone
 * @older: one more node that may have room, or NULL
 * @records: what the pool holds besides small objects, newest first (mp_undo.h)
 * @heap: where nodes and records come from
 * @undoing: not NULL while its records are being undone
 * @parent: the pool that it ends with, or NULL
 * @max_size: bytes that a node holds at most: @size, unless nodes double (mp_options.h)
 * @mark: the record of the newest mark that is alive, or NULL
 * @bounded: the nearest pool that has a limit, this one or one above it; NULL: there is none
 * @name: what reports call it, or NULL
 * @left: if it has a limit: bytes that it and the pools below may take until they reach it
 * @held: bytes of the blocks of the heap that it holds; the pools below count their own
 * @head: the first node
 *
 * The heap writes into the first 16 bytes of a freed block. So @current and @head, which
 * the fast paths read, lie behind them: see bury() in mp_undo.c.
 */
struct mp_pool_s {
	struct mp_entry_s entry;
	size_t max;
	size_t size;
	struct mp_node_s *current;
	struct mp_node_s *older;
	struct mp_record_s *records;
	struct heap *heap;
	struct mp_undoing_s *undoing;
	struct mp_pool_s *parent;
	size_t max_size;
	struct mp_savepoint_s *mark;
	struct mp_pool_s *bounded;
	const char *name;
	size_t left;
	size_t held;
	struct mp_node_s head[1];
};

MM_BEGIN_DECLS

struct mp_pool_s *mp_create_pool(size_t size) MM_NAMED("mp_create_pool");
struct mp_pool_s *mp_create_pool_on(struct heap *heap, size_t size) MM_NAMED("mp_create_pool_on");
void mp_destroy_pool(struct mp_pool_s *pool);
void mp_reset_pool(struct mp_pool_s *pool);
void *mp_alloc_aligned(struct mp_pool_s *pool, size_t size, size_t alignment);
void *mp_memalign(struct mp_pool_s *pool, size_t size, size_t alignment);
int mp_free(struct mp_pool_s *pool, void *p);
void *mp_realloc(struct mp_pool_s *pool, void *p, size_t old_size, size_t new_size);
int mp_give_back(struct mp_pool_s *pool, void *p, size_t size);
void *mp_append(struct mp_pool_s *pool, void *array, size_t *n, size_t size);

/* The bytes that an object takes in a node: aligned, or packed. With its red zone, if any. */
#define MP_ROOM(size) mp_align((size) + ((size) ? MP_REDZONE : 0), MP_ALIGNMENT)
#define MP_PACKED(size) (MP_REDZONE && (size) ? mp_align((size) + MP_REDZONE, 8) : (size))

/* The rare cases of the inline functions below. */
void *mp_alloc_slow(struct mp_pool_s *pool, size_t size) MM_NAMED("mp_alloc_slow");
void *mp_nalloc_slow(struct mp_pool_s *pool, size_t size) MM_NAMED("mp_nalloc_slow");

/**
 * mp_alloc() - allocate memory for an object
 * @pool: the pool
 * @size: in bytes; 0 gets a pointer that is not NULL and may equal another object's
 *
 * A request is small if it is at most MP_MAX_ALLOC_FROM_POOL and fits a node, so
 * @pool->max need not be read here. The rounding of a huge @size may wrap, but then @size
 * is above MP_MAX_ALLOC_FROM_POOL and the rounded number is not used. The room in the
 * node is end - last, and last <= end always holds, so the difference cannot wrap.
 *
 * Return: memory aligned to MP_ALIGNMENT, not cleared; NULL if memory is out
 * (then the pool is as it was).
 */
static inline mm_always_inline void *mp_alloc(struct mp_pool_s *pool, size_t size)
{
	size_t room = MP_ROOM(size);
	struct mp_node_s *node = pool->current;
	unsigned char *p = node->last;

	if (mm_unlikely(size > MP_MAX_ALLOC_FROM_POOL) ||
	    mm_unlikely(!bump_room((uintptr_t)p, (uintptr_t)node->end, room)))
		return mp_alloc_slow(pool, size);
	node->last = p + room;
	mm_unpoison(p, size);
	mm_tell(ALIGNED, p, node, room);
	return p;
}

/**
 * mp_nalloc() - allocate memory for bytes
 * @pool: the pool
 * @size: in bytes; 0 gets a pointer that is not NULL and may equal another object's
 *
 * For strings and the like. Small objects are packed without gaps, at any address;
 * large ones are aligned as those of mp_alloc().
 *
 * Return: as mp_alloc(), except for the alignment.
 */
static inline mm_always_inline void *mp_nalloc(struct mp_pool_s *pool, size_t size)
{
	struct mp_node_s *node = pool->current;

	if (mm_unlikely(size > MP_MAX_ALLOC_FROM_POOL) ||
	    mm_unlikely(!bump_room((uintptr_t)node->last, (uintptr_t)node->end, MP_PACKED(size))))
		return mp_nalloc_slow(pool, size);
	node->end -= MP_PACKED(size);
	mm_unpoison(node->end, size);
	mm_tell(PACKED, node->end, node, MP_PACKED(size));
	return node->end;
}

/**
 * mp_calloc() - allocate zeroed memory for an object
 * @pool: the pool
 * @size: in bytes; 0 gets a pointer that is not NULL and may equal another object's
 *
 * Compilers know memset: they turn a small constant @size into a few stores.
 *
 * Return: as mp_alloc(), with @size bytes cleared.
 */
static inline mm_always_inline void *mp_calloc(struct mp_pool_s *pool, size_t size)
{
	void *p = mp_alloc(pool, size);

	return p ? __builtin_memset(p, 0, size) : NULL;
}

/**
 * mp_calloc_array() - allocate zeroed memory for an array
 * @pool: the pool
 * @n: how many elements
 * @size: bytes of each
 *
 * Return: as mp_calloc(); NULL also if the array has more bytes than a size_t can count.
 */
static inline void *mp_calloc_array(struct mp_pool_s *pool, size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : mp_calloc(pool, bytes);
}

/* mp_new_array(), for elements of any type. */
static inline void *mp_new_zeroed(struct mp_pool_s *pool, size_t n, size_t size, size_t alignment)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	if (alignment <= MP_ALIGNMENT)
		return mp_calloc(pool, bytes);
	p = mp_alloc_aligned(pool, bytes, alignment);
	return p ? __builtin_memset(p, 0, bytes) : NULL;
}

/**
 * mp_new_array() - allocate a zeroed array of a type
 * @pool: the pool
 * @type: of its elements: any complete type
 * @n: how many
 *
 * Return: a pointer to @type, aligned as @type wants it, also above MP_ALIGNMENT; NULL as
 * mp_calloc_array(). In C++, no constructor runs.
 */
#define mp_new_array(pool, type, n) \
	((__typeof__(type) *)mp_new_zeroed(pool, n, sizeof(type), __alignof__(type)))

/**
 * mp_new() - allocate a zeroed object of a type
 * @pool: the pool
 * @type: any complete type
 *
 * Return: as mp_new_array().
 */
#define mp_new(pool, type) mp_new_array(pool, type, 1)

MM_END_DECLS

#endif /* MM_MP_POOL_H */
