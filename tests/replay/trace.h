/* SPDX-License-Identifier: MIT */
/*
 * trace.h - reads a trace: the recorded requests of a program to its pools
 *
 * tests/traces/README.md describes the format, mptrace 1. The reader takes any
 * bytes in a buffer, which need not end with a NUL. It allocates nothing, and its
 * only state is the struct trace.
 */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include <stddef.h>

#define TRACE_ERROR_MAX 192

/**
 * struct trace_record - one line of a trace
 * @type: its first letter, one of "canzmkfrd"
 * @nr_fields: how many numbers follow the letter
 * @pool: the first number: a pool's
 * @size: the second number: bytes of a pool (c), an object (a n z m), a cleanup's data (k)
 * @object: the second number of an f record: an object's
 * @parent: the third number of a c record: a pool's; valid only if @nr_fields is 3
 * @align: the third number of an m record: an alignment in bytes, always a power of two
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
 * struct trace - the reader
 * @next: the first byte that is not read yet
 * @end: the end of the buffer
 * @line: number of the line read last, from 1; 0 before the first
 * @error: what is wrong in this line, without the line number; "" if nothing is
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
