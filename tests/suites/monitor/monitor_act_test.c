// SPDX-License-Identifier: MIT
/*
 * monitor_act_test.c - commands that change something: what they say, mistakes, traces, the past
 */
#include <mm/mp_internal.h>
#include <tests/suites/monitor/scene.h>

#define EXPECT_DONE(test, line) KUNIT_EXPECT_EQ(test, enter(line), ANSWER_DONE)
#define EXPECT_FAILED(test, line) KUNIT_EXPECT_EQ(test, enter(line), ANSWER_FAILED)
#define EXPECT_SAYS(test, line, words) KUNIT_EXPECT_NOT_NULL(test, strstr(type(line), words))

static void play_text(const char *trace)
{
	scene->trace_data = trace;
	scene->trace_size = strlen(trace);
	play_reopen(scene);
}

/* An object that is resized in place is still one of a node; a large block stays large. */
static void realloc_says_where(struct kunit *test)
{
	EXPECT_DONE(test, "create 1024");
	EXPECT_DONE(test, "alloc p0 100");
	EXPECT_SAYS(test, "realloc a0 200", "in node 1 of p0");
	EXPECT_DONE(test, "alloc p0 8");
	EXPECT_SAYS(test, "realloc a0 300", "in node 1 of p0"); /* copied */
	EXPECT_SAYS(test, "realloc a0 3000", "a large block of p0");
	EXPECT_SAYS(test, "realloc a0 2000", "a large block of p0");
	EXPECT_SAYS(test, "realloc a0 0", "a0 is given up");
	EXPECT_SAYS(test, "realloc a0 1", "a0 has ended");
}

/* A mistake is made, told, and undone: nothing remembers it. */
static void mistakes_are_undone(struct kunit *test)
{
	static char before[sizeof(printed)];

	EXPECT_DONE(test, "create 256");
	EXPECT_DONE(test, "halloc 100");
	EXPECT_DONE(test, "hfree h0");
	EXPECT_DONE(test, "alloc p0 1000");
	EXPECT_DONE(test, "free a0");
	EXPECT_DONE(test, "alloc p0 200");
	EXPECT_DONE(test, "alloc p0 200");
	memcpy(before, type("why"), sizeof(before));
	EXPECT_SAYS(test, "hfree h0", "h0 has ended. The allocator ");
	EXPECT_FAILED(test, "free a0");
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "-ENOENT"));
	KUNIT_EXPECT_STREQ(test, type("why"), before);
	EXPECT_DONE(test, "destroy p0");
	EXPECT_SAYS(test, "destroy p0", "panics: mp_destroy_pool: ");
	EXPECT_SAYS(test, "reset p0", "panics: mp_reset_pool: ");
	EXPECT_DONE(test, "back");
	KUNIT_EXPECT_STREQ(test, type("why"), before);
}

/*
 *	first:		| p0 |.....|   | record | a0, a large block |
 *	after "back":	| p0 |..................|	a0, of 0 bytes, is at the end of this node
 *
 * The record is still there, but it is none any more.
 */
static void no_leftovers(struct kunit *test)
{
	const struct world *world = &scene->session.world;
	const struct mp_pool_s *pool;
	char line[40], *at;

	EXPECT_DONE(test, "create 64");
	EXPECT_DONE(test, "memalign p0 1 64");
	pool = world->of[POOL][0].at;
	at = world->of[OBJECT][0].at;
	snprintf(line, sizeof(line), "create %zu",
		 (size_t)((uintptr_t)at - mp_node_start(pool, pool->head) - MP_REDZONE));
	EXPECT_DONE(test, "back 2");
	EXPECT_DONE(test, line);
	EXPECT_DONE(test, "nalloc p0 0");
	KUNIT_EXPECT_PTR_EQ(test, world->of[OBJECT][0].at, at);
	EXPECT_SAYS(test, "where a0", "in node 1 of p0");
	EXPECT_SAYS(test, "free a0", "-ENOENT: a0 is a small object");
}

