// SPDX-License-Identifier: MIT
/*
 * kunit_message.c - takes the messages that cases expect, so that the log does not show them
 *
 *	printk() ---> take(): collects a line
 *	                |
 *	                +--- a KUNIT_EXPECT_MESSAGE waits for words in it ---> taken
 *	                +--- none does --------------------------------------> printed
 *
 * If one KUNIT_EXPECT_MESSAGE stands inside another, the inner one comes first. Each takes
 * one line.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

/* The line that is being printed, as far as it has come, without its newline. */
static char line[256];
static size_t length;
static bool is_too_long; /* its beginning is printed already, so it cannot be taken */

/* @message did not take the line. */
static void note_other(struct kunit_message *message)
{
	if (message->other[0])
		return;
	snprintf(message->other, sizeof(message->other), "%.*s", (int)sizeof(message->other) - 1,
		 line);
	message->is_too_long = is_too_long;
}

/* The line is longer than @line: prints what has come of it. */
static void give_up_line(void)
{
	line[length] = '\0';
	length = 0;
	is_too_long = true;
	for (struct kunit_message *message = kunit_awaited; message; message = message->outer)
		note_other(message);
	kunit_print(line);
}

/* The line is complete, and @end follows it: a message takes it, or it is printed. */
static void end_line(const char *end)
{
	struct kunit_message *message = kunit_awaited;

	line[length] = '\0';
	length = 0;
	while (message && (message->came || is_too_long || !strstr(line, message->words))) {
		note_other(message);
		message = message->outer;
	}
	is_too_long = false;
	if (message) {
		message->came = true;
		return;
	}
	kunit_print(line);
	kunit_print(end);
}

/* The printk_taker while a message is awaited. */
static void take(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n') {
			end_line("\n");
			continue;
		}
		if (length == sizeof(line) - 1)
			give_up_line();
		line[length++] = text[i];
	}
}

void kunit_await_message(struct kunit_message *message, struct kunit *test,
			 const struct kunit_site *site, const char *words)
{
	*message = (struct kunit_message){
		.test = test,
		.site = site,
		.words = words,
		.outer = kunit_awaited,
	};
	if (!kunit_awaited)
		kunit_outer_taker = printk_taker;
	kunit_awaited = message;
	printk_taker = take;
}

/* No longer waits for messages inside @outer. What has come of a line counts as a line. */
void kunit_drop_messages(struct kunit_message *outer)
{
	if (kunit_awaited == outer)
		return;
	kunit_awaited = outer;
	if (!outer)
		printk_taker = kunit_outer_taker;
	if (length)
		end_line("");
}

/* The statement of @message has ended, or a panic leaves it. */
void kunit_check_message(struct kunit_message *message)
{
	char expected[120], got[120] = "no message";

	if (length)
		end_line("");
	kunit_drop_messages(message->outer);
	if (message->came)
		return;
	snprintf(expected, sizeof(expected), "a message with \"%s\"", message->words);
	if (message->other[0])
		snprintf(got, sizeof(got), "%s\"%s\"",
			 message->is_too_long ? "a line that is too long: " : "", message->other);
	kunit_report(message->test, message->site, KUNIT_EQ, expected, got);
}
