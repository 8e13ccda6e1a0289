// SPDX-License-Identifier: MIT
/*
 * monitor_look_random_test.c - what the commands that look print fits the screen, and adds up
 */
#include <tests/suites/monitor/look_scene.h>

#define SCENES (__STDC_HOSTED__ ? 1000 : 200) /* the kernel runs in an emulator: fewer */

/* Does something to what is alive, at random. */
static void act_at_random(uint64_t *state)
{
	static const enum op_kind kinds[] = { OP_CREATE,  OP_ALLOC,   OP_ALLOC,	  OP_NALLOC,
					      OP_CALLOC,  OP_CHILD,   OP_CLEANUP, OP_MARK,
					      OP_FREE,	  OP_REALLOC, OP_RESET,	  OP_DESTROY,
					      OP_HALLOC,  OP_HFREE,   OP_PALLOC,  OP_PBACK,
					      OP_RELEASE, OP_PRINTF,  OP_MEMALIGN };
	enum op_kind op = kinds[arena_random(state) % (sizeof(kinds) / sizeof(*kinds))];
	const struct world *world = &monitor.session.world;
	enum thing_kind kind = op == OP_FREE || op == OP_REALLOC ? OBJECT :
			       op == OP_HFREE			 ? BLOCK :
			       op == OP_RELEASE			 ? MARK :
								   POOL;
	bool needs_none = op == OP_CREATE || op == OP_HALLOC || op == OP_PALLOC || op == OP_PBACK;
	size_t size = arena_random(state) % (arena_random(state) % 8 ? 600 : 6000);
	uint32_t name = world->nr[kind] ? arena_random(state) % world->nr[kind] : 0;

	if ((op == OP_DESTROY || op == OP_RESET) && arena_random(state) % 4)
		return;
	if (op == OP_PALLOC)
		size %= 3;
	if ((op == OP_PBACK && !world->nr_runs) || (op == OP_PALLOC && !size))
		return;
	if (needs_none || (world->nr[kind] && !world->of[kind][name].ended))
		act(op, name, size);
}

/* What "heap" said adds up, and agrees with what the pools hold. */
static void expect_sums(struct kunit *test)
{
	const struct world *world = &monitor.session.world;
	size_t used = 0, all = number_behind(" = "), free = number_behind("used blocks + ");

	if (strstr(said, "has no pages"))
		return;
	for (uint32_t i = 0; i < world->nr[POOL]; i++)
		if (!world->of[POOL][i].ended)
			used += ((const struct mp_pool_s *)world->of[POOL][i].at)->held;
	for (uint32_t i = 0; i < world->nr[BLOCK]; i++)
		if (!world->of[BLOCK][i].ended)
			used += mp_block_bytes(world->of[BLOCK][i].at);
	KUNIT_EXPECT_EQ(test, all, used);
	KUNIT_EXPECT_EQ(test,
			number_behind("spans, ") == SIZE_MAX ? number_behind("span, ") :
							       number_behind("spans, "),
			used + free + number_behind("free ones + ") + number_behind("in top + "));
}

/* At 200 columns: the free bytes of the nodes shown are those that mp_get_stats() counts. */
static void expect_pool(struct kunit *test, uint32_t number)
{
	struct mp_stats_s stats;
	size_t free = 0;

	mp_get_stats(monitor.session.world.of[POOL][number].at, &stats);
	if (stats.nodes > SHOWN_MAX)
		return;
	for (const char *at = said; (at = strstr(at, "| ")); at++) {
		size_t bytes = 0;

		for (at++; *at == ' '; at++)
			;
		for (; *at >= '0' && *at <= '9'; at++)
			bytes = 10 * bytes + (size_t)(*at - '0');
		free += bytes;
	}
	KUNIT_EXPECT_EQ(test, free, stats.tails);
}

static void look_at_all(struct kunit *test)
{
	const struct world *world = &monitor.session.world;

	KUNIT_EXPECT_EQ(test, look(cmd_heap, THING_KINDS, 0), ANSWER_DONE);
	expect_narrow(test);
	if (monitor.columns == 200)
		expect_sums(test);
	look(cmd_tree, THING_KINDS, 0);
	expect_narrow(test);
	look(cmd_stats, THING_KINDS, 0);
	expect_narrow(test);
	for (uint32_t i = 0; i < world->nr[POOL]; i++) {
		if (world->of[POOL][i].ended)
			continue;
		KUNIT_EXPECT_EQ(test, look(cmd_pool, POOL, i), ANSWER_DONE);
		expect_narrow(test);
		expect_pool(test, i);
	}
	for (uint32_t i = world->nr[OBJECT] & -8; i < world->nr[OBJECT]; i++) {
		look(cmd_where, OBJECT, i);
		expect_narrow(test);
		look(cmd_hex, OBJECT, i);
		expect_narrow(test);
	}
}

/* 1,000 random scenes, each on a screen of one of four widths. */
static void random_scenes(struct kunit *test)
{
	static const unsigned int widths[] = { 40, 60, 80, 200 };
	uint64_t state = 15;

	for (unsigned int scene = 0; scene < SCENES && !test->failures; scene++) {
		session_back(&monitor.session, UINT32_MAX);
		act(OP_CREATE, 0, arena_random(&state) % 2000 + 1);
		for (uint64_t n = arena_random(&state) % 80; n--;)
			act_at_random(&state);
		monitor.columns = widths[scene % 4];
		look_at_all(test);
	}
}

static struct kunit_case monitor_look_random_cases[] = {
	KUNIT_CASE(random_scenes),
	{},
};

static struct kunit_suite monitor_look_random_suite = {
	.name = "monitor_look_random",
	.init = start,
	.exit = finish,
	.test_cases = monitor_look_random_cases,
};

kunit_test_suite(monitor_look_random_suite);
