// SPDX-License-Identifier: MIT
/*
 * bench.c - times mp_pool and other allocators on recorded traces ("make bench-host")
 *
 * This file finds the contenders, holds the requirements, and prints the tables.
 */
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#include <malloc.h>
#endif

#include <mm/env.h>
#include <tests/host/bench/bench.h>

#define SECONDS 30
#define MOST_SECONDS 3600
#define WRONG 0.05 /* the chance of a wrong verdict on any of all comparisons together */
#define LARGE_PAIRS 256
#define LARGE_SIZE ((size_t)64 << 10)

enum { ALL_WELL, TOO_SLOW, TROUBLE, CANNOT_TELL }; /* exit statuses */

static struct bench_contender *all[] = {
	&bench_limit,	&bench_ours,   &bench_in_cache, &bench_reference, &bench_apr,
	&bench_obstack, &bench_talloc, &bench_glibc,	&bench_jemalloc,  &bench_mimalloc,
};

#define NR_ALL (sizeof(all) / sizeof(all[0]))
static struct bench_contender *contenders[NR_ALL];
static size_t nr_contenders;

/* A trace, and peak memory of each contender with it. */
struct measured {
	struct bench_trace trace;
	size_t peaks[NR_ALL];
};

void bench_fail(const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "bench: ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(TROUBLE);
}

/* printk() and panic() are what mm/ asks of its surroundings. */
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
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	abort();
}

static void settle_down(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? 0 : cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		printf("(This system does not allow a process to stay on one processor.)\n");
	/* No huge pages: which contenders get them would depend on how they ask for memory. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
#ifdef __GLIBC__
	/* malloc() keeps freed memory: that is fastest, also for contenders that use it. */
	mallopt(M_MMAP_MAX, 0);
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

static void find_contenders(void)
{
	const char *comma = "";

	for (size_t i = 0; i < NR_ALL; i++)
		if (!all[i]->is_there || all[i]->is_there())
			contenders[nr_contenders++] = all[i];
	if (nr_contenders < 2 || contenders[BENCH_LIMIT] != &bench_limit ||
	    contenders[BENCH_OURS] != &bench_ours)
		bench_fail("not enough memory");
	if (nr_contenders == NR_ALL)
		return;
	printf("Not found: ");
	for (size_t i = 0; i < NR_ALL; i++) {
		bool found = false;

		for (size_t k = 0; k < nr_contenders; k++)
			found |= contenders[k] == all[i];
		if (!found) {
			printf("%s%s", comma, all[i]->name);
			comma = ", ";
		}
	}
	printf(" ('make setup BENCH=1' installs those that this system packages)\n");
}

static size_t nr_peers(void)
{
	size_t n = 0;

	for (size_t i = 0; i < nr_contenders; i++)
		n += contenders[i]->is_peer;
	return n;
}

/* Finds the contenders whose memory grows although each large block is freed at once. */
static void find_keepers(void)
{
	struct bench_trace trace;

	bench_trace_large_pairs(&trace, LARGE_PAIRS, LARGE_SIZE);
	for (size_t i = BENCH_OURS; i < nr_contenders; i++)
		contenders[i]->keeps_large = contenders[i]->is_peer &&
					     bench_peak_memory(contenders[i], &trace) >
						     LARGE_PAIRS / 2 * LARGE_SIZE;
}

static void introduce(double seconds)
{
	const char *comma = "";

#ifdef __clang__
	printf("Compiled by clang %s", __clang_version__);
#else
	printf("Compiled by gcc %s", __VERSION__);
#endif
#ifdef __GLIBC__
	printf(", glibc %s", gnu_get_libc_version());
#endif
	printf("; about %.3g seconds on one processor, and up to %.3g until it can tell.\n",
	       seconds, BENCH_LOOKS * seconds);
	find_contenders();
	if (!nr_peers())
		bench_fail("no peer was found, so there is nothing to compare mp_pool with");
	find_keepers();
	printf("Contenders that free no large block before the pool ends, as their memory shows: ");
	for (size_t i = BENCH_OURS; i < nr_contenders; i++) {
		if (contenders[i]->keeps_large) {
			printf("%s%s", comma, contenders[i]->name);
			comma = ", ";
		}
	}
	printf("%s\n", *comma ? "." : "none.");
}

/* Returns the number of seconds that @text is. */
static double read_seconds(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds > 0 && seconds <= MOST_SECONDS))
		bench_fail("-s needs a number of seconds, above 0 and up to %d, not '%s'",
			   MOST_SECONDS, text);
	return seconds;
}

