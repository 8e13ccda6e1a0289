/* SPDX-License-Identifier: MIT */
/*
 * scene.h - a monitor without a kernel around it: what it prints goes into a buffer
 */
#ifndef TESTS_SUITES_MONITOR_SCENE_H
#define TESTS_SUITES_MONITOR_SCENE_H

#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/kunit/arena.h>
#include <tests/kunit/kunit.h>
#include <tests/monitor/monitor.h>

static struct monitor *scene;
static char printed[8192];

/* What does not fit is left out, and the end shows it. */
static inline void scene_write(void *arg, const char *text, size_t length)
{
	size_t used = strlen(printed);

	(void)arg;
	if (length > sizeof(printed) - 1 - used)
		length = sizeof(printed) - 1 - used;
	memcpy(printed + used, text, length);
	printed[used + length] = '\0';
}

#define SCENE_PAGES (SESSION_MIN / MM_PAGE_SIZE)
#define MONITOR_PAGES ((sizeof(struct monitor) + MM_PAGE_SIZE - 1) / MM_PAGE_SIZE)

static inline int scene_init(struct kunit *test)
{
	char *memory = page_alloc(&kernel_pages, SCENE_PAGES + MONITOR_PAGES);

	(void)test;
	if (!memory)
		return 1;
	scene = (struct monitor *)(memory + SESSION_MIN);
	memset(scene, 0, sizeof(*scene)); /* not a copy of a struct: the stack is small */
	scene->write = scene_write;
	scene->commands = commands;
	scene->waiting.kind = OP_KINDS;
	return !session_open(&scene->session, memory, SESSION_MIN, NULL);
}

static inline void scene_exit(struct kunit *test)
{
	if (scene) {
		char *memory = (char *)scene - SESSION_MIN;
		size_t pages = SCENE_PAGES + MONITOR_PAGES;

		/* The session's heaps poisoned it. Pages are not poisoned when they go back. */
		mm_unpoison(memory, SESSION_MIN);
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, memory, pages), 0);
	}
	scene = NULL;
}

/* Does what a line says. */
static inline enum answer enter(const char *line)
{
	char copy[1200];

	printed[0] = '\0';
	snprintf(copy, sizeof(copy), "%s", line);
	return command_run(scene, copy);
}

/* Does what a line says. Returns what was printed. */
static inline const char *type(const char *line)
{
	(void)enter(line);
	return printed;
}

#endif /* TESTS_SUITES_MONITOR_SCENE_H */
