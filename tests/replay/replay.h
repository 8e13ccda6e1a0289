/* SPDX-License-Identifier: MIT */
/*
 * replay.h - replays a recorded trace through mp_pool and checks every byte
 *
 * Each object is filled with a pattern of its own. The pattern is checked before
 * the object is freed, before its pool ends, and when a handler runs that may rely on
 * it. So two objects that overlap, or a pool that writes into an object, damage a pattern.
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
	REPLAY_CLEANUP,
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
 * @children: how many of them have a parent
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
 * @lost_headers: bytes of the headers of heap blocks, pools, nodes, large blocks and cleanups
 * @cost: number of calls of each kind, and their instructions if there is a clock
 */
struct replay_report {
	size_t events, pools, children, objects;
	size_t aligned, unaligned, zeroed, memalign, cleanups;
	size_t asked, peak_asked, peak_pages;
	size_t held, lost_alignment, lost_tails, lost_headers;
	struct replay_cost cost[REPLAY_NR_KINDS];
};

enum replay_state {
	REPLAY_LIVE,
	REPLAY_DECLINED, /* mp_free() declined to free it: it is still alive */
	REPLAY_FREED,	 /* of a child: destroyed before its parent ended */
	REPLAY_SWEPT,	 /* its pool ended, and so it is gone */
};

enum replay_thing { REPLAY_OBJECT, REPLAY_HANDLER, REPLAY_CHILD };

struct replay_pool;

/* What a pool holds: an object; a cleanup handler, with its data; a child. */
struct replay_block {
	union {
		unsigned char *at; /* the object or the data; NULL: a handler without data */
		struct replay_pool *child; /* the child */
	};
	size_t size;   /* bytes of the object or the data */
	uint32_t pool; /* that holds it */
	uint32_t next; /* the one before it, in the list of its pool */
	uint32_t line; /* that made it; later the line that freed or swept it */
	uint8_t thing; /* an enum replay_thing */
	uint8_t state; /* an enum replay_state */
	bool is_large;
};

#define REPLAY_NO_BLOCK UINT32_MAX

struct replay_pool {
	struct mp_pool_s *pool; /* NULL: it has ended */
	size_t asked;		/* bytes of small objects since its creation or reset */
	size_t asked_cleanups;	/* bytes of the data of cleanups */
	uint32_t nr_large;	/* large blocks alive */
	uint32_t nr_cleanups;	/* handlers registered */
	uint32_t nr_children;	/* children alive */
	uint32_t blocks;	/* index of the newest in replay->blocks */
	uint32_t block;		/* index of the pool itself, if it is a child */
	uint32_t ended_in;	/* line of the trace */
	uint32_t ended_with;	/* number of the pool that was reset or destroyed */
};

/**
 * struct replay_walk - a walk over what ends with a pool, in the order in which it must end
 * @top: the pool
 * @at: @top, or a pool below it: the one whose list is being walked
 * @next: index of the next block in this list
 */
struct replay_walk {
	struct replay_pool *top, *at;
	uint32_t next;
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
 * @blocks: all objects of the trace, by number, then cleanups and children
 * @walk: while a pool ends: what comes after @due
 * @due: while a pool ends: the handler that must run next; NULL: none
 * @max_objects: number of objects in the trace; the others follow them in @blocks
 * @table_pages: pages that @blocks and @pools take
 * @pages_before: pages in use before the first event
 * @clock_cost: instructions that two readings of @clock take
 * @in_handlers: instructions of the handlers that ran, and of reading @clock there
 */
struct replay {
	uint64_t (*clock)(void);
	void *(*tamper)(struct replay *replay, const struct trace_record *record, void *at);

	struct trace trace;
	struct replay_report report;
	char error[REPLAY_ERROR_MAX];
	struct replay_pool *pools;
	struct replay_block *blocks;
	struct replay_walk walk;
	struct replay_block *due;

	size_t max_objects, table_pages, pages_before;
	uint64_t clock_cost, in_handlers;
};

static inline uint64_t replay_now(const struct replay *replay)
{
	return replay->clock ? replay->clock() : 0;
}

/* Executes @statement, and puts the instructions that it took into @spent. */
#define REPLAY_TIMED(replayed, spent, statement)                              \
	do {                                                                  \
		const struct replay *replay_ = (replayed);                    \
		uint64_t start_ = replay_now(replay_);                        \
		statement;                                                    \
		(spent) = replay_now(replay_) - start_ - replay_->clock_cost; \
	} while (0)

/* replay.c */
bool replay_run(struct replay *replay, const void *data, size_t size);
void replay_set_module(const char *name, const void *data, size_t size,
		       uint64_t (*exact_clock)(void));
bool replay_module_is_at(uintptr_t start, size_t size);

/* replay_event.c: false if the record is wrong or the pool serves it wrongly */
bool replay_event(struct replay *replay, const struct trace_record *record);

/* replay_end.c */
void replay_handler(void *data);
void replay_expect_handlers_of(struct replay *replay);
bool replay_end(struct replay *replay, struct replay_pool *owner,
		void (*end)(struct mp_pool_s *pool), uint64_t *spent);

/* replay_reference.c */
bool replay_through_reference(struct replay *replay, const void *data, size_t size);

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
