/* SPDX-License-Identifier: MIT */
/*
 * monitor.h - what the commands of the monitor share
 */
#ifndef TESTS_MONITOR_H
#define TESTS_MONITOR_H

#include <tests/monitor/world/session.h>
#include <tests/replay/trace.h>

struct boot_info;
struct command;
struct text;

/**
 * struct monitor - a monitor
 * @write: prints text; @arg is passed to it
 * @arg: for @write
 * @is_terminal: somebody watches: pictures may be redrawn in place
 * @colour: text may have colours
 * @columns: of the screen; longer lines are broken; 0: they are not
 * @commands: all commands, the operations first; an empty one ends them
 * @machine: what only the kernel can do; NULL: this is a program for Linux
 * @session: the worlds, and what was done in them
 * @trace: the trace that "play" reads, from where it stands
 * @trace_data: all of it; NULL: there is none
 * @trace_size: its bytes
 * @line: a line that is being printed, and is not complete
 * @used: its bytes
 * @lines: that were printed so far
 * @score: of predict: asked and right
 * @predicts: does it ask?
 * @waiting: the request that waits for an answer; its kind is OP_KINDS: there is none
 * @waiting_text: of OP_PRINTF
 * @times: how often it is to be done
 * @next_candidate: of command_candidate()
 * @text: the text's algorithm beside ours; NULL: there is no memory for it
 */
struct monitor {
	void (*write)(void *arg, const char *text, size_t length);
	void *arg;
	bool is_terminal;
	bool colour;
	unsigned int columns;
	const struct command *commands;
	const struct machine *machine;
	struct session session;
	struct trace trace;
	const void *trace_data;
	size_t trace_size;
	char line[1400]; /* a line of 1,000 bytes that was typed, and a sentence around it */
	size_t used;
	size_t lines;
	struct {
		uint32_t asked;
		uint32_t right;
	} score;
	bool predicts;
	struct op waiting;
	char waiting_text[1024];
	uint32_t times;
	size_t next_candidate;
	struct text *text;
};

/**
 * struct machine - what the monitor asks of the kernel
 * @boot: what the loader said
 * @run_test: runs a suite or a case; false: one failed, or there is none of that name
 * @crash: crashes; false: there is no crash of that name; true: the list was printed
 * @print_map: prints all of RAM
 * @find: what lies at an address outside of the arenas, in words
 * @is_readable: can so many bytes there be read? at most a page
 */
struct machine {
	const struct boot_info *boot;
	bool (*run_test)(const char *name);
	bool (*crash)(const char *name);
	void (*print_map)(struct monitor *monitor);
	void (*find)(struct monitor *monitor, uintptr_t at);
	bool (*is_readable)(const void *p, size_t size);
};

extern struct machine monitor_machine; /* only in the kernel; who uses it sets @boot */

/* What a command returns. */
enum answer {
	ANSWER_DONE,
	ANSWER_FAILED, /* it has said why */
	ANSWER_QUIT,
};

/**
 * struct args - the arguments of a command
 * @kind: of the thing that was named; THING_KINDS: an address was given, in @number
 * @name: its number
 * @number: the numbers, in their order
 * @nr: how many there are
 * @text: the rest of the line, or a word; NULL: there is none
 */
struct args {
	enum thing_kind kind;
	uint32_t name;
	size_t number[3];
	unsigned int nr;
	const char *text;
};

/**
 * struct command - a command
 * @name: of the command
 * @usage: its arguments. A word in brackets may be left out
 * @op: what it does, if it is an operation
 * @run: what it does otherwise; NULL: it is an operation
 * @looks: it changes nothing, so it may come between a question and its answer
 * @does: for help, in a few words
 * @more: for help, in a sentence or two; or ""
 */
struct command {
	const char *name;
	const char *usage;
	enum op_kind op;
	enum answer (*run)(struct monitor *monitor, const struct args *args);
	bool looks;
	const char *does;
	const char *more;
};

/* say.c */
struct values {
	size_t of[26]; /* by letter */
};

void say(struct monitor *monitor, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
enum answer fail(struct monitor *monitor, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void say_sentence(struct monitor *monitor, const char *sentence, const struct values *values);

/* command.c: reads a line, and does what it says */
enum answer command_run(struct monitor *monitor, char *line);
bool command_candidate(struct monitor *monitor, const char *line, size_t start, size_t i,
		       char *name);

/* command_table.c */
extern const struct command commands[]; /* an empty one ends them */

/* typed.c, act.c: commands that are operations */
enum answer act_run(struct monitor *monitor, const struct command *command,
		    const struct args *args);
enum answer act_op(struct monitor *monitor, struct op op, uint32_t times);

/* play.c */
void play_reopen(struct monitor *monitor);

/* predict.c */
enum answer predict_ask(struct monitor *monitor, const struct op *op, uint32_t times);
enum answer predict_answer(struct monitor *monitor, const char *line, const char *rest);

/* changed.c: what an operation changed, in a line */
void say_changed(struct monitor *monitor, const struct op *op);

/* why.c: why, from what was told */
const struct mp_pool_s *op_pool(const struct session *session);
unsigned int node_number(const struct mp_pool_s *pool, const void *node);

/* The commands that are no operations: act/, look/, text/ and help.c have them. */
#define COMMAND(name) enum answer cmd_##name(struct monitor *monitor, const struct args *args)
COMMAND(back);
COMMAND(break);
COMMAND(cost);
COMMAND(crash);
COMMAND(find);
COMMAND(heap);
COMMAND(help);
COMMAND(hex);
COMMAND(map);
COMMAND(play);
COMMAND(pool);
COMMAND(predict);
COMMAND(quit);
COMMAND(save);
COMMAND(stats);
COMMAND(step);
COMMAND(test);
COMMAND(text);
COMMAND(tree);
COMMAND(where);
COMMAND(why);

#endif /* TESTS_MONITOR_H */
