// SPDX-License-Identifier: MIT
/*
 * help.c - what the commands do, and what the words in the answers mean
 */
#include <kernel/cmdline.h>
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>

static const struct {
	const char *word;
	const char *means;
} words[] = {
	{ "node",
	  "A block of the heap; objects are cut from it: aligned ones upwards, packed downwards." },
	{ "window",
	  "The two nodes that a request looks at: current, then an older one. No others." },
	{ "current", "The newest node. Every request tries it first." },
	{ "older", "One more node that may have room. Tried when the current one has none." },
	{ "failed",
	  "Requests that found no room there. No error: it decides which node leaves the window." },
	{ "last", "Where the next aligned object of a node begins." },
	{ "end", "Where the free bytes of a node end; packed objects lie behind it." },
	{ "max", "The largest request that is small. Larger ones get blocks of their own." },
	{ "aligned", "At a multiple of 32, and rounded up to it: what alloc gives." },
	{ "packed", "At any address, without padding: what nalloc and printf give." },
	{ "padding", "Bytes that rounding up leaves unused." },
	{ "lost",
	  "Free bytes of a node outside the window: not used until the pool is reset or ends." },
	{ "large",
	  "A block of its own, with a record in front: above max bytes, and for memalign." },
	{ "record",
	  "A place on the list of things to undo: node, large block, handler, child, mark." },
	{ "handler", "A function that a pool calls when it ends." },
	{ "cookie",
	  "A number that fits the other words of a record or pool. If not, one was overwritten." },
	{ "block", "Bytes of the heap, behind a header of 16 bytes that has its size." },
	{ "list", "Free list [a b]: free blocks with sizes from 2^a + b/16 of that on." },
	{ "top",
	  "The free memory behind the last block of the heap, used when no free list serves." },
	{ "span", "A run of pages that the heap has." },
	{ "frontier", "Where the pages given out end. Only pages that end there can go back." },
	{ "arena", "The pages of this session." },
};

#define NR_WORDS (sizeof(words) / sizeof(*words))

static void say_command(struct monitor *monitor, const struct command *command)
{
	say(monitor, "%-9s%-23s%s\n", command->name, command->usage, command->does);
}

/* Explains one command or word. Says so if there is none. */
static enum answer explain(struct monitor *monitor, const char *word)
{
	struct nearest nearest = { .word = word };

	for (const struct command *command = monitor->commands; command->name; command++) {
		nearest_try(&nearest, command->name);
		if (strcmp(command->name, word))
			continue;
		say_command(monitor, command);
		say(monitor, *command->more ? "%s\n" : "%s", command->more);
		return ANSWER_DONE;
	}
	for (size_t i = 0; i < NR_WORDS; i++) {
		nearest_try(&nearest, words[i].word);
		if (strcmp(words[i].word, word))
			continue;
		say(monitor, "%s: %s\n", word, words[i].means);
		return ANSWER_DONE;
	}
	return fail(monitor, "help: there is no command or word \"%.40s\"%s", word, nearest.text);
}

/**
 * cmd_help() - print the commands, or explain one of them, or a word
 * @monitor: the monitor
 * @args: the name of a command, a word, or nothing
 *
 * Return: ANSWER_DONE; ANSWER_FAILED if there is no such word.
 */
enum answer cmd_help(struct monitor *monitor, const struct args *args)
{
	if (args->text)
		return explain(monitor, args->text);
	for (const struct command *command = monitor->commands; command->name; command++)
		say_command(monitor, command);
	say(monitor, "Words that \"help WORD\" explains:");
	for (size_t i = 0; i < NR_WORDS; i++)
		say(monitor, "%s %s", i ? "," : "", words[i].word);
	say(monitor, "\n");
	return ANSWER_DONE;
}
