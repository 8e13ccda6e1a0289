// SPDX-License-Identifier: MIT
/*
 * panic.c - the end, said aloud
 */
#include <stdbool.h>
#include <stddef.h>

#include <kernel/arch.h>
#include <kernel/panic.h>
#include <kernel/printk.h>

void (*panic_notifier)(const char *reason);

/**
 * panic() - say why, and end the machine with status EXIT_PANIC
 * @fmt: the reason, as in printf, without a newline
 *
 * The notifier comes first, and only once: it may panic itself. So may all that
 * follows: a second panic says so and ends, a third just ends.
 */
void panic(const char *fmt, ...)
{
	static int depth;
	void (*notifier)(const char *reason) = panic_notifier;
	char reason[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);

	panic_notifier = NULL;
	if (notifier)
		notifier(reason);

	if (depth++ < 2)
		printk("\nBail out! %s%s\n", reason, depth > 1 ? " (a panic in a panic)" : "");
	arch_power_off(EXIT_PANIC);
}
