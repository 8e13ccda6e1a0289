// SPDX-License-Identifier: MIT
/*
 * trace_test.c - the trace reader, on valid traces and on every kind of wrong one
 *
 * Each row of a table is the text of a trace, its length (a trace may hold NULs),
 * the number of the wrong line, and the whole error message.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/trace.h>

#define HEAD "mptrace 1\n"
#define FIRST "the first line must be exactly \"mptrace 1\", not "
#define TEXT(literal) .text = (literal), .length = sizeof(literal) - 1

struct bad {
	const char *text;
	size_t length;
	size_t line;
	const char *error;
};

/* Reads all of @text. Returns how many records were read before the end or the error. */
static size_t read_all(struct trace *trace, const char *text, size_t length,
		       enum trace_result *result)
{
	struct trace_record record;
	size_t count = 0;

	trace_open(trace, text, length);
	while ((*result = trace_next(trace, &record)) == TRACE_RECORD)
		count++;
	return count;
}

/* How many records stand in the lines before the wrong one. */
static size_t records_before(const struct bad *bad)
{
	size_t line = 1, count = 0;

	for (size_t i = 0; i < bad->length && line < bad->line; i++) {
		bool is_first = !i || bad->text[i - 1] == '\n';

		count += is_first && line > 1 && bad->text[i] != '#';
		line += bad->text[i] == '\n';
	}
	return count;
}

/* The records before the error are handed out, the record with the error is not. */
static void expect_bad(struct kunit *test, const struct bad *bad)
{
	for (; bad->error; bad++) {
		enum trace_result result;
		struct trace_record record;
		struct trace trace;

		KUNIT_EXPECT_EQ(test, read_all(&trace, bad->text, bad->length, &result),
				records_before(bad));
		KUNIT_EXPECT_EQ(test, result, TRACE_ERROR);
		KUNIT_EXPECT_EQ(test, trace.line, bad->line);
		KUNIT_EXPECT_STREQ(test, trace.error, bad->error);

		/* After an error, every further call returns the error. */
		KUNIT_EXPECT_EQ(test, trace_next(&trace, &record), TRACE_ERROR);
	}
}

static void trace_every_record(struct kunit *test)
{
	static const char text[] = HEAD "# a comment\n"
					"c 0 1024\n"
					"c 1 4096 0\n"
					"a 0 1\nn 1 2\nz 0 3\n"
					"#\n"
					"m 1 4 64\n"
					"k 0 5\nf 1 3\nr 0\nd 1\n";
	static const struct trace_record want[] = {
		{ 'c', 2, 0, { 1024 }, { 0 } }, { 'c', 3, 1, { 4096 }, { 0 } },
		{ 'a', 2, 0, { 1 }, { 0 } },	{ 'n', 2, 1, { 2 }, { 0 } },
		{ 'z', 2, 0, { 3 }, { 0 } },	{ 'm', 3, 1, { 4 }, { 64 } },
		{ 'k', 2, 0, { 5 }, { 0 } },	{ 'f', 2, 1, { 3 }, { 0 } },
		{ 'r', 1, 0, { 0 }, { 0 } },	{ 'd', 1, 1, { 0 }, { 0 } },
	};
	struct trace_record record;
	struct trace trace;

	trace_open(&trace, text, sizeof(text) - 1);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		KUNIT_ASSERT_EQ(test, trace_next(&trace, &record), TRACE_RECORD);
		KUNIT_EXPECT_EQ(test, record.type, want[i].type);
		KUNIT_EXPECT_EQ(test, record.nr_fields, want[i].nr_fields);
		KUNIT_EXPECT_EQ(test, record.pool, want[i].pool);
		KUNIT_EXPECT_EQ(test, record.size, want[i].size);
		KUNIT_EXPECT_EQ(test, record.align, want[i].align);
	}
	KUNIT_EXPECT_EQ(test, trace.line, 13);
	KUNIT_EXPECT_EQ(test, trace_next(&trace, &record), TRACE_END);
	KUNIT_EXPECT_EQ(test, trace_next(&trace, &record), TRACE_END);
}

static void trace_without_records(struct kunit *test)
{
	enum trace_result result;
	struct trace trace;

	KUNIT_EXPECT_EQ(test, read_all(&trace, HEAD, sizeof(HEAD) - 1, &result), 0);
	KUNIT_EXPECT_EQ(test, result, TRACE_END);
	KUNIT_EXPECT_EQ(test,
			read_all(&trace, HEAD "# caf\xc3\xa9,\ttab\n",
				 sizeof(HEAD "# caf\xc3\xa9,\ttab\n") - 1, &result),
			0);
	KUNIT_EXPECT_EQ(test, result, TRACE_END);
}

