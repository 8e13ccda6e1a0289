/* SPDX-License-Identifier: MIT */
/*
 * crash.h - ways to crash the kernel, each by a word crash=NAME
 *
 * tests/crash/crash_table says what each must print; tests/crash/crash checks it.
 */
#ifndef TESTS_CRASH_H
#define TESTS_CRASH_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct crash_case - a way to crash
 * @name: the word is crash=NAME
 * @crash: crashes; it does not return, unless the kernel fails to notice
 * @shows: what there is to see, for crash=list; a few words
 */
struct crash_case {
	const char *name;
	void (*crash)(void);
	const char *shows;
};

/* An empty entry ends each list. The last two are real only in kernels with that sanitizer. */
extern const struct crash_case crash_traps[];
extern const struct crash_case crash_places[];
extern const struct crash_case crash_heap[];
extern const struct crash_case crash_pool[];
extern const struct crash_case crash_undo[];
extern const struct crash_case crash_ubsan[];
extern const struct crash_case crash_kasan[];

bool crash_run(const char *name);

/* crash_places.c: data that must not be run, and must not be written if it is const. */
extern unsigned char crash_data[];
extern const unsigned char crash_constant[];

/* crash_frames.S: calls @lost_fp, which must not return, while the frame pointer is 0. */
void without_fp(char *array, void (*lost_fp)(void));

/*
 * No gcc and not every clang checks the three crashes that call these (crash_ubsan.c). Where
 * nothing is checked, the crash goes on and calls by hand what the check would call.
 */
void __ubsan_handle_invalid_builtin(const void *at);
void __ubsan_handle_alignment_assumption(const void *at, uintptr_t pointer, uintptr_t align,
					 uintptr_t offset);
void __ubsan_handle_function_type_mismatch(const void *at, uintptr_t function);

/* Hides the value of @x from the compiler. */
#define HIDE(x)                                      \
	({                                           \
		__auto_type hidden = (x);            \
		__asm__ volatile("" : "+r"(hidden)); \
		hidden;                              \
	})

/*
 * Accesses and calls that the compiler does not remove. Without the asm, a call at the
 * end of a function would become a jump, and the function would not be in the backtrace.
 */
#define READ(p) (*(const volatile unsigned char *)(p))
#define WRITE(p) (*(volatile unsigned char *)(p) = 1)
#define JUMP(p)                                     \
	do {                                        \
		((void (*)(void))(uintptr_t)(p))(); \
		__asm__ volatile("");               \
	} while (0)

#endif /* TESTS_CRASH_H */
