/* SPDX-License-Identifier: MIT */
/*
 * heap_text.h - what an address in the pages of kernel_heap belongs to, in words
 */
#ifndef KERNEL_HEAP_TEXT_H
#define KERNEL_HEAP_TEXT_H

#include <stdint.h>

#include <kernel/report/report.h>

struct report_text heap_text(uintptr_t at);
const char *mistake_kind(uintptr_t at, struct report_text *details); /* with red zones */

#endif /* KERNEL_HEAP_TEXT_H */
