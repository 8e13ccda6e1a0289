// SPDX-License-Identifier: MIT
/*
 * cpu.c - the clock, and random numbers
 */
#include <arch/x86_64/cpu.h>
#include <kernel/arch.h>

#define CPUID_RDRAND (1u << 30) /* leaf 1, %ecx */
#define RDRAND_TRIES 10		/* as Intel recommends */

uint64_t arch_cycles(void)
{
	return rdtsc();
}

uint64_t arch_random(void)
{
	uint64_t value = 0;
	bool ok = false;

	if (cpuid(1).ecx & CPUID_RDRAND)
		for (int i = 0; i < RDRAND_TRIES && !ok; i++)
			__asm__ volatile("rdrand %0" : "=r"(value), "=@ccc"(ok));
	/* At boot the high bits of the clock are 0: multiply to spread it (Knuth, TAOCP 3, 6.4). */
	return ok ? value : rdtsc() * 0x9e3779b97f4a7c15;
}
