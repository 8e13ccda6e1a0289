// SPDX-License-Identifier: MIT
/*
 * message_test.c - does KUNIT_EXPECT_MESSAGE take the message that it expects, and no other?
 *
 *	printk() ---> KUNIT_EXPECT_MESSAGE(in, ...) ---> to_console() ---> console[]
 *	                 takes, or fails @in                stands in for the console
 *
 * A case runs each expectation on a second struct kunit, @in, as expect_test.c does. What
 * would be in the log is in console[].
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <mm/heap.h>
#include <tests/kunit/kunit.h>

#define LONGEST 255 /* bytes of a line that can be taken */

static char inner_log[1024], console[1024];
static struct kunit inner;
static struct kunit *const in = &inner;

static void to_console(const char *text, size_t size)
{
	size_t used = strlen(console);

	snprintf(console + used, sizeof(console) - used, "%.*s", (int)size, text);
}

static int start(struct kunit *test)
{
	(void)test;
	inner = (struct kunit){
		.suite = "private",
		.name = "inner",
		.log = inner_log,
		.log_size = sizeof(inner_log),
	};
	inner_log[0] = '\0';
	console[0] = '\0';
	printk_taker = to_console;
	return 0;
}

static void stop(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, printk_taker);
}

/*
 * The case is over: its own expectations print to the log again. @in must have @failures,
 * the console must hold @printed, and nothing may be awaited any more.
 */
static void end(struct kunit *test, unsigned int failures, const char *printed)
{
	bool is_restored = printk_taker == to_console;

	printk_taker = NULL;
	KUNIT_EXPECT_TRUE(test, is_restored);
	KUNIT_EXPECT_NULL(test, kunit_awaited);
	KUNIT_EXPECT_EQ(test, inner.failures, failures);
	KUNIT_EXPECT_STREQ(test, console, printed);
}

/* @words must be in the log of @in. */
static void expect_said(struct kunit *test, const char *words)
{
	if (!strstr(inner_log, words))
		KUNIT_FAIL(test, "\"%s\" is not in \"%s\"", words, inner_log);
}

static void it_is_taken(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", printk("# these %s came\n", "words"));
	end(test, 0, "");
	KUNIT_EXPECT_STREQ(test, inner_log, "");
}

static void it_does_not_come(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", (void)0);
	end(test, 1, "");
	expect_said(test, "EXPECTATION FAILED at " __FILE__ ":");
	expect_said(test, "#   (void)0\n");
	expect_said(test, "#   expected a message with \"words\"\n#   got no message\n");
}

/* It came before or after, not during the statement. */
static void it_comes_at_another_time(struct kunit *test)
{
	printk("words\n");
	KUNIT_EXPECT_MESSAGE(in, "words", (void)0);
	printk("words\n");
	end(test, 1, "words\nwords\n");
	expect_said(test, "got no message\n");
}

static void another_one_comes(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", {
		printk("# a word\n");
		printk("# wor\nds\n");
	});
	end(test, 1, "# a word\n# wor\nds\n");
	expect_said(test, "expected a message with \"words\"\n#   got \"# a word\"\n");
}

/* A line of @size bytes, of which "words" are the first. */
static const char *line_of(size_t size)
{
	static char text[LONGEST + 2];

	memset(text, '.', sizeof(text));
	memcpy(text, "words", 5);
	text[size] = '\0';
	return text;
}

static void it_is_as_long_as_can_be(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", printk("%s\n", line_of(LONGEST)));
	end(test, 0, "");
}

/* It is printed whole, and the next message is taken. */
static void it_is_too_long(struct kunit *test)
{
	char printed[LONGEST + 3];

	snprintf(printed, sizeof(printed), "%s\n", line_of(LONGEST + 1));
	KUNIT_EXPECT_MESSAGE(in, "words", printk("%s", printed));
	KUNIT_EXPECT_MESSAGE(in, "words", printk("words\n"));
	end(test, 1, printed);
	expect_said(test, "got a line that is too long: \"words....");
}

