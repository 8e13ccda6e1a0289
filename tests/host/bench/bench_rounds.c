// SPDX-License-Identifier: MIT
/*
 * bench_rounds.c - measures all contenders on one trace
 *
 *	process 1                                              process 2 ...
 *	  round 1:  limit  mp_pool  libc  obstack  ...           round 1: ...
 *	  round 2:  mp_pool  libc  obstack  ...  limit
 *	  ...       each: replay, then replay and read the clock
 *	  ratio 1                                                ratio 2 ...
 *
 * The speed of a shared machine varies. So rounds are short, and each contender has a
 * turn in each round. The first replay of a turn warms the caches, the second is
 * timed. A ratio compares two times of the same round. All runs on one processor.
 *
 * Times also depend on which physical pages a process gets, because some pages share
 * places in the caches. All rounds of a process have the same pages, so together they
 * are one sample: the median of their ratios. bench_stats.c says what many samples,
 * each from a process of its own, tell.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <tests/host/bench/bench.h>

#define NOISE 1.05	 /* mp_pool may take this many times as long as a peer */
#define NEVER_FREES 1.15 /* the same, for a peer that never frees a large block */
#define BUSY 1.25	 /* other programs change a ratio by less than this; 1.14 was seen */
#define MIN_ROUNDS 5
#define MAX_ROUNDS 1000
#define MIN_EVENTS 10000 /* a shorter trace is replayed several times for one reading */

static struct bench_contender **contenders;
static size_t nr_contenders;
static double times[BENCH_MOST][MAX_ROUNDS];

/* What one process finds: each figure is the median of its rounds. */
struct sample {
	struct bench_result of[BENCH_MOST];
};

/* What each process of a trace measures, and what they found. */
struct task {
	const struct bench_trace *trace;
	double seconds;
	size_t first; /* the contender that begins the first round */
	struct sample samples[BENCH_SAMPLES];
};

static void one_round(const struct bench_trace *trace, size_t round, size_t first)
{
	size_t repeat = MIN_EVENTS / trace->nr_events + 1;

	for (size_t k = 0; k < nr_contenders; k++) {
		size_t i = (first + round + k) % nr_contenders;
		double start;

		contenders[i]->replay(trace);
		start = bench_cpu();
		for (size_t n = 0; n < repeat; n++)
			contenders[i]->replay(trace);
		times[i][round] = (bench_cpu() - start) / repeat;
	}
}

/* The median, over all rounds, of the time of @a divided by the time of @b. */
static double ratio(size_t a, size_t b, size_t rounds)
{
	static double ratios[MAX_ROUNDS];

	for (size_t i = 0; i < rounds; i++)
		ratios[i] = times[a][i] / times[b][i];
	return bench_median(ratios, rounds);
}

/* Runs in a child process, with memory of its own. */
static void measure(void *arg, void *result)
{
	const struct task *task = arg;
	double end = bench_now() + task->seconds;
	struct sample *sample = result;
	size_t rounds = 0;

	bench_use_tables(task->trace);
	for (size_t i = 0; i < nr_contenders; i++) {
		if (contenders[i]->prepare)
			contenders[i]->prepare(task->trace);
		/* Touches every page that it needs, before the clock runs. */
		contenders[i]->fill(task->trace);
	}
	while (rounds < MAX_ROUNDS && (rounds < MIN_ROUNDS || bench_now() < end)) {
		one_round(task->trace, rounds, task->first);
		rounds++;
	}
	for (size_t i = 0; i < nr_contenders; i++) {
		sample->of[i].of_limit = ratio(i, BENCH_LIMIT, rounds);
		sample->of[i].ours = ratio(BENCH_OURS, i, rounds);
		sample->of[i].ns = bench_median(times[i], rounds) * 1e9 / task->trace->nr_events;
	}
}

/* Takes sample @k: see struct bench_group. */
static bool measure_apart(struct bench_group *group, size_t k)
{
	struct task *task = group->arg;
	struct sample *sample = &task->samples[k];
	bool quiet;

	task->first = k;
	quiet = bench_apart(task->trace->name, measure, task, sample, sizeof(*sample));
	for (size_t i = 0; i < nr_contenders; i++)
		group->all[i].values[k] = sample->of[i].ours;
	return quiet;
}

/* How many times as long as @contender mp_pool may take. Only peers are judged. */
static double allowed(const struct bench_contender *contender)
{
	if (!contender->is_peer)
		return INFINITY;
	return contender->keeps_large ? NEVER_FREES : NOISE;
}

/**
 * bench_rounds() - prepare to measure all contenders on one trace
 * @group: set: a comparison of mp_pool with each contender
 * @all: the contenders
 * @count: how many; at most BENCH_MOST
 * @trace: the trace to replay
 * @seconds: about how long a sample takes
 */
void bench_rounds(struct bench_group *group, struct bench_contender **all, size_t count,
		  const struct bench_trace *trace, double seconds)
{
	struct task *task = calloc(1, sizeof(*task));

	contenders = all;
	nr_contenders = count;
	*group = (struct bench_group){
		.nr = count, .sample = measure_apart, .arg = task, .busy = BUSY
	};
	group->all = calloc(count, sizeof(*group->all));
	if (!task || !group->all)
		bench_fail("no memory for results");
	group->name = trace->name;
	task->trace = trace;
	task->seconds = seconds;
	for (size_t i = 0; i < count; i++) {
		group->all[i].at_most = allowed(all[i]);
		snprintf(group->all[i].what, sizeof(group->all[i].what), "%s on %s", all[i]->name,
			 trace->name);
	}
}

/* The median, over all samples, of each figure of contender @i. */
struct bench_result bench_result(const struct bench_group *group, size_t i)
{
	double ns[BENCH_SAMPLES], of_limit[BENCH_SAMPLES], ours[BENCH_SAMPLES];
	const struct task *task = group->arg;

	for (size_t k = 0; k < group->count; k++) {
		ns[k] = task->samples[k].of[i].ns;
		of_limit[k] = task->samples[k].of[i].of_limit;
		ours[k] = task->samples[k].of[i].ours;
	}
	return (struct bench_result){
		.ns = bench_median(ns, group->count),
		.of_limit = bench_median(of_limit, group->count),
		.ours = bench_median(ours, group->count),
	};
}
