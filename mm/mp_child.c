// SPDX-License-Identifier: MIT
/*
 * mp_child.c - pools that end with another pool
 *
 *	parent                  child                           a child has records of its own:
 *	| records -|--> ... --> | entry | records -|--> ...     children among them
 *	      ^                         | parent
 *	      '-----------------------------'
 *
 * A child is a pool whose own header is a record on its parent's list. Its memory comes
 * from the parent's heap, in blocks of its own, not from the parent's nodes.
 */
#include <mm/mp_record.h>

/* mp_create_child(), also for a child whose nodes double. */
struct mp_pool_s *mp_new_child(struct mp_pool_s *parent, size_t size, size_t max_size)
{
	struct mp_pool_s *child;

	mp_check_pool(parent, "mp_create_child");
	mp_count_registration(parent);
	mp_check_newest(parent);
	child = mp_new_pool(parent->heap, parent, size, max_size);
	if (!child) {
		/* Impossible sizes are no refusals. */
		mp_history(parent)->refused += size && max_size <= HEAP_MAX_SIZE;
		return NULL;
	}
	mp_link_child(parent, child);
	return child;
}

/**
 * mp_create_child() - create a pool that ends with another one
 * @parent: the other pool; the memory comes from its heap
 * @size: bytes that each node of the child holds, as for mp_create_pool()
 *
 * The child ends when its parent is destroyed or reset, or releases a mark made before it.
 * It may be destroyed before. Constant time. Panics if @parent is no live pool, or if its
 * newest record or a free block was overwritten, or, while @parent is being undone, if more
 * than 10,000 children and handlers are added to it.
 *
 * Return: the child, or NULL: out of memory, a limit would be passed, @size is 0 or above
 * HEAP_MAX_SIZE.
 */
struct mp_pool_s *mp_create_child(struct mp_pool_s *parent, size_t size)
{
	return mp_new_child(parent, size, size);
}

/**
 * mp_parent() - the pool that a pool ends with
 * @pool: the pool
 *
 * In a handler of a child that ends with its parent, it is still the parent. In a handler of
 * a child that is destroyed by itself, it is NULL. Constant time. Panics if @pool is no
 * live pool.
 *
 * Return: the parent, or NULL: the pool ends by itself.
 */
struct mp_pool_s *mp_parent(const struct mp_pool_s *pool)
{
	mp_check_pool(pool, "mp_parent");
	return pool->parent;
}

/**
 * mp_is_ancestor() - does a pool end with another one?
 * @a: the pool that may be above
 * @b: the pool that may be below
 *
 * A pool is its own ancestor. NULL has none, and is none: mp_parent() may return it. Time
 * grows with the pools above @b. Panics if @a, @b or a pool above @b is no live pool.
 *
 * Return: whether @a is @b, its parent, the parent's parent, and so on.
 */
bool mp_is_ancestor(const struct mp_pool_s *a, const struct mp_pool_s *b)
{
	if (a)
		mp_check_pool(a, "mp_is_ancestor");
	if (b)
		mp_check_pool(b, "mp_is_ancestor");
	while (b && b != a)
		b = mp_parent(b);
	return a && b;
}
