// SPDX-License-Identifier: MIT
/*
 * replay_end.c - a pool ends: does all that it holds end with it, in the right order?
 *
 * The replay keeps a list of its own of what each pool holds: objects, handlers, children.
 * What ends with a pool is walked as mp_pool must undo it: newest first, and in place of
 * a child, what the child holds.
 *
 *	c 0 64       the walk from pool 0:
 *	k 0 8
 *	c 1 64 0     object 1 --> handler of line 7 --> child 1 --> handler of line 5
 *	a 0 9            --> object 0 --> handler of line 3
 *	k 1 8
 *	...
 *
 * So the replay knows which handler must run next. When it runs, everything behind it
 * on the walk must be as it was. The handler checks its own data and what lies between it
 * and the next one to run. Damage stays, so the later handlers would find what this one does
 * not look at. Thus each byte is checked twice at most: before the pool ends, and by a
 * handler.
 */
#include <mm/mp_pool.h>
#include <tests/replay/replay.h>

/* A handler gets a pointer to its data only. So the replay that has registered it is here. */
static struct replay *playing;

static void start_walk(struct replay_walk *walk, struct replay_pool *top)
{
	*walk = (struct replay_walk){ .top = top, .at = top, .next = top->blocks };
}

/* Goes one step. A child comes before what it holds. Returns NULL at the end. */
static struct replay_block *step(const struct replay *replay, struct replay_walk *walk)
{
	struct replay_block *block;

	while (walk->next == REPLAY_NO_BLOCK && walk->at != walk->top) {
		block = &replay->blocks[walk->at->block];
		walk->at = &replay->pools[block->pool];
		walk->next = block->next;
	}
	if (walk->next == REPLAY_NO_BLOCK)
		return NULL;
	block = &replay->blocks[walk->next];
	walk->next = block->next;
	if (block->thing == REPLAY_CHILD && block->state == REPLAY_LIVE) {
		walk->at = block->child;
		walk->next = block->child->blocks;
	}
	return block;
}

/*
 * Checks everything that is about to end with @top, and counts its bytes and those that its
 * pools lost.
 */
static bool check_all(struct replay *replay, struct replay_pool *top)
{
	struct replay_walk walk;
	struct replay_block *block;

	start_walk(&walk, top);
	while ((block = step(replay, &walk))) {
		if (block->state == REPLAY_FREED)
			continue;
		if (block->thing == REPLAY_CHILD) {
			if (!replay_account_pool(replay, block->child))
				return false;
			continue;
		}
		if (!replay_check_pattern(replay, block))
			return false;
		replay->report.asked -= block->size;
		if (block->is_large)
			replay_account_large(replay, block);
	}
	return replay_account_pool(replay, top);
}

/* Walks up to the next handler, which is due then. If @check, checks what it passes. */
static bool walk_to_handler(struct replay *replay, bool check)
{
	struct replay_block *block;

	while ((block = step(replay, &replay->walk))) {
		if (block->thing == REPLAY_HANDLER)
			break;
		if (check && block->thing == REPLAY_OBJECT && block->state != REPLAY_FREED &&
		    !replay_check_pattern(replay, block))
			return false;
	}
	replay->due = block;
	return true;
}

static bool check_handler(struct replay *replay, const void *data)
{
	const struct replay_block *due = replay->due;

	if (!replay->walk.top)
		return replay_fail(replay, "a handler ran, but no pool ends");
	if (!due)
		return replay_fail(replay, "a handler ran, but all have run already");
	if (data != (due->at ? due->at : (const void *)due))
		return replay_fail(replay, "a handler ran before its turn: next is that of line %u",
				   due->line);
	return replay_check_pattern(replay, due) && walk_to_handler(replay, true);
}

/**
 * replay_handler() - the handler of all cleanups of a replay
 * @data: the bytes of its data; if it has none, its entry in the replay's table
 */
void replay_handler(void *data)
{
	struct replay *replay = playing;
	uint64_t start = replay_now(replay);

	if (!replay->error[0])
		check_handler(replay, data);
	replay->in_handlers += replay_now(replay) - start + replay->clock_cost;
}

/**
 * replay_expect_handlers_of() - say whose handlers will run from now on
 * @replay: the replay
 */
void replay_expect_handlers_of(struct replay *replay)
{
	playing = replay;
}

/* @top has ended: remembers it for all that it held. */
static void note_end(struct replay *replay, struct replay_pool *top)
{
	uint32_t line = (uint32_t)replay->trace.line;
	struct replay_walk walk;
	struct replay_block *block;

	start_walk(&walk, top);
	while ((block = step(replay, &walk))) {
		if (block->state == REPLAY_FREED)
			continue;
		block->state = REPLAY_SWEPT;
		block->line = line;
		if (block->thing != REPLAY_CHILD)
			continue;
		block->child->pool = NULL;
		block->child->ended_in = line;
		block->child->ended_with = (uint32_t)(top - replay->pools);
	}
	top->ended_in = line;
	top->ended_with = (uint32_t)(top - replay->pools);
}

/* @owner was destroyed: it leaves its parent, if it has one. */
static void note_leaving(struct replay *replay, struct replay_pool *owner)
{
	struct replay_block *block;

	owner->pool = NULL;
	if (owner->block == REPLAY_NO_BLOCK)
		return;
	block = &replay->blocks[owner->block];
	block->state = REPLAY_FREED;
	replay->pools[block->pool].nr_children--;
}

/* @owner was reset: it is as it was after its creation. */
static void note_reset(struct replay_pool *owner)
{
	*owner = (struct replay_pool){
		.pool = owner->pool,
		.block = owner->block,
		.blocks = REPLAY_NO_BLOCK,
	};
}

/**
 * replay_end() - end all that a pool holds
 * @replay: the replay
 * @owner: the pool
 * @end: mp_destroy_pool or mp_reset_pool
 * @spent: set to the instructions that it took, without those of handlers
 *
 * Return: true if no check failed, and each handler ran once and in its turn.
 */
bool replay_end(struct replay *replay, struct replay_pool *owner,
		void (*end)(struct mp_pool_s *pool), uint64_t *spent)
{
	if (!check_all(replay, owner))
		return false;
	start_walk(&replay->walk, owner);
	walk_to_handler(replay, false);
	replay->in_handlers = 0;
	REPLAY_TIMED(replay, *spent, end(owner->pool));
	*spent -= replay->in_handlers;

	if (replay->due && !replay->error[0])
		replay_fail(replay, "the handler from line %u did not run", replay->due->line);
	replay->walk.top = NULL;
	note_end(replay, owner);
	if (end == mp_destroy_pool)
		note_leaving(replay, owner);
	else
		note_reset(owner);
	return !replay->error[0];
}
