/* SPDX-License-Identifier: MIT */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

/* As panic(), but without notifier and backtrace: for reports that have printed their own. */
void bail_out(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

/*
 * If set, panic() calls it first, with the finished message (no newline). A test that
 * expects a panic sets it, and jumps out of it instead of returning.
 */
extern void (*panic_notifier)(const char *reason);

/*
 * If set, it is called after the report is printed, in place of the line "Bail out!" and the
 * end. It must jump out, too. The demonstrations of the sanitizers set it.
 */
extern void (*panic_survivor)(const char *reason);

#define BUG_ON(condition)                                                          \
	do {                                                                       \
		if (__builtin_expect(!!(condition), 0))                            \
			panic("BUG at %s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)

#endif /* KERNEL_PANIC_H */
