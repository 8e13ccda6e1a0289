// SPDX-License-Identifier: MIT
/*
 * programs.c - the programs that were linked in, and their words on the command line
 */
#include <stdbool.h>

#include <kernel/arch.h>
#include <kernel/boot_info.h>
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/linker.h>
#include <kernel/program.h>

/* Is the part of @word before the "=" an option of any program? If not, warns. */
static void check_word(const char *word)
{
	struct nearest nearest = { 0 };
	char name[WORD_MAX], option[WORD_MAX];
	const char *cursor = word;
	char *end;

	cmdline_next(&cursor, name, sizeof(name));
	end = strchr(name, '=');
	if (end)
		*end = '\0';
	nearest.word = name;
	for (const struct program *const *p = __start_programs; p != __stop_programs; p++) {
		if (cmdline_has((*p)->options, name))
			return;
		for (cursor = (*p)->options; cmdline_next(&cursor, option, sizeof(option));)
			nearest_try(&nearest, option);
	}
	printk("# warning: no program knows the word \"%s\"%s\n", word, nearest.text);
}

/**
 * programs_print_cmdline() - print the command line, warn of unknown words
 * @cmdline: the command line
 *
 * A word that no program knows is most likely misspelt.
 */
void programs_print_cmdline(const char *cmdline)
{
	char word[WORD_MAX];
	const char *cursor = cmdline;

	/* Print it word by word: a line break in it must not begin a new line of the log. */
	printk("# command line:");
	while (cmdline_next(&cursor, word, sizeof(word)))
		printk(" %s", word);
	printk("\n");

	cursor = cmdline;
	while (cmdline_next(&cursor, word, sizeof(word)))
		check_word(word);
}

/* The program that the command line asks to run alone, or NULL. */
static const struct program *find_alone(const char *cmdline)
{
	for (const struct program *const *p = __start_programs; p != __stop_programs; p++)
		if ((*p)->alone && cmdline_has(cmdline, (*p)->alone))
			return *p;
	return NULL;
}

/**
 * programs_run() - run all programs, in the order of levels; or one, if it is to run alone
 * @boot: what the loader said
 *
 * Return: EXIT_FAILED if one failed, else EXIT_PASSED if one passed, else EXIT_NOTHING.
 */
enum exit_status programs_run(const struct boot_info *boot)
{
	const struct program *alone = find_alone(boot->cmdline);
	enum exit_status status = EXIT_NOTHING;

	for (const struct program *const *p = __start_programs; p != __stop_programs; p++) {
		enum verdict verdict = !alone || alone == *p ? (*p)->run(boot) : VERDICT_NOTHING;

		if (verdict == VERDICT_FAILED)
			status = EXIT_FAILED;
		else if (verdict == VERDICT_PASSED && status == EXIT_NOTHING)
			status = EXIT_PASSED;
	}
	return status;
}
