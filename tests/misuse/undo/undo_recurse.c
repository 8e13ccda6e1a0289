// SPDX-License-Identifier: MIT
/*
 * undo_recurse.c - handlers that never come to an end
 *
 * A handler may register handlers and make children, and they end with the same undoing. One
 * that does so each time it is called would go on for ever.
 */
#include <tests/misuse/undo/undo.h>

#define FOR_EVER "does a handler register itself?"

static void add(unsigned char *pool, void (*handler)(void *data))
{
	add_handler(pool);
	as_cleanup(mem.cleanup)->handler = handler;
}

/* Registers itself. */
static void again(void *pool)
{
	mp_cleanup_or_run(pool, again, pool);
}

static void again_in_pool(void)
{
	family();
	mp_cleanup_or_run(as_pool(mem.pool), again, mem.pool);
}

static void again_in_child(void)
{
	family();
	mp_cleanup_or_run(as_pool(mem.child), again, mem.child);
}

/* A handler of the child registers itself in the pool above. */
static void again_above(void)
{
	family();
	mp_cleanup_or_run(as_pool(mem.child), again, mem.pool);
}

static void again_without_memory(void)
{
	again_in_pool();
	use_up_memory();
}

static void again_in_child_without_memory(void)
{
	again_in_child();
	use_up_memory();
}

static void pool_without_memory(void)
{
	family();
	use_up_memory();
}

/* Makes a child of the pool, and registers itself there. */
static void child_again(void *data)
{
	struct mp_pool_s *child = mp_create_child(as_pool(mem.pool), 32);

	(void)data;
	if (child)
		mp_cleanup_or_run(child, child_again, NULL);
}

static void child_again_in_pool(void)
{
	family();
	add(mem.pool, child_again);
}

/* Adds and removes. Nothing piles up, but it has no end, either. */
static void add_and_remove(void *data)
{
	(void)data;
	for (;;)
		mp_cleanup_remove(as_pool(mem.pool), mp_cleanup_add(as_pool(mem.pool), 0));
}

static void add_and_remove_in_pool(void)
{
	family();
	add(mem.pool, add_and_remove);
}

static void create_and_destroy(void *data)
{
	(void)data;
	for (;;)
		mp_destroy_pool(mp_create_child(as_pool(mem.pool), 32));
}

static void create_and_destroy_in_pool(void)
{
	family();
	add(mem.pool, create_and_destroy);
}

/* Registers itself in a scope, so the end of the scope calls it. */
static void scope_again(void *data)
{
	(void)data;
	MP_SCOPE(as_pool(mem.pool))
		mp_cleanup_or_run(as_pool(mem.pool), scope_again, NULL);
}

static void scope_again_in_pool(void)
{
	family();
	add(mem.pool, scope_again);
}

/* Registers itself, and runs that. */
static void run_again(void *data)
{
	struct mp_cleanup_s *cleanup = mp_cleanup_add(as_pool(mem.pool), 0);

	(void)data;
	if (!cleanup)
		return;
	cleanup->handler = run_again;
	mp_cleanup_run(as_pool(mem.pool), cleanup);
}

static void run_again_in_pool(void)
{
	family();
	add(mem.pool, run_again);
}

/* Makes a child, registers itself there, and destroys it. */
static void destroy_again(void *data)
{
	struct mp_pool_s *child = mp_create_child(as_pool(mem.pool), 32);

	(void)data;
	if (!child)
		return;
	mp_cleanup_or_run(child, destroy_again, NULL);
	mp_destroy_pool(child);
}

static void destroy_again_in_pool(void)
{
	family();
	add(mem.pool, destroy_again);
}

/* No pool is being undone. */
static const char *register_again(unsigned char *p, size_t n)
{
	(void)n;
	again(p);
	return "= registered";
}

/* However the pool is undone. */
#define EACH_WAY(what, scene)                                                           \
	{ what ": destroy", FOR_EVER, scene, {}, { destroy, &mem.pool } },              \
		{ what ": reset", FOR_EVER, scene, {}, { reset, &mem.pool } },          \
	{                                                                               \
		what ": release", FOR_EVER, scene, {}, { release_mark, &mem.old_mark }, \
			.is_long = true                                                 \
	}

const struct misuse_row undo_recurse[] = {
	EACH_WAY("registers itself", again_in_pool),
	EACH_WAY("registers itself in the child", again_in_child),
	EACH_WAY("registers itself in the pool above", again_above),
	EACH_WAY("registers itself, memory is out", again_without_memory),
	EACH_WAY("registers itself in the child, memory is out", again_in_child_without_memory),
	{ "registers itself in the child: destroy of the child",
	  FOR_EVER,
	  again_in_child,
	  {},
	  { destroy, &mem.child } },
	{ "registers itself in the child: reset of the child",
	  FOR_EVER,
	  again_in_child,
	  {},
	  { reset, &mem.child } },
	EACH_WAY("makes a child and registers itself there", child_again_in_pool),
	EACH_WAY("adds and removes without end", add_and_remove_in_pool),
	EACH_WAY("makes and destroys children without end", create_and_destroy_in_pool),
	EACH_WAY("registers itself in a scope", scope_again_in_pool),
	EACH_WAY("registers itself and runs it", run_again_in_pool),
	EACH_WAY("makes a child, registers itself there, destroys it", destroy_again_in_pool),
	{ "registers itself, memory is out, the pool is idle: cleanup_or_run",
	  FOR_EVER,
	  pool_without_memory,
	  {},
	  { register_again, &mem.pool },
	  .is_long = true },
	{},
};
