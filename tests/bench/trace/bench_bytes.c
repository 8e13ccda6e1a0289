// SPDX-License-Identifier: MIT
/*
 * bench_bytes.c - where the bytes of mp_pool's heap blocks are, after each event of a trace
 *
 *	| headers | asked |padding|..... tails .....| asked |	a node
 *	| headers | asked |padding|				a large block, or a cleanup
 *
 * Adding them up from the records, as mp_get_stats() does, takes time for each record: too much
 * after each event. Here an event adds what it changes. When a pool ends, its sums must be
 * those of mp_get_stats().
 */
#include <mm/mp_internal.h>
#include <tests/bench/trace/bench_play.h>

static struct bench_bytes total; /* of all pools that are alive */

static void add_bytes(struct bench_bytes *to, const struct bench_bytes *more)
{
	to->held += more->held;
	to->asked += more->asked;
	to->padding += more->padding;
	to->tails += more->tails;
	to->headers += more->headers;
}

static void subtract_bytes(struct bench_bytes *from, const struct bench_bytes *less)
{
	from->held -= less->held;
	from->asked -= less->asked;
	from->padding -= less->padding;
	from->tails -= less->tails;
	from->headers -= less->headers;
}

/* A replay begins: no pool is alive. */
void bench_bytes_start(void)
{
	total = (struct bench_bytes){ 0 };
}

/* Where the bytes of all pools are that are alive. */
const struct bench_bytes *bench_bytes_now(void)
{
	return &total;
}

/* What @pool holds before an event: bench_bytes_after() wants to know. */
size_t bench_bytes_before(const struct bench_pool *pool)
{
	return pool->pool ? ((const struct mp_pool_s *)pool->pool)->held : 0;
}

/* A pool without objects: new, or reset. */
static struct bench_bytes empty_pool(const struct mp_pool_s *pool)
{
	return (struct bench_bytes){
		.held = pool->held,
		.tails = pool->size,
		.headers = pool->held - pool->size,
	};
}

/* An object of @size bytes takes @room bytes of a node. If @grown, this is a new node. */
static struct bench_bytes small_object(const struct mp_pool_s *pool, size_t size, size_t room,
				       size_t grown)
{
	size_t node = grown ? mp_node_size(pool, pool->current) : 0;

	return (struct bench_bytes){
		.held = grown,
		.asked = size,
		.padding = room - size,
		.tails = node - room,
		.headers = grown - node,
	};
}

/* A block of the heap of @held bytes serves @size bytes; @header is what the pool adds to them. */
static struct bench_bytes own_block(size_t size, size_t held, size_t header)
{
	return (struct bench_bytes){
		.held = held,
		.asked = size,
		.padding = held - BLOCK_HEADER - header - size,
		.headers = BLOCK_HEADER + header,
	};
}

/* The bytes that @event takes. @grown: bytes that the pool has got of the heap. */
static struct bench_bytes taken_by(const struct bench_event *event, const struct mp_pool_s *pool,
				   size_t grown)
{
	size_t size = event->size;

	switch (event->type) {
	case 'k':
		return own_block(size, grown, CLEANUP_HEADER);
	case 'a':
	case 'z':
		if (size <= pool->max)
			return small_object(pool, size, MP_ROOM(size), grown);
		break;
	case 'n':
		if (size <= pool->max)
			return small_object(pool, size, MP_PACKED(size), grown);
		break;
	}
	return own_block(size, grown, sizeof(struct mp_large_s));
}

/**
 * bench_bytes_after() - count what an event has changed
 * @event: the event; one that ended @pool was counted by bench_bytes_end()
 * @pool: its pool
 * @held: what bench_bytes_before() said
 * @freed: of an event 'f': the size of the object, in bytes
 */
void bench_bytes_after(const struct bench_event *event, struct bench_pool *pool, size_t held,
		       size_t freed)
{
	const struct mp_pool_s *mp = pool->pool;
	struct bench_bytes change;

	if (!mp)
		return;
	switch (event->type) {
	case 'c':
	case 'r':
		pool->bytes = empty_pool(mp);
		add_bytes(&total, &pool->bytes);
		break;
	case 'f':
		/* mp_free() declines to free a small object. */
		if (held == mp->held)
			break;
		change = own_block(freed, held - mp->held, sizeof(struct mp_large_s));
		subtract_bytes(&pool->bytes, &change);
		subtract_bytes(&total, &change);
		break;
	default:
		change = taken_by(event, mp, mp->held - held);
		add_bytes(&pool->bytes, &change);
		add_bytes(&total, &change);
	}
}

/**
 * bench_bytes_end() - a pool is about to end, or to be reset
 * @test: the case, which fails if mp_get_stats() has other sums
 * @pool: the pool
 */
void bench_bytes_end(struct kunit *test, struct bench_pool *pool)
{
	struct mp_stats_s stats;

	mp_get_stats(pool->pool, &stats);
	KUNIT_EXPECT_EQ(test, pool->bytes.held, stats.held);
	KUNIT_EXPECT_EQ(test, pool->bytes.asked + pool->bytes.padding, stats.used);
	KUNIT_EXPECT_EQ(test, pool->bytes.tails, stats.tails);
	KUNIT_EXPECT_EQ(test, pool->bytes.headers, stats.headers);
	subtract_bytes(&total, &pool->bytes);
}

/* Of two moments at the peak, the one at which more is held, or more of it is asked for. */
static bool is_more(const struct bench_bytes *now, const struct bench_bytes *before)
{
	return now->held > before->held ||
	       (now->held == before->held && now->asked > before->asked);
}

/* An event is over: is this the peak? @pages: those that the heap holds now. */
void bench_bytes_note(size_t pages, struct bench_outcome *outcome)
{
	if (pages < outcome->peak_pages)
		return;
	if (pages > outcome->peak_pages || is_more(&total, &outcome->at_peak))
		outcome->at_peak = total;
	outcome->peak_pages = pages;
}