/* The rest of a line that is too long is no line of its own. */
static void the_end_of_a_long_line(struct kunit *test)
{
	char printed[LONGEST + 10];

	snprintf(printed, sizeof(printed), "%swords\n", line_of(LONGEST) + 5);
	memcpy(printed + LONGEST - 5, "#####words\n", 12);
	KUNIT_EXPECT_MESSAGE(in, "words", printk("%s", printed));
	end(test, 1, printed);
}

/* None of them is swallowed. */
static void others_are_printed(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", {
		printk("# before\n");
		printk("# the words\n\n# after");
		printk(", in pieces");
	});
	printk(".\n");
	end(test, 0, "# before\n\n# after, in pieces.\n");
}

static void it_comes_in_pieces(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "the words", {
		printk("# th");
		printk("e wo");
		printk("rds\n");
	});
	/* It need not end with a newline. */
	KUNIT_EXPECT_MESSAGE(in, "words", printk("words"));
	end(test, 0, "");
}

/* Each expectation takes one line. */
static void it_comes_twice(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", printk("words 1\nwords 2\n"));
	KUNIT_EXPECT_MESSAGE(in, "words",
			     KUNIT_EXPECT_MESSAGE(in, "words", printk("words 3\nwords 4\n")));
	end(test, 0, "words 2\n");
	/* And needs one: the inner one gets it. */
	printk_taker = to_console;
	KUNIT_EXPECT_MESSAGE(in, "outer",
			     KUNIT_EXPECT_MESSAGE(in, "inner", printk("outer and inner\n")));
	end(test, 1, "words 2\n");
	expect_said(test, "expected a message with \"outer\"\n#   got no message\n");
}

