// SPDX-License-Identifier: MIT
/*
 * stack_guard.c - writing past an array on the stack does not go unnoticed
 *
 *	| array ------> | guard | saved registers | return address |
 *
 * Compilers put the guard into the frame of every function that has an array,
 * and compare before it returns (-fstack-protector-strong).
 */
#include <stddef.h>

#include <kernel/report/panic.h>
#include <kernel/report/report.h>
#include <kernel/sanitize/stack_guard.h>

uintptr_t __stack_chk_guard;

/**
 * stack_guard_seed() - choose the guard
 * @random: hard to guess
 *
 * Its lowest byte is 0: no string that is too long can write it. The functions
 * that are running now must not return: their guards are the old one.
 */
__attribute__((no_stack_protector)) void stack_guard_seed(uintptr_t random)
{
	__stack_chk_guard = random & ~(uintptr_t)0xff;
}

/* A function found its guard changed. Where it would return to is anyone's guess. */
void __stack_chk_fail(void)
{
	const struct place place = {
		.pc = (uintptr_t)__builtin_return_address(0),
		.returned = true,
	};

	panic_notifier = NULL; /* a test that expects a panic does not expect this */
	panic("stack smashed: an array of %s was written past its end", place_text(&place).text);
}
