// SPDX-License-Identifier: MIT
/*
 * undo_calls.c - one call of mp_undo.h, and its result in words
 */
#include <tests/misuse/undo/undo.h>

/* @error: what a call returned; a handler may have been called only if the call succeeded. */
static const char *result(int error, unsigned int called_before)
{
	if (error && undo_called != called_before)
		return "= an error, but a handler was called";
	switch (error) {
	case 0:
		return "= 0";
	case -ENOENT:
		return NOENT;
	case -EINVAL:
		return INVAL;
	case -EBUSY:
		return BUSY;
	case -ENOMEM:
		return "= -ENOMEM";
	default:
		return "= another error";
	}
}

const char *add_cleanup(unsigned char *p, size_t n)
{
	return success(mp_cleanup_add(as_pool(p), n));
}

static void do_nothing(void *data)
{
	(void)data;
}

const char *add_or_run(unsigned char *p, size_t n)
{
	(void)n;
	return result(mp_cleanup_or_run(as_pool(p), do_nothing, NULL), undo_called);
}

const char *remove_from(unsigned char *p, size_t n)
{
	unsigned int before = undo_called;

	(void)n;
	return result(mp_cleanup_remove(as_pool(p), as_cleanup(mem.cleanup)), before);
}

const char *run_of(unsigned char *p, size_t n)
{
	unsigned int before = undo_called;

	(void)n;
	return result(mp_cleanup_run(as_pool(p), as_cleanup(mem.cleanup)), before);
}

const char *make_child(unsigned char *p, size_t n)
{
	return success(mp_create_child(as_pool(p), n));
}

const char *parent_of(unsigned char *p, size_t n)
{
	(void)n;
	return mp_parent(as_pool(p)) ? "= a pool" : "= NULL";
}

const char *is_above(unsigned char *p, size_t n)
{
	(void)n;
	return mp_is_ancestor(as_pool(p), NULL) ? "= true" : "= false";
}

const char *is_below(unsigned char *p, size_t n)
{
	(void)n;
	return mp_is_ancestor(NULL, as_pool(p)) ? "= true" : "= false";
}

const char *make_mark(unsigned char *p, size_t n)
{
	(void)n;
	return success(mp_mark(as_pool(p)).savepoint);
}

/* @n: added to the number of the oldest mark. */
static const char *release_token(unsigned char *pool, unsigned char *savepoint, size_t n)
{
	struct mp_mark_s token = { (struct mp_savepoint_s *)savepoint, mem.number + n };
	unsigned int before = undo_called;

	return result(mp_release(as_pool(pool), token), before);
}

/* Of the pool @p, the oldest mark. */
const char *release_of(unsigned char *p, size_t n)
{
	return release_token(p, mem.old_mark, n);
}

/* The mark whose record is @p, of mem.pool. */
const char *release_mark(unsigned char *p, size_t n)
{
	return release_token(mem.pool, p, n);
}

/* The same, of mem.child. */
const char *release_child(unsigned char *p, size_t n)
{
	return release_token(mem.child, p, n);
}

const char *remove_cleanup(unsigned char *p, size_t n)
{
	unsigned int before = undo_called;

	(void)n;
	return result(mp_cleanup_remove(as_pool(mem.pool), as_cleanup(p)), before);
}

const char *run_cleanup(unsigned char *p, size_t n)
{
	unsigned int before = undo_called;

	(void)n;
	return result(mp_cleanup_run(as_pool(mem.pool), as_cleanup(p)), before);
}
