// SPDX-License-Identifier: MIT
/*
 * stack_guard.c - notices writes past the end of an array on the stack
 *
 *	| array ------> | guard | saved registers | return address |
 *
 * Compilers put the guard into the frame of every function that has an array, and check
 * it before the function returns (-fstack-protector-strong).
 */
#include <stddef.h>

#include <kernel/report/panic.h>
#include <kernel/report/report.h>
#include <kernel/sanitize/stack_guard.h>

uintptr_t __stack_chk_guard;

/**
 * stack_guard_seed() - choose the guard
 * @random: a number that is hard to guess
 *
 * The lowest byte becomes 0: a string copy that overflows stops at a 0, so it cannot
 * restore the guard. Functions that run now must not return: they hold the old guard.
 */
__attribute__((no_stack_protector)) void stack_guard_seed(uintptr_t random)
{
	__stack_chk_guard = random & ~(uintptr_t)0xff;
}

/* A function found its guard changed. Its return address may be overwritten, too. */
void __stack_chk_fail(void)
{
	const struct place place = {
		.pc = (uintptr_t)__builtin_return_address(0),
		.returned = true,
	};

	panic_notifier = NULL; /* a test that expects a panic does not expect this one */
	panic("stack smashed: an array of %s was written past its end", place_text(&place).text);
}
