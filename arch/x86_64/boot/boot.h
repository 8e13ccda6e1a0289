/* SPDX-License-Identifier: MIT */
/*
 * boot.h - what the files of the boot path share
 */
#ifndef ARCH_X86_64_BOOT_H
#define ARCH_X86_64_BOOT_H

/* The first output of each boot. So its log is a test log, even if the boot does not get far. */
#define KTAP_HEADER "\nKTAP version 1\n"

/* Selectors in the GDTs of boot.S and descriptors.c; only the latter has a TSS. */
#define KERNEL_CS 0x08
#define KERNEL_DS 0x10
#define TSS_SELECTOR 0x18

/*
 * The stacks lie side by side, each above a guard, a page that is not mapped:
 *
 *	|guard|<------ main ------>|guard|<-- double fault -->| ...
 *	stacks                     stacks + STACK_STRIDE
 *
 * Faults that cannot trust the current stack have stacks of their own.
 */
#define STACK_STRIDE 0x9000
#define STACK_GUARD 0x1000
#define NR_STACKS 4

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#include <kernel/boot_info.h>

/* stacks.c */
extern char stacks[NR_STACKS][STACK_STRIDE];

/* descriptors.c */
void descriptors_init(void);

/* start.c */
void boot_start(uint32_t magic, uint32_t info) __attribute__((noreturn));

/*
 * The two parsers (pvh.c, mb2.c) copy all that the loader said, and panic on data that
 * cannot be right. They read nothing at or above 4 GiB: it is not mapped yet.
 */
void pvh_parse(struct boot_info *boot, uint64_t start_info);
void mb2_parse(struct boot_info *boot, uint64_t info);

/* boot_info.c */
void boot_add_memory(struct boot_info *boot, uint64_t start, uint64_t size, uint32_t type);
void boot_add_module(struct boot_info *boot, uint64_t start, uint64_t size);
void boot_set_cmdline(struct boot_info *boot, const char *text, size_t max);
void boot_check_modules(const struct boot_info *boot, uint64_t image_start, uint64_t image_end);
const void *boot_data(const char *what, uint64_t start, uint64_t size);
const char *boot_string(const char *what, uint64_t start, size_t max);

#endif /* __ASSEMBLER__ */

#endif /* ARCH_X86_64_BOOT_H */
