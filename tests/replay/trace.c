// SPDX-License-Identifier: MIT
/*
 * trace.c - a strict reader of traces in the format mptrace 1
 *
 * Everything that the format does not allow is an error, with a line number and a
 * sentence: a trace that parses only by luck would prove nothing. The reader looks
 * at each byte a fixed number of times and copies no line, so lines may have any
 * length.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/replay/trace.h>

#define FIRST_LINE "mptrace 1"

/* A message quotes at most so many bytes of the trace: enough for any 64-bit number. */
#define QUOTE_BYTES 24
#define QUOTE_MAX (4 * QUOTE_BYTES + sizeof("\"\"..."))

static const struct form {
	char type;
	unsigned int least, most;
	const char *text;
} forms[] = {
	{ 'c', 2, 3, "c POOL SIZE [PARENT]" },
	{ 'a', 2, 2, "a POOL SIZE" },
	{ 'n', 2, 2, "n POOL SIZE" },
	{ 'z', 2, 2, "z POOL SIZE" },
	{ 'm', 3, 3, "m POOL SIZE ALIGN" },
	{ 'k', 2, 2, "k POOL SIZE" },
	{ 'f', 2, 2, "f POOL OBJECT" },
	{ 'r', 1, 1, "r POOL" },
	{ 'd', 1, 1, "d POOL" },
};

/* Part of the trace. No NUL follows it. */
struct span {
	const unsigned char *start;
	const unsigned char *end;
};

static bool is_printable(unsigned char byte)
{
	return byte >= ' ' && byte <= '~';
}

/* Writes @text in quotation marks, at most QUOTE_BYTES of it, unprintable bytes escaped. */
static const char *quote(struct span text, char buf[QUOTE_MAX])
{
	const unsigned char *stop = text.end;
	char *to = buf;

	if (stop - text.start > QUOTE_BYTES)
		stop = text.start + QUOTE_BYTES;
	*to++ = '"';
	for (const unsigned char *p = text.start; p < stop; p++) {
		if (*p == '"' || *p == '\\')
			*to++ = '\\';
		if (is_printable(*p))
			*to++ = (char)*p;
		else if (*p == '\r' || *p == '\t')
			to += snprintf(to, 3, "\\%c", *p == '\r' ? 'r' : 't');
		else
			to += snprintf(to, 5, "\\x%02x", *p);
	}
	memcpy(to, "\"...", stop == text.end ? 1 : 4);
	to[stop == text.end ? 1 : 4] = '\0';
	return buf;
}

__attribute__((format(printf, 2, 3))) static enum trace_result fail(struct trace *trace,
								    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(trace->error, sizeof(trace->error), fmt, args);
	va_end(args);
	return TRACE_ERROR;
}

/* The bytes from @start up to the next blank or the end of the line. */
static struct span word_at(const unsigned char *start, const unsigned char *end)
{
	struct span word = { start, start };

	while (word.end < end && *word.end != ' ')
		word.end++;
	return word;
}

/* A number has decimal digits only, no leading zero, and is below 2^64. */
static bool read_number(struct trace *trace, struct span word, size_t *number)
{
	bool negative = *word.start == '-' && word.end - word.start > 1;
	char buf[QUOTE_MAX];
	size_t value = 0;

	for (const unsigned char *p = word.start + negative; p < word.end; p++) {
		if (*p < '0' || *p > '9') {
			fail(trace, "%s is not a decimal number", quote(word, buf));
			return false;
		}
	}
	if (negative) {
		fail(trace, "negative number %s", quote(word, buf));
		return false;
	}
	if (*word.start == '0' && word.end - word.start > 1) {
		fail(trace, "leading zero in %s", quote(word, buf));
		return false;
	}
	for (const unsigned char *p = word.start; p < word.end; p++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *p - '0', &value)) {
			fail(trace, "number too large: %s; the limit is %zu", quote(word, buf),
			     SIZE_MAX);
			return false;
		}
	}
	*number = value;
	return true;
}

static enum trace_result read_record(struct trace *trace, struct span line,
				     struct trace_record *record)
{
	struct span word = word_at(line.start, line.end);
	const struct form *form = forms;
	size_t number[3] = { 0 };
	unsigned int count = 0;
	char buf[QUOTE_MAX];

