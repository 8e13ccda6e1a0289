// SPDX-License-Identifier: MIT
/* stubs.c - commands that are not written yet */
#include <tests/monitor/monitor.h>
#define STUB(n)                                               \
	__attribute__((weak)) COMMAND(n)                      \
	{                                                     \
		(void)args;                                   \
		return fail(monitor, #n " is not there yet"); \
	}
STUB(break)
STUB(text)
