// SPDX-License-Identifier: MIT
/*
 * monitor_text_test.c - "text" and "break" say what the text's pool does, and what goes wrong there
 */
#include <mm/page.h>
#include <tests/monitor/text/text.h>
#include <tests/suites/monitor/scene.h>

#define TEXT_PAGES ((size_t)64)

static struct text text;
static void *text_memory;

static int text_init(struct kunit *test)
{
	if (scene_init(test))
		return 1;
	text_memory = page_alloc(&kernel_pages, TEXT_PAGES);
	memset(&text, 0, sizeof(text));
	scene->text = &text;
	return !text_memory ||
	       !text_world_open(&text.world, text_memory, TEXT_PAGES * MM_PAGE_SIZE, NULL);
}

static void text_exit(struct kunit *test)
{
	reference_fault = 0;
	mm_unpoison(text_memory, TEXT_PAGES * MM_PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, text_memory, TEXT_PAGES), 0);
	scene_exit(test);
}

/* Types @line. Is @words in the answer? NULL: no fault may show. */
static void answer(struct kunit *test, const char *line, const char *words)
{
	const char *said = type(line);

	if (words ? !strstr(said, words) : !!strstr(said, "shows"))
		KUNIT_EXPECT_STREQ(test, said, words ? words : "no fault");
}

/* Both do the same; the text walks over full nodes. */
static void follows(struct kunit *test)
{
	answer(test, "text on", "");
	answer(test, "create 128", "The text's pool holds pages: 1");
	answer(test, "alloc p0 128 4", "The text's pool: 4 requests; it tried 7 nodes");
	answer(test, "alloc p0 128", "tried 4 of its nodes; its node 5 serves");
	answer(test, "alloc p0 5000 3", "3 requests");
	answer(test, "free a5", "searched 3 records to free it");
	answer(test, "mark p0", "The text has no \"mark\".");
	KUNIT_EXPECT_NULL(test, strstr(type("mark p0"), "The text has"));
	answer(test, "back 100", "");
	KUNIT_EXPECT_EQ(test, text.world.pages.used, 0);
	answer(test, "text off", "");
	KUNIT_EXPECT_NULL(test, strstr(type("create"), "The text"));
	answer(test, "text of", "on or off");
}

/* Each fault: commands that show it. Without it, they show nothing. */
static void faults(struct kunit *test)
{
	static const struct {
		const char *fault;
		const char *lines[4];
		const char *words;
	} table[] = {
		{ "1", { "create 100", "alloc p0 100", "alloc p0 20" }, "Memory is damaged" },
		{ "overflow", { "create 100", "create 0" }, "which holds 0" },
		{ "5", { "create 128", "alloc p0 128 4" }, "Fault 5 shows" },
		{ "6", { "create", "alloc p0 5000 9", "free a0" }, "looked at 9 records" },
		{ "7", { "create", "calloc p0 100" }, "calloc does not clear" },
		{ "8", { "create", "cleanup p0", "reset p0", "destroy p0" }, "handlers" },
		{ "9", { "create", "memalign p0 64 64", "free a0", "memalign p0 64 64" }, "new" },
		{ "next", { "create", "destroy p0" }, "never set" },
		{ "11", { "create", "alloc p0 10M" }, "took a record" },
#if MP_ALIGNMENT > 8
		{ "3", { "create 1024" }, "the first node" },
		{ "4", { "create", "alloc p0 1024", "alloc p0 1024" }, "behind their node" },
#endif
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const char *const *line = table[i].lines;
		char command[20];

		type("back 1000");
		type("break off");
		for (; line < table[i].lines + 4 && *line; line++)
			answer(test, *line, NULL);
		snprintf(command, sizeof(command), "break %s", table[i].fault);
		answer(test, command, table[i].words);
		type("back 1000");
		for (line = table[i].lines; line < table[i].lines + 3 && line[1]; line++)
			answer(test, *line, "");
		answer(test, *line, table[i].words);
	}
	answer(test, "break", "11 large");
	answer(test, "break 12", "lists them");
}

/* What "break" tells to type shows the fault. P and A are replaced by names. */
static void recipes_show_the_fault(struct kunit *test)
{
	for (unsigned int fault = 1; fault <= REF_FAULTS; fault++) {
		const char *at = ref_faults[fault].see;
		char line[60], last[sizeof(printed)] = "";
		size_t n;

		if (MP_ALIGNMENT == 8 && (fault == 3 || fault == 4))
			continue; /* it cannot show there */
		type("back 1000");
		snprintf(line, sizeof(line), "break %u", fault);
		type(line);
		KUNIT_EXPECT_NOT_NULL(test, strstr(printed, at));
		while (*at) {
			for (n = 0; *at && *at != ','; at++) {
				line[n++] = *at == 'P'		       ? 'p' :
					    *at == 'A' && at[1] != 'X' ? 'a' :
									 *at;
				if (line[n - 1] != *at)
					line[n++] = '0';
			}
			line[n] = '\0';
			at += *at ? 2 : 0;
			memcpy(last, type(line), sizeof(last));
		}
		if (!strstr(last, "shows: "))
			KUNIT_EXPECT_STREQ(test, last, ref_faults[fault].see);
	}
	type("break off");
}

static struct kunit_case text_cases[] = {
	KUNIT_CASE(follows),
	KUNIT_CASE(faults),
	KUNIT_CASE(recipes_show_the_fault),
	{},
};

static struct kunit_suite monitor_text_suite = {
	.name = "monitor_text",
	.test_cases = text_cases,
	.init = text_init,
	.exit = text_exit,
};

kunit_test_suite(monitor_text_suite);
