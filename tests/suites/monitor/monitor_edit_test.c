// SPDX-License-Identifier: MIT
/*
 * monitor_edit_test.c - the line editor of the monitor: each key at its edges
 *
 *	keys --> edit_key() --> put() --> a screen of one line, as a terminal would show it
 */
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>
#include <tests/monitor/line/edit.h>

#define COLUMNS 24

static struct edit edit;
static char screen[COLUMNS + 1];
static size_t column;
static bool overran; /* the terminal would have gone to the next line by itself */

static void draw(void *owner, const char *text, size_t length)
{
	(void)owner;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\r' || text[i] == '\n')
			column = 0;
		else if (text[i] == '\b')
			column--;
		else if (column >= COLUMNS)
			overran = true;
		else if ((text[i] & 0xc0) != 0x80)
			screen[column++] = text[i];
		if (text[i] == '\n')
			memset(screen, ' ', COLUMNS);
	}
}

static bool name_of(void *owner, const char *line, size_t start, size_t i, char *name)
{
	static const char *const names[] = { "alloc", "alloc_at", "free" };

	(void)owner;
	(void)line;
	if (start || i >= sizeof(names) / sizeof(names[0]))
		return false;
	memcpy(name, names[i], strlen(names[i]) + 1);
	return true;
}

static void begin(bool keys)
{
	memset(&edit, 0, sizeof(edit));
	memset(screen, ' ', COLUMNS);
	column = 0;
	overran = false;
	edit.prompt = "> ";
	edit.keys = keys;
	edit.columns = COLUMNS;
	edit.put = draw;
	edit.candidate = name_of;
	edit_begin(&edit);
}

/* Types all of @keys; after a line, the next one begins. Returns the last event. */
static enum edit_event type(const char *keys)
{
	enum edit_event event = EDIT_MORE;

	for (; *keys; keys++) {
		if (event != EDIT_MORE)
			edit_begin(&edit);
		event = edit_key(&edit, (unsigned char)*keys);
	}
	return event;
}

struct row {
	const char *keys, *line;
};

