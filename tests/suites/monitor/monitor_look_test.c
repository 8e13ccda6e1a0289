// SPDX-License-Identifier: MIT
/*
 * monitor_look_test.c - what the commands that look print is true: scenes computed by hand
 */
#include <tests/suites/monitor/look_scene.h>

/*
 * Computed by hand: all sizes are multiples of 64, so the alignment does not matter. A node of
 * 1024 bytes has 32 cells of 32 bytes.
 */
static void pool_by_hand(struct kunit *test)
{
	act(OP_CREATE, 0, 1024);
	act(OP_ALLOC, 0, 128);	/* a0: cells 0 to 3 */
	act(OP_NALLOC, 0, 64);	/* a1: the last 2 cells */
	act(OP_ALLOC, 0, 64);	/* a2: cells 4 and 5 */
	act(OP_REALLOC, 2, 0);	/* it ends: its bytes go back */
	act(OP_ALLOC, 0, 64);	/* a3: the same cells */
	act(OP_ALLOC, 0, 896);	/* a4: node 2 */
	act(OP_MARK, 0, 0);	/* m0 */
	act(OP_ALLOC, 0, 1024); /* a5: node 3 */
	act(OP_ALLOC, 0, 4096); /* a6: large */
	act(OP_CLEANUP, 0, 0);	/* c0 */
	act(OP_CHILD, 0, 512);	/* p1 */
	act(OP_NALLOC, 0, 256); /* a7: node 4; of nodes 2 and 3, the first has failed more often */
	KUNIT_EXPECT_EQ(test, look(cmd_pool, POOL, 0), ANSWER_DONE);
	expect_said(test, " node window   aligned ->             <- packed   free failed\n");
	expect_said(test, "    3 older   |FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF|     0      1\n");
	expect_said(test, "    4 current |........................hhhhhhhh|   768      0\n");
	expect_said(test, "    2         |EEEEEEEEEEEEEEEEEEEEEEEEEEEE~~~~|   128      2\n");
	expect_said(test, "    1         |AAAADD~~~~~~~~~~~~~~~~~~~~~~~~bb|   768      2\n");
	expect_said(test, "  node 4\n  p1, a child\n  c0, a cleanup handler\n  a6, a large block\n"
			  "  node 3\n  m0, a mark\n  node 2\n");
	KUNIT_EXPECT_EQ(test, look(cmd_pool, POOL, 1), ANSWER_DONE);
	expect_said(test, "    1 current |................................|   512      0\n");
	expect_said(test, "One character: 16 bytes.");
	expect_said(test, "There is nothing to undo.\n");
	act(OP_DESTROY, 1, 0);
	KUNIT_EXPECT_EQ(test, look(cmd_pool, POOL, 1), ANSWER_FAILED);
	expect_said(test, "p1 has ended\n");
}

/* Of 20 nodes and 19 records, the newest 16 are shown. */
static void pool_of_many_nodes(struct kunit *test)
{
	act(OP_CREATE, 0, 1024);
	for (int i = 0; i < 20; i++)
		act(OP_ALLOC, 0, 1024);
	KUNIT_EXPECT_EQ(test, look(cmd_pool, POOL, 0), ANSWER_DONE);
	expect_said(test, "  ... 4 more, older\n    5         |EEEE");
	expect_said(test, "   20 current |TTTT");
	expect_said(test, "To undo, newest first:\n  node 20\n  node 19\n");
	expect_said(test, "  node 5\n  ... 3 more\n");
}

/* Blocks of 1, 2 and 1 KiB; behind them, top. A cell has 32 bytes, a row 2 KiB. */
static void heap_by_hand(struct kunit *test)
{
	act(OP_HALLOC, 0, 1024 - 16);
	act(OP_HALLOC, 0, 2048 - 16);
	act(OP_HALLOC, 0, 1024 - 16);
	act(OP_HFREE, 1, 0);
	KUNIT_EXPECT_EQ(test, look(cmd_heap, THING_KINDS, 0), ANSWER_DONE);
	/* A block ends in the middle of a cell, and what follows begins there: used blocks win. */
	expect_said(test, "|HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH...............................|\n");
	expect_said(test, "|................................HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH|\n");
	expect_said(test, "|H_______________________________________________________________|\n");
	expect_said(test, "|________________________________________________________________|\n");
	expect_said(test, "Free list [11 0]: 1 block, 2048 bytes\n");
	expect_said(test, "8192 bytes\n = 2048 in 2 used blocks + 2048 in 1 free ones");
}

