// SPDX-License-Identifier: MIT
/*
 * say.c - what the monitor prints
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>

#define SAID_MAX 1400 /* bytes: a line of 1,000, and a sentence around it */

/**
 * say() - print text
 * @monitor: where
 * @fmt: as of printf(); SAID_MAX bytes at most are printed
 */
void say(struct monitor *monitor, const char *fmt, ...)
{
	char text[SAID_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		monitor->lines++;
	monitor->write(monitor->arg, text, strlen(text));
}

/**
 * fail() - say why a command cannot be done
 * @monitor: where
 * @fmt: a sentence, without the newline
 *
 * Return: ANSWER_FAILED.
 */
enum answer fail(struct monitor *monitor, const char *fmt, ...)
{
	char text[SAID_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say(monitor, monitor->colour ? "\033[31m%s\033[0m\n" : "%s\n", text);
	return ANSWER_FAILED;
}

/**
 * say_sentence() - print a sentence with numbers in it
 * @monitor: where
 * @sentence: "$a" stands for @values->of['a' - 'a'] in decimal, "$A" for the same as an address
 * @values: the numbers
 */
void say_sentence(struct monitor *monitor, const char *sentence, const struct values *values)
{
	const char *at;

	for (; (at = strchr(sentence, '$')); sentence = at + 2) {
		size_t value = values->of[(at[1] | 32) - 'a'];

		say(monitor, at[1] & 32 ? "%.*s%zu" : "%.*s%#zx", (int)(at - sentence), sentence,
		    value);
	}
	say(monitor, "%s\n", sentence);
}
