// SPDX-License-Identifier: MIT
/*
 * poweroff.c - ends the machine with an exit status
 */
#include <arch/x86_64/cpu.h>
#include <kernel/arch.h>

#define DEBUG_EXIT 0xf4	     /* where tests/run puts QEMU's isa-debug-exit */
#define ACPI_PM1A_QEMU 0x604 /* pc and q35; other machines ignore the write */
#define ACPI_PM1A_BOCHS 0xb004
#define ACPI_SLEEP_S5 0x2000

void arch_power_off(enum exit_status status)
{
	/* QEMU exits with 2 * value + 1, so a status is odd; 1 is QEMU's own for errors. */
	outb(DEBUG_EXIT, (status - 1) / 2);

	/* Without that device the status is lost. Turn the power off, or else halt. */
	outw(ACPI_PM1A_QEMU, ACPI_SLEEP_S5);
	outw(ACPI_PM1A_BOCHS, ACPI_SLEEP_S5);
	for (;;)
		__asm__ volatile("cli; hlt");
}
