/* SPDX-License-Identifier: MIT */
/*
 * bench.h - what the parts of bench-host share
 *
 * A contender is a way to serve a trace: mp_pool, another pool, or malloc() for
 * each object. All contenders run the same loop (bench_loop.h) over the same array
 * of events. The loop is compiled into each contender, so that its functions can be
 * inlined. All share the tables of pools and objects.
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
	BENCH_CLEANUP,
	BENCH_FREE,
	BENCH_RESET,
	BENCH_DESTROY,
	BENCH_CREATE_CHILD,
	BENCH_END_CHILD,
};

/**
 * struct bench_event - a record of a trace, prepared for the loop
 * @size: bytes of a pool or an object; for the end of a pool: number of objects to sweep
 * @object: slot in the table of objects, also of a cleanup's data; for the end of a pool: index
 *	in the sweep list; for a new child: slot of its parent
 * @pool: slot in the table of pools
 * @op: an enum bench_op. A child ends in an event of its own, right before its parent: so
 *	contenders without children destroy it then, and the others do nothing
 * @shift: for memalign: the alignment is 2^shift bytes
 *
 * Free slots are used again at once. So the tables stay small and in the cache, like
 * the variables in which a program keeps its pointers.
 */
struct bench_event {
	uint32_t size;
	uint32_t object;
	uint32_t pool;
	uint8_t op;
	uint8_t shift;
};

/**
 * struct bench_trace - a trace, prepared for the loop
 * @name: the file's name, without folders and ending
 * @events: the events; at the end, pools that the trace leaves alive are destroyed
 * @nr_events: number of events
 * @sweep: the sweep list: slots of the objects that are alive when a pool is reset or
 *	destroyed, for contenders that must free each of them
 * @nr_pools: number of slots for pools
 * @nr_objects: number of slots for objects
 * @largest: bytes of the largest object
 * @peak: the most bytes of objects that are alive at once
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

/* The tables of pools and objects, for the trace that is being replayed. */
extern void **bench_pools;
extern void **bench_objects;

/**
 * struct bench_contender - a way to serve a trace
 * @name: its name in the tables
 * @is_peer: mp_pool must be as fast as this one; the others are only printed
 * @is_there: sets it up; false if this system does not have it. NULL: always there
 * @prepare: allocates what it needs for a trace; may be NULL
 * @replay: the loop
 * @fill: the same, but checks each call and writes every byte of every object
 * @keeps_large: frees no large block before its pool ends; bench.c measures this
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

#define BENCH_MOST 16		  /* contenders, at most */
enum { BENCH_LIMIT, BENCH_OURS }; /* index of the limit and of mp_pool among the contenders */

#define BENCH_LOOK 20 /* samples until the first look at them, and between two looks */
#define BENCH_LOOKS 4 /* looks at the samples, at most */
#define BENCH_SAMPLES (BENCH_LOOK * BENCH_LOOKS)
#define BENCH_STRINGS 14 /* comparisons of bench_string.c */

/* From good to bad, so that the verdict on several is the greatest. */
enum bench_verdict { BENCH_OK, BENCH_CANNOT_TELL, BENCH_TOO_SLOW };

/**
 * struct bench_interval - what is known of the true median of a ratio
 * @low: it is below this only with the risk that was asked for
 * @median: of the samples that count
 * @high: it is above this only with the same risk; INFINITY: there are too few samples
 * @count: number of samples that count
 * @busy: too few samples are from a quiet machine, so all count, and the interval is wider
 */
struct bench_interval {
	double low, median, high;
	size_t count;
	bool busy;
};

/**
 * struct bench_comparison - a ratio of two times, and how large it may be
 * @what: what is compared, for messages
 * @at_most: the ratio that is allowed
 * @values: the ratio in each sample
 * @interval: around the median of these values
 * @verdict: whether the whole interval is allowed
 */
struct bench_comparison {
	char what[96];
	double at_most;
	double values[BENCH_SAMPLES];
	struct bench_interval interval;
	enum bench_verdict verdict;
};

/**
 * struct bench_group - comparisons that are measured together
 * @name: of the trace, or of what else is measured
 * @all: the comparisons
 * @nr: number of comparisons
 * @sample: sets values[k] of each; returns true if the machine was quiet meanwhile
 * @arg: for @sample
 * @busy: other programs change a ratio by less than this factor
 * @count: number of samples
 * @open: number of comparisons without a verdict; if 0, no more samples are taken
 * @quiet: was the machine quiet during a sample?
 */
struct bench_group {
	const char *name;
	struct bench_comparison *all;
	size_t nr;
	bool (*sample)(struct bench_group *group, size_t k);
	void *arg;
	double busy;
	size_t count;
	size_t open;
	bool quiet[BENCH_SAMPLES];
};

/**
 * struct bench_result - the result of a contender
 * @ns: nanoseconds for an event
 * @of_limit: its time divided by that of the limit
 * @ours: the time of mp_pool divided by its time
 */
struct bench_result {
	double ns, of_limit, ours;
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
void *bench_memory(size_t bytes);
void bench_use_tables(const struct bench_trace *trace);

/* bench_ours.c */
size_t bench_blocks(const struct bench_trace *trace);

/* bench_time.c */
double bench_now(void);
double bench_cpu(void);

/* bench_stats.c */
double bench_median(double *values, size_t count);
size_t bench_rank(size_t count, double risk);
const char *bench_why(const struct bench_interval *interval);
void bench_repeat(struct bench_group *groups, size_t nr, double seconds, double risk,
		  void (*progress)(const struct bench_group *groups, size_t nr, int look));

/* bench_rounds.c */
void bench_rounds(struct bench_group *group, struct bench_contender **all, size_t count,
		  const struct bench_trace *trace, double seconds);
struct bench_result bench_result(const struct bench_group *group, size_t i);

/* bench_string.c */
void bench_strings(struct bench_group *group, double seconds);
double bench_string_ns(const struct bench_group *group, size_t i);

/* bench_process.c */
bool bench_apart(const char *name, void (*function)(void *arg, void *result), void *arg,
		 void *result, size_t size);
void bench_say_when_stopped(void);

/* bench_report.c */
void bench_progress(const struct bench_group *groups, size_t nr, int look);
void bench_explain(const struct bench_group *group);
enum bench_verdict bench_worst(const struct bench_group *group);
void bench_table(const struct bench_group *group, struct bench_contender **all,
		 const struct bench_trace *trace, const size_t *peaks);
void bench_string_table(const struct bench_group *group);

void bench_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

#endif /* TESTS_HOST_BENCH_H */