/* How many bytes the cells stand for that show @c. */
static size_t bytes_shown(char c)
{
	size_t bytes = 0;
	bool inside = false;

	for (const char *at = said; *at; at++) {
		inside ^= *at == '|';
		bytes += inside && *at == c;
	}
	return bytes * number_behind("One character: ");
}

/* Each block is drawn with its owner's digit, and may gain or lose less than a cell at its ends. */
static void heap_by_owner(struct kunit *test)
{
	const struct world *world = &monitor.session.world;

	act(OP_CREATE, 0, 1024);
	act(OP_ALLOC, 0, 5000); /* with the pool and node 2: 3 blocks */
	act(OP_CHILD, 0, 4096); /* 1 block */
	act(OP_ALLOC, 0, 1024);
	act(OP_ALLOC, 0, 1024);
	act(OP_HALLOC, 0, 2000); /* 1 block */
	KUNIT_EXPECT_EQ(test, look(cmd_heap, THING_KINDS, 0), ANSWER_DONE);
	for (uint32_t i = 0; i < 2; i++) {
		size_t held = ((const struct mp_pool_s *)world->of[POOL][i].at)->held;
		size_t shown = bytes_shown((char)('0' + i)), most = 3 * 32;

		KUNIT_EXPECT_LE(test, shown, held + most);
		KUNIT_EXPECT_LE(test, held, shown + most);
	}
	KUNIT_EXPECT_LE(test, bytes_shown(CELL_BLOCK), (size_t)2000 + 64);
	KUNIT_EXPECT_GE(test, bytes_shown(CELL_BLOCK), (size_t)2000 - 64);
}

static void where_and_find(struct kunit *test)
{
	const struct world *world = &monitor.session.world;
	struct args args = { .kind = THING_KINDS };

	monitor.columns = 200; /* so that no line is broken */
	act(OP_CREATE, 0, 1024);
	act(OP_ALLOC, 0, 128);
	act(OP_NALLOC, 0, 64);
	act(OP_ALLOC, 0, 5000);
	act(OP_HALLOC, 0, 100);
	act(OP_PALLOC, 0, 1);
	KUNIT_EXPECT_EQ(test, look(cmd_where, OBJECT, 0), ANSWER_DONE);
	expect_said(test, "node 1 of p0: bytes 0 to 128 of 1024, aligned.\n");
	expect_said(test, "Before it: header of node 1 of p0.\n");
	expect_said(test, "Behind it: free bytes of node 1 of p0.\n");
	look(cmd_where, OBJECT, 1);
	expect_said(test, "node 1 of p0: bytes 960 to 1024 of 1024, packed.\n");
	expect_said(test, "Behind it: the end of node 1 of p0.\n");
	look(cmd_where, OBJECT, 2);
	expect_said(test, "a large block of p0.\nIts heap block: ");

	length = 0;
	args.number[0] = (uintptr_t)world->of[OBJECT][0].at + 5;
	cmd_find(&monitor, &args);
	args.number[0] = (uintptr_t)world->of[BLOCK][0].at + 7;
	cmd_find(&monitor, &args);
	args.number[0] = (uintptr_t)world->of[OBJECT][2].at - 1;
	cmd_find(&monitor, &args);
	args.number[0] = (uintptr_t)world->runs[0].start;
	cmd_find(&monitor, &args);
	args.number[0] = (uintptr_t)world->heap.top + 100;
	cmd_find(&monitor, &args);
	args.number[0] = (uintptr_t)world->arena + world->arena_bytes - 1;
	cmd_find(&monitor, &args);
	args.number[0] = (uintptr_t)world->arena + world->arena_bytes;
	cmd_find(&monitor, &args);
	expect_said(test, ": a0, byte 5, in node 1 of p0\n");
	expect_said(test, ": h0, byte 7\n");
	expect_said(test, ": a2, a large block: byte 31 of its record\n");
	expect_said(test, ": one of 1 pages that palloc took\n");
	expect_said(test, ": top of ");
	expect_said(test, ": a free page of the arena\n");
	expect_said(test, ": outside of the arena\n");
}

