// SPDX-License-Identifier: MIT
/*
 * bench_limit.c - what no allocator can beat: one pointer, bumped in warm memory
 *
 *	warm          next                32 KiB
 *	|##############|....................|         no pools, nothing is freed, nothing
 *	 forgotten                                    is looked at: at the end, start again
 *
 * The same loop as for all others, and that is most of its time: reading the
 * event, jumping to what it asks for, remembering the address, touching the
 * object, zeroing it. Objects overwrite each other, so this is no allocator. The
 * memory stays in the first-level cache, which no real one can promise.
 *
 * Alignment is ours: what is asked of the limit should be asked of us. An object
 * that does not fit into the rest starts at the beginning again, however large.
 */
#include <mm/mp_pool.h>
#include <tests/host/bench.h>

#define WARM ((size_t)32 << 10)

struct limit;

static unsigned char *warm, *next;

static inline void *bump(size_t size, size_t align)
{
	unsigned char *object = mp_align_ptr(next, align);

	if (size > (size_t)(warm + WARM - object))
		object = warm;
	next = size > WARM ? warm : object + size;
	return object;
}

static inline struct limit *pool_create(uint32_t slot, size_t size)
{
	(void)slot;
	(void)size;
	return (struct limit *)warm;
}

static inline void *pool_alloc(struct limit *pool, size_t size)
{
	(void)pool;
	return bump(size, MP_ALIGNMENT);
}

static inline void *pool_nalloc(struct limit *pool, size_t size)
{
	(void)pool;
	return bump(size, 1);
}

static inline void *pool_calloc(struct limit *pool, size_t size)
{
	(void)pool;
	return memset(bump(size, MP_ALIGNMENT), 0, size);
}

static inline void *pool_memalign(struct limit *pool, size_t size, size_t alignment)
{
	(void)pool;
	return bump(size, alignment);
}

static inline void pool_free(struct limit *pool, void *object)
{
	(void)pool;
	(void)object;
}

static inline void pool_reset(struct limit *pool, const uint32_t *sweep, uint32_t count)
{
	(void)pool;
	(void)sweep;
	(void)count;
}

static inline void pool_destroy(struct limit *pool, const uint32_t *sweep, uint32_t count)
{
	pool_reset(pool, sweep, count);
}

#include <tests/host/bench_loop.h>

static void prepare(const struct bench_trace *trace)
{
	warm = next = bench_memory(WARM + trace->largest);
}

struct bench_contender bench_limit = {
	.name = "limit",
	.prepare = prepare,
	.replay = replay,
	.fill = fill,
};
