/* SPDX-License-Identifier: MIT */
/*
 * tree.h - four pools below each other, for each case, and what is true of any limit
 */
#ifndef TESTS_SUITES_FIGURES_TREE_H
#define TESTS_SUITES_FIGURES_TREE_H

#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/suites/pool/diary.h>
#include <tests/suites/pool/pool_records.h>
#include <tests/suites/pool/pool_sum.h>

/* A case that ends one of them sets it to NULL, and those below. */
static struct {
	struct mp_pool_s *server, *connection, *request, *below;
} tree;

static inline int tree_start(struct kunit *test)
{
	if (arena_init(test))
		return 1;
	diary_clear();
	tree.server = mp_create_pool_on(&arena_heap, 1024);
	if (!tree.server)
		return 1;
	tree.connection = mp_create_child(tree.server, 512);
	tree.request = mp_create_child(tree.connection, 256);
	tree.below = mp_create_child(tree.request, 100);
	return !tree.below;
}

static inline void tree_stop(struct kunit *test)
{
	mp_destroy_pool(tree.server);
	arena_exit(test);
}

/* The bytes of the heap that a pool holds, header counted: the block of the pool, and others. */
static inline size_t bytes_of(const struct mp_pool_s *pool)
{
	size_t bytes = heap_usable_size(pool) + BLOCK_HEADER;

	for (const struct mp_record_s *record = pool->records; record; record = record->next)
		if (mp_kind(pool, record) != MP_CHILD)
			bytes += heap_usable_size(record) + BLOCK_HEADER;
	return bytes;
}

/* The same, with all pools below. */
static inline size_t tree_bytes(const struct mp_pool_s *pool)
{
	size_t bytes = 0;

	for (const struct mp_pool_s *at = pool; at; at = mp_next_pool(pool, at))
		bytes += bytes_of(at);
	return bytes;
}

/* Whatever happened, the figures of @pool are what the heap's headers say. */
static inline void expect_limit(struct kunit *test, const struct mp_pool_s *pool)
{
	struct mp_stats_s stats;

	mp_get_tree_stats(pool, &stats);
	KUNIT_EXPECT_EQ(test, stats.held, tree_bytes(pool));
	KUNIT_EXPECT_EQ(test, stats.held, stats.used + stats.tails + stats.headers);
	if (stats.limit)
		KUNIT_EXPECT_EQ(test, pool->left, stats.limit - stats.held);
	mp_get_stats(pool, &stats);
	KUNIT_EXPECT_EQ(test, stats.held, bytes_of(pool));
	KUNIT_EXPECT_EQ(test, stats.held, stats.used + stats.tails + stats.headers);
	KUNIT_EXPECT_GE(test, stats.peak, stats.held);
}

static inline void expect_limits(struct kunit *test)
{
	for (const struct mp_pool_s *at = tree.server; at; at = mp_next_pool(tree.server, at))
		expect_limit(test, at);
}

#endif /* TESTS_SUITES_FIGURES_TREE_H */
