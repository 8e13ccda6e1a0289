// SPDX-License-Identifier: MIT
/*
 * stacks.c - the stacks, and which of them an address belongs to
 */
#include <arch/x86_64/boot/boot.h>
#include <kernel/arch.h>

/* linker.ld puts this section behind the part of .bss that boot.S clears. */
char stacks[NR_STACKS][STACK_STRIDE] __attribute__((section(".bss..stacks"), aligned(4096)));

static const char *const stack_names[NR_STACKS] = {
	"main stack",
	"double fault stack",
	"NMI stack",
	"machine check stack",
};

const char *arch_stack_name(uintptr_t at, bool *guard)
{
	uintptr_t offset = at - (uintptr_t)stacks;

	if (offset >= sizeof(stacks))
		return NULL;
	*guard = offset % STACK_STRIDE < STACK_GUARD;
	return stack_names[offset / STACK_STRIDE];
}
