/* SPDX-License-Identifier: MIT */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

/* As panic(), for reports that need neither backtrace nor notifier any more. */
void bail_out(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

/*
 * Called first by panic() with the finished message (no newline), if set. A
 * test that expects a panic sets it and does not return from it.
 */
extern void (*panic_notifier)(const char *reason);

#define BUG_ON(condition)                                                          \
	do {                                                                       \
		if (__builtin_expect(!!(condition), 0))                            \
			panic("BUG at %s:%d: %s", __FILE__, __LINE__, #condition); \
	} while (0)

#endif /* KERNEL_PANIC_H */
