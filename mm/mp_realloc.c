// SPDX-License-Identifier: MIT
/*
 * mp_realloc.c - objects become larger and smaller, and go back
 *
 *	|####|####|## p ##|..........|## q ##|###|
 *	                  last       end
 *
 * The newest objects of a node end at its free bytes: p, aligned, at last; q, packed, at end. They
 * can grow into them, and shrink, without a copy; q moves, because it must end where it ended. A
 * large block asks the heap. Any other object is copied.
 *
 * What is older than the newest mark stays where it is: mp_release() must find it there.
 */
#include <mm/mp_internal.h>

/* Does the aligned object @p, of @size bytes, end at the free bytes of @node? */
static bool is_newest_aligned(const struct mp_pool_s *pool, const struct mp_node_s *node,
			      const void *p, size_t size)
{
	return (uintptr_t)p >= mp_node_start(pool, node) &&
	       (uintptr_t)node->last - (uintptr_t)p == MP_ROOM(size);
}

/* Does the packed object @p, of @size bytes, begin behind the free bytes of @node? */
static bool is_newest_packed(const struct mp_pool_s *pool, const struct mp_node_s *node,
			     const void *p, size_t size)
{
	size_t packed = mp_node_start(pool, node) + mp_node_size(pool, node) - (uintptr_t)node->end;

	return p == node->end && MP_PACKED(size) <= packed;
}

/*
 * The node of the window where @p, of @size bytes, is a newest object; NULL: there is none, or
 * @p is older than the newest mark.
 */
static struct mp_node_s *find_newest(const struct mp_pool_s *pool, const void *p, size_t size)
{
	struct mp_node_s *window[] = { pool->current, pool->older };

	for (int i = 0; i < 2 && window[i] && size <= pool->max; i++) {
		struct mp_node_s *node = window[i];

		mp_check_node(pool, node);
		if (is_newest_aligned(pool, node, p, size) || is_newest_packed(pool, node, p, size))
			return mp_is_before_mark(pool, node, p) ? NULL : node;
	}
	return NULL;
}

/* The newest aligned object grows or shrinks at its end. NULL: there is no room. */
static void *resize_aligned(struct mp_node_s *node, unsigned char *p, size_t size, size_t new_size)
{
	if (!bump_room((uintptr_t)p, (uintptr_t)node->end, MP_ROOM(new_size)))
		return NULL;
	node->last = p + MP_ROOM(new_size);
	mm_tell(RESIZED, p, node, new_size);
	if (new_size > size)
		mm_unpoison(p, new_size); /* it wants a multiple of 8 */
	else
		mm_poison(p + new_size, size - new_size);
	return p;
}

/* The newest packed object grows or shrinks at its beginning, and so it moves. NULL: no room. */
static void *resize_packed(struct mp_node_s *node, unsigned char *p, size_t size, size_t new_size)
{
	unsigned char *behind = p + MP_PACKED(size), *moved = behind - MP_PACKED(new_size);

	if (!bump_room((uintptr_t)node->last, (uintptr_t)behind, MP_PACKED(new_size)))
		return NULL;
	mm_unpoison(moved < p ? moved : p, MP_PACKED(new_size > size ? new_size : size));
	memmove(moved, p, size < new_size ? size : new_size);
	node->end = moved;
	mm_tell(RESIZED, moved, node, new_size);
	mm_poison(node->last, mp_node_room(node));
	mm_poison(moved + new_size, MP_PACKED(new_size) - new_size);
	return moved;
}

/* A small object grows or shrinks where it is. NULL: it is not a newest one, or has no room. */
static void *resize_small(struct mp_pool_s *pool, void *p, size_t size, size_t new_size)
{
	struct mp_node_s *node = new_size > pool->max ? NULL : find_newest(pool, p, size);

	if (!node)
		return NULL;
	return p == node->end ? resize_packed(node, p, size, new_size) :
				resize_aligned(node, p, size, new_size);
}

/**
 * mp_give_back() - give the bytes of a newest small object back
 * @pool: the pool
 * @p: anything at all
 * @size: what it was allocated with, in bytes
 *
 * A newest object is the last one, aligned or packed, that its node gave out, if the node still
 * serves. Constant time. Panics if @pool is no live pool, or if the header of a node or the
 * newest mark was overwritten. (obstack_free() and bumpalo do the same.)
 *
 * Return: 0; -EBUSY if @p is no newest small object of this @size, or is older than the newest
 * mark, or may be: an object of 0 bytes, one of a handler in the first node. Then nothing has
 * changed.
 */