/* Requests of a trace that are refused have numbers, too, but no end of them. */
static void refused_requests_have_an_end(struct kunit *test)
{
	static char trace[60000] = "mptrace 1\nc 0 1024\n";
	size_t length = strlen(trace);

	while (length < sizeof(trace) - 20)
		length +=
			(size_t)snprintf(trace + length, sizeof(trace) - length, "a 0 99999999\n");
	play_text(trace);
	EXPECT_FAILED(test, "play");
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "there is no room for another "));
	KUNIT_EXPECT_LE(test, scene->session.nr_played[OBJECT], scene->session.world.max[OBJECT]);
	KUNIT_EXPECT_EQ(test, scene->session.log[0].kind, OP_CREATE);
	KUNIT_EXPECT_EQ(test, heap_check(&scene->session.world.heap), 0);
}

/* A mistake in a trace fails, wherever it stands, and the line is the next one again. */
static void mistakes_of_traces(struct kunit *test)
{
	play_text("mptrace 1\nc 0 1024\na 0 16\nf 0 99\n");
	EXPECT_FAILED(test, "play");
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "line 4 of the trace: there is no object 99"));
	KUNIT_EXPECT_EQ(test, scene->session.nr, 2);
	EXPECT_FAILED(test, "step");
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "line 4 of the trace"));
	EXPECT_DONE(test, "back");
	EXPECT_DONE(test, "step");
	EXPECT_SAYS(test, "step", "a0: 16 bytes");
	play_text("mptrace 1\nc 0 1024\nx\n");
	EXPECT_FAILED(test, "play 9");
	play_text("nothing");
	EXPECT_FAILED(test, "play");
	play_text("mptrace 1\n");
	EXPECT_SAYS(test, "play", "The trace ends here.");
	scene->trace_data = NULL;
	EXPECT_FAILED(test, "step");
}

/* A question waits for one of five words. A command drops it, a comment does not. */
static void predictions(struct kunit *test)
{
	EXPECT_DONE(test, "create 1024");
	EXPECT_DONE(test, "predict on");
	EXPECT_SAYS(test, "alloc p0 600", "Where will it go");
	EXPECT_DONE(test, "# a comment");
	EXPECT_FAILED(test, "sideways");
	EXPECT_SAYS(test, "current", "Right: current. Right so far: 1 of 1.");
	EXPECT_DONE(test, "alloc p0 600");
	EXPECT_SAYS(test, "older", "No: new. Right so far: 1 of 2.");
	EXPECT_DONE(test, "nalloc p0 10");
	EXPECT_SAYS(test, "current", "Right so far: 2 of 3.");
	EXPECT_DONE(test, "alloc p0 500");
	EXPECT_SAYS(test, "older", "No: new. Right so far: 2 of 4.");
	EXPECT_DONE(test, "alloc p0 1025");
	EXPECT_SAYS(test, "large", "Right so far: 3 of 5.");
	EXPECT_DONE(test, "alloc p0 SIZE_MAX");
	EXPECT_SAYS(test, "null", "Right so far: 4 of 6.");
	EXPECT_DONE(test, "alloc p0 1");
	EXPECT_SAYS(test, "pool p0", "current"); /* who looks may still answer */
	EXPECT_FAILED(test, "current or older");
	EXPECT_SAYS(test, "predict off", "The question is dropped.");
	EXPECT_SAYS(test, "alloc p0 1", "a5: 1 bytes");
	EXPECT_FAILED(test, "predict maybe");
	EXPECT_DONE(test, "predict on");
	EXPECT_SAYS(test, "printf p0 hello", "Where will it go");
	EXPECT_SAYS(test, "pool p0", "undo");
	EXPECT_SAYS(test, " current ", "a6: 6 bytes");
	EXPECT_SAYS(test, "save", "printf p0 hello\n");
}

static void sentences(struct kunit *test)
{
	EXPECT_DONE(test, "create 64");
	EXPECT_SAYS(test, "palloc 0", "such a size");
	EXPECT_SAYS(test, "palloc 1M", "memory is out");
	EXPECT_SAYS(test, "limit p0 0", "p0 has no limit of its own");
	EXPECT_FAILED(test, "play 0");
	EXPECT_DONE(test, "alloc p0 10");
	EXPECT_DONE(test, "free a0");
	EXPECT_DONE(test, "free a0"); /* declined again; a trace may ask only once */
	EXPECT_SAYS(test, "save trace", "f 0 0\n# left out, for a trace cannot say it: free a0");
}

