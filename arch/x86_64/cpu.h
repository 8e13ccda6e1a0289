/* SPDX-License-Identifier: MIT */
/*
 * cpu.h - instructions that C cannot express
 */
#ifndef ARCH_X86_64_CPU_H
#define ARCH_X86_64_CPU_H

#include <stdbool.h>
#include <stdint.h>

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* Returns zeros for a leaf that this CPU does not have. */
static inline struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid r = { .eax = leaf & 1u << 31 }; /* 0 or 0x80000000: returns the last leaf */

	__asm__("cpuid" : "+a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx));
	if (leaf > r.eax)
		return (struct cpuid){};
	r = (struct cpuid){ .eax = leaf, .ecx = 0 };
	__asm__("cpuid" : "+a"(r.eax), "=b"(r.ebx), "+c"(r.ecx), "=d"(r.edx));
	return r;
}

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

#define CONTROL_REGISTER(name)                                                   \
	static inline uint64_t read_##name(void)                                 \
	{                                                                        \
		uint64_t value;                                                  \
		__asm__ volatile("movq %%" #name ", %0" : "=r"(value));          \
		return value;                                                    \
	}                                                                        \
	static inline void write_##name(uint64_t value)                          \
	{                                                                        \
		__asm__ volatile("movq %0, %%" #name : : "r"(value) : "memory"); \
	}

CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)

static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outw(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

#endif /* ARCH_X86_64_CPU_H */