	if (word.start == word.end)
		return fail(trace, line.start == line.end ? "empty line" :
							    "blank at the start of the line");
	while (form < forms + sizeof(forms) / sizeof(*forms) &&
	       (form->type != *word.start || word.end - word.start != 1))
		form++;
	if (form == forms + sizeof(forms) / sizeof(*forms))
		return fail(trace, "unknown record %s", quote(word, buf));

	while (word.end < line.end) {
		word = word_at(word.end + 1, line.end);
		if (word.start == line.end)
			return fail(trace, "blank at the end of the line");
		if (word.start == word.end)
			return fail(trace, "more than one blank between fields");
		if (count == form->most)
			return fail(trace, "extra field %s: the form is \"%s\"", quote(word, buf),
				    form->text);
		if (!read_number(trace, word, &number[count++]))
			return TRACE_ERROR;
	}
	if (count < form->least)
		return fail(trace, "missing field: the form is \"%s\"", form->text);
	if (form->type == 'm' && (!number[2] || (number[2] & (number[2] - 1))))
		return fail(trace, "alignment %zu is not a power of two", number[2]);

	record->type = form->type;
	record->nr_fields = count;
	record->pool = number[0];
	record->size = number[1];
	record->align = number[2];
	return TRACE_RECORD;
}

/* A comment is text in any 8-bit encoding. Of control characters it may hold only tabs. */
static bool check_comment(struct trace *trace, struct span line)
{
	char buf[QUOTE_MAX];

	for (const unsigned char *p = line.start; p < line.end; p++) {
		if ((*p < ' ' && *p != '\t') || *p == 0x7f) {
			fail(trace, "control character %s in a comment",
			     quote((struct span){ p, p + 1 }, buf));
			return false;
		}
	}
	return true;
}

/* Returns the next line. Sets *@ended to false if it has no newline: only the last may lack it. */
static struct span next_line(struct trace *trace, bool *ended)
{
	struct span line = { trace->next, trace->next };

	while (line.end < trace->end && *line.end != '\n')
		line.end++;
	*ended = line.end < trace->end;
	trace->next = line.end + *ended;
	trace->line++;
	return line;
}

static bool check_first_line(struct trace *trace, struct span line)
{
	size_t length = sizeof(FIRST_LINE) - 1;
	char buf[QUOTE_MAX];

	if (trace->next == line.start)
		fail(trace, "the file is empty");
	else if ((size_t)(line.end - line.start) != length ||
		 memcmp(line.start, FIRST_LINE, length) != 0)
		fail(trace, "the first line must be exactly \"" FIRST_LINE "\", not %s",
		     quote(line, buf));
	return !trace->error[0];
}

/**
 * trace_open() - start reading a trace
 * @trace: the reader, in any state
 * @data: the trace; may be NULL if @size is 0
 * @size: its size in bytes
 */
void trace_open(struct trace *trace, const void *data, size_t size)
{
	trace->next = size ? data : "";
	trace->end = trace->next + size;
	trace->line = 0;
	trace->error[0] = '\0';
}

/**
 * trace_next() - read the next record
 * @trace: the reader
 * @record: set if the result is TRACE_RECORD
 *
 * Return: TRACE_RECORD, or TRACE_END after the last record, or TRACE_ERROR: then
 * @trace->error says what is wrong in line @trace->line, and all later calls return
 * TRACE_ERROR, too.
 */
enum trace_result trace_next(struct trace *trace, struct trace_record *record)
{
	struct span line;
	bool ended;

	if (trace->error[0])
		return TRACE_ERROR;
	if (!trace->line) {
		line = next_line(trace, &ended);
		if (!check_first_line(trace, line))
			return TRACE_ERROR;
		if (!ended)
			return fail(trace, "the last line does not end with a newline");
	}
	while (trace->next < trace->end) {
		line = next_line(trace, &ended);
		if (!ended)
			return fail(trace, "the last line does not end with a newline");
		if (line.start < line.end && line.end[-1] == '\r')
			return fail(trace, "carriage return before the newline");
		if (line.start == line.end || *line.start != '#')
			return read_record(trace, line, record);
		if (!check_comment(trace, line))
			return TRACE_ERROR;
	}
	return TRACE_END;
}
