// SPDX-License-Identifier: MIT
/*
 * bench_rounds.c - measures all contenders on one trace
 *
 *	process 1                                              process 2 ...
 *	  round 1:  limit  mp_pool  libc  obstack  ...           round 1: ...
 *	  round 2:  mp_pool  libc  obstack  ...  limit
 *	  ...       each: replay, then replay and read the clock
 *
 * A shared machine has good moments and bad ones, so nothing is measured alone:
 * a round is short and everybody has a turn in it, the first replay of each turn
 * warms what the one before has left cold, a ratio is of two times of one round,
 * and what counts is the median of many such ratios. All stay on one processor.
 *
 * Which pages of the machine's memory a process gets is luck, too: some share
 * places in the caches. So this is done in a few processes, one after the other,
 * and what counts is the median of theirs.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tests/host/bench.h>

#define PROCESSES 5
#define MIN_ROUNDS 20
#define MAX_ROUNDS 1000
#define MIN_EVENTS 10000 /* a shorter trace is replayed more than once for a reading */
#define SURE 0.003	 /* medians that are known to 0.3 % need no more rounds */

static struct bench_contender **contenders;
static size_t nr_contenders;
static double times[BENCH_MOST][MAX_ROUNDS];

struct found {
	size_t rounds;
	struct bench_result results[BENCH_MOST];
};

static struct found *found; /* by each process; in memory that all can write */

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

/* The median of how @a's times compare with @b's, round by round. */
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

/* In a process of its own: what it writes to is its own, too. */
static void measure(const struct bench_trace *trace, double seconds, struct found *here)
{
	static double copy[MAX_ROUNDS];
	double end = bench_now() + seconds;
	size_t rounds = 0;

	bench_use_tables(trace);
	for (size_t i = 0; i < nr_contenders; i++) {
		if (contenders[i]->prepare)
			contenders[i]->prepare(trace);
		/* Every page that it will ever touch is there before the clock runs. */
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

/* The median of one figure, @offset bytes into the results of contender @i. */
static double median_of(size_t i, size_t offset)
{
	double values[PROCESSES];

	for (size_t k = 0; k < PROCESSES; k++)
		memcpy(&values[k], (char *)&found[k].results[i] + offset, sizeof(*values));
	return bench_median(values, PROCESSES, NULL);
}

/**
 * bench_rounds() - measure all contenders on one trace
 * @all: who takes part, at most BENCH_MOST
 * @count: how many
 * @trace: what they replay
 * @seconds: about how long
 * @results: filled in, one for each
 *
 * Return: how many rounds that took.
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