static double read_options(int argc, char **argv)
{
	double seconds = SECONDS;
	int option;

	while ((option = getopt(argc, argv, ":s:")) != -1) {
		if (option == ':')
			bench_fail("-s needs a number of seconds");
		if (option != 's')
			bench_fail("there is no option -%c; usage: %s [-s SECONDS] TRACE...",
				   optopt, argv[0]);
		seconds = read_seconds(optarg);
	}
	if (optind == argc)
		bench_fail("no trace to replay; usage: %s [-s SECONDS] TRACE...", argv[0]);
	return seconds;
}

static const char *answer(enum bench_verdict verdict)
{
	static const char *const answers[] = {
		[BENCH_OK] = "yes",
		[BENCH_CANNOT_TELL] = "cannot tell",
		[BENCH_TOO_SLOW] = "NO",
	};

	return answers[verdict];
}

/* Prints the verdict and its reasons. The last group is of strings. Returns the exit status. */
static int conclude(const struct bench_group *groups, int nr_traces)
{
	enum bench_verdict strings = bench_worst(&groups[nr_traces]), traces = BENCH_OK, worst;
	double log_sum = 0;

	for (int t = 0; t < nr_traces; t++) {
		log_sum += log(bench_result(&groups[t], BENCH_OURS).of_limit);
		worst = bench_worst(&groups[t]);
		traces = worst > traces ? worst : traces;
	}
	worst = strings > traces ? strings : traces;
	printf("\nmp_pool takes %.2f times as long as the limit, geometric mean of all traces\n",
	       exp(log_sum / nr_traces));
	for (int g = 0; g <= nr_traces; g++)
		bench_explain(&groups[g]);
	printf("Required: on each trace as fast as each peer: %s\n", answer(traces));
	printf("Required: zeroing and copying as fast as the processor's own: %s\n",
	       answer(strings));
	if (worst == BENCH_CANNOT_TELL)
		printf("No verdict: repeat this on a quiet machine, or longer (-s SECONDS).\n");
	return worst == BENCH_OK ? ALL_WELL : worst == BENCH_TOO_SLOW ? TOO_SLOW : CANNOT_TELL;
}

int main(int argc, char **argv)
{
	double seconds = read_options(argc, argv);
	int nr = argc - optind;
	struct bench_group *groups = calloc(nr + 1, sizeof(*groups));
	struct measured *all = calloc(nr, sizeof(*all));

	if (!all || !groups)
		bench_fail("no memory");
	setvbuf(stdout, NULL, _IOLBF, 0);
	bench_say_when_stopped();
	for (int t = 0; t < nr; t++)
		bench_trace_load(&all[t].trace, argv[optind + t]);
	settle_down();
	introduce(seconds);
	for (int t = 0; t < nr; t++) {
		/* Peak memory first, because later the contenders keep what they have. */
		for (size_t i = BENCH_LIMIT; i < nr_contenders; i++)
			all[t].peaks[i] = bench_peak_memory(contenders[i], &all[t].trace);
		bench_rounds(&groups[t], contenders, nr_contenders, &all[t].trace,
			     seconds * 0.9 / nr / BENCH_LOOK);
	}
	bench_strings(&groups[nr], seconds * 0.1 / BENCH_LOOK);
	bench_repeat(groups, nr + 1, seconds,
		     WRONG / BENCH_LOOKS / (nr_peers() * nr + BENCH_STRINGS), bench_progress);
	for (int t = 0; t < nr; t++)
		bench_table(&groups[t], contenders, &all[t].trace, all[t].peaks);
	bench_string_table(&groups[nr]);
	return conclude(groups, nr);
}
