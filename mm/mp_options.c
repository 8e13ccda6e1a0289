// SPDX-License-Identifier: MIT
/*
 * mp_options.c - pools with options
 */
#include <mm/mp_internal.h>

/*
 * Headers take @overhead of a block of at most @size bytes. Blocks of the heap are multiples of
 * HEAP_ALIGN. Returns the bytes that are left for objects; 0: none.
 */
static size_t without_headers(size_t size, size_t overhead)
{
	size &= -HEAP_ALIGN;
	return size > overhead ? (size - overhead) & -(size_t)MP_ALIGNMENT : 0;
}

/**
 * mp_create_pool_with() - create a pool with options
 * @options: the options; what is 0 has its default. NULL: all of them have
 *
 * Constant time. Panics as mp_create_pool_on() and mp_create_child().
 *
 * Return: the pool; NULL as mp_create_pool_on() and mp_create_child(), also if a size holds no
 * more than headers, max_size is below size, the limit below what the pool holds, or the heap
 * is not that of the parent, or a limit is asked for while the heap's oom callback runs.
 */
struct mp_pool_s *mp_create_pool_with(const struct mp_options_s *options)
{
	struct mp_options_s o = options ? *options : (struct mp_options_s){ .size = 0 };
	size_t size = o.size ? o.size : MP_PAGE_SIZE;
	size_t max_size = o.max_size ? o.max_size : size;
	struct mp_pool_s *pool;

	if (max_size < size)
		return NULL;
	if (o.size_with_headers) {
		size = without_headers(size, MP_POOL_OVERHEAD);
		max_size = o.max_size ? without_headers(max_size, MP_NODE_OVERHEAD) : size;
	}
	if (o.parent)
		mp_check_pool(o.parent, "mp_create_pool_with");
	if (o.parent && o.heap && o.heap != o.parent->heap)
		return NULL;
	pool = o.parent ? mp_new_child(o.parent, size, max_size) :
			  mp_new_pool(o.heap ? o.heap : &kernel_heap, NULL, size, max_size);
	if (!pool)
		return NULL;
	mp_set_name(pool, o.name);
	if (o.limit && mp_set_limit(pool, o.limit)) {
		mp_destroy_pool(pool);
		return NULL;
	}
	return pool;
}

/**
 * mp_set_name() - say what reports shall call a pool
 * @pool: the pool
 * @name: its name, which is not copied: it must live as long as the pool, or until the next
 *	call. NULL: none
 *
 * Constant time. Panics if @pool is no live pool.
 */
void mp_set_name(struct mp_pool_s *pool, const char *name)
{
	mp_check_pool(pool, "mp_set_name");
	MP_SET(pool, name, name);
}
