/* SPDX-License-Identifier: MIT */
/*
 * look_scene.h - a scene for the commands that look
 *
 *	session_do()	makes it: pools, objects, blocks
 *	cmd_pool() ...	print it into a buffer
 *	expect_...()	compare the buffer with what mm/ says, or with what was computed by hand
 */
#ifndef TESTS_SUITES_MONITOR_LOOK_SCENE_H
#define TESTS_SUITES_MONITOR_LOOK_SCENE_H

#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/mp_record.h>
#include <tests/kunit/arena.h>
#include <tests/monitor/look/draw.h>

#define PAGES ((size_t)160)
#define SAID_MAX ((size_t)1 << 16)

static struct monitor monitor;
static void *memory;
static char said[SAID_MAX];
static size_t length;

static inline void note(void *arg, const char *text, size_t n)
{
	(void)arg;
	if (n > SAID_MAX - 1 - length)
		n = SAID_MAX - 1 - length;
	memcpy(said + length, text, n);
	length += n;
	said[length] = '\0';
}

static inline int start(struct kunit *test)
{
	(void)test;
	memory = page_alloc(&kernel_pages, PAGES);
	if (!memory)
		return 1;
	mm_unpoison(memory, PAGES << MM_PAGE_SHIFT);
	memset(&monitor, 0, sizeof(monitor)); /* not a copy of a struct: the stack is small */
	monitor.write = note;
	monitor.columns = 80;
	return !session_open(&monitor.session, memory, PAGES << MM_PAGE_SHIFT, NULL);
}

static inline void finish(struct kunit *test)
{
	(void)test;
	mm_unpoison(memory, PAGES << MM_PAGE_SHIFT); /* the session's heaps poisoned it */
	page_put_back(&kernel_pages, memory, PAGES);
}

/* Does an operation, as a command of its own. */
static inline void act(enum op_kind kind, uint32_t name, size_t size)
{
	struct op op = { .kind = kind, .name = name, .size = size, .align = 32 };

	op.command = monitor.session.command + 1;
	op.text = kind == OP_PRINTF ? "some text" : NULL;
	op.size = op.text ? strlen(op.text) + 1 : size;
	(void)session_do(&monitor.session, op);
}

/* Runs a command into an empty buffer. Returns what it does. */
static inline enum answer look(enum answer (*command)(struct monitor *monitor,
						      const struct args *args),
			       enum thing_kind kind, uint32_t name)
{
	struct args args = { .kind = kind, .name = name };

	length = 0;
	said[0] = '\0';
	return command(&monitor, &args);
}

static inline void expect_said(struct kunit *test, const char *words)
{
	if (!strstr(said, words))
		KUNIT_FAIL(test, "\"%s\" is not in: %s", words, said);
}

/* The number behind the first @words that were said; SIZE_MAX: they were not. */
static inline size_t number_behind(const char *words)
{
	const char *at = strstr(said, words);
	size_t number = 0;

	if (!at)
		return SIZE_MAX;
	for (at += strlen(words); *at == ' ' || *at == '\n'; at++)
		;
	for (; *at >= '0' && *at <= '9'; at++)
		number = 10 * number + (size_t)(*at - '0');
	return number;
}

/* No line is wider than the screen. */
static inline void expect_narrow(struct kunit *test)
{
	const char *line = said, *end;

	for (; (end = strchr(line, '\n')); line = end + 1)
		if ((size_t)(end - line) > monitor.columns)
			KUNIT_FAIL(test, "at %u columns: \"%.*s\"", monitor.columns,
				   (int)(end - line), line);
	KUNIT_EXPECT_EQ(test, *line, '\0');
}

#endif /* TESTS_SUITES_MONITOR_LOOK_SCENE_H */
