/* SPDX-License-Identifier: MIT */
/*
 * trace.h - reads mptrace 1, the record of what a program asked of its pools
 *
 * The format is described in tests/traces/README.md. The reader takes a buffer
 * that need not end with a NUL, allocates nothing and keeps no state but its
 * own, so that it can be fed anything, anywhere.
 */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include <stddef.h>

#define TRACE_ERROR_MAX 192

/**
 * struct trace_record - one line of a trace
 * @type: its first letter, one of "canzmkfrd"
 * @nr_fields: how many numbers follow it
 * @pool: the first number
 * @size: the second: of a pool (c), an object (a n z m), a cleanup's data (k)
 * @object: the second number of an f record
 * @parent: the third of a c record; there only if @nr_fields is 3
 * @align: the third of an m record, always a power of two
 */
struct trace_record {
	char type;
	unsigned int nr_fields;
	size_t pool;
	union {
		size_t size;
		size_t object;
	};
	union {
		size_t parent;
		size_t align;
	};
};

/**
 * struct trace - where the reader is
 * @next: the first byte not read
 * @end: the end of the buffer
 * @line: number of the line read last, from 1; 0 before the first
 * @error: what is wrong with it, without the line number; "" if nothing is
 */
struct trace {
	const unsigned char *next;
	const unsigned char *end;
	size_t line;
	char error[TRACE_ERROR_MAX];
};

enum trace_result { TRACE_RECORD, TRACE_END, TRACE_ERROR };

void trace_open(struct trace *trace, const void *data, size_t size);
enum trace_result trace_next(struct trace *trace, struct trace_record *record);

#endif /* TESTS_TRACE_H */