/* Each row begins with an empty line and ends with Enter. */
static void keys_at_edges(struct kunit *test)
{
	static const struct row rows[] = {
		{ "\r", "" },
		{ "abc\r", "abc" },
		{ "abc\n", "abc" },
		{ "\177\b\001\005\002\006\013\025\027\033[3~\r", "" },
		{ "abc\033[DX\r", "abXc" },
		{ "abc\033OD\033OD\033ODX\033OCY\r", "XaYbc" },
		{ "abc\002\002\002\002X\r", "Xabc" },
		{ "abc\006X\r", "abcX" },
		{ "abc\001X\005Y\r", "XabcY" },
		{ "abc\033[HX\033[FY\r", "XabcY" },
		{ "abc\033OHX\033OFY\r", "XabcY" },
		{ "abc\033[1~X\033[4~Y\033[7~Z\033[8~!\r", "ZXabcY!" },
		{ "abc\033[1;5DX\r", "abXc" },
		{ "abc\001\033[3~\r", "bc" },
		{ "abc\001\004\004\r", "c" },
		{ "abc\001\004\004\004X\r", "X" },
		{ "abc\033[3~\r", "abc" },
		{ "abc\001\177\r", "abc" },
		{ "abc\002\177\r", "ac" },
		{ "abc\002\013\r", "ab" },
		{ "abc\002\025\r", "c" },
		{ "one two  \027X\r", "one X" },
		{ "one two\002\027\r", "one o" },
		{ "abc\003de\r", "de" },
		{ "abc\033[15~\033[200~\033xd\033[[Ae\r", "abcde" },
		{ "ab\033[\rX", "ab" },
		{ "ab\f\r", "ab" },
		{ "\303\244b\177\177x\r", "x" },
		{ "a\342\202\254\360\237\230\200\002\002X\r", "aX\342\202\254\360\237\230\200" },
		{ "a\342\202\254\001\006\004\r", "a" },
		{ "a\377b\302\r", "a?b?" },
		{ "\300\200\355\240\200\302\233\364\220\200\200\r", "????" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *end = strchr(rows[i].keys, '\r');

		begin(true);
		for (const char *key = rows[i].keys; *key; key++) {
			enum edit_event event = edit_key(&edit, (unsigned char)*key);

			KUNIT_EXPECT_EQ(test, event,
					key == end || *key == '\n' ? EDIT_LINE : EDIT_MORE);
			if (event == EDIT_LINE)
				break;
		}
		KUNIT_EXPECT_STREQ(test, edit.line, rows[i].line);
	}
}

static void history_keeps_lines(struct kunit *test)
{
	begin(true);
	type("one\rtwo\r\rtwo\rbegun");
	type("\033[A");
	KUNIT_EXPECT_EQ(test, type("\033[A\033[A\033[A\r"), EDIT_LINE);
	KUNIT_EXPECT_STREQ(test, edit.line, "one");
	edit_begin(&edit);
	type("begun\020\020\016\016\016\r");
	KUNIT_EXPECT_STREQ(test, edit.line, "begun");
	for (int i = 0; i < 100; i++)
		type("x\ry\r");
	edit_begin(&edit);
	for (int i = 0; i < 100; i++)
		type("\020");
	type("\r");
	KUNIT_EXPECT_STREQ(test, edit.line, "y");
}

static void tab_completes(struct kunit *test)
{
	begin(true);
	type("\t\tx\t\r");
	KUNIT_EXPECT_STREQ(test, edit.line, "x");
	edit_begin(&edit);
	type("f\t9\r");
	KUNIT_EXPECT_STREQ(test, edit.line, "free 9");
	edit_begin(&edit);
	type("a\t_\t1\r");
	KUNIT_EXPECT_STREQ(test, edit.line, "alloc_at 1");
	edit_begin(&edit);
	type("a\t\t");
	KUNIT_EXPECT_EQ(test, strncmp(screen, "> alloc ", 8), 0);
	type("\r");
	KUNIT_EXPECT_STREQ(test, edit.line, "alloc");
}

/* The screen never holds anything but the prompt and the part of the line around the cursor. */
static void screen_is_right(struct kunit *test)
{
	static const char keys[] = "ab\303\244c\177\002\006\001\005\013\025\027\020\016";
	uint32_t random = 1;

	begin(true);
	for (int i = 0; i < 20000; i++) {
		size_t at = 2;

		random = random * 1103515245 + 12345;
		edit_key(&edit, random >> 16 & 1 ?
					(unsigned char)('a' + (random >> 20) % 26) :
					(unsigned char)keys[(random >> 20) % (sizeof(keys) - 1)]);
		if (edit.nr_wide)
			continue;
		for (size_t b = edit.first; b < edit.length && at < COLUMNS - 1; b++)
			if ((edit.line[b] & 0xc0) != 0x80)
				KUNIT_ASSERT_EQ(test, screen[at++], edit.line[b]);
		while (at < COLUMNS - 1)
			KUNIT_ASSERT_EQ(test, screen[at++], ' ');
		KUNIT_ASSERT_FALSE(test, overran);
	}
}

static void repeat(char c, int n)
{
	while (n--)
		edit_key(&edit, (unsigned char)c);
}

static void long_lines_are_refused(struct kunit *test)
{
	for (int keys = 0; keys < 2; keys++) {
		begin(keys);
		repeat('x', EDIT_MAX);
		KUNIT_EXPECT_EQ(test, type("\r"), EDIT_LINE);
		KUNIT_EXPECT_EQ(test, edit.length, EDIT_MAX);
		edit_begin(&edit);
		repeat('x', EDIT_MAX + 1);
		KUNIT_EXPECT_EQ(test, type("\n"), EDIT_REFUSED);
		edit_begin(&edit);
		repeat('x', 5000);
		KUNIT_EXPECT_EQ(test, type("\r"), EDIT_REFUSED);
		KUNIT_EXPECT_NOT_NULL(test, strstr(edit.why, "1,000"));
		edit_begin(&edit);
		KUNIT_EXPECT_EQ(test, type("ok\r"), EDIT_LINE);
		KUNIT_EXPECT_STREQ(test, edit.line, "ok");
	}
}

static void lines_of_a_file(struct kunit *test)
{
	begin(false);
	KUNIT_EXPECT_EQ(test, type("a\tb\r"), EDIT_LINE);
	KUNIT_EXPECT_STREQ(test, edit.line, "a b");
	edit_begin(&edit);
	KUNIT_EXPECT_EQ(test, type("\n"), EDIT_MORE); /* of CR LF */
	KUNIT_EXPECT_EQ(test, type("c\n"), EDIT_LINE);
	edit_begin(&edit);
	KUNIT_EXPECT_EQ(test, type("a\033[Db\n"), EDIT_REFUSED);
	KUNIT_EXPECT_STREQ(test, edit.line, "a?[Db");
	edit_begin(&edit);
	KUNIT_EXPECT_EQ(test, type("a\377b\n"), EDIT_REFUSED);
	edit_begin(&edit);
	KUNIT_EXPECT_EQ(test, type("last\004"), EDIT_LINE);
	KUNIT_EXPECT_STREQ(test, edit.line, "last");
	edit_begin(&edit);
	KUNIT_EXPECT_EQ(test, type("\004"), EDIT_END);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(keys_at_edges),
	KUNIT_CASE(history_keeps_lines),
	KUNIT_CASE(tab_completes),
	KUNIT_CASE(screen_is_right),
	KUNIT_CASE(long_lines_are_refused),
	KUNIT_CASE(lines_of_a_file),
	{},
};

static struct kunit_suite suite = {
	.name = "monitor_edit",
	.test_cases = cases,
};

kunit_test_suite(suite);
