/* SPDX-License-Identifier: MIT */
/*
 * replay.h - replays a recorded trace through mp_pool and checks every byte
 *
 * Each object is filled with a pattern of its own. The pattern is checked before
 * the object is freed and before its pool is reset or destroyed. So two objects
 * that overlap, or a pool that writes into an object, damage a pattern.
 */
#ifndef TESTS_REPLAY_H
#define TESTS_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tests/replay/trace.h>

#define REPLAY_ERROR_MAX (TRACE_ERROR_MAX + 32)

struct mp_pool_s;

/* Kinds of calls. Instructions are counted for each kind separately. */
enum replay_kind {
	REPLAY_ALLOC_SMALL,
	REPLAY_ALLOC_LARGE,
	REPLAY_FREE,
	REPLAY_DECLINE,
	REPLAY_CREATE,
	REPLAY_RESET,
	REPLAY_DESTROY,
	REPLAY_ZEROING, /* the part of mp_calloc that grows with the size */
	REPLAY_NR_KINDS,
};

struct replay_cost {
	size_t calls;
	uint64_t instructions;
};

/**
 * struct replay_report - counts of a replay
 * @events: number of records
 * @pools: number of pools created
 * @objects: number of a, n, z and m records
 * @aligned: number of a records
 * @unaligned: number of n records
 * @zeroed: number of z records
 * @memalign: number of m records
 * @cleanups: number of k records
 * @asked: bytes of all objects and cleanups that are alive now
 * @peak_asked: the largest value of @asked so far, in bytes
 * @peak_pages: the most pages that the heap held after an event
 * @held: bytes of all heap blocks that pools gave back; held = the bytes that the
 *	program asked for + the three losses
 * @lost_alignment: bytes lost to rounding up the sizes of objects and heap blocks
 * @lost_tails: bytes of nodes that no object got
 * @lost_headers: bytes of the headers of heap blocks, pools, nodes and large blocks
 * @cost: number of calls of each kind, and their instructions if there is a clock
 */
struct replay_report {
	size_t events, pools, objects;
	size_t aligned, unaligned, zeroed, memalign, cleanups;
	size_t asked, peak_asked, peak_pages;
	size_t held, lost_alignment, lost_tails, lost_headers;
	struct replay_cost cost[REPLAY_NR_KINDS];
};

enum replay_state {
	REPLAY_LIVE,
	REPLAY_DECLINED, /* mp_free() declined to free it: it is still alive */
	REPLAY_FREED,
	REPLAY_SWEPT, /* its pool was reset or destroyed, and so it is gone */
};

/* An object, or the data of a cleanup. */
struct replay_block {
	unsigned char *at;
	size_t size;
	uint32_t pool;
	uint32_t next; /* in the list of its pool */
	uint32_t line; /* that allocated it; later the line that freed or swept it */
	uint8_t state; /* an enum replay_state */
	bool is_large;
};

#define REPLAY_NO_BLOCK UINT32_MAX

struct replay_pool {
	struct mp_pool_s *pool; /* NULL: destroyed */
	size_t asked;		/* bytes of small objects since its creation or reset */
	uint32_t nr_large;	/* large blocks alive */
	uint32_t blocks;	/* index of the newest in replay->blocks */
	uint32_t destroyed_in;	/* line of the trace */
};

/**
 * struct replay - one replay
 * @clock: counts instructions exactly; or NULL
 * @tamper: NULL, except in tests of the checks: gets the result of each allocation,
 *	and returns the result that the checks see
 * @trace: the reader
 * @report: counts so far
 * @error: the error, "line 37: ..."; "" if there is none
 * @pools: all pools of the trace, by number
 * @blocks: all objects of the trace, by number, then the data of cleanups
 * @max_objects: number of objects in the trace; cleanups follow them in @blocks
 * @table_pages: pages that @blocks and @pools take
 * @pages_before: pages in use before the first event
 * @clock_cost: instructions that two readings of @clock take
 */
struct replay {
	uint64_t (*clock)(void);
	void *(*tamper)(struct replay *replay, const struct trace_record *record, void *at);

	struct trace trace;
	struct replay_report report;
	char error[REPLAY_ERROR_MAX];
	struct replay_pool *pools;
	struct replay_block *blocks;

	size_t max_objects, table_pages, pages_before;
	uint64_t clock_cost;
};

/* replay.c */
bool replay_run(struct replay *replay, const void *data, size_t size);
void replay_set_module(const char *name, const void *data, size_t size,
		       uint64_t (*exact_clock)(void));
bool replay_module_is_at(uintptr_t start, size_t size);

/* replay_event.c: false if the record is wrong or the pool serves it wrongly */
bool replay_event(struct replay *replay, const struct trace_record *record);
bool replay_sweep(struct replay *replay, struct replay_pool *owner);

/* replay_check.c */
bool replay_check_new(struct replay *replay, const struct trace_record *record,
		      const struct replay_block *block);
bool replay_check_pattern(struct replay *replay, const struct replay_block *block);
bool replay_fail_null(struct replay *replay, const char *call, size_t size);
bool replay_fail(struct replay *replay, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), cold));

/* replay_report.c */
void replay_account_large(struct replay *replay, const struct replay_block *block);
bool replay_account_pool(struct replay *replay, const struct replay_pool *owner);
void replay_print_report(const struct replay *replay, const char *name);

#endif /* TESTS_REPLAY_H */
