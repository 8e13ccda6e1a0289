// SPDX-License-Identifier: MIT
/*
 * crash_pool.c - fast paths of pools that are none: they believe the pool and its current node
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/crash/crash.h>

static struct mp_pool_s pool;

/*
 * A report finds a pool that stands in a register (fast_path.c). Optimised code has it in
 * one; with -O0 it would lie on the stack.
 */
#define IN_REGISTER(p) register struct mp_pool_s *in_register __asm__("rbx") = HIDE(p)

static void alloc_null(void)
{
	IN_REGISTER((struct mp_pool_s *)NULL);

	READ(mp_alloc(in_register, 24));
}

static void alloc_zeroed(void)
{
	IN_REGISTER(&pool);

	memset(&pool, 0, sizeof(pool));
	READ(mp_alloc(in_register, 24));
}

/* An address that could be, but has no memory. */
static void nalloc_wild(void)
{
	IN_REGISTER(&pool);

	memset(&pool, 0x55, sizeof(pool));
	pool.current = (struct mp_node_s *)0x555555555540;
	READ(mp_nalloc(in_register, 24));
}

/* An address that no processor has: the fault does not say which. */
static void calloc_overwritten(void)
{
	IN_REGISTER(&pool);

	memset(&pool, 'x', sizeof(pool));
	READ(mp_calloc(in_register, 24));
}

const struct crash_case crash_pool[] = {
	{ "alloc-null", alloc_null, "an allocation from a null pool" },
	{ "alloc-zeroed", alloc_zeroed, "an allocation from a pool of zeros" },
	{ "nalloc-wild", nalloc_wild, "an allocation from a pool of garbage" },
	{ "calloc-overwritten", calloc_overwritten, "an allocation from an overwritten pool" },
	{},
};
