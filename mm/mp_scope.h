/* SPDX-License-Identifier: MIT */
/*
 * mp_scope.h - MP_SCOPE(): a block of C or C++ that releases a pool's mark when it is left
 *
 * C has the compilers' cleanup attribute for it, C++ a destructor. mp_pool.h includes this
 * header.
 */
#ifndef MM_MP_SCOPE_H
#define MM_MP_SCOPE_H

#include <mm/mp_undo.h>

/**
 * MP_SCOPE() - a block at whose end the pool is again what it was at its beginning
 * @pool: the pool
 *
 *	MP_SCOPE(pool) {
 *		char *line = mp_nalloc(pool, 100);
 *		...
 *	}
 *
 * Leaving it in any way releases what was made in it: at the end, by return, goto,
 * break or continue, in C++ also by an exception. It is a loop that runs once: so break and
 * continue leave the scope, not the loop around it. longjmp() out of it releases nothing. The
 * pool's memory must outlive the block. Without memory for its mark, the block runs all the
 * same, and what it makes ends with the next older mark or the pool.
 */
#define MP_SCOPE(pool)                                                        \
	for (struct mp_scope_s MP_SCOPE_BEGIN(MP_SCOPE_NAME(__LINE__), pool); \
	     !MP_SCOPE_NAME(__LINE__).is_over; MP_SCOPE_NAME(__LINE__).is_over = true)
#define MP_SCOPE_NAME(line) MP_SCOPE_JOIN(mp_scope_, line)
#define MP_SCOPE_JOIN(name, line) name##line

/* What a scope remembers. In C++, its destructor releases the mark. */
struct mp_scope_s {
	struct mp_pool_s *pool;
	struct mp_mark_s mark;
	bool is_over;
#ifdef __cplusplus
	explicit mp_scope_s(struct mp_pool_s *scope_pool)
	    : pool(scope_pool), mark(mp_mark(scope_pool)), is_over(false)
	{
	}
	~mp_scope_s()
	{
		(void)mp_release(pool, mark);
	}
#endif
};

#ifdef __cplusplus
#define MP_SCOPE_BEGIN(name, pool) name((pool)) /* no function declaration, whatever pool is */
#else
#define MP_SCOPE_BEGIN(name, pool) \
	name __attribute__((__cleanup__(mp_scope_end))) = mp_scope_begin(pool)

static inline struct mp_scope_s mp_scope_begin(struct mp_pool_s *pool)
{
	struct mp_scope_s scope = { pool, mp_mark(pool), false };

	return scope;
}

static inline void mp_scope_end(struct mp_scope_s *scope)
{
	(void)mp_release(scope->pool, scope->mark);
}
#endif

#endif /* MM_MP_SCOPE_H */
