/* SPDX-License-Identifier: MIT */
/*
 * program.h - programs: what the kernel runs when it is up
 *
 * The kernel does not know its programs. Each registers itself in the linker section
 * "programs", sorted by level, and programs.c runs what it finds there. Tests are programs.
 * A kernel that is linked without programs boots, too.
 */
#ifndef KERNEL_PROGRAM_H
#define KERNEL_PROGRAM_H

#include <kernel/arch.h>

struct boot_info;

enum verdict {
	VERDICT_NOTHING, /* it had nothing to do */
	VERDICT_PASSED,
	VERDICT_FAILED,
};

/**
 * struct program - something for the kernel to run
 * @name: one word, for messages
 * @options: the names of the command line words it reads, separated by spaces:
 *	PROGRAM_WORDS("test= seed=N icount"); the kernel warns of words that no program reads
 * @alone: if set and this word is on the command line, only this program runs
 * @run: runs the program; called once, in the order of levels
 */
struct program {
	const char *name;
	const char *options;
	const char *alone;
	enum verdict (*run)(const struct boot_info *boot);
};

/*
 * The words of a program. In the kernel's file, the text "words: " stands in front of them, so
 * that a script can read which words there are. The program does not see that text.
 */
#define PROGRAM_WORDS(words) (&("words: " words)[sizeof("words: ") - 1])

/* Registers @one (a struct program) at @level, one digit. */
#define REGISTER_PROGRAM(level, one)                   \
	static const struct program *const one##_entry \
		__attribute__((used, section("programs." #level))) = &(one)

void programs_print_cmdline(const char *cmdline);
enum exit_status programs_run(const struct boot_info *boot);

#endif /* KERNEL_PROGRAM_H */
