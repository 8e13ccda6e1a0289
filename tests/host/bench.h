/* SPDX-License-Identifier: MIT */
/*
 * bench.h - what the parts of the host's benchmark share
 *
 * A contender is a way to serve a trace: our pool, somebody else's, or malloc()
 * for each object. All run the same loop (bench_loop.h) over the same array of
 * events, compiled once for each with its calls inlined where it has any to
 * inline, and find the tables of pools and objects where all others find them.
 */
#ifndef TESTS_HOST_BENCH_H
#define TESTS_HOST_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bench_op {
	BENCH_CREATE,
	BENCH_ALLOC,
	BENCH_NALLOC,
	BENCH_CALLOC,
	BENCH_MEMALIGN,
	BENCH_FREE,
	BENCH_RESET,
	BENCH_DESTROY,
};

/**
 * struct bench_event - a record of a trace, made ready
 * @size: bytes of a pool or an object; objects to sweep, where a pool ends
 * @object: slot in the table of objects; the first to sweep, where a pool ends
 * @pool: slot in the table of pools
 * @op: an enum bench_op
 * @shift: the alignment of an m record, as a power of two
 *
 * Slots are used again as soon as they are free, so the tables stay small and
 * warm, as the variables are in which a program keeps its pointers.
 */
struct bench_event {
	uint32_t size;
	uint32_t object;
	uint32_t pool;
	uint8_t op;
	uint8_t shift;
};

/**
 * struct bench_trace - a trace, made ready
 * @name: its file's, without folders and ending
 * @events: what happens; pools that the trace leaves alive are destroyed at its end
 * @nr_events: how many
 * @sweep: slots of the objects that are alive when a pool is reset or destroyed, for those
 *	who must free each of them
 * @nr_pools: slots for pools
 * @nr_objects: slots for objects
 * @largest: the largest object
 * @peak: the most bytes of objects that are ever alive at once
 */
struct bench_trace {
	char name[64];
	struct bench_event *events;
	size_t nr_events;
	uint32_t *sweep;
	size_t nr_pools;
	size_t nr_objects;
	size_t largest;
	size_t peak;
};

/* The tables of the trace that is being replayed. */
extern void **bench_pools;
extern void **bench_objects;

/**
 * struct bench_contender - a way to serve a trace
 * @name: as the table shows it
 * @is_peer: ours is to be as fast; if not, it is shown, not judged
 * @is_there: prepares it; false if this machine has not got it
 * @prepare: makes room for a trace's pools; may be NULL
 * @replay: the loop
 * @fill: the loop, with every byte of every object written, and each call checked
 * @keeps_large: never frees a large block before its pool ends (found by trying)
 */
struct bench_contender {
	const char *name;
	bool is_peer;
	bool (*is_there)(void);
	void (*prepare)(const struct bench_trace *trace);
	void (*replay)(const struct bench_trace *trace);
	void (*fill)(const struct bench_trace *trace);
	bool keeps_large;
};

#define BENCH_MOST 16		  /* contenders */
enum { BENCH_LIMIT, BENCH_OURS }; /* their places among all */

/**
 * struct bench_result - what one of them took
 * @ns: nanoseconds an event
 * @of_limit: times what the limit took
 * @ours: how much of its time mp_pool took
 * @spread: by what part of itself that may be wrong
 */
struct bench_result {
	double ns, of_limit, ours, spread;
};

extern struct bench_contender bench_limit, bench_in_cache, bench_ours, bench_reference,
	bench_obstack;
extern struct bench_contender bench_glibc, bench_jemalloc, bench_mimalloc;
extern struct bench_contender bench_apr, bench_talloc;

/* bench_trace.c */
void bench_trace_load(struct bench_trace *trace, const char *path);
void bench_trace_large_pairs(struct bench_trace *trace, size_t pairs, size_t size);

/* bench_memory.c */
size_t bench_peak_memory(const struct bench_contender *contender, const struct bench_trace *trace);

/* bench_ours.c */
size_t bench_blocks(const struct bench_trace *trace);

/* bench_time.c */
double bench_now(void);
double bench_median(double *values, size_t count, double *spread);

/* bench_rounds.c */
size_t bench_rounds(struct bench_contender **all, size_t count, const struct bench_trace *trace,
		    double seconds, struct bench_result *results);

/* bench_string.c */
bool bench_strings(double seconds);

void *bench_memory(size_t bytes);
void bench_use_tables(const struct bench_trace *trace);
void bench_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

#endif /* TESTS_HOST_BENCH_H */
