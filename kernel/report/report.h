/* SPDX-License-Identifier: MIT */
/*
 * report.h - what an address means, for reports of panics and exceptions
 *
 * All of this works at any time, also in exceptions. It trusts no pointer: memory is read
 * only after the page tables were asked whether it is there.
 */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_TEXT_MAX 240

/* Text in a structure: functions return it, so that callers need no buffer. */
struct report_text {
	char text[REPORT_TEXT_MAX];
};

/**
 * struct place - a place in running code
 * @pc: the address of the instruction
 * @sp: the stack pointer
 * @fp: the frame pointer register, which may hold anything
 * @returned: @pc is a return address: the call is the instruction before it
 */
struct place {
	uintptr_t pc, sp, fp;
	bool returned;
};

struct report_text symbol_text(uintptr_t address);
struct report_text place_text(const struct place *place);
struct report_text address_text(uintptr_t address);
struct report_text fast_path_text(uintptr_t address, const uint64_t *registers, size_t count);
uintptr_t symbol_start(uintptr_t address);
void backtrace_print(struct place place);

#endif /* KERNEL_REPORT_H */
