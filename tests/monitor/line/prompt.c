// SPDX-License-Identifier: MIT
/*
 * prompt.c - carries out line after line
 *
 *	read() ---> edit_key() ---> run()
 *	  ^                             |
 *	  '-----------------------------'
 */
#include <kernel/lib/printk.h>
#include <tests/monitor/line/prompt.h>

static void print(void *owner, const char *text, size_t length)
{
	(void)owner;
	printk("%.*s", (int)length, text);
}

/* The next line; EDIT_END if there is none. */
static enum edit_event next_line(struct prompt *prompt)
{
	enum edit_event event = EDIT_MORE;
	int byte;

	edit_begin(&prompt->edit);
	while (event == EDIT_MORE) {
		byte = prompt->read();
		if (byte >= 0)
			event = edit_key(&prompt->edit, byte);
	}
	return event;
}

/* tests/monitor/run looks for this line, and for the reason above it. */
static void note_failure(struct prompt *prompt)
{
	if (prompt->nr_failed < FAILED_MAX)
		prompt->failed[prompt->nr_failed] = prompt->line;
	prompt->nr_failed++;
	if (!prompt->edit.keys)
		printk("# line %u failed\n", prompt->line);
}

static void print_failures(const struct prompt *prompt)
{
	printk("# %u of %u commands failed: line%s", prompt->nr_failed, prompt->commands,
	       prompt->nr_failed == 1 ? "" : "s");
	for (unsigned int i = 0; i < prompt->nr_failed && i < FAILED_MAX; i++)
		printk("%s %u", i ? "," : "", prompt->failed[i]);
	printk("%s\n", prompt->nr_failed > FAILED_MAX ? ", ..." : "");
}

/**
 * prompt_run() - carry out lines until the input ends, or one says that it is enough
 * @prompt: the session; the caller sets read, run, owner, and of edit what it knows of the terminal
 */
void prompt_run(struct prompt *prompt)
{
	enum answer answer = ANSWER_DONE;
	enum edit_event event;

	prompt->edit.prompt = PROMPT_TEXT;
	prompt->edit.put = print;
	prompt->edit.owner = prompt->owner;
	while (answer != ANSWER_QUIT && (event = next_line(prompt)) != EDIT_END) {
		prompt->line++;
		if (event == EDIT_REFUSED)
			printk("%s\n", prompt->edit.why);
		else if (!prompt->edit.line[0])
			continue;
		prompt->commands++;
		answer = event == EDIT_REFUSED ? ANSWER_FAILED :
						 prompt->run(prompt->owner, prompt->edit.line);
		if (answer == ANSWER_FAILED)
			note_failure(prompt);
	}
	if (!prompt->edit.keys && prompt->nr_failed)
		print_failures(prompt);
}
