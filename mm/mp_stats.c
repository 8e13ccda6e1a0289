// SPDX-License-Identifier: MIT
/*
 * mp_stats.c - figures: what a pool holds, and what it is used for
 *
 *	|<------------------- held ------------------->|
 *	| headers | used |..... tails .....|   used    |     a node
 *	| headers | used                               |     a large block
 *
 * They are added up from the list of records when somebody asks. Kept all the time are the bytes
 * that are held now, which limits need, and what the list cannot tell: the most ever held, and the
 * requests refused.
 */
#include <mm/mp_record.h>

#define MAX_INDENT 20 /* levels; deeper pools are printed below each other */

static void add_node(const struct mp_pool_s *pool, const struct mp_node_s *node,
		     struct mp_stats_s *stats)
{
	mp_check_node(pool, node);
	stats->nodes++;
	stats->tails += mp_node_room(node);
	stats->used += mp_node_size(pool, node) - mp_node_room(node);
}

static void add_record(const struct mp_pool_s *pool, const struct mp_record_s *record,
		       struct mp_stats_s *stats)
{
	size_t payload = mp_block_bytes(record) - BLOCK_HEADER;

	switch (mp_kind(pool, record)) {
	case MP_NODE:
		add_node(pool, mp_block_of(record), stats);
		break;
	case MP_LARGE:
		stats->large++;
		stats->used += payload - sizeof(struct mp_large_s);
		break;
	case MP_CLEANUP:
		stats->handlers++;
		stats->used += payload - CLEANUP_HEADER;
		break;
	case MP_CHILD:
		stats->children++;
		break;
	case MP_MARK:
		stats->marks++;
		break;
	case MP_NONE:
		mp_list_failed(pool, record);
	}
}

/* Adds the figures of @pool, without those below, to @stats. */
static void add_pool(const struct mp_pool_s *pool, struct mp_stats_s *stats)
{
	stats->pools++;
	stats->held += pool->held;
	stats->peak += mp_history(pool)->peak;
	stats->refused += mp_history(pool)->refused;
	add_node(pool, pool->head, stats);
	for (const struct mp_record_s *record = pool->records; record; record = record->next)
		add_record(pool, record, stats);
	stats->headers = stats->held - stats->used - stats->tails;
}

/* The limit of @pool; 0: it has none of its own. */
static size_t limit_of(const struct mp_pool_s *pool)
{
	return pool->bounded == pool ? pool->left + mp_tree_held(pool) : 0;
}

/**
 * mp_get_stats() - figures of a pool
 * @pool: the pool
 * @stats: where they go
 *
 * Pools below are not added, only counted. Time grows with the pool's records; if it has a limit,
 * with those of the pools below, too. Panics if @pool is no live pool, or if a record or the
 * header of a node was overwritten.
 */
void mp_get_stats(const struct mp_pool_s *pool, struct mp_stats_s *stats)
{
	mp_check_pool(pool, "mp_get_stats");
	*stats = (struct mp_stats_s){ .limit = limit_of(pool) };
	add_pool(pool, stats);
}

/**
 * mp_get_tree_stats() - figures of a pool and of all below, added up
 * @pool: the pool
 * @stats: where they go
 *
 * Time grows with the records of all of them. Panics as mp_get_stats().
 */
void mp_get_tree_stats(const struct mp_pool_s *pool, struct mp_stats_s *stats)
{
	mp_check_pool(pool, "mp_get_tree_stats");
	*stats = (struct mp_stats_s){ .limit = limit_of(pool) };
	for (const struct mp_pool_s *at = pool; at; at = mp_next_pool(pool, at))
		add_pool(at, stats);
}

static size_t percent(size_t part, size_t whole)
{
	return whole ? (part * 100 + whole / 2) / whole : 0; /* held may have been overwritten */
}

/* Prints one line of the tree. @depth: how far @pool is below the root, which holds @whole. */
static void print_pool(const struct mp_pool_s *pool, size_t whole, int depth)
{
	struct mp_stats_s st;

	mp_get_stats(pool, &st);
	printk("# %9zu %9zu %4zu%% %3zu%% %3zu%% %3zu%%  %5zu %5zu %8zu %5zu %7zu  %*s", st.held,
	       st.peak, percent(st.held, whole), percent(st.used, st.held),
	       percent(st.tails, st.held), percent(st.headers, st.held), st.nodes, st.large,
	       st.handlers, st.marks, st.refused, 2 * (depth < MAX_INDENT ? depth : MAX_INDENT),
	       "");
	if (pool->name)
		printk("%s", pool->name);
	else
		printk("%p", (const void *)pool);
	if (st.limit)
		printk(" (limit %zu)", st.limit);
	printk("\n");
}

/**
 * mp_print_tree() - print a pool and all below, with figures, a line for each
 * @pool: the pool
 *
 * Each line has the bytes that this pool holds, without those below: how many, the most ever, which
 * part of the whole tree, and what part of them are objects, free tails of nodes, and headers.
 * Prints with printk(). Time grows with the records of all of them, once more for each limit
 * above. Panics as mp_get_stats(). (talloc's report has the same use.)
 */
void mp_print_tree(const struct mp_pool_s *pool)
{
	struct mp_stats_s whole;
	const struct mp_pool_s *at, *next;
	int depth = 0;

	mp_get_tree_stats(pool, &whole);
	printk("#      held      peak  part used tail head  nodes large handlers marks refused  pool\n");
	for (at = pool; at; at = next) {
		print_pool(at, whole.held, depth++);
		next = mp_next_pool(pool, at);
		/* It is a child of @at, or of a pool above. */
		for (; next && at != next->parent; at = at->parent)
			depth--;
	}
	printk("# %9zu bytes in %zu pools\n", whole.held, whole.pools);
}