/* An object without bytes may lie at the end of a node, where nothing else of the pool is. */
static void nothing_at_the_end(struct kunit *test)
{
	monitor.columns = 200;
	act(OP_CREATE, 0, 1040);
	act(OP_NALLOC, 0, 0);
	act(OP_MEMALIGN, 0, 0);
	act(OP_HALLOC, 0, 0);
	KUNIT_EXPECT_EQ(test, look(cmd_where, OBJECT, 0), ANSWER_DONE);
	expect_said(test, "a0: 0 bytes");
	expect_said(test, "node 1 of p0");
	KUNIT_EXPECT_EQ(test, look(cmd_hex, OBJECT, 0), ANSWER_DONE);
	expect_said(test, "last = free bytes of node 1 of p0");
	look(cmd_pool, POOL, 0);
	expect_said(test, "To undo, newest first:\n  a1, a large block\n");
	look(cmd_where, OBJECT, 1);
	expect_said(test, "a1: 0 bytes");
	KUNIT_EXPECT_EQ(test, look(cmd_hex, BLOCK, 0), ANSWER_DONE);
}

static void hex_names_fields(struct kunit *test)
{
	const struct mp_pool_s *pool;

	act(OP_CREATE, 0, 1024);
	act(OP_ALLOC, 0, 1000);
	act(OP_ALLOC, 0, 500);
	act(OP_LIMIT, 0, 50000);
	act(OP_ALLOC, 0, 6000);
	pool = monitor.session.world.of[POOL][0].at;
	monitor.columns = 200; /* so that no line is broken */
	KUNIT_EXPECT_EQ(test, look(cmd_hex, POOL, 0), ANSWER_DONE);
	KUNIT_EXPECT_EQ(test, number_behind("max = "), pool->max);
	KUNIT_EXPECT_EQ(test, number_behind(" size = "), pool->size);
	KUNIT_EXPECT_EQ(test, number_behind("max_size = "), pool->max_size);
	KUNIT_EXPECT_EQ(test, number_behind("left = "), pool->left);
	KUNIT_EXPECT_EQ(test, number_behind("held = "), pool->held);
	KUNIT_EXPECT_EQ(test, number_behind("peak = "), mp_history(pool)->peak);
	KUNIT_EXPECT_EQ(test, number_behind("refused = "), mp_history(pool)->refused);
	expect_said(test, "current = node 2 of p0, older = node 1 of p0\n");
	expect_said(test, "records = a2, a large block, heap = the heap\n");
	expect_said(test, "undoing = NULL, parent = NULL\n");
	expect_said(test, "bounded = p0, name = NULL\n");
	expect_said(test, "head->end = the end of node 1 of p0\n");
	KUNIT_EXPECT_EQ(test, look(cmd_hex, OBJECT, 2), ANSWER_DONE);
	expect_said(test, "next = node 2 of p0, tag = large block\n");
	expect_said(test, " 43434343 43434343 43434343 43434343 CCCCCCCCCCCCCCCC\n");
	KUNIT_EXPECT_EQ(test, look(cmd_hex, OBJECT, 1), ANSWER_DONE);
	expect_said(test, "next = NULL, tag = node, doublings = 0, failed = 0\n");
	KUNIT_EXPECT_EQ(test, look(cmd_hex, THING_KINDS, 0), ANSWER_FAILED);
	expect_said(test, "cannot be read\n");
}

/* Without its colours, a picture is what it is in black and white. */
static void colours(struct kunit *test)
{
	static char plain[SAID_MAX];
	size_t to = 0;

	act(OP_CREATE, 0, 1024);
	act(OP_ALLOC, 0, 100);
	act(OP_NALLOC, 0, 100);
	look(cmd_pool, POOL, 0);
	KUNIT_EXPECT_NULL(test, strchr(said, '\033'));
	memcpy(plain, said, length + 1);
	monitor.colour = true;
	look(cmd_pool, POOL, 0);
	KUNIT_EXPECT_NOT_NULL(test, strchr(said, '\033'));
	for (const char *at = said; *at; at++) {
		if (*at == '\033')
			at = strchr(at, 'm');
		else
			said[to++] = *at;
	}
	said[to] = '\0';
	KUNIT_EXPECT_STREQ(test, said, plain);
}

static struct kunit_case monitor_look_cases[] = {
	KUNIT_CASE_PLAIN(pool_by_hand),
	KUNIT_CASE_PLAIN(pool_of_many_nodes),
	KUNIT_CASE_PLAIN(heap_by_hand),
	KUNIT_CASE_PLAIN(heap_by_owner),
	KUNIT_CASE_PLAIN(where_and_find),
	KUNIT_CASE(nothing_at_the_end),
	KUNIT_CASE(hex_names_fields),
	KUNIT_CASE_PLAIN(colours),
	{},
};

static struct kunit_suite monitor_look_suite = {
	.name = "monitor_look",
	.init = start,
	.exit = finish,
	.test_cases = monitor_look_cases,
};

kunit_test_suite(monitor_look_suite);
