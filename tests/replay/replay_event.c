// SPDX-License-Identifier: MIT
/*
 * replay_event.c - one event of a trace: is it legal, and does the pool serve it rightly?
 *
 * Each handler has three parts: it checks that the trace may ask for this, calls the
 * pool (and nothing else) between two readings of the clock, and checks the result.
 * Every step takes constant time, except for filling and checking bytes of objects.
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/kunit/pattern.h>
#include <tests/replay/replay.h>

static inline uint64_t now(const struct replay *replay)
{
	return replay->clock ? replay->clock() : 0;
}

/* Executes @statement, and puts the instructions that it took into @spent. */
#define TIMED(replayed, spent, statement)                              \
	do {                                                           \
		const struct replay *replay_ = (replayed);             \
		uint64_t start_ = now(replay_);                        \
		statement;                                             \
		(spent) = now(replay_) - start_ - replay_->clock_cost; \
	} while (0)

static void count(struct replay *replay, enum replay_kind kind, uint64_t spent)
{
	replay->report.cost[kind].calls++;
	replay->report.cost[kind].instructions += spent;
}

/* Finds a pool that is alive. @what is its role in a message: "pool" or "parent pool". */
static struct replay_pool *find_pool(struct replay *replay, size_t number, const char *what)
{
	struct replay_pool *owner;

	if (number >= replay->report.pools) {
		replay_fail(replay, "%s %zu is unknown: there were %zu so far", what, number,
			    replay->report.pools);
		return NULL;
	}
	owner = &replay->pools[number];
	if (!owner->pool) {
		replay_fail(replay, "%s %zu was destroyed already, in line %u", what, number,
			    owner->destroyed_in);
		return NULL;
	}
	return owner;
}

static bool do_create(struct replay *replay, const struct trace_record *record)
{
	struct replay_report *report = &replay->report;
	struct mp_pool_s *pool;
	uint64_t spent;

	if (record->pool != report->pools)
		return replay_fail(replay, "pool %zu is out of order: the next is %zu",
				   record->pool, report->pools);
	if (!record->size)
		return replay_fail(replay, "a pool cannot hold 0 bytes");
	if (record->nr_fields == 3 && !find_pool(replay, record->parent, "parent pool"))
		return false;

	TIMED(replay, spent, pool = mp_create_pool(record->size));
	if (!pool)
		return replay_fail_null(replay, "mp_create_pool", record->size);
	count(replay, REPLAY_CREATE, spent);
	replay->pools[report->pools++] = (struct replay_pool){
		.pool = pool,
		.blocks = REPLAY_NO_BLOCK,
	};
	return true;
}

static bool do_alloc(struct replay *replay, const struct trace_record *record)
{
	struct replay_report *report = &replay->report;
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	struct replay_block *block = &replay->blocks[report->objects];
	const char *call = "mp_alloc";
	uint64_t spent, zeroing;
	void *at;

	if (!owner)
		return false;
	if (record->type == 'k')
		block = &replay->blocks[replay->max_objects + report->cleanups++];
	else
		report->objects++;

	switch (record->type) {
	case 'n':
		call = "mp_nalloc";
		report->unaligned++;
		TIMED(replay, spent, at = mp_nalloc(owner->pool, record->size));
		break;
	case 'z':
		call = "mp_calloc";
		report->zeroed++;
		TIMED(replay, spent, at = mp_calloc(owner->pool, record->size));
		break;
	case 'm':
		call = "mp_memalign";
		report->memalign++;
		TIMED(replay, spent, at = mp_memalign(owner->pool, record->size, record->align));
		break;
	case 'k':
		/* mp_pool has no cleanups yet, so only their data is allocated. */
		if (!record->size)
			return true;
		TIMED(replay, spent, at = mp_alloc(owner->pool, record->size));
		break;
	default:
		report->aligned++;
		TIMED(replay, spent, at = mp_alloc(owner->pool, record->size));
		break;
	}
	if (replay->tamper)
		at = replay->tamper(replay, record, at);
	if (!at)
		return replay_fail_null(replay, call, record->size);

	*block = (struct replay_block){
		.at = at,
		.size = record->size,
		.pool = (uint32_t)record->pool,
		.next = owner->blocks,
		.line = (uint32_t)replay->trace.line,
		.is_large = record->type == 'm' || record->size > owner->pool->max,
	};
	owner->blocks = (uint32_t)(block - replay->blocks);
	if (block->is_large)
		owner->nr_large++;
	else
		owner->asked += block->size;
	report->asked += block->size;
	if (!replay_check_new(replay, record, block))
		return false;

	/* The object is zero. Zeroing it again costs the same as it did in mp_calloc. */
	if (record->type == 'z') {
		TIMED(replay, zeroing, memset(at, 0, record->size));
		count(replay, REPLAY_ZEROING, zeroing);
		spent -= zeroing;
	}
	count(replay, block->is_large ? REPLAY_ALLOC_LARGE : REPLAY_ALLOC_SMALL, spent);
	pattern_fill(at, record->size, block - replay->blocks);
	return true;
}

