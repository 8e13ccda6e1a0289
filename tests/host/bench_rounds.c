// SPDX-License-Identifier: MIT
/*
 * bench_rounds.c - measures all contenders on one trace
 *
 *	process 1                                              process 2 ...
 *	  round 1:  limit  mp_pool  libc  obstack  ...           round 1: ...
 *	  round 2:  mp_pool  libc  obstack  ...  limit
 *	  ...       each: replay, then replay and read the clock
 *
 * The speed of a shared machine varies. So rounds are short, and each contender has a
 * turn in each round. The first replay of a turn warms the caches, the second is
 * timed. A ratio compares two times of the same round, and the result is the median
 * of many such ratios. All runs on one processor.
 *
 * Times also depend on which physical pages a process gets, because some pages share
 * places in the caches. So all this is done in several processes, one after the
 * other, and the result is the median over the processes.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tests/host/bench.h>

#define PROCESSES 5
#define MIN_ROUNDS 20
#define MAX_ROUNDS 1000
#define MIN_EVENTS 10000 /* a shorter trace is replayed several times for one reading */
#define SURE 0.003	 /* no more rounds once the medians are known to 0.3 % */

static struct bench_contender **contenders;
static size_t nr_contenders;
static double times[BENCH_MOST][MAX_ROUNDS];

struct found {
	size_t rounds;
	struct bench_result results[BENCH_MOST];
};

static struct found *found; /* results of each process, in shared memory */

static void one_round(const struct bench_trace *trace, size_t round)
{
	size_t repeat = MIN_EVENTS / trace->nr_events + 1;

	for (size_t k = 0; k < nr_contenders; k++) {
		size_t i = (round + k) % nr_contenders;
		double start;

		contenders[i]->replay(trace);
		start = bench_now();
		for (size_t n = 0; n < repeat; n++)
			contenders[i]->replay(trace);
		times[i][round] = (bench_now() - start) / repeat;
	}
}

/* The median, over all rounds, of the time of @a divided by the time of @b. */
static double ratio(size_t a, size_t b, size_t rounds, double *spread)
{
	static double ratios[MAX_ROUNDS];

	for (size_t i = 0; i < rounds; i++)
		ratios[i] = times[a][i] / times[b][i];
	return bench_median(ratios, rounds, spread);
}

static bool are_sure(size_t rounds)
{
	for (size_t i = 0; i < nr_contenders; i++) {
		double spread;

		if (i != BENCH_OURS && (ratio(BENCH_OURS, i, rounds, &spread), spread > SURE))
			return false;
	}
	return true;
}

/* Runs in a child process, with memory of its own. */
static void measure(const struct bench_trace *trace, double seconds, struct found *here)
{
	static double copy[MAX_ROUNDS];
	double end = bench_now() + seconds;
	size_t rounds = 0;

	bench_use_tables(trace);
	for (size_t i = 0; i < nr_contenders; i++) {
		if (contenders[i]->prepare)
			contenders[i]->prepare(trace);
		/* Touches every page that it needs, before the clock runs. */
		contenders[i]->fill(trace);
	}
	while (rounds < MAX_ROUNDS && (rounds < MIN_ROUNDS || bench_now() < end)) {
		one_round(trace, rounds++);
		if (rounds % MIN_ROUNDS == 0 && are_sure(rounds))
			break;
	}
	here->rounds = rounds;
	for (size_t i = 0; i < nr_contenders; i++) {
		struct bench_result *result = &here->results[i];

		result->of_limit = ratio(i, BENCH_LIMIT, rounds, NULL);
		result->ours = ratio(BENCH_OURS, i, rounds, &result->spread);
		memcpy(copy, times[i], rounds * sizeof(*copy));
		result->ns = bench_median(copy, rounds, NULL) * 1e9 / trace->nr_events;
	}
}

static void measure_apart(const struct bench_trace *trace, double seconds, struct found *here)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		bench_fail("no process");
	if (!child) {
		measure(trace, seconds, here);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status)
		bench_fail("%s: a process ended with %#x", trace->name, status);
}

/* The median, over the processes, of the figure at @offset in the results of contender @i. */
static double median_of(size_t i, size_t offset)
{
	double values[PROCESSES];

	for (size_t k = 0; k < PROCESSES; k++)
		memcpy(&values[k], (char *)&found[k].results[i] + offset, sizeof(*values));
	return bench_median(values, PROCESSES, NULL);
}

/**
 * bench_rounds() - measure all contenders on one trace
 * @all: the contenders
 * @count: how many; at most BENCH_MOST
 * @trace: the trace to replay
 * @seconds: about how long to measure
 * @results: set, one for each contender
 *
 * Return: the number of rounds, in all processes.
 */
size_t bench_rounds(struct bench_contender **all, size_t count, const struct bench_trace *trace,
		    double seconds, struct bench_result *results)
{
	size_t rounds = 0;

	contenders = all;
	nr_contenders = count;
	if (!found)
		found = mmap(NULL, PROCESSES * sizeof(*found), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (found == MAP_FAILED)
		bench_fail("no memory for results");
	for (size_t k = 0; k < PROCESSES; k++) {
		measure_apart(trace, seconds / PROCESSES, &found[k]);
		rounds += found[k].rounds;
	}
	for (size_t i = 0; i < count; i++) {
		results[i].ns = median_of(i, offsetof(struct bench_result, ns));
		results[i].of_limit = median_of(i, offsetof(struct bench_result, of_limit));
		results[i].ours = median_of(i, offsetof(struct bench_result, ours));
		results[i].spread = median_of(i, offsetof(struct bench_result, spread));
	}
	return rounds;
}
