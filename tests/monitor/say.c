// SPDX-License-Identifier: MIT
/*
 * say.c - what the monitor prints
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>

#define INDENT 4 /* columns in front of the rest of a long line */

/* Bytes at the start of @text that @columns columns hold: up to a blank, if there is one. */
static size_t fitting(const char *text, size_t columns)
{
	size_t n = 0, at_blank = 0, shown = 0;

	while (text[n] && (shown < columns || text[n] == '\033')) {
		if (text[n] == '\033') { /* a colour takes no column */
			n += strchr(text + n, 'm') ? strchr(text + n, 'm') - (text + n) + 1 : 1;
			continue;
		}
		if (text[n] == ' ')
			at_blank = n;
		n++;
		shown++;
	}
	return !text[n] || text[n] == ' ' || !at_blank ? n : at_blank;
}

/* Prints the line that is complete; as many lines as the screen needs for it. */
static void put_line(struct monitor *monitor)
{
	size_t room = monitor->columns ? monitor->columns : sizeof(monitor->line);
	const char *rest = monitor->line;
	size_t n;

	for (;;) {
		n = fitting(rest, room);
		monitor->write(monitor->arg, rest, n);
		monitor->write(monitor->arg, "\n", 1);
		monitor->lines++;
		for (rest += n; *rest == ' ' && n; rest++)
			;
		if (!*rest)
			break;
		monitor->write(monitor->arg, "    ", INDENT);
		room = monitor->columns - INDENT;
	}
	monitor->used = 0;
}

/**
 * say() - print text
 * @monitor: where
 * @fmt: as of printf()
 *
 * A line is printed when it is complete. If it is wider than the screen, it is broken at blanks.
 */
void say(struct monitor *monitor, const char *fmt, ...)
{
	char text[sizeof(monitor->line)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (const char *at = text; *at; at++) {
		if (*at == '\n')
			put_line(monitor);
		else if (monitor->used < sizeof(monitor->line) - 1)
			monitor->line[monitor->used++] = *at;
		monitor->line[monitor->used] = '\0';
	}
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
	char text[sizeof(monitor->line)];
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