static bool do_free(struct replay *replay, const struct trace_record *record)
{
	struct replay_report *report = &replay->report;
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	struct replay_block *block;
	uint64_t spent;
	int declined;

	if (!owner)
		return false;
	if (record->object >= report->objects)
		return replay_fail(replay, "object %zu is unknown: there were %zu so far",
				   record->object, report->objects);
	block = &replay->blocks[record->object];
	if (block->pool != record->pool)
		return replay_fail(replay, "object %zu belongs to pool %u, not to pool %zu",
				   record->object, block->pool, record->pool);
	if (block->state == REPLAY_SWEPT)
		return replay_fail(replay, "object %zu is gone: pool %zu was reset in line %u",
				   record->object, record->pool, block->line);
	if (block->state == REPLAY_DECLINED)
		return replay_fail(replay, "object %zu was freed already; mp_free declined it",
				   record->object);
	if (block->state == REPLAY_FREED)
		return replay_fail(replay, "object %zu was freed already, in line %u",
				   record->object, block->line);
	if (!replay_check_pattern(replay, block))
		return false;

	if (block->is_large)
		replay_account_large(replay, block);
	TIMED(replay, spent, declined = mp_free(owner->pool, block->at));
	if (block->is_large && declined)
		return replay_fail(replay, "mp_free declined object %zu, a live large block",
				   record->object);
	if (!block->is_large && !declined)
		return replay_fail(replay, "mp_free took object %zu, which lies in a node",
				   record->object);

	count(replay, declined ? REPLAY_DECLINE : REPLAY_FREE, spent);
	if (declined) {
		block->state = REPLAY_DECLINED;
		return true;
	}
	block->state = REPLAY_FREED;
	block->line = (uint32_t)replay->trace.line;
	owner->nr_large--;
	report->asked -= block->size;
	return true;
}

/**
 * replay_sweep() - check a pool and its objects for the last time
 * @replay: the replay
 * @owner: a pool that is about to be reset or destroyed
 *
 * Also counts the bytes that its nodes and large blocks lost.
 *
 * Return: true if no check failed.
 */
bool replay_sweep(struct replay *replay, struct replay_pool *owner)
{
	struct replay_block *block;

	for (uint32_t i = owner->blocks; i != REPLAY_NO_BLOCK; i = block->next) {
		block = &replay->blocks[i];
		if (block->state == REPLAY_FREED)
			continue;
		if (!replay_check_pattern(replay, block))
			return false;
		block->state = REPLAY_SWEPT;
		block->line = (uint32_t)replay->trace.line;
		replay->report.asked -= block->size;
		if (block->is_large)
			replay_account_large(replay, block);
	}
	return replay_account_pool(replay, owner);
}

static bool do_reset(struct replay *replay, const struct trace_record *record)
{
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	uint64_t spent;

	if (!owner || !replay_sweep(replay, owner))
		return false;
	TIMED(replay, spent, mp_reset_pool(owner->pool));
	count(replay, REPLAY_RESET, spent);
	*owner = (struct replay_pool){ .pool = owner->pool, .blocks = REPLAY_NO_BLOCK };
	return true;
}

static bool do_destroy(struct replay *replay, const struct trace_record *record)
{
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	uint64_t spent;

	if (!owner || !replay_sweep(replay, owner))
		return false;
	TIMED(replay, spent, mp_destroy_pool(owner->pool));
	count(replay, REPLAY_DESTROY, spent);
	owner->pool = NULL;
	owner->destroyed_in = (uint32_t)replay->trace.line;
	return true;
}

/**
 * replay_event() - play one record of the trace
 * @replay: the replay
 * @record: the record
 *
 * Return: true if the record was legal and the pool served it rightly. If not,
 * @replay->error says why.
 */
bool replay_event(struct replay *replay, const struct trace_record *record)
{
	switch (record->type) {
	case 'c':
		return do_create(replay, record);
	case 'f':
		return do_free(replay, record);
	case 'r':
		return do_reset(replay, record);
	case 'd':
		return do_destroy(replay, record);
	default:
		return do_alloc(replay, record);
	}
}
