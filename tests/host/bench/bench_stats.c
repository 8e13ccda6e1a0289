// SPDX-License-Identifier: MIT
/*
 * bench_stats.c - what may be said about a ratio that was measured several times
 *
 *	    low            median        high
 *	     |---------------*------------|          |          ok
 *	                                          allowed
 *	     |---------------*------------|
 *	                          |                             cannot tell: measure on
 *	                       allowed
 *	     |---------------*------------|
 *	|                                                       TOO SLOW
 *	allowed
 *
 * A sample is below the true median with a probability of 1/2. So the number of samples
 * below it is binomial, whatever the distribution of the samples is, and two of the
 * sorted samples enclose the true median with a known probability. A few samples that
 * are far away, however far, do not move these two.
 *
 * No statistics see an error that is the same in all samples. If other programs use the
 * caches all the time, that is such an error. So samples from a quiet machine are taken
 * alone if they are enough; if not, the interval is made wider at both ends.
 *
 * Nothing here starts a process or reads a file, so a test can feed it samples:
 * stats_test.c does.
 */
#include <math.h>
#include <stdlib.h>

#include <tests/host/bench/bench.h>

#define NARROW 0.04 /* on a quiet machine intervals are at most this wide, for a ratio of 1 */

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts @values and returns their median. */
double bench_median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/*
 * The true median is below the @rank-th lowest of @count samples with a probability of
 * at most @risk. Returns the greatest such rank, or 0 if @count is too small for any.
 *
 * It is below if fewer than @rank samples lie below it. So the chances of 0, 1, ...
 * rank - 1 samples are added.
 */
size_t bench_rank(size_t count, double risk)
{
	double chance = pow(0.5, count); /* of exactly "rank" samples below the median */
	double sum = chance;
	size_t rank = 0;

	while (sum <= risk && rank < count / 2) {
		rank++;
		chance *= (double)(count - rank + 1) / rank;
		sum += chance;
	}
	return rank;
}

/* Copies the samples that count, and sorts them. Returns how many there are. */
static size_t choose(const struct bench_group *group, size_t i, bool quiet, double *to)
{
	size_t count = 0;

	for (size_t k = 0; k < group->count; k++)
		if (group->quiet[k] || !quiet)
			to[count++] = group->all[i].values[k];
	qsort(to, count, sizeof(*to), compare);
	return count;
}

/* Sets the interval around the median of the samples of comparison @i. */
static void set_interval(struct bench_group *group, size_t i, double risk)
{
	struct bench_interval *interval = &group->all[i].interval;
	double samples[BENCH_SAMPLES], wider = 1;
	size_t count = choose(group, i, true, samples);
	size_t rank = bench_rank(count, risk);

	if (!rank && count < group->count) {
		count = choose(group, i, false, samples);
		rank = bench_rank(count, risk);
		wider = group->busy;
	}
	*interval = (struct bench_interval){
		.low = rank ? samples[rank - 1] / wider : 0,
		.median = bench_median(samples, count),
		.high = rank ? samples[count - rank] * wider : INFINITY,
		.count = count,
		.busy = wider > 1,
	};
}

static enum bench_verdict verdict(const struct bench_interval *interval, double at_most)
{
	if (interval->high <= at_most)
		return BENCH_OK;
	return interval->low > at_most ? BENCH_TOO_SLOW : BENCH_CANNOT_TELL;
}

/* Why the verdict is BENCH_CANNOT_TELL. */
const char *bench_why(const struct bench_interval *interval)
{
	if (interval->high == INFINITY)
		return "in this time there were too few measurements";
	if (interval->busy)
		return "the machine is too busy with other programs";
	if (interval->high - interval->low > NARROW * interval->median)
		return "the times vary too much: the machine is too busy";
	return "the ratio is too close to the allowed one";
}

/* Returns how many comparisons have no verdict. */
static size_t judge(struct bench_group *group, double risk)
{
	group->open = 0;
	for (size_t i = 0; i < group->nr; i++) {
		struct bench_comparison *one = &group->all[i];

		set_interval(group, i, risk);
		one->verdict = verdict(&one->interval, one->at_most);
		group->open += one->verdict == BENCH_CANNOT_TELL;
	}
	return group->open;
}

/* Takes BENCH_LOOK samples of each open group, in turn, as long as there is time. */
static void take_samples(struct bench_group *groups, size_t nr, double end)
{
	for (size_t k = 0; k < BENCH_LOOK; k++) {
		for (size_t i = 0; i < nr; i++) {
			struct bench_group *group = &groups[i];

			if (!group->open || (group->count && bench_now() >= end))
				continue;
			group->quiet[group->count] = group->sample(group, group->count);
			group->count++;
		}
	}
}

/**
 * bench_repeat() - measure until each comparison has a verdict, or time is up
 * @groups: the comparisons; their intervals and verdicts are set
 * @nr: number of groups
 * @seconds: time is up after BENCH_LOOKS times as many seconds
 * @risk: that a look at a comparison leads to a wrong verdict
 * @progress: called before each look but the first; may be NULL
 *
 * It looks at the samples after BENCH_LOOK of them, after twice as many, and so on,
 * BENCH_LOOKS times at most. It does not look more often, because each look is a chance
 * to be wrong.
 */
void bench_repeat(struct bench_group *groups, size_t nr, double seconds, double risk,
		  void (*progress)(const struct bench_group *groups, size_t nr, int look))
{
	double end = bench_now() + BENCH_LOOKS * seconds;
	size_t open = 1;

	for (size_t i = 0; i < nr; i++)
		groups[i].open = groups[i].nr;
	for (int look = 1; look <= BENCH_LOOKS && open; look++) {
		if (look > 1 && bench_now() >= end)
			break;
		if (look > 1 && progress)
			progress(groups, nr, look);
		take_samples(groups, nr, end);
		open = 0;
		for (size_t i = 0; i < nr; i++)
			open += groups[i].open ? judge(&groups[i], risk) : 0;
	}
}
