/* SPDX-License-Identifier: MIT */
/*
 * crash.h - ways for the kernel to go wrong, each by the word crash=NAME
 *
 * What must come of each is in tests/crash/crash_table, which tests/crash/crash reads.
 */
#ifndef TESTS_CRASH_H
#define TESTS_CRASH_H

#include <stdint.h>

struct crash_case {
	const char *name;
	void (*crash)(void);
};

/* Each ended by an empty one; the sanitizers' are there only with them. */
extern const struct crash_case crash_traps[];
extern const struct crash_case crash_places[];
extern const struct crash_case crash_heap[];
extern const struct crash_case crash_ubsan[];
extern const struct crash_case crash_kasan[];

/* What must not be written or run: crash_places.c. */
extern unsigned char crash_data[];
extern const unsigned char crash_constant[];

/* Keeps compilers from knowing what @x is. */
#define HIDE(x)                                      \
	({                                           \
		__auto_type hidden = (x);            \
		__asm__ volatile("" : "+r"(hidden)); \
		hidden;                              \
	})

/* Reads, writes and calls that are really done; a last call would be a jump. */
#define READ(p) (*(const volatile unsigned char *)(p))
#define WRITE(p) (*(volatile unsigned char *)(p) = 1)
#define JUMP(p)                                     \
	do {                                        \
		((void (*)(void))(uintptr_t)(p))(); \
		__asm__ volatile("");               \
	} while (0)

#endif /* TESTS_CRASH_H */
