// SPDX-License-Identifier: MIT
/*
 * command.c - reads a line, and does what it says
 *
 *	"alloc p0 64 3"		the line
 *	"P SIZE [COUNT]"	the usage of the command: word by word, what must stand there
 *	 p0 64   3		struct args
 */
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the next word off *@line, and ends it with a NUL. "": there is none. */
static char *next_word(char **line)
{
	char *word;

	while (is_blank(**line))
		++*line;
	word = *line;
	while (**line && !is_blank(**line))
		++*line;
	if (**line)
		*(*line)++ = '\0';
	return word;
}

/* A number: decimal or 0x..., with K or M behind it, or SIZE_MAX. False: it is none. */
static bool read_number(const char *word, size_t *number)
{
	bool is_hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	unsigned int base = is_hex ? 16 : 10;
	const char *at = is_hex ? word + 2 : word;
	const char *first = at;
	size_t factor = 1;

	if (!strcmp(word, "SIZE_MAX")) {
		*number = SIZE_MAX;
		return true;
	}
	for (*number = 0;; at++) {
		unsigned int digit = *at >= '0' && *at <= '9' ?
					     (unsigned int)*at - '0' :
				     (*at | 32) >= 'a' && (*at | 32) <= 'f' ?
					     (unsigned int)(*at | 32) - 'a' + 10 :
					     99;

		if (digit >= base)
			break;
		if (__builtin_mul_overflow(*number, base, number) ||
		    __builtin_add_overflow(*number, digit, number))
			return false;
	}
	if (at == first)
		return false;
	if ((*at | 32) == 'k' || (*at | 32) == 'm')
		factor = (*at++ | 32) == 'k' ? 1 << 10 : 1 << 20;
	return !*at && !__builtin_mul_overflow(*number, factor, number);
}

/* What a name such as "p0" could be: its kind and number. False: no name of a thing. */
static bool read_name(const char *word, enum thing_kind *kind, uint32_t *number)
{
	const char *letter = *word ? strchr(THING_LETTERS, *word) : NULL;
	size_t n;

	if (!letter || word[1] < '0' || word[1] > '9' || !read_number(word + 1, &n) ||
	    n >= NO_THING)
		return false;
	*kind = (enum thing_kind)(letter - THING_LETTERS);
	*number = (uint32_t)n;
	return true;
}

static const char *const kind_words[THING_KINDS] = { "a pool", "an object", "a mark",
						     "a block of the heap", "a handler" };

/*
 * Reads the name of a thing. @wanted holds the capital letters of the kinds that may stand here.
 * Whether it is alive is the command's business.
 */
static bool read_thing(struct monitor *monitor, const char *command, const char *wanted,
		       const char *word, struct args *args)
{
	const struct world *world = &monitor->session.world;
	enum thing_kind kind;
	char letter;

	if (!read_name(word, &kind, &args->name)) {
		fail(monitor, "%s: \"%s\" is no name; %c0 would be one", command, word,
		     *wanted | 32);
		return false;
	}
	letter = THING_LETTERS[kind];
	if (!strchr(wanted, letter & ~32)) {
		fail(monitor, "%s: %s is %s; it wants a name such as %c0", command, word,
		     kind_words[kind], *wanted | 32);
		return false;
	}
	if (!world_thing(world, kind, args->name)) {
		if (world->nr[kind])
			fail(monitor, "%s: there is no %s; the newest is %c%u", command, word,
			     letter, world->nr[kind] - 1);
		else
			fail(monitor, "%s: there is no %s; there is none yet", command, word);
		return false;
	}
	args->kind = kind;
	return true;
}

/* A word of a usage that names things: P, A, M, H, or several of them: A|P|H|ADDRESS. */
static bool wants_thing(const char *part)
{
	return part[0] && strchr("PAMH", part[0]) && (!part[1] || part[1] == '|');
}

static bool wants_number(const char *part)
{
	return !strcmp(part, "SIZE") || !strcmp(part, "COUNT") || !strcmp(part, "ALIGN") ||
	       !strcmp(part, "BYTES") || !strcmp(part, "ADDRESS");
}

/* Reads @word as what @part of a usage wants. */
static bool read_part(struct monitor *monitor, const char *command, const char *part, char *word,
		      struct args *args)
{
	bool is_number = read_number(word, &args->number[args->nr]);

