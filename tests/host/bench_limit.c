// SPDX-License-Identifier: MIT
/*
 * bench_limit.c - what an allocator could be at best: one pointer, bumped in warm
 * memory
 *
 *	memory        next                   as much as the trace has alive at once,
 *	|##############|....................| in bytes asked for, and no more
 *	 forgotten                            no pools, nothing is freed, nothing is
 *	                                      looked at: at the end, start again
 *
 * The same loop as for all others, and that is most of its time: reading the
 * event, jumping to what it asks for, remembering the address, touching the
 * object, zeroing it. Alignment is ours: what is asked of us is asked of it.
 *
 * How much memory it goes through matters, for each cache is several times as
 * fast as the next. No allocator can hold the trace's objects in less than the
 * most bytes that are alive at once, so the limit gets that. Objects overwrite
 * each other: this is no allocator, and one that uses memory again sooner may
 * even be faster.
 *
 * The same in 32 KiB, which fit into every first-level cache, shows how much of
 * everybody's time is the loop. No objects of a real trace would fit there, so
 * it is not what anybody is judged by.
 */
#include <mm/mp_pool.h>
#include <tests/host/bench.h>

#define IN_CACHE ((size_t)32 << 10)

struct limit;

static unsigned char *memory;
static size_t next, room;

/* An object may reach past the end: there is room for the largest one. */
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

#include <tests/host/bench_loop.h>

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
