/* SPDX-License-Identifier: MIT */
/*
 * prompt.h - a prompt, a line, a command; and again
 */
#ifndef TESTS_MONITOR_PROMPT_H
#define TESTS_MONITOR_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include <tests/monitor/line/edit.h>
#include <tests/monitor/monitor.h>

#define PROMPT_TEXT "mp> "
#define FAILED_MAX 8 /* so many lines are named at the end */

/**
 * struct prompt - a session at a prompt
 * @edit: the line editor; its members keys, escapes and columns say what the terminal can do
 * @read: the next byte of the input, or -1 if there is none yet
 * @run: carries out a line, which it may change
 * @owner: for @run and edit.candidate
 * @line: the number of the line that is carried out, from 1
 * @commands: how many lines were carried out
 * @nr_failed: how many of them failed
 * @failed: the numbers of the first of those
 */
struct prompt {
	struct edit edit;
	int (*read)(void);
	enum answer (*run)(void *owner, char *line);
	void *owner;
	unsigned int line, commands, nr_failed;
	unsigned int failed[FAILED_MAX];
};

void prompt_run(struct prompt *prompt);

#endif /* TESTS_MONITOR_PROMPT_H */