	if (wants_thing(part) && !(is_number && strstr(part, "ADDRESS")))
		return read_thing(monitor, command, part, word, args);
	if (wants_thing(part) || wants_number(part)) {
		if (!is_number) {
			fail(monitor, "%s: %s is a number such as 64, 0x40 or 4K, not \"%s\"",
			     command, part, word);
			return false;
		}
		args->nr++;
		return true;
	}
	args->text = word;
	return true;
}

/* Reads the arguments in @line as @command wants them. */
static bool read_args(struct monitor *monitor, const struct command *command, char *line,
		      struct args *args)
{
	char usage[64], *rest = usage;

	snprintf(usage, sizeof(usage), "%s", command->usage);
	*args = (struct args){ .kind = THING_KINDS };
	while (*rest) {
		char *part = next_word(&rest);
		bool is_optional = *part == '[';
		char *word;

		if (is_optional) {
			part++;
			part[strlen(part) - 1] = '\0';
		}
		if (!strcmp(part, "TEXT")) {
			while (is_blank(*line))
				line++;
			args->text = line;
			word = line;
			line += strlen(line);
			if (*word)
				continue;
		} else {
			word = next_word(&line);
		}
		if (*word ? !read_part(monitor, command->name, part, word, args) : !is_optional) {
			if (!*word)
				fail(monitor, "%s: %s is missing: %s %s", command->name, part,
				     command->name, command->usage);
			return false;
		}
	}
	if (*next_word(&line)) {
		fail(monitor, "%s takes no more than: %s %s", command->name, command->name,
		     command->usage);
		return false;
	}
	return true;
}

/* The command of this name; NULL: none, and *@nearest has the one that is most like it. */
static const struct command *find_command(const struct monitor *monitor, const char *name,
					  struct nearest *nearest)
{
	*nearest = (struct nearest){ .word = name };
	for (const struct command *command = monitor->commands; command->name; command++) {
		if (!strcmp(command->name, name))
			return command;
		nearest_try(nearest, command->name);
	}
	return NULL;
}

/**
 * command_run() - do what a line says
 * @monitor: the monitor
 * @line: the line, without its end; it is overwritten
 *
 * An empty line, and one that begins with "#", does nothing.
 *
 * Return: how it went.
 */
enum answer command_run(struct monitor *monitor, char *line)
{
	const struct command *command;
	struct nearest nearest;
	struct args args;
	char *name;

	name = next_word(&line);
	if (!*name || *name == '#')
		return ANSWER_DONE;
	command = find_command(monitor, name, &nearest);
	if (monitor->waiting.kind != OP_KINDS && !command)
		return predict_answer(monitor, name, next_word(&line));
	if (monitor->waiting.kind != OP_KINDS && !command->looks) {
		say(monitor, "The question is dropped.\n");
		monitor->waiting.kind = OP_KINDS;
	}
	if (!command)
		return fail(monitor, "there is no command \"%.40s\"%s; \"help\" lists them", name,
			    nearest.text);
	if (!read_args(monitor, command, line, &args))
		return ANSWER_FAILED;
	return command->run ? command->run(monitor, &args) : act_run(monitor, command, &args);
}

/**
 * command_candidate() - a name that may stand somewhere in a line
 * @monitor: the monitor
 * @line: the line
 * @start: where in the line
 * @i: which of them; the caller asks for 0, 1, ... in turn
 * @name: gets it; at least 32 bytes
 *
 * The first word is a command; the others are things that are alive.
 *
 * Return: whether there are so many.
 */
bool command_candidate(struct monitor *monitor, const char *line, size_t start, size_t i,
		       char *name)
{
	const struct world *world = &monitor->session.world;
	bool is_first = true;

	for (size_t at = 0; at < start; at++)
		is_first &= is_blank(line[at]);
	if (is_first) {
		snprintf(name, 32, "%s",
			 monitor->commands[i].name ? monitor->commands[i].name : "");
		return monitor->commands[i].name;
	}
	if (!i)
		monitor->next_candidate = 0;
	for (size_t at = monitor->next_candidate++;; at = monitor->next_candidate++) {
		enum thing_kind kind = POOL;

		while (kind < THING_KINDS && at >= world->nr[kind])
			at -= world->nr[kind++];
		if (kind == THING_KINDS)
			return false;
		if (!world->of[kind][at].ended) {
			snprintf(name, 32, "%c%u", THING_LETTERS[kind], (unsigned int)at);
			return true;
		}
	}
}
