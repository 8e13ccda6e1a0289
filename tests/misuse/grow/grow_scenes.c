// SPDX-License-Identifier: MIT
/*
 * grow_scenes.c - pools whose newest objects can grow, and pools with limits
 *
 *	newest		|pool|a|b|small|......|packed|	one node: small is the newest aligned object
 *	newest_packed	the same, but small is the newest packed one, and a and b lie behind it
 *
 *	bounded		pool (LIMIT) --> child --> grandchild	each has a large block
 */
#include <tests/misuse/grow/grow.h>

static void node_with_objects(void *(*get)(unsigned char *pool, size_t size))
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.a = get(mem.pool, 64);
	mem.b = get(mem.pool, 64);
	mem.small = get(mem.pool, 64);
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

static void *get_aligned(unsigned char *pool, size_t size)
{
	return memset(mp_alloc(as_pool(pool), size), 's', size);
}

static void *get_packed(unsigned char *pool, size_t size)
{
	return memset(mp_nalloc(as_pool(pool), size), 's', size);
}

void newest(void)
{
	node_with_objects(get_aligned);
}

void newest_packed(void)
{
	node_with_objects(get_packed);
}

static unsigned char *make_below(unsigned char *parent)
{
	return (unsigned char *)mp_create_child(as_pool(parent), NODE);
}

static unsigned char *get_large_of(unsigned char *pool)
{
	return memset(mp_alloc(as_pool(pool), LARGE * 5), 'l', LARGE * 5);
}

void bounded(void)
{
	struct mp_mark_s mark;

	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	if (mp_set_limit(as_pool(mem.pool), LIMIT))
		panic("the scene needs a limit");
	mem.p = get_large_of(mem.pool);
	mem.child = make_below(mem.pool);
	mem.q = get_large_of(mem.child);
	mark = mp_mark(as_pool(mem.child));
	mem.mark = (unsigned char *)mark.savepoint;
	mem.number = mark.number;
	mem.grandchild = make_below(mem.child);
	mem.r = get_large_of(mem.grandchild);
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}
