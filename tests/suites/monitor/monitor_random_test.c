// SPDX-License-Identifier: MIT
/*
 * monitor_random_test.c - random lines do no harm: to the monitor, its world, or memory outside
 *
 * Most lines are commands with random arguments, some are damaged, some are noise. After each, the
 * heap is whole. At the end of a session all is freed: then no page of the arena may be missing.
 */
#include <tests/suites/monitor/scene.h>

/* In the kernel, an emulator runs this: so fewer lines. */
#define LINES (__STDC_HOSTED__ ? 100000 : 2000)

static uint64_t state;

static uint32_t below(uint32_t n)
{
	return (uint32_t)(arena_random(&state) >> 32) % n;
}

/* Appends a random word that could be the argument @part of a command. */
static void add_argument(char *line, size_t size, char part)
{
	static const char *const odd[] = {
		"SIZE_MAX",
		"0",
		"1",
		"4096",
		"0x7fffffffffffffff",
		"99999999999999999999999",
		"-1",
		"p",
		"on",
		"off",
		"1K",
		"\xc3\xa9\xff",
	};
	const struct world *world = &scene->session.world;
	const char *letter = strchr("PAMHC", part);
	size_t used = strlen(line);

	if (!below(12)) {
		snprintf(line + used, size - used, " %s", odd[below(12)]);
	} else if (letter) {
		enum thing_kind kind = (enum thing_kind)(letter - "PAMHC");

		snprintf(line + used, size - used, " %c%u", part | 32, below(world->nr[kind] + 1));
	} else {
		snprintf(line + used, size - used, " %u", below(below(8) ? 300 : 9000));
	}
}

/* Makes a command line. It never is "quit", "crash" or "test", which do what they say. */
static void make_line(char *line, size_t size)
{
	const struct command *command;
	unsigned int nr = 0;

	while (commands[nr].name)
		nr++;
	do
		command = &commands[below(3) ? below(OP_KINDS) : below(nr)];
	while (command->run == cmd_quit || command->run == cmd_crash || command->run == cmd_test ||
	       (command->run == cmd_back && below(20)));
	snprintf(line, size, "%s", command->name);
	for (const char *part = command->usage; *part; part++)
		if (*part >= 'A' && *part <= 'Z' &&
		    (part == command->usage || part[-1] == ' ' || (part[-1] == '[' && below(2))))
			add_argument(line, size, *part);
	if (!below(30))
		line[below((uint32_t)strlen(line))] = (char)(1 + below(255));
}

/* Frees all, and looks for what is missing. */
static void end_session(struct kunit *test)
{
	struct world *world = &scene->session.world;
	char line[32];

	scene->waiting.kind = OP_KINDS;
	for (uint32_t i = 0; i < world->nr[POOL]; i++) {
		snprintf(line, sizeof(line), "destroy p%u", i);
		if (!world->of[POOL][i].ended)
			(void)type(line);
	}
	for (uint32_t i = 0; i < world->nr[BLOCK]; i++) {
		snprintf(line, sizeof(line), "hfree h%u", i);
		if (!world->of[BLOCK][i].ended)
			(void)type(line);
	}
	heap_trim(&world->heap);
	while (world->nr_runs && !strstr(type("pback"), "EBUSY"))
		;
	heap_trim(&world->heap);
	while (world->nr_runs && !strstr(type("pback"), "EBUSY"))
		heap_trim(&world->heap);
	KUNIT_EXPECT_EQ(test, world->nr_runs, 0);
	KUNIT_EXPECT_EQ(test, heap_check(&world->heap), 0);
	KUNIT_EXPECT_EQ(test, world->pages.used, 0);
	KUNIT_EXPECT_EQ(test, world->heap.nr_spans, 0);
}

static void lines_do_no_harm(struct kunit *test)
{
	struct session *session = &scene->session;
	char line[200];

	state = 2026;
	for (unsigned int n = 0; n < LINES && test->status == KUNIT_SUCCESS; n++) {
		if (session->nr + 40 > session->max || session->world.nr[OBJECT] > 250 ||
		    session->world.nr[POOL] > 60) {
			end_session(test);
			session_back(session, UINT32_MAX);
		}
		make_line(line, sizeof(line));
		(void)type(line);
		if (n % 8 == 0)
			KUNIT_EXPECT_EQ(test, heap_check(&session->world.heap), 0);
		if (test->status != KUNIT_SUCCESS)
			printk("# line %u: %s\n", n, line);
	}
	end_session(test);
}

static struct kunit_case monitor_random_cases[] = {
	KUNIT_CASE(lines_do_no_harm),
	{},
};

static struct kunit_suite monitor_random_suite = {
	.name = "monitor_random",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = monitor_random_cases,
};

kunit_test_suite(monitor_random_suite);
