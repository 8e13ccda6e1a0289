// SPDX-License-Identifier: MIT
/*
 * faulty_test.c - each fault of the text shows in the copy that has it, and in no other
 *
 *	page	| before |======== text world, with its guard ========| after |
 *
 * A fault may damage all of the world, but not the pages around it.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <mm/page.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/faulty/text_world.h>
#include <tests/replay/trace.h>

#define WORLD_PAGES ((size_t)33)
#define PAGES (WORLD_PAGES + 2)
#define PATTERN 0x5a
#define SESSIONS (__STDC_HOSTED__ ? 1000u : 100u) /* the kernel runs in an emulator: fewer */
#define REQUESTS 40
#define HUGE "18446744073709551"

static unsigned char *memory;
static struct text_world world;

static int faulty_init(struct kunit *test)
{
	memory = page_alloc(&kernel_pages, PAGES);
	if (!memory)
		return 1;
	mm_unpoison(memory, PAGES * MM_PAGE_SIZE);
	memset(memory, PATTERN, PAGES * MM_PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, text_world_open(&world, memory + MM_PAGE_SIZE,
						WORLD_PAGES * MM_PAGE_SIZE, NULL));
	return 0;
}

static void faulty_exit(struct kunit *test)
{
	reference_fault = 0;
	for (size_t i = 0; memory && i < MM_PAGE_SIZE; i++) {
		KUNIT_ASSERT_EQ(test, memory[i], PATTERN);
		KUNIT_ASSERT_EQ(test, memory[(PAGES - 1) * MM_PAGE_SIZE + i], PATTERN);
	}
	mm_unpoison(memory, PAGES * MM_PAGE_SIZE);
	page_put_back(&kernel_pages, memory, PAGES);
}

/* Does the records of a trace in a new world, as far as its memory is sound. */
static void play(struct kunit *test, const char *records)
{
	uint32_t pools = 0, objects = 0;
	struct trace trace;
	struct trace_record record;
	char text[400];

	snprintf(text, sizeof(text), "mptrace 1\n%s", records);
	trace_open(&trace, text, strlen(text));
	text_world_start(&world);
	world.sum = (struct text_sum){ 0 };
	while (trace_next(&trace, &record) == TRACE_RECORD) {
		bool is_object = strchr("anzm", record.type);
		struct text_request request = {
			.type = record.type,
			.pool = (uint32_t)record.pool,
			.object = (uint32_t)record.object,
			.made = record.type == 'c' ? pools++ :
				is_object	   ? objects++ :
						     UINT32_MAX,
			.size = record.size,
			.align = record.align,
		};

		if (!text_world_do(&world, &request))
			return;
	}
	KUNIT_EXPECT_STREQ(test, trace.error, "");
}

/* The records show the fault, and without it, they show nothing. */
static void expect(struct kunit *test, unsigned int fault, const char *records, const char *words)
{
	reference_fault = 0;
	play(test, records);
	KUNIT_EXPECT_EQ(test, world.sum.shown, 0);
	KUNIT_EXPECT_STREQ(test, world.sum.words, "");
	reference_fault = fault;
	play(test, records);
	KUNIT_EXPECT_NE(test, world.sum.shown, 0);
	if (!strstr(world.sum.words, words))
		KUNIT_EXPECT_STREQ(test, world.sum.words, words);
}

/*
 *	 last, end            m
 *	|###########|........|####|	a node of 100 bytes: the next object is behind it
 */
static void wrap(struct kunit *test)
{
	expect(test, 1, "c 0 100\na 0 100\na 0 20\n", "20 bytes end ");
	expect(test, 1, "c 0 100\na 0 100\nz 0 20\n", "behind their node");
	expect(test, 1, "c 0 100\na 0 100\nk 0 16\n", "behind their node");
	expect(test, 1, "c 0 100\na 0 100\nm 0 64 64\n", "16 bytes end ");
	expect(test, 1, "c 0 100\nc 1 100\na 0 100\na 0 96\n", ", over the header of p1");
}

static void overflow(struct kunit *test)
{
	expect(test, 2, "c 0 0\n", "a pool of 0 bytes, which holds 0");
	expect(test, 2, "c 0 " HUGE "615\n", "a pool of " HUGE "615 bytes, which holds 0");
	expect(test, 2, "c 0 " HUGE "552\n", "a pool of " HUGE "552 bytes, which holds 0");
	expect(test, 2, "c 0 100\na 0 " HUGE "615\n", "asked for " HUGE "615 bytes, it gave ");
	expect(test, 2, "c 0 100\nz 0 " HUGE "615\n", "would clear all memory");
}

static void first(struct kunit *test)
{
	if (MP_ALIGNMENT == 8)
		kunit_skip(test, "the headers are a multiple of 8 bytes");
	expect(test, 3, "c 0 1024\n", "the first node of 1024 bytes holds ");
}

static void header(struct kunit *test)
{
	if (MP_ALIGNMENT == 8)
		kunit_skip(test, "one more field is 8 bytes");
	expect(test, 4, "c 0 1024\na 0 1024\na 0 1024\n", "1024 bytes end ");
	expect(test, 4, "c 0 1024\na 0 1024\nz 0 1024\n", "behind their node");
}

