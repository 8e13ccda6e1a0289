// SPDX-License-Identifier: MIT
/*
 * bench_calls.c - functions that hold one call of a pool each
 *
 * The first three are the fast paths, each as a function of its own: mm/README.md
 * shows the instructions that the compiler generates for them. The others hold a
 * call, inlined between two readings of the clock.
 */
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>
#include <tests/replay/reference.h>

uint32_t bench_empty;

void *bench_alloc_24(struct mp_pool_s *pool)
{
	return mp_alloc(pool, 24);
}

void *bench_alloc(struct mp_pool_s *pool, size_t size)
{
	return mp_alloc(pool, size);
}

void *bench_nalloc(struct mp_pool_s *pool, size_t size)
{
	return mp_nalloc(pool, size);
}

uint32_t bench_inlined_nothing(void **result, void *pool)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool), pool);
}

uint32_t bench_inlined_alloc_24(void **result, void *pool)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool), mp_alloc(pool, 24));
}

uint32_t bench_inlined_alloc(void **result, void *pool, size_t size)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size), mp_alloc(pool, size));
}

uint32_t bench_inlined_nalloc(void **result, void *pool, size_t size)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size), mp_nalloc(pool, size));
}

uint32_t bench_inlined_calloc(void **result, void *pool, size_t size)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size), mp_calloc(pool, size));
}

uint32_t bench_inlined_memalign(void **result, void *pool, size_t size, size_t alignment)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size);
			     BENCH_HIDE(alignment), mp_memalign(pool, size, alignment));
}

/* The reference is not inlined: passing the arguments, the call and the ret count, too. */
uint32_t bench_ref_alloc(void **result, void *pool, size_t size)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size), ref_alloc(pool, size));
}

uint32_t bench_ref_nalloc(void **result, void *pool, size_t size)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size), ref_nalloc(pool, size));
}

uint32_t bench_ref_calloc(void **result, void *pool, size_t size)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size), ref_calloc(pool, size));
}

uint32_t bench_ref_memalign(void **result, void *pool, size_t size, size_t alignment)
{
	return BENCH_INLINED(result, BENCH_HIDE(pool); BENCH_HIDE(size);
			     BENCH_HIDE(alignment), ref_memalign(pool, size, alignment));
}