/* What kunit reports of the statement is no message of the statement. */
static void reports_are_no_messages(struct kunit *test)
{
	inner.log = NULL;
	KUNIT_EXPECT_MESSAGE(in, "words", KUNIT_FAIL(in, "words"));
	inner.log = inner_log;
	end(test, 2, console);
	KUNIT_EXPECT_NOT_NULL(test, strstr(console, "    #   words\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(console, "    #   got no message\n"));
}

static size_t elsewhere;

static void to_elsewhere(const char *text, size_t size)
{
	(void)text;
	elsewhere += size;
}

/* When nothing is awaited, a report goes where printk() goes. */
static void reports_follow_printk(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", printk("words\n"));
	elsewhere = 0;
	printk_taker = to_elsewhere;
	kunit_print("report");
	printk_taker = to_console;
	end(test, 0, "");
	KUNIT_EXPECT_EQ(test, elsewhere, 6);
}

static void leave(struct kunit *test)
{
	for (int i = 0; i < 3; i++)
		KUNIT_EXPECT_MESSAGE(test, "words", {
			if (i == 1)
				break;
			printk("the words\n");
			if (i == 2)
				return;
		});
}

/* break and return leave the statement: the check runs. */
static void statement_is_left(struct kunit *test)
{
	leave(in);
	end(test, 1, "");
	expect_said(test, "got no message\n");
}

static void asserts(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(test, "words", {
		printk("words\nnot expected\nnor is");
		KUNIT_ASSERT_EQ(test, 1, 2);
	});
}

static void skips(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(test, "words", kunit_skip(test, "early"));
}

static void print_words(struct kunit *test)
{
	(void)test;
	printk(", these words\n");
}

static void run_inner(void (*body)(struct kunit *test), void (*exit)(struct kunit *test))
{
	struct kunit_case inner_case = { .run_case = body, .name = "inner" };
	struct kunit_suite suite = { .name = "private", .exit = exit };

	kunit_run_case(&suite, &inner_case, in);
}

static void do_nothing(struct kunit *test)
{
	(void)test;
}

/* Nothing is taken from what the suite's exit prints, nor after the exit ended early. */
static void case_ends_early(struct kunit *test)
{
	run_inner(asserts, print_words);
	end(test, 1, "not expected\nnor is, these words\n");
	expect_said(test, "ASSERTION FAILED at ");

	start(test);
	run_inner(skips, print_words);
	end(test, 0, ", these words\n");
	KUNIT_EXPECT_EQ(test, inner.status, KUNIT_SKIPPED);

	start(test);
	run_inner(do_nothing, asserts);
	printk(", these words\n");
	end(test, 1, "not expected\nnor is, these words\n");
}

/* Two functions, not inlined: kunit.h says why. */
__attribute__((noinline)) static void expect_panic(struct kunit *test)
{
	KUNIT_EXPECT_PANIC(test, "reason", {
		printk("words\nnot expected\n");
		panic("the reason");
	});
}

__attribute__((noinline)) static void expect_message(struct kunit *test, const char *words)
{
	KUNIT_EXPECT_MESSAGE(test, words, {
		printk("words\nnot expected\n");
		panic("the reason");
	});
}

static void panic_inside(struct kunit *test)
{
	KUNIT_EXPECT_MESSAGE(in, "words", expect_panic(in));
	end(test, 0, "not expected\n");
}

/* The panic leaves the statement: the check runs. */
static void panic_outside(struct kunit *test)
{
	KUNIT_EXPECT_PANIC(in, "reason", expect_message(in, "words"));
	end(test, 0, "not expected\n");
}

static void panic_outside_without_words(struct kunit *test)
{
	KUNIT_EXPECT_PANIC(in, "reason", expect_message(in, "other words"));
	end(test, 1, "words\nnot expected\n");
	expect_said(test, "got \"words\"\n");
}

/*
 * The last three cases run by name only, and end the run: by a panic, a trap, and a report
 * of KASAN. Each awaits words of that report, which must be in the log all the same.
 */
static void panics(struct kunit *test)
{
	printk_taker = NULL;
	KUNIT_EXPECT_MESSAGE(test, "Bail out!", panic("message.panics was asked to"));
}

static void traps(struct kunit *test)
{
	printk_taker = NULL;
	KUNIT_EXPECT_MESSAGE(test, "exception", __builtin_trap());
}

static void overflows(struct kunit *test)
{
	volatile char *block = heap_alloc(&kernel_heap, 32, 5);

	KUNIT_ASSERT_NOT_NULL(test, (const void *)block);
	printk_taker = NULL;
	KUNIT_EXPECT_MESSAGE(test, "# KASAN", block[heap_usable_size((const void *)block)] = 1);
}

static struct kunit_case message_cases[] = {
	KUNIT_CASE(it_is_taken),
	KUNIT_CASE(it_does_not_come),
	KUNIT_CASE(it_comes_at_another_time),
	KUNIT_CASE(another_one_comes),
	KUNIT_CASE(it_is_as_long_as_can_be),
	KUNIT_CASE(it_is_too_long),
	KUNIT_CASE(the_end_of_a_long_line),
	KUNIT_CASE(others_are_printed),
	KUNIT_CASE(it_comes_in_pieces),
	KUNIT_CASE(it_comes_twice),
	KUNIT_CASE(reports_are_no_messages),
	KUNIT_CASE(reports_follow_printk),
	KUNIT_CASE(statement_is_left),
	KUNIT_CASE(case_ends_early),
	KUNIT_CASE(panic_inside),
	KUNIT_CASE(panic_outside),
	KUNIT_CASE(panic_outside_without_words),
	KUNIT_CASE_BY_NAME(panics),
	KUNIT_CASE_BY_NAME(traps),
	KUNIT_CASE_BY_NAME(overflows),
	{},
};

static struct kunit_suite message_suite = {
	.name = "message",
	.init = start,
	.exit = stop,
	.test_cases = message_cases,
};

kunit_test_suite(message_suite);
