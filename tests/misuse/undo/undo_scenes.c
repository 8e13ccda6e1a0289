// SPDX-License-Identifier: MIT
/*
 * undo_scenes.c - pools with records of all kinds
 *
 *	things	pool->records --> other --> mark --> r --> child --> q --> cleanup --> p
 *			--> old_mark --> NULL
 *		|pool|old_mark|p|cleanup|q|child|r|mark|other|guard|		in memory
 *
 *	family	pool->records --> mark --> child --> old_mark --> NULL
 *				child->records --> grandchild --> a mark --> NULL
 */
#include <tests/misuse/undo/undo.h>

unsigned int undo_called;

static void count_call(void *data)
{
	(void)data;
	undo_called++;
}

static unsigned char *make_savepoint(unsigned char *pool)
{
	struct mp_mark_s mark = mp_mark(as_pool(pool));

	if (!mem.number)
		mem.number = mark.number;
	return (unsigned char *)mark.savepoint;
}

static unsigned char *get_large(void)
{
	return mp_alloc(as_pool(mem.pool), LARGE - RECORD);
}

/**
 * add_handler() - add a handler that counts its calls
 * @pool: to this pool
 */
void add_handler(unsigned char *pool)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(as_pool(pool), DATA);

	cleanup->handler = count_call;
	mem.cleanup = (unsigned char *)cleanup;
	undo_called = 0;
}

void things(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.small = mp_alloc(as_pool(mem.pool), 64);
	mem.old_mark = make_savepoint(mem.pool);
	mem.p = get_large();
	add_handler(mem.pool);
	mem.q = get_large();
	mem.child = (unsigned char *)mp_create_child(as_pool(mem.pool), NODE);
	mem.r = get_large();
	mem.mark = make_savepoint(mem.pool);
	mem.other = get_large();
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

void things_destroyed(void)
{
	things();
	mp_destroy_pool(as_pool(mem.pool));
	undo_called = 0;
}

void things_reset(void)
{
	things();
	mp_reset_pool(as_pool(mem.pool));
	undo_called = 0;
}

void family(void)
{
	mem.pool = (unsigned char *)mp_create_pool_on(mem.heap, NODE);
	mem.old_mark = make_savepoint(mem.pool);
	mem.child = (unsigned char *)mp_create_child(as_pool(mem.pool), NODE);
	mem.mark = make_savepoint(mem.pool);
	mem.other = make_savepoint(mem.child);
	mem.grandchild = (unsigned char *)mp_create_child(as_pool(mem.child), NODE);
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

void use_up_memory(void)
{
	for (size_t size = MM_PAGE_SIZE; size; size /= 2)
		while (heap_alloc(mem.heap, HEAP_ALIGN, size))
			;
}
