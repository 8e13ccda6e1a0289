// SPDX-License-Identifier: MIT
/*
 * replay_test.c - what a replay counts, and which traces it refuses
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/mp_internal.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/replay.h>

#define HEAD "mptrace 1\n"

/*
 * A valid trace with every kind of record. Objects 1, 5 and 7 are large blocks. Child 1 ends by
 * itself, 2 and 3 by the reset of pool 0, and 4 at the end of the trace, with pool 0.
 */
static const char good[] = HEAD "c 0 1024\n"
				"a 0 100\n"
				"a 0 5000\n"
				"n 0 17\n"
				"z 0 40\n"
				"k 0 24\n"
				"k 0 0\n"
				"n 0 0\n"
				"c 1 64 0\n"
				"m 1 10 4096\n"
				"f 0 0\n"
				"f 0 1\n"
				"d 1\n"
				"c 2 64 0\n"
				"k 2 9\n"
				"c 3 64 2\n"
				"n 3 5\n"
				"r 0\n"
				"z 0 2000\n"
				"a 0 33\n"
				"c 4 64 0\n"
				"k 4 3\n"
				"k 0 2\n";

static bool run(struct replay *replay, const char *text)
{
	bool ok = replay_run(replay, text, strlen(text));

	/* Success must come without a message, failure with one; a mismatch is false. */
	return ok == !replay->error[0] && ok;
}

static void expect_error(struct kunit *test, const char *text, const char *error)
{
	struct replay replay = { 0 };

	KUNIT_EXPECT_FALSE(test, run(&replay, text));
	KUNIT_EXPECT_STREQ(test, replay.error, error);
}

static void replay_good(struct kunit *test)
{
	struct replay replay = { 0 };
	const struct replay_report *report = &replay.report;

	KUNIT_ASSERT_TRUE(test, run(&replay, good));
	KUNIT_EXPECT_EQ(test, report->events, 23);
	KUNIT_EXPECT_EQ(test, report->pools, 5);
	KUNIT_EXPECT_EQ(test, report->children, 4);
	KUNIT_EXPECT_EQ(test, report->objects, 9);
	KUNIT_EXPECT_EQ(test, report->aligned, 3);
	KUNIT_EXPECT_EQ(test, report->unaligned, 3);
	KUNIT_EXPECT_EQ(test, report->zeroed, 2);
	KUNIT_EXPECT_EQ(test, report->memalign, 1);
	KUNIT_EXPECT_EQ(test, report->cleanups, 5);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_DECLINE].calls, 1);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_FREE].calls, 1);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_ALLOC_LARGE].calls, 3);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_ALLOC_SMALL].calls, 6);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_CLEANUP].calls, 5);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_DESTROY].calls, 1);
	KUNIT_EXPECT_EQ(test, report->cost[REPLAY_RESET].calls, 1);
	KUNIT_EXPECT_EQ(test, report->asked, 0);
	KUNIT_EXPECT_EQ(test, report->peak_asked, 100 + 5000 + 17 + 40 + 24 + 10);
	KUNIT_EXPECT_GE(test, report->peak_pages * MM_PAGE_SIZE, report->peak_asked);

	/* Bytes held by the pools are either requested or counted as lost. */
	KUNIT_EXPECT_EQ(test,
			report->held - report->lost_alignment - report->lost_tails -
				report->lost_headers,
			100 + 5000 + 17 + 40 + 24 + 10 + 9 + 5 + 2000 + 33 + 3 + 2);
	/* Tails of six nodes: each child has one, pool 0 one before and one after its reset. */
	KUNIT_EXPECT_EQ(test, report->lost_tails,
			64 + 64 + (64 - 5) + 64 + 2 * mp_align(1024, MP_ALIGNMENT) -
				mp_align(100, MP_ALIGNMENT) - 17 - mp_align(40, MP_ALIGNMENT) -
				mp_align(33, MP_ALIGNMENT));
	/* The headers of six nodes, three large blocks and five cleanups, and of their blocks. */
	KUNIT_EXPECT_EQ(test, report->lost_headers,
			14 * 16 + 6 * POOL_HEADER + 3 * sizeof(struct mp_large_s) +
				5 * mp_align(sizeof(struct mp_cleanup_s), MP_ALIGNMENT));
}