int mp_give_back(struct mp_pool_s *pool, void *p, size_t size)
{
	struct mp_node_s *node;

	mp_check_pool(pool, "mp_give_back");
	node = find_newest(pool, p, size);
	if (!node)
		return -EBUSY;
	if (p == node->end)
		node->end += MP_PACKED(size);
	else
		node->last = p;
	mm_tell(GIVEN_BACK, p, node, size);
	mm_poison(node->last, mp_node_room(node));
	return 0;
}

/* Copies an object to a new one, which is aligned if the old one is, and gives that back. */
static void *copy(struct mp_pool_s *pool, void *p, size_t size, size_t new_size)
{
	bool is_aligned = (uintptr_t)p % MP_ALIGNMENT == 0;
	void *new = is_aligned ? mp_alloc(pool, new_size) : mp_nalloc(pool, new_size);

	if (!new)
		return NULL;
	memcpy(new, p, size < new_size ? size : new_size);
	mm_tell(COPIED, new, p, size < new_size ? size : new_size);
	(void)mp_give_back(pool, p, size); /* it may be a newest one of its node */
	return new;
}

/**
 * mp_realloc() - make an object larger or smaller
 * @pool: the pool
 * @p: an object of it, small or large; NULL: as mp_alloc()
 * @old_size: its bytes; so many are copied at most
 * @new_size: bytes wanted; 0: @p goes back if it can (mp_give_back(), mp_free())
 *
 * A newest small object (see mp_give_back()) grows and shrinks in its node; a packed one may
 * move. A large block is resized as by heap_realloc(), stays large, and keeps its place in the
 * order of undoing. Any other object, also one that is older than the newest mark, is copied, and
 * the copy counts as new. It is aligned to MP_ALIGNMENT if @p is. Time grows with the bytes that
 * are copied. Panics as mp_give_back(), mp_alloc_slow() and mp_free(), and if @p is no large block
 * of the pool, but @old_size is more than a small object has: it was freed, say.
 *
 * Return: the object; NULL if @new_size is 0 and @p is not NULL, and if memory is out or a limit
 * would be passed: then @p is as it was.
 */
void *mp_realloc(struct mp_pool_s *pool, void *p, size_t old_size, size_t new_size)
{
	void *resized;

	mp_check_pool(pool, "mp_realloc");
	if (!p)
		return mp_alloc(pool, new_size);
	if (mp_is_large(pool, p)) {
		if (new_size)
			return mp_realloc_large(pool, p, old_size, new_size);
		(void)mp_free(pool, p);
		return NULL;
	}
	if (old_size > pool->max)
		panic("mp_realloc: %p is no object of %zu bytes of the pool %p", p, old_size,
		      (const void *)pool);
	if (!new_size) {
		(void)mp_give_back(pool, p, old_size);
		return NULL;
	}
	resized = resize_small(pool, p, old_size, new_size);
	return resized ? resized : copy(pool, p, old_size, new_size);
}

/**
 * mp_append() - make an array one element longer
 * @pool: the pool
 * @array: the address of a pointer to its first element
 * @n: how many elements it has; 0: there is no array yet. Grows by 1
 * @size: bytes of an element; 0 is refused
 *
 *	struct item *items = NULL, *item;
 *	size_t n = 0;
 *
 *	while ((item = mp_append(pool, &items, &n, sizeof(*item))))
 *		...
 *
 * When @n is 0 or a power of two, the array is full, and gets room for twice as many by
 * mp_realloc(): so the last array of a pool grows in place, and an element costs constant
 * time on average. Only this function may have made the array longer. Panics as mp_realloc().
 *
 * Return: the new element, not cleared; NULL if memory is out or a limit would be passed, or
 * the array would be larger than HEAP_MAX_SIZE. Then it is as it was.
 */
void *mp_append(struct mp_pool_s *pool, void *array, size_t *n, size_t size)
{
	size_t full = *n, bytes;
	char *first = NULL;

	if (full)
		memcpy(&first, array, sizeof(first));
	if (!(full & (full - 1))) {
		if (__builtin_mul_overflow(full ? 2 * full : 1, size, &bytes) || !bytes ||
		    bytes > HEAP_MAX_SIZE)
			return NULL;
		first = mp_realloc(pool, first, bytes / 2, bytes);
		if (!first)
			return NULL;
		memcpy(array, &first, sizeof(first));
	}
	++*n;
	return first + full * size;
}
