// SPDX-License-Identifier: MIT
/*
 * crash_undo.c - handlers that do what no handler may do while its pool ends; damaged lists
 */
#include <kernel/lib/string.h>
#include <mm/mp_record.h>
#include <tests/crash/crash.h>

static struct mp_pool_s *parent, *pool;

/* The parent's end ends the pool. Its handler is called in the midst of that. */
static void end_with(void (*handler)(void *data))
{
	parent = mp_create_pool(1024);
	pool = mp_create_child(parent, 1024);
	mp_cleanup_or_run(pool, handler, NULL);
	mp_destroy_pool(parent);
}

static void destroy_own(void *data)
{
	(void)data;
	mp_destroy_pool(pool);
}

static void handler_destroys_pool(void)
{
	end_with(destroy_own);
}

static void destroy_parent(void *data)
{
	(void)data;
	mp_destroy_pool(parent);
}

static void handler_destroys_parent(void)
{
	end_with(destroy_parent);
}

static void reset_own(void *data)
{
	(void)data;
	mp_reset_pool(pool);
}

static void handler_resets_pool(void)
{
	end_with(reset_own);
}

/* Each is called after it was registered: without a limit, that would go on for ever. */
static void register_itself(void *data)
{
	mp_cleanup_or_run(pool, register_itself, data);
}

static void handler_registers_itself(void)
{
	end_with(register_itself);
}

/* Each is called inside the one before: without a limit, that would fill the stack. */
static void release_itself(void *data)
{
	struct mp_mark_s mark = mp_mark(pool);

	mp_cleanup_or_run(pool, release_itself, data);
	mp_release(pool, mark);
}

static void handler_nests(void)
{
	end_with(release_itself);
}

/* A write past a block of the heap could do this to the record of the next block. */
static void list_overwritten(void)
{
	pool = mp_create_pool(1024);
	mp_alloc(pool, 5000);
	mp_cleanup_add(pool, 0);
	memset(pool->records->next, 'x', sizeof(struct mp_large_s));
	mp_destroy_pool(pool);
}

static void mark_overwritten(void)
{
	struct mp_mark_s mark;

	pool = mp_create_pool(1024);
	mark = mp_mark(pool);
	((struct mp_entry_s *)(void *)mark.savepoint)[1].prev = NULL; /* behind the entry */
	mp_release(pool, mark);
}

const struct crash_case crash_undo[] = {
	{ "handler-destroys-pool", handler_destroys_pool, "a handler destroys its own pool" },
	{ "handler-destroys-parent", handler_destroys_parent, "a handler destroys the parent" },
	{ "handler-resets-pool", handler_resets_pool, "a handler resets its own pool" },
	{ "handler-registers-itself", handler_registers_itself, "a handler that never ends" },
	{ "handler-nests", handler_nests, "a handler in a handler in a handler ..." },
	{ "list-overwritten", list_overwritten, "a pool whose list of records is damaged" },
	{ "mark-overwritten", mark_overwritten, "a release to a damaged mark" },
	{},
};