/* A trace without records is valid. The report must not divide by zero. */
static void replay_nothing(struct kunit *test)
{
	struct replay replay = { 0 };

	KUNIT_ASSERT_TRUE(test, run(&replay, HEAD));
	KUNIT_EXPECT_EQ(test, replay.report.peak_pages, 0);
}

static uint64_t tick(void)
{
	static uint64_t readings;

	return readings++ * 10;
}

/*
 * The clock advances only when it is read. So every event must cost 0: the cost of
 * reading the clock is subtracted.
 */
static void replay_clock_is_not_counted(struct kunit *test)
{
	struct replay replay = { .clock = tick };

	KUNIT_ASSERT_TRUE(test, run(&replay, good));
	for (unsigned int i = 0; i < REPLAY_NR_KINDS; i++)
		KUNIT_EXPECT_EQ(test, replay.report.cost[i].instructions, 0);
	KUNIT_EXPECT_EQ(test, replay.report.cost[REPLAY_ZEROING].calls, 2);
}

static void replay_bad_traces(struct kunit *test)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "", "line 1: the file is empty" },
		{ HEAD "c 0 64\nq\n", "line 3: unknown record \"q\"" },
		{ HEAD "c 1 64\n", "line 2: pool 1 is out of order: the next is 0" },
		{ HEAD "c 0 64\nc 0 64\n", "line 3: pool 0 is out of order: the next is 1" },
		{ HEAD "c 0 0\n", "line 2: a pool cannot hold 0 bytes" },
		{ HEAD "c 0 64 0\n", "line 2: parent pool 0 is unknown: there were 0 so far" },
		{ HEAD "c 0 64\nd 0\nc 1 64 0\n",
		  "line 4: parent pool 0 was destroyed already, in line 3" },
		{ HEAD "c 0 64\nc 1 64 0\nc 2 64 1\nd 0\na 2 1\n",
		  "line 6: pool 2 ended with pool 0 in line 5" },
		{ HEAD "c 0 64\nc 1 64 0\nr 0\nd 1\n",
		  "line 5: pool 1 ended with pool 0 in line 4" },
		{ HEAD "c 0 64\nc 1 64 0\nr 0\nd 0\nk 1 0\n",
		  "line 6: pool 1 ended with pool 0 in line 4" },
		{ HEAD "c 0 64\nc 1 64 0\nd 1\nd 0\nr 1\n",
		  "line 6: pool 1 was destroyed already, in line 4" },
		{ HEAD "c 0 64\nc 1 64 0\na 1 9\nd 0\nf 1 0\n",
		  "line 6: pool 1 ended with pool 0 in line 5" },
		{ HEAD "c 0 64\nc 1 64 0\nd 0\nc 2 64 1\n",
		  "line 5: parent pool 1 ended with pool 0 in line 4" },
		{ HEAD "c 0 64\nd 0\nk 0 9\n", "line 4: pool 0 was destroyed already, in line 3" },
		{ HEAD "k 0 9\n", "line 2: pool 0 is unknown: there were 0 so far" },
		{ HEAD "c 0 64\nk 0 9\nc 1 64 0\nk 1 0\nk 7 0\n",
		  "line 6: pool 7 is unknown: there were 2 so far" },
		{ HEAD "a 0 1\n", "line 2: pool 0 is unknown: there were 0 so far" },
		{ HEAD "r 0\n", "line 2: pool 0 is unknown: there were 0 so far" },
		{ HEAD "d 18446744073709551615\n",
		  "line 2: pool 18446744073709551615 is unknown: there were 0 so far" },
		{ HEAD "c 0 64\nd 0\na 0 1\n", "line 4: pool 0 was destroyed already, in line 3" },
		{ HEAD "c 0 64\nd 0\nd 0\n", "line 4: pool 0 was destroyed already, in line 3" },
		{ HEAD "c 0 64\na 0 1\nd 0\nf 0 0\n",
		  "line 5: pool 0 was destroyed already, in line 4" },
		{ HEAD "c 0 64\nf 0 0\n", "line 3: object 0 is unknown: there were 0 so far" },
		{ HEAD "c 0 64\nk 0 8\nf 0 0\n",
		  "line 4: object 0 is unknown: there were 0 so far" },
		{ HEAD "c 0 64\na 0 99\nf 0 18446744073709551615\na 0 99\n",
		  "line 4: object 18446744073709551615 is unknown: there were 1 so far" },
		{ HEAD "c 0 64\nc 1 64\na 0 99\nf 1 0\n",
		  "line 5: object 0 belongs to pool 0, not to pool 1" },
		{ HEAD "c 0 64\na 0 99\n#\nf 0 0\nf 0 0\n",
		  "line 6: object 0 was freed already, in line 5" },
		{ HEAD "c 0 64\na 0 9\nf 0 0\nf 0 0\n",
		  "line 5: object 0 was freed already; mp_free declined it" },
		{ HEAD "c 0 64\na 0 99\nr 0\nf 0 0\n",
		  "line 5: object 0 is gone: pool 0 was reset in line 4" },
		{ HEAD "c 0 64\nm 0 9 9\n", "line 3: alignment 9 is not a power of two" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		expect_error(test, bad[i].text, bad[i].error);
}

