// SPDX-License-Identifier: MIT
/*
 * bench_limit.c - contenders "limit" and "in cache": one pointer, bumped in warm memory
 *
 *	memory        next                   as many bytes as the trace's objects
 *	|##############|....................| that are alive at once, at most
 *	 old objects                          at the end, start again at the beginning
 *
 * This is the fastest that an allocator could be. There are no pools, nothing is
 * freed and nothing is checked. The loop is the same as for all contenders, and is
 * most of the time: it reads the event, jumps to its code, remembers the address,
 * writes to the object or zeroes it. Alignment is MP_ALIGNMENT, as for mp_pool.
 *
 * The amount of memory matters, because each cache is several times as fast as the
 * next. No allocator can hold the objects in fewer bytes than are alive at once, so
 * the limit gets as many. Objects overwrite each other, so this is no allocator. An
 * allocator that reuses memory sooner may even be faster.
 *
 * "In cache" is the same in 32 KiB, which fit into every first-level cache. It shows
 * the time of the loop alone. The objects of a real trace would not fit there, so it
 * is only printed.
 */
#include <string.h>

#include <mm/mp_pool.h>
#include <tests/host/bench/bench.h>

#define IN_CACHE ((size_t)32 << 10)

struct limit;

static unsigned char *memory;
static size_t next, room;

/* The last object may reach past the end: there is room for the largest object. */
static inline void *bump(size_t size, size_t align)
{
	size_t at = mp_align(next, align);

	if (at >= room)
		at = 0;
	next = at + size;
	return memory + at;
}

static inline struct limit *pool_create(uint32_t slot, size_t size)
{
	(void)slot;
	(void)size;
	return (struct limit *)memory;
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

#include <string.h>

#include <tests/host/bench/bench_loop.h>

static void prepare(const struct bench_trace *trace)
{
	memory = bench_memory((trace->peak > IN_CACHE ? trace->peak : IN_CACHE) + trace->largest);
}

static void start(size_t bytes)
{
	next = 0;
	room = bytes;
}

static void replay_limit(const struct bench_trace *trace)
{
	start(trace->peak);
	replay(trace);
}

static void fill_limit(const struct bench_trace *trace)
{
	start(trace->peak);
	fill(trace);
}

static void replay_in_cache(const struct bench_trace *trace)
{
	start(IN_CACHE);
	replay(trace);
}

static void fill_in_cache(const struct bench_trace *trace)
{
	start(IN_CACHE);
	fill(trace);
}

struct bench_contender bench_limit = {
	.name = "limit",
	.prepare = prepare,
	.replay = replay_limit,
	.fill = fill_limit,
};

struct bench_contender bench_in_cache = {
	.name = "in cache",
	.prepare = prepare,
	.replay = replay_in_cache,
	.fill = fill_in_cache,
};