static void trace_first_line(struct kunit *test)
{
	static const struct bad bad[] = {
		{ NULL, 0, 1, "the file is empty" },
		{ "x", 0, 1, "the file is empty" },
		{ TEXT("\n"), 1, FIRST "\"\"" },
		{ TEXT("mptrace 2\n"), 1, FIRST "\"mptrace 2\"" },
		{ TEXT("mptrace 10\n"), 1, FIRST "\"mptrace 10\"" },
		{ TEXT("mptrace  1\n"), 1, FIRST "\"mptrace  1\"" },
		{ TEXT("mptrace 1\x20\n"), 1, FIRST "\"mptrace 1 \"" },
		{ TEXT("mptrace 1\r\nc 0 64\r\n"), 1, FIRST "\"mptrace 1\\r\"" },
		{ TEXT("# first\nmptrace 1\n"), 1, FIRST "\"# first\"" },
		{ TEXT("c 0 64\n"), 1, FIRST "\"c 0 64\"" },
		{ TEXT("\xef\xbb\xbfmptrace 1\n"), 1, FIRST "\"\\xef\\xbb\\xbfmptrace 1\"" },
		{ TEXT("\177ELF\x02\x01\0\"\\"), 1, FIRST "\"\\x7fELF\\x02\\x01\\x00\\\"\\\\\"" },
		{ TEXT("mptrace 1"), 1, "the last line does not end with a newline" },
		{},
	};

	expect_bad(test, bad);
}

static void trace_bad_lines(struct kunit *test)
{
	static const struct bad bad[] = {
		{ TEXT(HEAD "c 0 64\n\n"), 3, "empty line" },
		{ TEXT(HEAD "c 0 64"), 2, "the last line does not end with a newline" },
		{ TEXT(HEAD "# c 0 64"), 2, "the last line does not end with a newline" },
		{ TEXT(HEAD "\0"), 2, "the last line does not end with a newline" },
		{ TEXT(HEAD "c 0 64\r\n"), 2, "carriage return before the newline" },
		{ TEXT(HEAD "#\r\n"), 2, "carriage return before the newline" },
		{ TEXT(HEAD "# \0\n"), 2, "control character \"\\x00\" in a comment" },
		{ TEXT(HEAD "#\x1b[2J\n"), 2, "control character \"\\x1b\" in a comment" },
		{ TEXT(HEAD "#\x7f\n"), 2, "control character \"\\x7f\" in a comment" },
		{ TEXT(HEAD " c 0 64\n"), 2, "blank at the start of the line" },
		{ TEXT(HEAD " # indented\n"), 2, "blank at the start of the line" },
		{ TEXT(HEAD "c 0 64\x20\n"), 2, "blank at the end of the line" },
		{ TEXT(HEAD "c\x20\n"), 2, "blank at the end of the line" },
		{ TEXT(HEAD "c  0 64\n"), 2, "more than one blank between fields" },
		{ TEXT(HEAD "c 0  64\n"), 2, "more than one blank between fields" },
		{},
	};

	expect_bad(test, bad);
}