/* Requests for more memory than there is: an error, not a panic, and no leak. */
static void replay_out_of_memory(struct kunit *test)
{
	static const char *const text[] = {
		HEAD "c 0 18446744073709551615\n",
		HEAD "c 0 64\nc 1 18446744073709551615 0\n",
		HEAD "c 0 64\na 0 18446744073709551615\n",
		HEAD "c 0 64\nn 0 18446744073709551583\n",
		HEAD "c 0 64\nz 0 9223372036854775808\n",
		HEAD "c 0 64\nm 0 1 9223372036854775808\n",
		HEAD "c 0 64\na 0 5000\nk 0 1152921504606846976\n",
	};

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		struct replay replay = { 0 };

		KUNIT_EXPECT_FALSE(test, run(&replay, text[i]));
		KUNIT_EXPECT_NOT_NULL(test, strstr(replay.error, " bytes failed; "));
	}
}

/* Replaces each byte of a valid trace by each of these: no crash, and errors have a message. */
static void replay_any_byte(struct kunit *test)
{
	static const char bytes[] = "\n\r\t #-0189acdfkmnrz\x7f\xff"; /* and the NUL */
	char text[sizeof(good)];

	memcpy(text, good, sizeof(good));
	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		for (size_t j = 0; j < sizeof(bytes); j++) {
			struct replay replay = { 0 };

			text[i] = bytes[j];
			if (!replay_run(&replay, text, sizeof(good) - 1))
				KUNIT_EXPECT_EQ(test, strncmp(replay.error, "line ", 5), 0);
		}
		text[i] = good[i];
	}
}

static struct kunit_case replay_engine_cases[] = {
	KUNIT_CASE_PLAIN(replay_good),
	KUNIT_CASE(replay_nothing),
	KUNIT_CASE(replay_clock_is_not_counted),
	KUNIT_CASE(replay_bad_traces),
	KUNIT_CASE(replay_out_of_memory),
	KUNIT_CASE(replay_any_byte),
	{},
};

static struct kunit_suite replay_engine_suite = {
	.name = "replay_engine",
	.test_cases = replay_engine_cases,
};

kunit_test_suite(replay_engine_suite);
