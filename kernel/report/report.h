/* SPDX-License-Identifier: MIT */
/*
 * report.h - what an address means, for reports of what went wrong
 *
 * All of this works at any time, in traps, too, and believes nothing: whatever
 * is read was looked up in the page tables first.
 */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mp_node_s;

#define REPORT_TEXT_MAX 160

/* Text in a structure, to be used where it stands. */
struct report_text {
	char text[REPORT_TEXT_MAX];
};

/**
 * struct place - where a function has got to
 * @pc: the address of the instruction
 * @sp: the stack pointer
 * @fp: the frame pointer, which may hold anything
 * @returned: @pc is where a call returns to: the instruction before it is meant
 */
struct place {
	uintptr_t pc, sp, fp;
	bool returned;
};

/**
 * struct pool_place - what a block is to a pool
 * @pool: the pool
 * @kind: "a node" and the like
 * @node: the block as a node; NULL: it is a large block
 * @header: bytes before the first one that is for objects
 */
struct pool_place {
	const void *pool;
	const char *kind;
	const struct mp_node_s *node;
	size_t header;
};

struct report_text symbol_text(uintptr_t address);
struct report_text place_text(const struct place *place);
struct report_text address_text(uintptr_t address);
bool pool_find(const void *block, struct pool_place *place);
uintptr_t symbol_start(uintptr_t address);
void backtrace_print(struct place place);

#endif /* KERNEL_REPORT_H */
