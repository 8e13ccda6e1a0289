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
#include <tests/host/bench.h>

#define NOISE 1.05	 /* mp_pool may take this many times as long as a peer */
#define NEVER_FREES 1.15 /* the same, for a peer that never frees a large block */
#define LARGE_PAIRS 256
#define LARGE_SIZE ((size_t)64 << 10)
#define BAR 32

enum { ALL_WELL, TOO_SLOW, TROUBLE };

static struct bench_contender *all[] = {
	&bench_limit,	&bench_ours,   &bench_in_cache, &bench_reference, &bench_apr,
	&bench_obstack, &bench_talloc, &bench_glibc,	&bench_jemalloc,  &bench_mimalloc,
};

#define NR_ALL (sizeof(all) / sizeof(all[0]))
static struct bench_contender *contenders[NR_ALL];
static size_t nr_contenders;

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

static void print_bar(double ns, double most)
{
	for (int i = 0; i < BAR && i < ns / most * BAR; i++)
		putchar('#');
	putchar('\n');
}

/* The limit takes no heap blocks, so the time above it is the cost of mp_pool's heap blocks. */
static void explain(const struct bench_trace *trace, const struct bench_result *results)
{
	double more = results[BENCH_OURS].ns - results[BENCH_LIMIT].ns;
	double blocks;

	bench_use_tables(trace);
	blocks = bench_blocks(trace);
	printf("  mp_pool takes one heap block for %.1f events. ", trace->nr_events / blocks);
	printf("It takes %.2f ns an event more than the limit:\n"
	       "  %.1f ns for each block, to allocate and free it.\n",
	       more, more * trace->nr_events / blocks);
}

/* Prints the table of a trace. Returns how many peers are faster than allowed. */
static int report(const struct bench_trace *trace, const struct bench_result *results,
		  size_t rounds, const size_t *peaks)
{
	double most = 0;
	int faster = 0;

	for (size_t i = 0; i < nr_contenders; i++)
		most = fmax(most, results[i].ns);
	printf("\n%s: %zu events, %zu rounds; the limit goes through %zu KiB, the most that is\n"
	       "alive at once\n\n",
	       trace->name, trace->nr_events, rounds, trace->peak >> 10);
	printf("               ns/event   x limit   peak KiB   mp_pool takes   at most\n");
	for (size_t i = 0; i < nr_contenders; i++) {
		const struct bench_contender *peer = contenders[i];
		double at_most = peer->keeps_large ? NEVER_FREES : NOISE;
		bool good = results[i].ours <= at_most;

		printf("  %-11s  %8.2f  %8.2f  ", peer->name, results[i].ns, results[i].of_limit);
		printf("%9zu  ", peaks[i] >> 10);
		if (peer->is_peer)
			printf("%5.2f +- %-4.1f%%   %7.2f  %-9s ", results[i].ours,
			       results[i].spread * 100, at_most, good ? "ok" : "TOO SLOW");
		else
			printf("%35s", "");
		print_bar(results[i].ns, most);
		faster += peer->is_peer && !good;
	}
	explain(trace, results);
	return faster;
}

static int judge(int faster, double of_limit, bool strings)
{
	printf("\nmp_pool takes %.2f times as long as the limit, geometric mean of all traces\n",
	       of_limit);
	printf("Required: on each trace as fast as each peer: %s\n", faster ? "NO" : "yes");
	printf("Required: zeroing and copying as fast as the processor's own: %s\n",
	       strings ? "yes" : "NO");
	return faster || !strings ? TOO_SLOW : ALL_WELL;
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
	printf("; about %.0f seconds on one processor.\n", seconds);
	find_contenders();
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

int main(int argc, char **argv)
{
	double seconds = 30, log_sum = 0;
	int option, faster = 0, nr_traces;
	struct bench_trace *traces;
	size_t(*peaks)[NR_ALL];
	bool strings;

	while ((option = getopt(argc, argv, "s:")) != -1)
		seconds = option == 's' ? atof(optarg) : 0;
	nr_traces = argc - optind;
	if (seconds <= 0 || !nr_traces)
		bench_fail("usage: %s [-s SECONDS] TRACE...", argv[0]);
	setvbuf(stdout, NULL, _IOLBF, 0);

	settle_down();
	introduce(seconds);
	traces = calloc(nr_traces, sizeof(*traces));
	peaks = calloc(nr_traces, sizeof(*peaks));
	if (!traces || !peaks)
		bench_fail("no memory");
	/* Peak memory first, because later the contenders keep what they have. */
	for (int t = 0; t < nr_traces; t++) {
		bench_trace_load(&traces[t], argv[optind + t]);
		for (size_t i = BENCH_LIMIT; i < nr_contenders; i++)
			peaks[t][i] = bench_peak_memory(contenders[i], &traces[t]);
	}
	for (int t = 0; t < nr_traces; t++) {
		struct bench_result results[NR_ALL];
		size_t rounds = bench_rounds(contenders, nr_contenders, &traces[t],
					     seconds * 0.9 / nr_traces, results);

		faster += report(&traces[t], results, rounds, peaks[t]);
		log_sum += log(results[BENCH_OURS].of_limit);
	}
	strings = bench_strings(seconds * 0.1);
	return judge(faster, exp(log_sum / nr_traces), strings);
}
