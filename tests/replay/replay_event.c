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
	if (owner->pool)
		return owner;
	if (owner->ended_with == number)
		replay_fail(replay, "%s %zu was destroyed already, in line %u", what, number,
			    owner->ended_in);
	else
		replay_fail(replay, "%s %zu ended with pool %u in line %u", what, number,
			    owner->ended_with, owner->ended_in);
	return NULL;
}

/* Puts @made on the list of @owner, as the newest, for the record that is played. */
static void put_on_list(struct replay *replay, struct replay_pool *owner,
			struct replay_block *block, struct replay_block made)
{
	*block = made;
	block->pool = (uint32_t)(owner - replay->pools);
	block->next = owner->blocks;
	block->line = (uint32_t)replay->trace.line;
	owner->blocks = (uint32_t)(block - replay->blocks);
}

/* The next free entry of the table for a handler or a child. */
static struct replay_block *next_other(const struct replay *replay)
{
	const struct replay_report *report = &replay->report;

	return &replay->blocks[replay->max_objects + report->cleanups + report->children];
}

static bool do_create(struct replay *replay, const struct trace_record *record)
{
	bool has_parent = record->nr_fields == 3;
	const char *call = has_parent ? "mp_create_child" : "mp_create_pool";
	struct replay_report *report = &replay->report;
	struct replay_pool *owner = &replay->pools[report->pools], *parent = NULL;
	struct mp_pool_s *pool;
	uint64_t spent;

	if (record->pool != report->pools)
		return replay_fail(replay, "pool %zu is out of order: the next is %zu",
				   record->pool, report->pools);
	if (!record->size)
		return replay_fail(replay, "a pool cannot hold 0 bytes");
	if (has_parent)
		parent = find_pool(replay, record->parent, "parent pool");
	if (has_parent && !parent)
		return false;

	if (parent)
		REPLAY_TIMED(replay, spent, pool = mp_create_child(parent->pool, record->size));
	else
		REPLAY_TIMED(replay, spent, pool = mp_create_pool(record->size));
	if (!pool)
		return replay_fail_null(replay, call, record->size);
	count(replay, REPLAY_CREATE, spent);
	*owner = (struct replay_pool){
		.pool = pool,
		.blocks = REPLAY_NO_BLOCK,
		.block = REPLAY_NO_BLOCK,
	};
	report->pools++;
	if (!parent)
		return true;
	owner->block = (uint32_t)(next_other(replay) - replay->blocks);
	put_on_list(replay, parent, next_other(replay),
		    (struct replay_block){ .thing = REPLAY_CHILD, .child = owner });
	report->children++;
	parent->nr_children++;
	return true;
}

/* The handler gets the bytes of its data; if there are none, its entry in the table. */
static bool do_cleanup(struct replay *replay, const struct trace_record *record)
{
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	struct replay_block *block = next_other(replay);
	struct mp_cleanup_s *cleanup;
	unsigned char *data;
	uint64_t spent;

	if (!owner)
		return false;
	REPLAY_TIMED(replay, spent, cleanup = mp_cleanup_add(owner->pool, record->size));
	if (!cleanup)
		return replay_fail_null(replay, "mp_cleanup_add", record->size);
	count(replay, REPLAY_CLEANUP, spent);
	data = cleanup->data;
	if (replay->tamper)
		data = replay->tamper(replay, record, data);
	if (!data != !record->size)
		return replay_fail(replay, "the data of a cleanup of %zu bytes is at %p",
				   record->size, data);

	put_on_list(replay, owner, block,
		    (struct replay_block){
			    .at = data,
			    .size = record->size,
			    .thing = REPLAY_HANDLER,
		    });
	replay->report.cleanups++;
	replay->report.asked += record->size;
	owner->nr_cleanups++;
	owner->asked_cleanups += record->size;
	if (!replay_check_new(replay, record, block))
		return false;
	pattern_fill(data, record->size, block - replay->blocks);
	if (!data)
		cleanup->data = block;
	cleanup->handler = replay_handler;
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
	report->objects++;
	switch (record->type) {
	case 'n':
		call = "mp_nalloc";
		report->unaligned++;
		REPLAY_TIMED(replay, spent, at = mp_nalloc(owner->pool, record->size));
		break;
	case 'z':
		call = "mp_calloc";
		report->zeroed++;
		REPLAY_TIMED(replay, spent, at = mp_calloc(owner->pool, record->size));
		break;
	case 'm':
		call = "mp_memalign";
		report->memalign++;
		REPLAY_TIMED(replay, spent,
			     at = mp_memalign(owner->pool, record->size, record->align));
		break;
	default:
		report->aligned++;
		REPLAY_TIMED(replay, spent, at = mp_alloc(owner->pool, record->size));
		break;
	}
	if (replay->tamper)
		at = replay->tamper(replay, record, at);
	if (!at)
		return replay_fail_null(replay, call, record->size);

	put_on_list(replay, owner, block,
		    (struct replay_block){
			    .at = at,
			    .size = record->size,
			    .is_large = record->type == 'm' || record->size > owner->pool->max,
		    });
	if (block->is_large)
		owner->nr_large++;
	else
		owner->asked += block->size;
	report->asked += block->size;
	if (!replay_check_new(replay, record, block))
		return false;

	/* The object is zero. Zeroing it again costs the same as it did in mp_calloc. */
	if (record->type == 'z') {
		REPLAY_TIMED(replay, zeroing, memset(at, 0, record->size));
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
	REPLAY_TIMED(replay, spent, declined = mp_free(owner->pool, block->at));
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

static bool do_reset(struct replay *replay, const struct trace_record *record)
{
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	uint64_t spent;

	if (!owner || !replay_end(replay, owner, mp_reset_pool, &spent))
		return false;
	count(replay, REPLAY_RESET, spent);
	return true;
}

static bool do_destroy(struct replay *replay, const struct trace_record *record)
{
	struct replay_pool *owner = find_pool(replay, record->pool, "pool");
	uint64_t spent;

	if (!owner || !replay_end(replay, owner, mp_destroy_pool, &spent))
		return false;
	count(replay, REPLAY_DESTROY, spent);
	return true;
}

static bool play(struct replay *replay, const struct trace_record *record)
{
	switch (record->type) {
	case 'c':
		return do_create(replay, record);
	case 'k':
		return do_cleanup(replay, record);
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
	/* A handler that runs when it should not sets the error, too. */
	return play(replay, record) && !replay->error[0];
}