static void search(struct kunit *test)
{
	expect(test, 5, "c 0 128\na 0 128\na 0 128\na 0 128\na 0 128\n", "it looked at 3 nodes");
}

static void scan(struct kunit *test)
{
	expect(test, 6, "c 0 1024\na 0 5000\na 0 5000\na 0 5000\nf 0 0\n",
	       "it looked at 3 records");
}

static void missing(struct kunit *test)
{
	expect(test, 7, "c 0 1024\nz 0 10\n", "calloc does not clear: byte 0 is 0xa5");
	expect(test, 7, "c 0 1024\nz 0 5000\n", "calloc does not clear");
	expect(test, 7, "c 0 1024\nn 0 10\n", "nalloc is only declared");
	expect(test, 7, "c 0 1024\na 0 5000\nf 0 0\n", "free is only declared");
}

static void handlers(struct kunit *test)
{
	expect(test, 8, "c 0 1024\nk 0 16\nr 0\nk 0 16\nd 0\n", "runs in a circle");
	expect(test, 8, "c 0 1024\nk 0 16\nr 0\na 0 64\nd 0\n", "memory that was taken back");
}

static void records(struct kunit *test)
{
	expect(test, 9, "c 0 1024\nm 0 64 64\nf 0 0\nm 0 64 64\n", "it took a new record");
	expect(test, 9, "c 0 1024\nm 0 64 1\nf 0 0\nm 0 64 1\n", "it took a new record");
}

static void next(struct kunit *test)
{
	expect(test, 10, "c 0 128\nd 0\n", "head->next, which was never set");
	expect(test, 10, "c 0 128\na 0 128\na 0 128\n", "head->next, which was never set");
	expect(test, 10, "c 0 128\nr 0\n", "head->next, which was never set");
}

static void large(struct kunit *test)
{
	expect(test, 11, "c 0 1024\na 0 1000000\n", "it failed, and took a record");
	if (MP_ALIGNMENT > 16)
		expect(test, 11, "c 0 1024\na 0 5000\n", "is aligned to 16 bytes");
}

/* Sessions of random requests, each with one fault: they end, and damage nothing outside. */
static void random_sessions(struct kunit *test)
{
	static const size_t sizes[] = { 0,    1,    20,	  64,	  100,	      128,	  200,
					1000, 4095, 5000, 100000, (size_t)-1, (size_t)-64 };
	static const char types[] = "ccaaaaaannzzmmkkffrd";
	uint64_t random = 1;
	unsigned int shown = 0;

	for (unsigned int i = 0; i < SESSIONS * REF_FAULTS; i++) {
		uint32_t pools = 0, objects = 0;

		text_world_start(&world);
		reference_fault = 1 + i % REF_FAULTS;
		for (int n = 0; n < REQUESTS; n++) {
			struct text_request request = {
				.type = n ? types[arena_random(&random) % (sizeof(types) - 1)] :
					    'c',
				.pool = (uint32_t)arena_random(&random) % 3,
				.object = (uint32_t)arena_random(&random) % 40,
				.size = sizes[arena_random(&random) % (n ? 13 : 8)],
				.align = (size_t)1 << arena_random(&random) % 13,
			};

			request.made = request.type == 'c' ? pools++ : objects++;
			if (text_world_do(&world, &request))
				continue;
			shown++;
			text_world_start(&world);
			pools = 0;
			objects = 0;
		}
	}
	KUNIT_EXPECT_GT(test, shown, SESSIONS);
}

/* Without a fault, random sessions show nothing, and memory comes back. */
static void sound_sessions(struct kunit *test)
{
	uint64_t random = 2;

	world.sum = (struct text_sum){ 0 };
	for (unsigned int i = 0; i < SESSIONS; i++) {
		text_world_start(&world);
		for (uint32_t n = 0; n <= REQUESTS; n++) {
			struct text_request request = {
				.type = n == 0	      ? 'c' :
					n == REQUESTS ? 'd' :
							"aanzmkffr"[arena_random(&random) % 9],
				.object = (uint32_t)arena_random(&random) % 40,
				.made = n ? n - 1 : 0,
				.size = arena_random(&random) % 6000,
				.align = (size_t)1 << arena_random(&random) % 13,
			};

			KUNIT_ASSERT_TRUE(test, text_world_do(&world, &request));
		}
		heap_trim(&world.heap);
		KUNIT_ASSERT_EQ(test, world.pages.used, 0);
	}
	KUNIT_EXPECT_STREQ(test, world.sum.words, "");
}

static struct kunit_case faulty_cases[] = {
	KUNIT_CASE(wrap),	    KUNIT_CASE(overflow),
	KUNIT_CASE(first),	    KUNIT_CASE(header),
	KUNIT_CASE(search),	    KUNIT_CASE(scan),
	KUNIT_CASE(missing),	    KUNIT_CASE(handlers),
	KUNIT_CASE(records),	    KUNIT_CASE(next),
	KUNIT_CASE(large),	    KUNIT_CASE(random_sessions),
	KUNIT_CASE(sound_sessions), {},
};

static struct kunit_suite faulty_suite = {
	.name = "faulty",
	.test_cases = faulty_cases,
	.init = faulty_init,
	.exit = faulty_exit,
};

kunit_test_suite(faulty_suite);
