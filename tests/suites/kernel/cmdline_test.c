// SPDX-License-Identifier: MIT
/*
 * cmdline_test.c - reading words of the kernel command line
 */
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/kunit.h>

static void has_whole_words_only(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, cmdline_has("demo", "demo"));
	KUNIT_EXPECT_TRUE(test, cmdline_has("a demo b", "demo"));
	KUNIT_EXPECT_TRUE(test, cmdline_has("a demo", "demo"));
	KUNIT_EXPECT_TRUE(test, cmdline_has("demo=1", "demo"));
	KUNIT_EXPECT_TRUE(test, cmdline_has("demo=", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("   ", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("demos", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("dem", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("mydemo my=demo", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("Demo", "demo"));
	KUNIT_EXPECT_FALSE(test, cmdline_has("de mo", "demo"));
}

static void blanks_part_words(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, cmdline_has("  demo  ", "demo"));
	KUNIT_EXPECT_TRUE(test, cmdline_has("a\tdemo\nb", "demo"));
	KUNIT_EXPECT_TRUE(test, cmdline_has("\r\n demo", "demo"));
}

/* Starts with a value in the buffer, so that a call which writes nothing is noticed. */
#define GETS(test, cmdline, name, text)                                                 \
	do {                                                                            \
		char value[16] = "before";                                              \
		KUNIT_EXPECT_EQ(test, cmdline_get(cmdline, name, value, sizeof(value)), \
				sizeof(text) - 1);                                      \
		KUNIT_EXPECT_STREQ(test, value, text);                                  \
	} while (0)

static void get_values(struct kunit *test)
{
	GETS(test, "test=page", "test", "page");
	GETS(test, "  trace=x test=page.alloc icount", "test", "page.alloc");
	GETS(test, "test= trace=x", "test", "");
	GETS(test, "test", "test", "");
	GETS(test, "test=a=b=c", "test", "a=b=c");
	GETS(test, "test==", "test", "=");
	GETS(test, "tests=1 test=2 mytest=3", "test", "2");
}

static void the_last_one_counts(struct kunit *test)
{
	GETS(test, "test=a test=b", "test", "b");
	GETS(test, "test=a test", "test", "");
	GETS(test, "test=a tests=b", "test", "a");
}

static void missing_words(struct kunit *test)
{
	static const char *const without[] = { "",	 " ",	    "tes=1",  "text=1",
					       "tesa=1", "tests=1", "a=test", "mytest=1" };

	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		char value[16] = "before";

		KUNIT_EXPECT_EQ(test, cmdline_get(without[i], "test", value, sizeof(value)),
				-ENOENT);
		KUNIT_EXPECT_STREQ(test, value, "");
	}
}

/*
 * size 4:  |v|a|l|NUL|guard|    "value" does not fit, "val" does
 */
static void values_that_do_not_fit(struct kunit *test)
{
	for (size_t size = 0; size <= 7; size++) {
		static const char full[] = "value";
		size_t kept = size < 6 ? size : 6; /* bytes written, with the NUL */
		char value[8];

		memset(value, '#', sizeof(value));
		KUNIT_EXPECT_EQ(test, cmdline_get("test=value x", "test", value, size),
				size < 6 ? -ENOSPC : 5);
		if (kept) {
			KUNIT_EXPECT_MEMEQ(test, value, full, kept - 1);
			KUNIT_EXPECT_EQ(test, value[kept - 1], '\0');
		}
		KUNIT_EXPECT_MEMEQ(test, value + kept, "########", sizeof(value) - kept);
	}
}

static void next_walks_all_words(struct kunit *test)
{
	const char *cursor = "  demo test=page\ttrace=  ";
	const char *const end = cursor + strlen(cursor);
	char word[16];

	KUNIT_EXPECT_TRUE(test, cmdline_next(&cursor, word, sizeof(word)));
	KUNIT_EXPECT_STREQ(test, word, "demo");
	KUNIT_EXPECT_TRUE(test, cmdline_next(&cursor, word, sizeof(word)));
	KUNIT_EXPECT_STREQ(test, word, "test=page");
	KUNIT_EXPECT_TRUE(test, cmdline_next(&cursor, word, sizeof(word)));
	KUNIT_EXPECT_STREQ(test, word, "trace=");
	for (int again = 0; again < 2; again++)
		KUNIT_EXPECT_FALSE(test, cmdline_next(&cursor, word, sizeof(word)));
	KUNIT_EXPECT_PTR_EQ(test, cursor, end);

	cursor = "";
	KUNIT_EXPECT_FALSE(test, cmdline_next(&cursor, word, sizeof(word)));
}

/* The rest of a word that was cut is skipped, not returned as another word. */
static void next_cuts_long_words(struct kunit *test)
{
	const char *cursor = "abcdefgh next";
	char word[5];

	KUNIT_EXPECT_TRUE(test, cmdline_next(&cursor, word, 4));
	KUNIT_EXPECT_STREQ(test, word, "abc");
	KUNIT_EXPECT_TRUE(test, cmdline_next(&cursor, word, 5));
	KUNIT_EXPECT_STREQ(test, word, "next");
}

/* All bytes but blanks and NUL: what cannot be printed must not reach a terminal. */
static void only_printable_characters(struct kunit *test)
{
	for (int c = 1; c < 256; c++) {
		char cmdline[] = { 'a', '=', (char)c, 'z', '\0' };
		const char *cursor = cmdline;
		char word[8], value[8];
		char expected = c > ' ' && c <= '~' ? (char)c : '?';

		if (c == ' ' || (c >= '\t' && c <= '\r'))
			continue;
		KUNIT_EXPECT_TRUE(test, cmdline_next(&cursor, word, sizeof(word)));
		KUNIT_EXPECT_EQ(test, word[2], expected);
		KUNIT_EXPECT_STREQ(test, word + 3, "z");
		KUNIT_EXPECT_EQ(test, cmdline_get(cmdline, "a", value, sizeof(value)), 2);
		KUNIT_EXPECT_EQ(test, value[0], expected);
	}
}

/* Which of these is nearest? In this order, and in the reverse one. */
static const char *const names[] = {
	"page", "bump",	 "mp_pool", "mp_large", "heap", "heap.alloc_zero", "mp_pool.create_sizes",
	"demo", "trace",
};

#define NR_NAMES (sizeof(names) / sizeof(*names))

static void expect_nearest(struct kunit *test, const char *word, const char *name)
{
	struct nearest up = { .word = word }, down = { .word = word };
	char text[64] = "";

	for (size_t i = 0; i < NR_NAMES; i++) {
		nearest_try(&up, names[i]);
		nearest_try(&down, names[NR_NAMES - 1 - i]);
	}
	if (*name)
		snprintf(text, sizeof(text), "; the nearest is \"%s\"", name);
	KUNIT_EXPECT_STREQ(test, up.text, text);
	KUNIT_EXPECT_STREQ(test, down.text, text);
}

static void nearest_names(struct kunit *test)
{
	expect_nearest(test, "bump", "bump");
	expect_nearest(test, "bmup", "bump"); /* two letters exchanged */
	expect_nearest(test, "ump", "bump");  /* one is missing: the first, the last */
	expect_nearest(test, "bum", "bump");
	expect_nearest(test, "bbump", "bump"); /* one is too many */
	expect_nearest(test, "bumpp", "bump");
	expect_nearest(test, "bimp", "bump"); /* one is wrong */
	expect_nearest(test, "BUMP", "bump");
	expect_nearest(test, "pool", "mp_pool"); /* letters are missing */
	expect_nearest(test, "large", "mp_large");
	expect_nearest(test, "create_sizes", "mp_pool.create_sizes");
	expect_nearest(test, "mp_pool.create_size", "mp_pool.create_sizes");
	expect_nearest(test, "heap_alloc_zero", "heap.alloc_zero");
}

static void nothing_is_near(struct kunit *test)
{
	expect_nearest(test, "", "");
	expect_nearest(test, "x", "");
	expect_nearest(test, "splash", "");
	expect_nearest(test, "=", "");
	expect_nearest(test, "????????????????????????????????????????????????????????????????",
		       "");
}

/* A name of 63 letters is the longest that counts. */
static void names_too_long(struct kunit *test)
{
	char name[WORD_MAX + 1];
	struct nearest nearest = { .word = name };

	memset(name, 'a', WORD_MAX);
	name[WORD_MAX] = '\0';
	nearest_try(&nearest, name);
	KUNIT_EXPECT_STREQ(test, nearest.text, "");
	name[WORD_MAX - 1] = '\0';
	nearest_try(&nearest, name);
	KUNIT_EXPECT_EQ(test, nearest.cost, 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(nearest.text, "a\""));
}

static struct kunit_case cmdline_cases[] = {
	KUNIT_CASE(has_whole_words_only),
	KUNIT_CASE(blanks_part_words),
	KUNIT_CASE(get_values),
	KUNIT_CASE(the_last_one_counts),
	KUNIT_CASE(missing_words),
	KUNIT_CASE(values_that_do_not_fit),
	KUNIT_CASE(next_walks_all_words),
	KUNIT_CASE(next_cuts_long_words),
	KUNIT_CASE(only_printable_characters),
	KUNIT_CASE(nearest_names),
	KUNIT_CASE(nothing_is_near),
	KUNIT_CASE(names_too_long),
	{},
};

static struct kunit_suite cmdline_suite = {
	.name = "cmdline",
	.test_cases = cmdline_cases,
};

kunit_test_suite(cmdline_suite);
