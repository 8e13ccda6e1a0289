// SPDX-License-Identifier: MIT
/*
 * printk.c - formatted text to the console, or into a buffer
 */
#include <limits.h>
#include <stdint.h>

#include <kernel/arch.h>
#include <kernel/boot_cost.h>
#include <kernel/lib/format.h>
#include <kernel/lib/printk.h>

struct boot_cost boot_cost;
void (*printk_taker)(const char *text, size_t size);

#define CHUNK 128

/* Text for the console is collected in a chunk, so it can be of any length. */
struct console_text {
	struct text text;
	char chunk[CHUNK];
};

static void flush(struct text *text)
{
	struct console_text *console = (struct console_text *)text;

	size_t size = text->at - console->chunk;

	if (printk_taker)
		printk_taker(console->chunk, size);
	else
		arch_console_write(console->chunk, size);
	text->at = console->chunk;
}

/**
 * vprintk() - print to the console, or to printk_taker
 * @fmt: the format, as in printf
 * @args: the arguments
 *
 * Return: the number of characters; -1 if format_text() does.
 */
int vprintk(const char *fmt, va_list args)
{
	struct console_text console;
	uint64_t start = arch_cycles();
	int length;

	console.text = (struct text){
		.at = console.chunk,
		.end = console.chunk + CHUNK,
		.full = flush,
	};
	length = format_text(&console.text, fmt, args);
	flush(&console.text);
	boot_cost.printing += arch_cycles() - start;
	return length;
}

/**
 * printk() - print to the console, or to printk_taker
 * @fmt: the format, as in printf
 *
 * Return: the number of characters; -1 if format_text() does.
 */
int printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintk(fmt, args);
	va_end(args);
	return length;
}

/**
 * vsnprintf() - print into a buffer
 * @buf: where the text goes, always ended by a NUL
 * @size: of @buf in bytes; if 0, nothing is written, not even the NUL
 * @fmt: the format, as in printf
 * @args: the arguments
 *
 * Return: the length that the text would have in a buffer that is large enough; -1 if
 * format_text() does.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	/* No text is longer than INT_MAX. A caller may say SIZE_MAX, and buf + SIZE_MAX wraps. */
	size_t room = size < INT_MAX ? size : INT_MAX;
	struct text text = {
		.at = buf,
		.end = room ? buf + room - 1 : buf,
	};
	int length = format_text(&text, fmt, args);

	if (size)
		*text.at = '\0';
	return length;
}

/**
 * snprintf() - print into a buffer
 * @buf: where the text goes, always ended by a NUL
 * @size: of @buf in bytes; if 0, nothing is written, not even the NUL
 * @fmt: the format, as in printf
 *
 * Return: the length that the text would have in a buffer that is large enough; -1 if
 * format_text() does.
 */
int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return length;
}
