// SPDX-License-Identifier: MIT
/*
 * monitor_look_test.c - what the commands that look print is true, and fits the screen
 *
 *	session_do()	makes a scene: pools, objects, blocks
 *	cmd_pool() ...	print it into a buffer
 *	expect_...()	compare the buffer with what mm/ says, or with what was computed by hand
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/mp_record.h>
#include <tests/kunit/arena.h>
#include <tests/monitor/look/draw.h>

#define PAGES ((size_t)512)
#define SAID_MAX ((size_t)1 << 16)
#define SCENES (__STDC_HOSTED__ ? 1000 : 200) /* the kernel runs in an emulator: fewer */

static struct monitor monitor;
static void *memory;
static char said[SAID_MAX];
static size_t length;

static void note(void *arg, const char *text, size_t n)
{
	(void)arg;
	if (n > SAID_MAX - 1 - length)
		n = SAID_MAX - 1 - length;
	memcpy(said + length, text, n);
	length += n;
	said[length] = '\0';
}

static int start(struct kunit *test)
{
	(void)test;
	memory = page_alloc(&kernel_pages, PAGES);
	if (!memory)
		return 1;
	mm_unpoison(memory, PAGES << MM_PAGE_SHIFT);
	monitor = (struct monitor){ .write = note, .columns = 80 };
	return !session_open(&monitor.session, memory, PAGES << MM_PAGE_SHIFT, NULL);
}

static void finish(struct kunit *test)
{
	(void)test;
	mm_unpoison(memory, PAGES << MM_PAGE_SHIFT); /* the session's heaps poisoned it */
	page_put_back(&kernel_pages, memory, PAGES);
}

/* Does an operation, as a command of its own. */
static void act(enum op_kind kind, uint32_t name, size_t size)
{
	struct op op = { .kind = kind, .name = name, .size = size, .align = 32 };

	op.command = monitor.session.command + 1;
	op.text = kind == OP_PRINTF ? "some text" : NULL;
	op.size = op.text ? strlen(op.text) + 1 : size;
	(void)session_do(&monitor.session, op);
}

/* Runs a command into an empty buffer. Returns what it does. */
static enum answer look(enum answer (*command)(struct monitor *monitor, const struct args *args),
			enum thing_kind kind, uint32_t name)
{
	struct args args = { .kind = kind, .name = name };

	length = 0;
	said[0] = '\0';
	return command(&monitor, &args);
}

static void expect_said(struct kunit *test, const char *words)
{
	if (!strstr(said, words))
		KUNIT_FAIL(test, "\"%s\" is not in: %s", words, said);
}

/* The number behind the first @words that were said; SIZE_MAX: they were not. */
static size_t number_behind(const char *words)
{
	const char *at = strstr(said, words);
	size_t number = 0;

	if (!at)
		return SIZE_MAX;
	for (at += strlen(words); *at == ' ' || *at == '\n'; at++)
		;
	for (; *at >= '0' && *at <= '9'; at++)
		number = 10 * number + (size_t)(*at - '0');
	return number;
}

/* No line is wider than the screen. */
static void expect_narrow(struct kunit *test)
{
	const char *line = said, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		if ((size_t)(end - line) > monitor.columns)
			KUNIT_FAIL(test, "at %u columns: \"%.*s\"", monitor.columns,
				   (int)(end - line), line);
	KUNIT_EXPECT_EQ(test, *line, '\0');
}

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
	expect_said(test, "a large block of p0. Its heap block has");

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
	KUNIT_CASE_PLAIN(pool_by_hand),	  KUNIT_CASE_PLAIN(pool_of_many_nodes),
	KUNIT_CASE_PLAIN(heap_by_hand),	  KUNIT_CASE_PLAIN(heap_by_owner),
	KUNIT_CASE_PLAIN(where_and_find), KUNIT_CASE(nothing_at_the_end),
	KUNIT_CASE(hex_names_fields),	  KUNIT_CASE(random_scenes),
	KUNIT_CASE_PLAIN(colours),	  {},
};

static struct kunit_suite monitor_look_suite = {
	.name = "monitor_look",
	.init = start,
	.exit = finish,
	.test_cases = monitor_look_cases,
};

kunit_test_suite(monitor_look_suite);
