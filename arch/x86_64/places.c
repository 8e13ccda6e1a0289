// SPDX-License-Identifier: MIT
/*
 * places.c - names for places in a PC's address space
 */
#include <kernel/arch.h>

struct place {
	uint64_t start, last;
	const char *name;
};

/* An area gets the name of the first place that contains all of it. */
static const struct place reserved_places[] = {
	{ 0x80000, 0x9ffff, "EBDA" }, /* extended BIOS data area */
	{ 0xc0000, 0xdffff, "option ROMs" },
	{ 0xe0000, 0xfffff, "BIOS" },
	{ 0xb0000000, 0xbfffffff, "MMCONFIG" }, /* with SeaBIOS */
	{ 0xe0000000, 0xefffffff, "MMCONFIG" }, /* with OVMF */
	{ 0xfec00000, 0xfec00fff, "I/O APIC" },
	{ 0xfed1c000, 0xfed1ffff, "chipset" },
	{ 0xfee00000, 0xfeefffff, "local APIC" },
	{ 0xfeffc000, 0xfeffffff, "for KVM" }, /* a page table and a TSS */
	{ 0xff000000, 0xffffffff, "BIOS flash" },
	{ 0x100000, 0xffffffff, "firmware" },
	{ 0xfd00000000, 0xffffffffff, "HyperTransport" },
	{ 0, 0, NULL },
};

/* What lies where the firmware's map has no entry. */
static const struct place unmentioned_places[] = {
	{ 0xa0000, 0xbffff, "VGA" },
	{ 0xa0000, 0xfffff, "VGA, ROMs" },
	{ 0xfec00000, 0xffffffff, "APICs, flash" },
	{ 0x100000, 0xffffffff, "PCI hole" },
	{ 0, 0, NULL },
};

const char *arch_place_name(uint64_t start, uint64_t last, bool mentioned)
{
	const struct place *place = mentioned ? reserved_places : unmentioned_places;

	for (; place->name; place++)
		if (place->start <= start && last <= place->last)
			return place->name;
	return "";
}
