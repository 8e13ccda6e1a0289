/* SPDX-License-Identifier: MIT */
/*
 * bench_loop.h - the loop that every contender runs
 *
 *	event --> call the contender --> remember the address --> write to the object
 *
 * The loop writes the first byte of each object, as every program does. So an
 * allocator that returns memory outside the cache pays for that. A contender zeroes
 * an object of a z record with its own function.
 *
 * Before a file includes this, it defines these functions; POOL is its own type:
 *
 *	POOL *pool_create(uint32_t slot, size_t size);
 *	void *pool_alloc(POOL *pool, size_t size);
 *	void *pool_nalloc(POOL *pool, size_t size);
 *	void *pool_calloc(POOL *pool, size_t size);
 *	void *pool_memalign(POOL *pool, size_t size, size_t alignment);
 *	void pool_free(POOL *pool, void *object);
 *	void pool_reset(POOL *pool, const uint32_t *sweep, uint32_t count);
 *	void pool_destroy(POOL *pool, const uint32_t *sweep, uint32_t count);
 *
 * A contender that has handlers defines POOL_HAS_CLEANUPS, and a function that adds one and returns
 * its data; the handler does nothing. The others allocate the data. A contender whose pools can
 * end with other pools defines POOL_HAS_CHILDREN; the others destroy each child.
 *
 *	void *pool_cleanup(POOL *pool, size_t size);
 *	POOL *pool_create_child(uint32_t slot, POOL *parent, size_t size);
 *
 * This header then defines replay() and fill(). They are bench_loop(trace, all); if
 * @all is true, it writes every byte and checks each result.
 */
#include <string.h>

#include <tests/host/bench/bench.h>

#ifndef POOL_HAS_CLEANUPS
#define pool_cleanup(pool, size) ((size) ? pool_alloc(pool, size) : NULL)
#endif
#ifdef POOL_HAS_CHILDREN
#define pool_end_child(pool, sweep, count) ((void)(pool))
#else
#define pool_create_child(slot, parent, size) ((void)(parent), pool_create(slot, size))
#define pool_end_child pool_destroy
#endif

static inline __attribute__((always_inline)) void bench_loop(const struct bench_trace *trace,
							     bool all)
{
	const struct bench_event *event = trace->events;
	const struct bench_event *end = event + trace->nr_events;
	void **pools = bench_pools;
	void **objects = bench_objects;
	void *object;

	for (; event < end; event++) {
		void *pool = pools[event->pool];
		size_t size = event->size;

		switch (event->op) {
		case BENCH_CREATE:
			pools[event->pool] = pool_create(event->pool, size);
			if (all && !pools[event->pool])
				bench_fail("no memory for a pool of %zu bytes", size);
			continue;
		case BENCH_CREATE_CHILD:
			pools[event->pool] =
				pool_create_child(event->pool, pools[event->object], size);
			if (all && !pools[event->pool])
				bench_fail("no memory for a child of %zu bytes", size);
			continue;
		case BENCH_ALLOC:
			object = pool_alloc(pool, size);
			break;
		case BENCH_NALLOC:
			object = pool_nalloc(pool, size);
			break;
		case BENCH_CALLOC:
			object = pool_calloc(pool, size);
			break;
		case BENCH_MEMALIGN:
			object = pool_memalign(pool, size, (size_t)1 << event->shift);
			break;
		case BENCH_CLEANUP:
			object = pool_cleanup(pool, size);
			break;
		case BENCH_FREE:
			pool_free(pool, objects[event->object]);
			continue;
		case BENCH_RESET:
			pool_reset(pool, trace->sweep + event->object, event->size);
			continue;
		case BENCH_DESTROY:
			pool_destroy(pool, trace->sweep + event->object, event->size);
			continue;
		case BENCH_END_CHILD:
			pool_end_child(pool, trace->sweep + event->object, event->size);
			continue;
		default:
			__builtin_unreachable();
		}
		objects[event->object] = object;
		if (!size)
			continue;
		if (all) {
			if (!object)
				bench_fail("no memory for an object of %zu bytes", size);
			memset(object, 1, size);
		} else {
			*(char *)object = 1;
		}
	}
}

static void replay(const struct bench_trace *trace)
{
	bench_loop(trace, false);
}

static void fill(const struct bench_trace *trace)
{
	bench_loop(trace, true);
}