static void trace_bad_records(struct kunit *test)
{
	static const struct bad bad[] = {
		{ TEXT(HEAD "q 0 64\n"), 2, "unknown record \"q\"" },
		{ TEXT(HEAD "C 0 64\n"), 2, "unknown record \"C\"" },
		{ TEXT(HEAD "!~\n"), 2, "unknown record \"!~\"" },
		{ TEXT(HEAD "cc 0 64\n"), 2, "unknown record \"cc\"" },
		{ TEXT(HEAD "c\t0 64\n"), 2, "unknown record \"c\\t0\"" },
		{ TEXT(HEAD "c\0 0 64\n"), 2, "unknown record \"c\\x00\"" },
		{ TEXT(HEAD "\0\n"), 2, "unknown record \"\\x00\"" },
		{ TEXT(HEAD "0 64\n"), 2, "unknown record \"0\"" },
		{ TEXT(HEAD HEAD), 2, "unknown record \"mptrace\"" },
		{ TEXT(HEAD "abcdefghijklmnopqrstuvwx\n"), 2,
		  "unknown record \"abcdefghijklmnopqrstuvwx\"" },
		{ TEXT(HEAD "abcdefghijklmnopqrstuvwxyz\n"), 2,
		  "unknown record \"abcdefghijklmnopqrstuvwx\"..." },
		{ TEXT(HEAD "c\n"), 2, "missing field: the form is \"c POOL SIZE [PARENT]\"" },
		{ TEXT(HEAD "c 0\n"), 2, "missing field: the form is \"c POOL SIZE [PARENT]\"" },
		{ TEXT(HEAD "a 0\n"), 2, "missing field: the form is \"a POOL SIZE\"" },
		{ TEXT(HEAD "n 0\n"), 2, "missing field: the form is \"n POOL SIZE\"" },
		{ TEXT(HEAD "z 0\n"), 2, "missing field: the form is \"z POOL SIZE\"" },
		{ TEXT(HEAD "m 0 1\n"), 2, "missing field: the form is \"m POOL SIZE ALIGN\"" },
		{ TEXT(HEAD "k 0\n"), 2, "missing field: the form is \"k POOL SIZE\"" },
		{ TEXT(HEAD "f 0\n"), 2, "missing field: the form is \"f POOL OBJECT\"" },
		{ TEXT(HEAD "r\n"), 2, "missing field: the form is \"r POOL\"" },
		{ TEXT(HEAD "d\n"), 2, "missing field: the form is \"d POOL\"" },
		{ TEXT(HEAD "c 1 64 0 5\n"), 2,
		  "extra field \"5\": the form is \"c POOL SIZE [PARENT]\"" },
		{ TEXT(HEAD "a 0 1 # no\n"), 2, "extra field \"#\": the form is \"a POOL SIZE\"" },
		{ TEXT(HEAD "m 0 1 8 9\n"), 2,
		  "extra field \"9\": the form is \"m POOL SIZE ALIGN\"" },
		{ TEXT(HEAD "n 0 1 2\n"), 2, "extra field \"2\": the form is \"n POOL SIZE\"" },
		{ TEXT(HEAD "z 0 1 2\n"), 2, "extra field \"2\": the form is \"z POOL SIZE\"" },
		{ TEXT(HEAD "k 0 1 2\n"), 2, "extra field \"2\": the form is \"k POOL SIZE\"" },
		{ TEXT(HEAD "f 0 1 2\n"), 2, "extra field \"2\": the form is \"f POOL OBJECT\"" },
		{ TEXT(HEAD "r 0 1\n"), 2, "extra field \"1\": the form is \"r POOL\"" },
		{ TEXT(HEAD "d 0 1\n"), 2, "extra field \"1\": the form is \"d POOL\"" },
		{},
	};

	expect_bad(test, bad);
}

static void trace_bad_numbers(struct kunit *test)
{
	static const struct bad bad[] = {
		{ TEXT(HEAD "a 0 -1\n"), 2, "negative number \"-1\"" },
		{ TEXT(HEAD "r -0\n"), 2, "negative number \"-0\"" },
		{ TEXT(HEAD "a 0 -\n"), 2, "\"-\" is not a decimal number" },
		{ TEXT(HEAD "a 0 --1\n"), 2, "\"--1\" is not a decimal number" },
		{ TEXT(HEAD "a 0 +1\n"), 2, "\"+1\" is not a decimal number" },
		{ TEXT(HEAD "a 0 0x10\n"), 2, "\"0x10\" is not a decimal number" },
		{ TEXT(HEAD "a 0 1.5\n"), 2, "\"1.5\" is not a decimal number" },
		{ TEXT(HEAD "a 0 1\t\n"), 2, "\"1\\t\" is not a decimal number" },
		{ TEXT(HEAD "a 0 1\0\n"), 2, "\"1\\x00\" is not a decimal number" },
		{ TEXT(HEAD "a 0 \xd9\xa1\n"), 2, "\"\\xd9\\xa1\" is not a decimal number" },
		{ TEXT(HEAD "a 0 007\n"), 2, "leading zero in \"007\"" },
		{ TEXT(HEAD "a 00 7\n"), 2, "leading zero in \"00\"" },
		{ TEXT(HEAD "a 0 18446744073709551616\n"), 2,
		  "number too large: \"18446744073709551616\"; the limit is 18446744073709551615" },
		{ TEXT(HEAD "a 0 18446744073709551620\n"), 2,
		  "number too large: \"18446744073709551620\"; the limit is 18446744073709551615" },
		{ TEXT(HEAD "a 9999999999999999999999999 0\n"), 2,
		  "number too large: \"999999999999999999999999\"...; "
		  "the limit is 18446744073709551615" },
		{ TEXT(HEAD "m 0 8 0\n"), 2, "alignment 0 is not a power of two" },
		{ TEXT(HEAD "m 0 8 48\n"), 2, "alignment 48 is not a power of two" },
		{ TEXT(HEAD "m 0 8 18446744073709551615\n"), 2,
		  "alignment 18446744073709551615 is not a power of two" },
		{},
	};

	expect_bad(test, bad);
}

