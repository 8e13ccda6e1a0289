// SPDX-License-Identifier: MIT
/*
 * model.c - runs the model (tests/model/) as a Linux program, for as long as one likes
 *
 *	parent                           child
 *	shares: the round    <-------    runs round after round
 *	waits               <--------    exits, dies by a signal, or takes too long
 *	shrinks the program: each try is a child of its own
 *
 * So a crash is found and shrunk as any other fault is.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/report/panic.h>
#include <mm/env.h>
#include <tests/model/run.h>
#include <tests/model/shrink.h>

#define TRY_SECONDS 10 /* a program that runs longer hangs */

/* What parent and children share. */
struct shared {
	struct model model;
	struct model_program program;
	size_t at;
	unsigned long round;
};

static struct shared *shared;

void (*panic_notifier)(const char *reason);

int printk(const char *fmt, ...)
{
	va_list args;
	int length;

	va_start(args, fmt);
	length = vprintf(fmt, args);
	va_end(args);
	return length;
}

void panic(const char *fmt, ...)
{
	char reason[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	if (panic_notifier)
		panic_notifier(reason);
	printf("Bail out! %s\n", reason);
	exit(1);
}

/* Waits for a child. Returns whether it ended well; if not, the model's error says why. */
static bool await(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (WIFSIGNALED(status))
		snprintf(shared->model.error, sizeof(shared->model.error), "signal: %s",
			 strsignal(WTERMSIG(status)));
	else if (!shared->model.error[0])
		snprintf(shared->model.error, sizeof(shared->model.error),
			 "the sanitizer ended the program");
	return false;
}

/* Runs a program in a child. For the shrinker: does it fail? */
static bool fails(const struct model_program *program, void *arg)
{
	pid_t child;

	(void)arg;
	fflush(stdout);
	child = fork();
	if (!child) {
		/* Only the last run is to be heard. */
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(2);
		alarm(TRY_SECONDS);
		_exit(!model_run(&shared->model, program, &shared->at));
	}
	return !await(child);
}

/* Runs rounds in a child. Returns whether all were right. */
static bool run_rounds(unsigned long seed, unsigned long rounds, size_t nr_ops)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		for (shared->round = 0; shared->round < rounds; shared->round++) {
			alarm(TRY_SECONDS);
			model_generate(&shared->program, seed + shared->round, nr_ops);
			if (!model_run(&shared->model, &shared->program, &shared->at))
				exit(1);
		}
		exit(0);
	}
	return await(child);
}

/* Reads a program as model_print() prints it; "# model: " in front of lines is optional. */
static bool read_program(const char *path, struct model_program *program)
{
	FILE *file = fopen(path, "r");
	char line[200], name[40];

	if (!file)
		return false;
	program->nr_ops = 0;
	while (fgets(line, sizeof(line), file) && program->nr_ops < MODEL_OPS) {
		struct model_op op = { .code = 0 };
		const char *text = strncmp(line, "# model: ", 9) ? line : line + 9;

		if (sscanf(text, "seed %lu", &program->seed) == 1)
			continue;
		if (sscanf(text, "%39s %u %u %zu %zu %zu", name, &op.owner, &op.slot, &op.size,
			   &op.align, &op.offset) != 6)
			continue;
		while (op.code < OP_COUNT && strcmp(name, model_code_name(op.code)))
			op.code++;
		if (op.code < OP_COUNT && op.slot < MODEL_SLOTS && op.owner < MODEL_POOLS)
			program->ops[program->nr_ops++] = op;
	}
	fclose(file);
	return program->nr_ops;
}

static void report(const char *name, bool shrink)
{
	printf("# model: %s\n", shared->model.error);
	if (shrink) {
		size_t tries = model_shrink(&shared->program, shared->at, fails, NULL);

		fails(&shared->program, NULL);
		printf("# model: shrunk in %zu tries to %zu operations: %s\n", tries,
		       shared->program.nr_ops, shared->model.error);
	}
	model_print(&shared->program);
	printf("# model: again with: put the lines from \"seed\" on into FILE, then %s -p FILE\n",
	       name);
}

__attribute__((noreturn)) static void usage(const char *name)
{
	fprintf(stderr,
		"usage: %s [-s SEED] [-r ROUNDS] [-n OPERATIONS] [-q] | -p FILE\n"
		"  -q  do not shrink a program that fails\n"
		"  -p  run the program in FILE\n",
		name);
	exit(2);
}

static void *map(size_t bytes, int how)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
}

/*
 * The arena is aligned to its size. So a block of a large alignment lies at the same distance
 * from its start each time, and a program can be run again.
 */
static unsigned char *map_arena(void)
{
	uintptr_t start = (uintptr_t)map(2 * MODEL_BYTES, MAP_PRIVATE);

	return (unsigned char *)mp_align(start, MODEL_BYTES);
}

int main(int argc, char **argv)
{
	unsigned long seed = 1, rounds = 1000;
	const char *file = NULL;
	bool shrink = true, good;
	size_t nr_ops = 200;
	int option;

	while ((option = getopt(argc, argv, "s:r:n:p:q")) != -1) {
		if (option == 's')
			seed = strtoul(optarg, NULL, 0);
		else if (option == 'r')
			rounds = strtoul(optarg, NULL, 0);
		else if (option == 'n')
			nr_ops = strtoul(optarg, NULL, 0);
		else if (option == 'p')
			file = optarg;
		else if (option == 'q')
			shrink = false;
		else
			usage(argv[0]);
	}
	if (optind < argc || nr_ops > MODEL_OPS)
		usage(argv[0]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = map(sizeof(*shared), MAP_SHARED);
	shared->model.arena = map_arena();
	if (file) {
		if (!read_program(file, &shared->program)) {
			fprintf(stderr, "%s: no program in it\n", file);
			return 2;
		}
		if (fails(&shared->program, NULL)) {
			printf("# model: operation %zu: %s\n", shared->at, shared->model.error);
			return 1;
		}
		printf("# model: all is right\n");
		return 0;
	}
	printf("# model: seed %lu, %lu rounds of %zu operations, MP_ALIGNMENT %d, MP_REDZONE %d\n",
	       seed, rounds, nr_ops, MP_ALIGNMENT, MP_REDZONE);
	good = run_rounds(seed, rounds, nr_ops);
	if (!good) {
		seed += shared->round;
		printf("# model: failed in the round with seed %lu: again with ", seed);
		printf("%s -s %lu -r 1 -n %zu\n", argv[0], seed, nr_ops);
		report(argv[0], shrink);
		return 1;
	}
	printf("# model: all rounds are right\n");
	return 0;
}
