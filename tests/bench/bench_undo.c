// SPDX-License-Identifier: MIT
/*
 * bench_undo.c - budgets of handlers, children and marks
 */
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_heap.h>

#define MANY 1000

static void do_nothing(void *data)
{
	(void)data;
}

/* Measures one call that makes a record, and one that takes it away again. */
static uint32_t mark_and_release(struct kunit *test, struct mp_pool_s *pool)
{
	uintptr_t savepoint, result;
	uint32_t spent = BENCH_CALL(&savepoint, mp_mark, pool, 0, 0);

	/* The token has two words; the second one is the heap's count of marks. */
	spent += BENCH_CALL(&result, mp_release, pool, savepoint, bench_heap.marks);
	KUNIT_ASSERT_EQ(test, (int)result, 0);
	return spent;
}

static uint32_t add_and(struct kunit *test, struct mp_pool_s *pool,
			int (*function)(struct mp_pool_s *pool, struct mp_cleanup_s *cleanup))
{
	struct mp_cleanup_s *cleanup;
	uint32_t spent = BENCH_CALL(&cleanup, mp_cleanup_add, pool, 32, 0);
	uintptr_t result;

	KUNIT_ASSERT_NOT_NULL(test, cleanup);
	cleanup->handler = do_nothing;
	spent += BENCH_CALL(&result, function, pool, cleanup, 0);
	KUNIT_ASSERT_EQ(test, (int)result, 0);
	return spent;
}

static uint32_t add_and_remove(struct kunit *test, struct mp_pool_s *pool)
{
	return add_and(test, pool, mp_cleanup_remove);
}

static uint32_t add_and_run(struct kunit *test, struct mp_pool_s *pool)
{
	return add_and(test, pool, mp_cleanup_run);
}

static uint32_t create_and_destroy_child(struct kunit *test, struct mp_pool_s *pool)
{
	uintptr_t child;
	uint32_t spent = BENCH_CALL(&child, mp_create_child, pool, 4096, 0);

	KUNIT_ASSERT_TRUE(test, child);
	return spent + BENCH_CALL(NULL, mp_destroy_pool, child, 0, 0);
}

static const struct undo_pair {
	const char *name;
	uint32_t (*measure)(struct kunit *test, struct mp_pool_s *pool);
	uint64_t idle, busy; /* budgets on an idle heap, and on a fragmented one */
} undo_pairs[] = {
	{ "mp_mark + mp_release, nothing between", mark_and_release, 400, 530 },
	{ "mp_cleanup_add(32) + mp_cleanup_remove", add_and_remove, 330, 490 },
	{ "mp_cleanup_add(32) + mp_cleanup_run", add_and_run, 360, 490 },
	{ "mp_create_child(4096) + mp_destroy_pool", create_and_destroy_child, 420, 610 },
};

static void measure_busy(struct kunit *test, const struct undo_pair *pair,
			 const struct bench_mix *mix)
{
	struct bench_sum sum = { 0 }, unused = { 0 };
	struct mp_pool_s *pool;

	bench_ranges(test, 4);
	bench_heap_start(mix);
	bench_heap_random(mix, 5000, &unused, &unused, &unused);
	pool = mp_create_pool_on(&bench_heap, 1024);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	for (int n = 0; n < 1000; n++) {
		bench_heap_random(mix, 10, &unused, &unused, &unused);
		bench_add(&sum, pair->measure(test, pool));
	}
	mp_destroy_pool(pool);
	bench_heap_empty();
	bench_row_text(bench_text("fragmented heap, 4 ranges: %s", mix->name));
	bench_row_mean(test, "mean", pair->busy, sum);
	bench_row_info("worst of 1,000", (struct bench_sum){ 1, sum.worst, 0 });
}

/* A record is made, and goes again. */
void bench_undo_pairs(struct kunit *test)
{
	for (size_t i = 0; i < sizeof(undo_pairs) / sizeof(*undo_pairs); i++) {
		const struct undo_pair *pair = &undo_pairs[i];
		struct mp_pool_s *pool;

		bench_head(pair->name);
		bench_ranges(test, 4);
		pool = mp_create_pool_on(&bench_heap, 1024);
		KUNIT_ASSERT_NOT_NULL(test, pool);
		pair->measure(test, pool);
		bench_row(test, "idle heap, 4 ranges", pair->idle, pair->measure(test, pool));
		mp_destroy_pool(pool);
		for (unsigned int mix = 0; mix < BENCH_MIXES; mix++)
			measure_busy(test, pair, &bench_mixes[mix]);
	}
}

/* MANY children: in a fan, all of one pool; in a chain, each of the one before. */
static void measure_children(struct kunit *test, bool chain)
{
	struct bench_sum created = { .count = MANY }, ended = { .count = MANY };
	struct mp_pool_s *pool, *parent, *child;

	bench_ranges(test, 4);
	pool = mp_create_pool_on(&bench_heap, 1024);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	parent = pool;
	for (int i = 0; i < MANY; i++) {
		created.total += BENCH_CALL(&child, mp_create_child, parent, 1024, 0);
		KUNIT_ASSERT_NOT_NULL(test, child);
		if (chain)
			parent = child;
	}
	ended.total = BENCH_CALL(NULL, mp_destroy_pool, pool, 0, 0);
	bench_row_mean(test, bench_text("a %s: mp_create_child", chain ? "chain" : "fan"), 320,
		       created);
	bench_row_mean(test,
		       bench_text("a %s: mp_destroy_pool of the pool above all",
				  chain ? "chain" : "fan"),
		       280, ended);
}

void bench_undo_children(struct kunit *test)
{
	bench_head("1,000 children, for each");
	measure_children(test, false);
	measure_children(test, true);
}
