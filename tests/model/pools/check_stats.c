// SPDX-License-Identifier: MIT
/*
 * check_stats.c - mp_get_stats(), mp_get_tree_stats(): do they say what the model adds up?
 */
#include <tests/model/pools/pools.h>

#define BLOCK_HEADER 16
#define RECORD sizeof(struct mp_large_s)
#define CLEANUP_HEADER mp_align(sizeof(struct mp_cleanup_s), MP_ALIGNMENT)
#define FIGURES (sizeof(struct mp_stats_s) / sizeof(size_t))

/* Adds a thing of the pool, or its own block. */
static void add_thing(const struct live *live, struct mp_stats_s *sum)
{
	switch (live->kind) {
	case LIVE_POOL:
	case LIVE_NODE:
		sum->nodes++;
		sum->used += live->low + live->high;
		sum->tails += live->capacity - live->low - live->high;
		break;
	case LIVE_LARGE:
		sum->large++;
		sum->used += live->bytes - RECORD;
		break;
	case LIVE_CLEANUP:
		sum->handlers++;
		sum->used += live->bytes - CLEANUP_HEADER;
		break;
	default:
		sum->marks++;
		break;
	}
}

/* Adds the figures of a pool. A handler that is off the list is still held: it is all header. */
static void add_pool(const struct model *m, unsigned int number, struct mp_stats_s *sum)
{
	const struct model_pool *pool = &m->pools[number];

	sum->pools++;
	sum->held += model_held(m, number);
	sum->peak += pool->peak;
	sum->refused += pool->refused;
	for (const struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind >= LIVE_POOL && live->kind <= LIVE_MARK && live->owner == number &&
		    !live->running)
			add_thing(live, sum);
	for (unsigned int i = 0; i < MODEL_POOLS; i++)
		sum->children += m->pools[i].pool && m->pools[i].parent == number &&
				 !m->pools[i].entered;
	sum->headers = sum->held - sum->used - sum->tails;
}

/* Is a pool below another one, on its list, or is it that? One that ends now is on no list. */
static bool is_listed(const struct model *m, unsigned int number, unsigned int root)
{
	while (number != root && number != MODEL_NONE && !m->pools[number].entered)
		number = m->pools[number].parent;
	return number == root;
}

/* Does a pool below it end now? Then its limit is not told exactly. */
static bool is_left_by_one(const struct model *m, unsigned int root)
{
	for (unsigned int i = 0; i < MODEL_POOLS; i++) {
		unsigned int at = i;

		if (!m->pools[i].pool)
			continue;
		while (at != root && at != MODEL_NONE)
			at = m->pools[at].parent;
		if (at == root && !is_listed(m, i, root))
			return true;
	}
	return false;
}

static bool compare(struct model *m, unsigned int pool, const char *call,
		    const struct mp_stats_s *got, const struct mp_stats_s *sum)
{
	static const char *const names[FIGURES] = { "held",    "peak",	   "used",     "tails",
						    "headers", "limit",	   "pools",    "nodes",
						    "large",   "handlers", "children", "marks",
						    "refused" };
	const size_t *a = (const size_t *)got, *b = (const size_t *)sum;

	for (size_t i = 0; i < FIGURES; i++)
		if (a[i] != b[i])
			return model_fail(m, "pool %u: %s: %s is %zu; should be %zu", pool, call,
					  names[i], a[i], b[i]);
	return true;
}

/**
 * model_check_stats() - compare the figures of a pool with the model's
 * @m: the model
 * @pool: its number
 *
 * Return: false, with an error noted, if they do not agree.
 */
bool model_check_stats(struct model *m, unsigned int pool)
{
	struct mp_stats_s got, sum = { .limit = m->pools[pool].limit };

	mp_get_stats(m->pools[pool].pool, &got);
	if (got.limit && is_left_by_one(m, pool))
		sum.limit = got.limit;
	add_pool(m, pool, &sum);
	if (!compare(m, pool, "mp_get_stats", &got, &sum))
		return false;
	mp_get_tree_stats(m->pools[pool].pool, &got);
	for (unsigned int i = 0; i < MODEL_POOLS; i++)
		if (i != pool && m->pools[i].pool && is_listed(m, i, pool))
			add_pool(m, i, &sum);
	return compare(m, pool, "mp_get_tree_stats", &got, &sum);
}