/* A limit of the session bars what it is about, and nothing else. */
static void full_of_one_kind(struct kunit *test)
{
	EXPECT_DONE(test, "create 64");
	for (unsigned int i = 0; i < scene->session.world.max[HANDLER]; i++)
		EXPECT_DONE(test, "cleanup p0");
	EXPECT_FAILED(test, "cleanup p0");
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, "there is no room for another handler"));
	EXPECT_DONE(test, "alloc p0 1");
	EXPECT_DONE(test, "palloc 1");
	EXPECT_DONE(test, "pback");
	EXPECT_SAYS(test, "destroy p0", "1 object, ");
}

/* Of many requests, some may be done before the session is full. */
static void done_in_part(struct kunit *test)
{
	uint32_t max = scene->session.world.max[OBJECT];
	char line[40];

	EXPECT_DONE(test, "create 4096");
	EXPECT_DONE(test, "alloc p0 0");
	snprintf(line, sizeof(line), "nalloc p0 0 %u", max);
	EXPECT_FAILED(test, line);
	snprintf(line, sizeof(line), "%u of %u were done.", max - 1, max);
	KUNIT_EXPECT_NOT_NULL(test, strstr(printed, line));
	KUNIT_EXPECT_EQ(test, scene->session.world.nr[OBJECT], max);
	EXPECT_DONE(test, "back");
	KUNIT_EXPECT_EQ(test, scene->session.world.nr[OBJECT], 1);
	EXPECT_FAILED(test, "alloc p0 1 0");
}

/* Wrong words: what was typed, what is wrong with it, what would be right. */
static void wrong_words(struct kunit *test)
{
	EXPECT_SAYS(test, "creat", "there is no command \"creat\"; the nearest is \"create\"");
	EXPECT_SAYS(test, "alloc", "alloc: P is missing: alloc P SIZE [COUNT]");
	EXPECT_SAYS(test, "alloc p0 8", "there is no p0; there is none yet");
	EXPECT_DONE(test, "create");
	EXPECT_SAYS(test, "alloc p1 8", "there is no p1; the newest is p0");
	EXPECT_SAYS(test, "alloc a0 8", "a0 is an object; it wants a name such as p0");
	EXPECT_SAYS(test, "alloc zero 8", "\"zero\" is no name; p0 would be one");
	EXPECT_SAYS(test, "alloc p0", "SIZE is missing");
	EXPECT_SAYS(test, "alloc p0 8x", "SIZE is a number such as 64, 0x40 or 4K, not \"8x\"");
	EXPECT_SAYS(test, "alloc p0 99999999999999999999", "SIZE is a number");
	EXPECT_SAYS(test, "alloc p0 8 1 1", "alloc takes no more than: alloc P SIZE [COUNT]");
	EXPECT_SAYS(test, "printf p0", "printf: TEXT is missing");
	EXPECT_SAYS(test, "pback", "palloc has taken no pages");
	EXPECT_SAYS(test, "map", "only the kernel can do that");
	EXPECT_SAYS(test, "help nothing", "there is no command or word \"nothing\"");
	EXPECT_SAYS(test, "save it", "it takes the word trace");
	KUNIT_EXPECT_EQ(test, scene->session.nr, 1);
}

/* A colour takes no column: a line that just fits the screen stays one line. */
static void colours_take_no_column(struct kunit *test)
{
	scene->columns = (unsigned int)strlen(type("pback")) - 1; /* without the newline */
	scene->colour = true;
	KUNIT_EXPECT_STREQ(test, strchr(type("pback"), '\n'), "\n");
	KUNIT_EXPECT_NOT_NULL(test, strchr(printed, '\033'));
}

static struct kunit_case monitor_act_cases[] = {
	KUNIT_CASE(realloc_says_where),
	KUNIT_CASE(mistakes_are_undone),
	KUNIT_CASE(no_leftovers),
	KUNIT_CASE(refused_requests_have_an_end),
	KUNIT_CASE(mistakes_of_traces),
	KUNIT_CASE(predictions),
	KUNIT_CASE(sentences),
	KUNIT_CASE(full_of_one_kind),
	KUNIT_CASE(done_in_part),
	KUNIT_CASE(wrong_words),
	KUNIT_CASE(colours_take_no_column),
	{},
};

static struct kunit_suite monitor_act_suite = {
	.name = "monitor_act",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = monitor_act_cases,
};

kunit_test_suite(monitor_act_suite);