static void trace_largest_numbers(struct kunit *test)
{
	static const char text[] = HEAD
		"m 18446744073709551615 18446744073709551615 9223372036854775808\n"
		"m 0 0 1\n";
	struct trace_record record;
	struct trace trace;

	trace_open(&trace, text, sizeof(text) - 1);
	KUNIT_ASSERT_EQ(test, trace_next(&trace, &record), TRACE_RECORD);
	KUNIT_EXPECT_EQ(test, record.pool, SIZE_MAX);
	KUNIT_EXPECT_EQ(test, record.size, SIZE_MAX);
	KUNIT_EXPECT_EQ(test, record.align, (size_t)1 << 63);
	KUNIT_ASSERT_EQ(test, trace_next(&trace, &record), TRACE_RECORD);
	KUNIT_EXPECT_EQ(test, record.size, 0);
	KUNIT_EXPECT_EQ(test, record.align, 1);
}

/* The first error is reported. The records before it are read normally. */
static void trace_error_in_the_middle(struct kunit *test)
{
	enum trace_result result;
	struct trace trace;

	KUNIT_EXPECT_EQ(test,
			read_all(&trace, HEAD "c 0 1\n#\nr 0\nq\nd\n",
				 sizeof(HEAD "c 0 1\n#\nr 0\nq\nd\n") - 1, &result),
			2);
	KUNIT_EXPECT_EQ(test, result, TRACE_ERROR);
	KUNIT_EXPECT_EQ(test, trace.line, 5);
}

/* A trace that was cut inside a line is an error. One that was cut between lines is valid. */
static void trace_cut_anywhere(struct kunit *test)
{
	static const char text[] = HEAD "# comment\nc 0 1024\nm 0 4 64\nf 0 0\nd 0\n";
	enum trace_result result;
	struct trace trace;

	for (size_t cut = 0; cut < sizeof(text); cut++) {
		read_all(&trace, text, cut, &result);
		KUNIT_EXPECT_EQ(test, result,
				cut && text[cut - 1] == '\n' ? TRACE_END : TRACE_ERROR);
	}
}

/* A page full of one byte value, for each value: one endless line, or only empty lines. */
static void trace_page_of_one_byte(struct kunit *test)
{
	unsigned char *page = page_alloc(&kernel_pages, 1);
	enum trace_result result;
	struct trace trace;

	KUNIT_ASSERT_NOT_NULL(test, page);
	for (int byte = 0; byte < 256; byte++) {
		memset(page, byte, MM_PAGE_SIZE);
		read_all(&trace, (const char *)page, MM_PAGE_SIZE, &result);
		KUNIT_EXPECT_EQ(test, result, TRACE_ERROR);
		KUNIT_EXPECT_EQ(test, trace.line, 1);
		memcpy(page, HEAD, sizeof(HEAD) - 1);
		read_all(&trace, (const char *)page, MM_PAGE_SIZE, &result);
		KUNIT_EXPECT_EQ(test, result, TRACE_ERROR);
		KUNIT_EXPECT_EQ(test, trace.line, 2);
	}
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, page, 1), 0);
}

static struct kunit_case trace_cases[] = {
	KUNIT_CASE(trace_every_record),
	KUNIT_CASE(trace_without_records),
	KUNIT_CASE(trace_first_line),
	KUNIT_CASE(trace_bad_lines),
	KUNIT_CASE(trace_bad_records),
	KUNIT_CASE(trace_bad_numbers),
	KUNIT_CASE(trace_largest_numbers),
	KUNIT_CASE(trace_error_in_the_middle),
	KUNIT_CASE(trace_cut_anywhere),
	KUNIT_CASE(trace_page_of_one_byte),
	{},
};

static struct kunit_suite trace_suite = {
	.name = "trace",
	.test_cases = trace_cases,
};

kunit_test_suite(trace_suite);
