// SPDX-License-Identifier: MIT
/*
 * crash_kasan.c - accesses to memory that is not allocated; KASAN must report them
 *
 *	| header | a |~~ red zone ~~| b |~~ red zone ~~|......| packed |~~ red zone ~~|
 */
#include <kernel/lib/string.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <tests/crash/crash.h>

#define SIZE 13
#define LARGE 5000

static struct mp_pool_s *pool;
static struct mp_cleanup_s *cleanup;
static unsigned char *a, *b, *packed, *large, *block;

static void allocate(void)
{
	pool = mp_create_pool(4096);
	a = mp_alloc(pool, SIZE);
	b = mp_alloc(pool, SIZE);
	packed = mp_nalloc(pool, SIZE);
	large = mp_alloc(pool, LARGE);
	block = heap_alloc(&kernel_heap, 32, 112);
	heap_alloc(&kernel_heap, 32, 112);
}

static void aligned_overflow(void)
{
	allocate();
	for (unsigned char *p = a; p <= b; p++)
		WRITE(p);
}

static void packed_overflow(void)
{
	allocate();
	WRITE(packed + SIZE);
}

/* A write of 8 bytes, of which the first 5 are allocated. */
static void word_overflow(void)
{
	allocate();
	*(volatile uint64_t *)(a + 8) = 1;
}

static void large_overflow(void)
{
	allocate();
	WRITE(large + LARGE);
}

static void underflow(void)
{
	allocate();
	READ(b - 1);
}

static void not_allocated(void)
{
	allocate();
	READ(b + 256);
}

static void after_free(void)
{
	allocate();
	mp_free(pool, large);
	READ(large + 100);
}

static void after_reset(void)
{
	allocate();
	mp_reset_pool(pool);
	READ(a);
}

static void after_destroy(void)
{
	allocate();
	mp_destroy_pool(pool);
	READ(a);
}

static void pool_after_destroy(void)
{
	allocate();
	mp_destroy_pool(pool);
	WRITE(mp_alloc(pool, 1));
}

static void header(void)
{
	allocate();
	WRITE(block + 112);
}

static void heap_after_free(void)
{
	allocate();
	heap_free(&kernel_heap, block);
	WRITE(block);
}

static void memset_overflow(void)
{
	allocate();
	memset(a, 0, HIDE(SIZE) + 1);
}

static void memcpy_overflow(void)
{
	allocate();
	memcpy(a, b, HIDE(SIZE) + 1);
}

static void memmove_overflow(void)
{
	allocate();
	memmove(a, crash_data, HIDE(SIZE) + 1);
}

static void cleanup_overflow(void)
{
	allocate();
	cleanup = mp_cleanup_add(pool, SIZE);
	WRITE((unsigned char *)cleanup->data + SIZE);
}

/* Where the data begin depends on MP_ALIGNMENT. Byte 64 of the block is always in them. */
static void after_run(void)
{
	allocate();
	cleanup = mp_cleanup_add(pool, 100);
	mp_cleanup_run(pool, cleanup);
	READ((unsigned char *)cleanup + 64);
}

static void after_release(void)
{
	struct mp_mark_s mark;
	unsigned char *small;

	allocate();
	mark = mp_mark(pool);
	small = mp_alloc(pool, SIZE);
	mp_release(pool, mark);
	READ(small);
}

const struct crash_case crash_kasan[] = {
	{ "kasan-aligned-overflow", aligned_overflow, "a write right after an aligned object" },
	{ "kasan-packed-overflow", packed_overflow, "a write right after a packed object" },
	{ "kasan-word-overflow", word_overflow, "a write of 8 bytes of which only 5 are there" },
	{ "kasan-large-overflow", large_overflow, "a write right after a large block" },
	{ "kasan-underflow", underflow, "a read right before an object" },
	{ "kasan-not-allocated", not_allocated, "a read of pool memory that nobody asked for" },
	{ "kasan-after-free", after_free, "a read of a large block after mp_free()" },
	{ "kasan-after-reset", after_reset, "a read of an object after mp_reset_pool()" },
	{ "kasan-after-release", after_release, "a read of an object after mp_release()" },
	{ "kasan-after-run", after_run, "a read of a handler's data after the handler has run" },
	{ "kasan-cleanup-overflow", cleanup_overflow, "a write right after a handler's data" },
	{ "kasan-after-destroy", after_destroy, "a read of an object after mp_destroy_pool()" },
	{ "kasan-pool-after-destroy", pool_after_destroy, "an allocation from a destroyed pool" },
	{ "kasan-header", header, "a write to the header of a heap block" },
	{ "kasan-heap-after-free", heap_after_free, "a write to a heap block after heap_free()" },
	{ "kasan-memset", memset_overflow, "memset() of a byte more than the object has" },
	{ "kasan-memcpy", memcpy_overflow, "memcpy() from an object of a byte less" },
	{ "kasan-memmove", memmove_overflow, "memmove() of a byte more than the object has" },
	{},
};
