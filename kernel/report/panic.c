// SPDX-License-Identifier: MIT
/*
 * panic.c - the end, said aloud
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <kernel/report/report.h>

void (*panic_notifier)(const char *reason);

static int depth;

/* The last line: @fmt and @args, once in words, a second time, and no more. */
static void end(const char *fmt, va_list args) __attribute__((noreturn));
static void end(const char *fmt, va_list args)
{
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
 * The notifier comes first, and only once: it may panic itself. So may all that
 * follows: a second panic says so and ends, a third just ends.
 */
void panic(const char *fmt, ...)
{
	/* The frame pointer of the caller, and the address it called from. */
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
	va_end(args); /* for the eye: nothing comes back */
}

/**
 * bail_out() - the end of a report that has said all but the reason
 * @fmt: the reason, as in printf, without a newline
 */
void bail_out(const char *fmt, ...)
{
	va_list args;

	depth++;
	va_start(args, fmt);
	end(fmt, args);
	va_end(args); /* for the eye: nothing comes back */
}
