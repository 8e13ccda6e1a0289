/* SPDX-License-Identifier: MIT */
/*
 * bench_play.h - plays the trace in module 0 through a pool, and counts instructions
 *
 *	bench_open_trace(test);
 *	bench_play(test, &bench_ours, &nodes, &outcome);	as often as you like
 *	bench_close_trace(test);
 *
 * The trace is parsed first. Then each call is timed alone. Nothing is checked (the suite "replay"
 * does that), and the objects are not touched, so that only the pool is counted.
 */
#ifndef TESTS_BENCH_PLAY_H
#define TESTS_BENCH_PLAY_H

#include <tests/bench/bench.h>

struct bench_event {
	char type;
	bool has_parent;
	uint32_t pool;
	size_t size;  /* of an f record: the number of the object */
	size_t align; /* of a c record: the number of the parent, if it has one */
};

/**
 * struct bench_bytes - where the bytes of heap blocks went
 * @held: bytes of all blocks that pools have: the sum of the rest
 * @asked: bytes that the program asked for: objects, and the data of cleanups
 * @padding: what these were rounded up by
 * @tails: free bytes of nodes
 * @headers: headers of the heap's blocks, of pools, nodes, large blocks and cleanups
 */
struct bench_bytes {
	size_t held, asked, padding, tails, headers;
};

struct bench_pool {
	void *pool; /* NULL: it has ended */
	struct bench_pool *parent;
	struct bench_pool *child;   /* the newest; some may have ended */
	struct bench_pool *sibling; /* the next older child of the parent */
	struct bench_bytes bytes;   /* of a pool of mp_pool, if they are counted */
};

struct bench_object {
	void *at;
	size_t size;
};

/* The trace, with tables for its pools and objects. */
extern struct bench_trace {
	struct bench_event *events;
	struct bench_pool *pools;
	struct bench_object *objects;
	size_t nr_events, nr_pools, nr_objects;
	size_t largest_node; /* bytes */
	size_t table_pages;
} bench_trace;

/* The records of a trace, by their letters: first the four that allocate. */
#define BENCH_LETTERS "anzmkcfrd"
#define BENCH_NR_LETTERS (sizeof(BENCH_LETTERS) - 1)
#define BENCH_ALLOCATIONS 4

struct bench_contender;
extern const struct bench_contender bench_ours, bench_reference;

/**
 * struct bench_nodes - the sizes of nodes, for mp_create_pool_with()
 * @size: bytes that the first node of each pool holds; 0: as the trace says
 * @max_size: nodes double up to so many bytes; 0, or less than the first holds: they do not
 */
struct bench_nodes {
	size_t size, max_size;
};

/**
 * struct bench_outcome - counts of a replay
 * @sums: instructions by the letters of records
 * @allocations: instructions of all allocations
 * @all: instructions of all records
 * @peak_pages: the most pages that the heap held
 * @fault: what the reference says of its list of handlers, or NULL
 * @is_cut: memory was out, so the replay has not reached its end
 * @at_peak: bytes at the moment when the heap held @peak_pages; of several such moments, the one
 *	at which pools held most of them, and the program had asked for most
 */
struct bench_outcome {
	struct bench_sum sums[BENCH_NR_LETTERS];
	struct bench_sum allocations, all;
	size_t peak_pages;
	const char *fault;
	bool is_cut;
	struct bench_bytes at_peak;
};

/*
 * If it is set, bench_play() calls it after each event, with what was counted so far and the pages
 * that the heap holds. What it does is not counted. It is set for one suite only, which clears it.
 */
extern void (*bench_after_event)(const struct bench_outcome *outcome, size_t pages);

/* bench_play.c */
void bench_open_trace(struct kunit *test);
void bench_close_trace(struct kunit *test);
void bench_play(struct kunit *test, const struct bench_contender *contender,
		const struct bench_nodes *nodes, struct bench_outcome *outcome);

/* bench_bytes.c */
void bench_bytes_start(void);
size_t bench_bytes_before(const struct bench_pool *pool);
void bench_bytes_after(const struct bench_event *event, struct bench_pool *pool, size_t held,
		       size_t freed);
void bench_bytes_end(struct kunit *test, struct bench_pool *pool);
const struct bench_bytes *bench_bytes_now(void);
void bench_bytes_note(size_t pages, struct bench_outcome *outcome);

#endif /* TESTS_BENCH_PLAY_H */
