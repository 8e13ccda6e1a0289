// SPDX-License-Identifier: MIT
/*
 * panic.c - says why the kernel ends, and ends it
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <kernel/report/report.h>

void (*panic_notifier)(const char *reason);
void (*panic_survivor)(const char *reason);

static int depth;

/* If somebody wants to go on after this report, does so. A panic in it is not survived. */
static void survive(const char *fmt, va_list args)
{
	void (*survivor)(const char *reason) = panic_survivor;
	char reason[320];

	panic_survivor = NULL;
	if (!survivor || depth > 1)
		return;
	depth = 0;
	vsnprintf(reason, sizeof(reason), fmt, args);
	survivor(reason);
}

/* Prints the last line and ends. A second panic prints its reason; a third prints nothing. */
__attribute__((noreturn)) static void end(const char *fmt, va_list args)
{
	survive(fmt, args);
	if (depth <= 2) {
		printk("\nBail out! ");
		vprintk(fmt, args);
		printk("%s\n", depth > 1 ? " (a panic in a panic)" : "");
	}
	arch_power_off(EXIT_PANIC);
}

/**
 * panic() - say why, and end the machine with status EXIT_PANIC
 * @fmt: the reason, as in printf, without a newline
 *
 * Calls the notifier first, and removes it before that, as it may panic itself. The
 * backtrace may panic, too: a second panic prints only its reason, a third prints nothing.
 */
void panic(const char *fmt, ...)
{
	/* frame[0] is the caller's frame pointer, frame[1] the return address. */
	const uintptr_t *frame = __builtin_frame_address(0);
	void (*notifier)(const char *reason) = panic_notifier;
	char reason[320];
	va_list args;

	if (notifier) {
		va_start(args, fmt);
		vsnprintf(reason, sizeof(reason), fmt, args);
		va_end(args);
		panic_notifier = NULL;
		notifier(reason);
	}
	printk_taker = NULL; /* a report is for the console */

	if (!depth++) {
		printk("\n");
		backtrace_print((struct place){
			.pc = (uintptr_t)__builtin_return_address(0),
			.sp = (uintptr_t)(frame + 2),
			.fp = frame[0],
			.returned = true,
		});
	}
	va_start(args, fmt);
	end(fmt, args);
	va_end(args); /* never reached: end() does not return */
}

/**
 * bail_out() - end a report: print the reason, end with status EXIT_PANIC
 * @fmt: the reason, as in printf, without a newline
 */
void bail_out(const char *fmt, ...)
{
	va_list args;

	depth++;
	va_start(args, fmt);
	end(fmt, args);
	va_end(args); /* never reached: end() does not return */
}
