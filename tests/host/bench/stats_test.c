// SPDX-License-Identifier: MIT
/*
 * stats_test.c - does bench-host say what its samples say?
 *
 * It feeds bench_stats.c with samples whose true median is known: from a quiet machine,
 * from a noisy one, with outliers, with other programs running. The clock is a
 * variable. try builds and runs this.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <tests/host/bench/bench.h>

#define RISK 0.0003
#define LIMIT 1.15

/* Where samples come from. */
struct source {
	const char *name;
	double ratio;	 /* the true median */
	double noise;	 /* samples lie this far around it, in relation to it */
	double outliers; /* the part of the samples that are wrong by @wrong */
	double wrong;
	double busy; /* the part of the samples from a busy machine, wrong by @shift */
	double shift;
	double seconds; /* that a sample takes; 20 of them shall take 20 */
	enum bench_verdict right;
	size_t samples; /* how many it must take; 0: any number */
	const char *why;
};

static double clock_reads;
static uint64_t state;
static int faults;

double bench_now(void)
{
	return clock_reads;
}

static double uniform(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 11) / 9007199254740992.0;
}

static bool take(struct bench_group *group, size_t k)
{
	const struct source *source = group->arg;
	double value = source->ratio * (1 + source->noise * (2 * uniform() - 1));
	bool quiet = uniform() >= source->busy;

	if (uniform() < source->outliers)
		value *= source->wrong;
	if (!quiet)
		value *= source->shift;
	group->all->values[k] = value;
	clock_reads += source->seconds;
	return quiet;
}

/* Measures one comparison, as bench-host does. */
static struct bench_comparison measure(struct source *source, size_t *samples)
{
	struct bench_comparison one = { .at_most = LIMIT };
	struct bench_group group = {
		.all = &one,
		.nr = 1,
		.sample = take,
		.arg = source,
		.busy = 1.25,
	};

	clock_reads = 0;
	bench_repeat(&group, 1, 20, RISK, NULL);
	*samples = group.count;
	return one;
}

static void expect(bool good, const char *name, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s\n", name, what);
	faults++;
}

/* Values of tables of the binomial distribution, as books print them. */
static void test_ranks(void)
{
	static const struct {
		size_t count, rank;
		double risk;
	} known[] = {
		{ 5, 0, 0.025 },   { 6, 1, 0.025 },   { 9, 2, 0.025 },	 { 20, 6, 0.025 },
		{ 50, 18, 0.025 }, { 11, 0, 0.0003 }, { 12, 1, 0.0003 }, { 20, 3, 0.0003 },
		{ 0, 0, 0.025 },   { 1, 0, 0.025 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		char what[80];
		size_t rank = bench_rank(known[i].count, known[i].risk);

		snprintf(what, sizeof(what), "%zu samples, risk %g: expected %zu, not %zu",
			 known[i].count, known[i].risk, known[i].rank, rank);
		expect(rank == known[i].rank, "rank", what);
	}
}

static struct source sources[] = {
	{ "quiet, faster", 1.00, 0.01, 0, 0, 0, 0, 1, BENCH_OK, 20, "" },
	{ "quiet, just allowed", 1.13, 0.01, 0, 0, 0, 0, 1, BENCH_OK, 20, "" },
	{ "quiet, shifted", 1.20, 0.01, 0, 0, 0, 0, 1, BENCH_TOO_SLOW, 20, "" },
	{ "at the limit", 1.15, 0.01, 0, 0, 0, 0, 1, BENCH_CANNOT_TELL, 80, "too close" },
	{ "noisy, near the limit", 1.12, 0.4, 0, 0, 0, 0, 1, BENCH_CANNOT_TELL, 80, "vary" },
	{ "noisy, far below it", 0.5, 0.4, 0, 0, 0, 0, 1, BENCH_OK, 20, "" },
	{ "noisy, far above it", 3, 0.4, 0, 0, 0, 0, 1, BENCH_TOO_SLOW, 20, "" },
	{ "a fifth is 5 times as high", 1.00, 0.01, 0.2, 5, 0, 0, 1, BENCH_OK, 0, "" },
	{ "a fifth is 5 times as low", 1.20, 0.01, 0.2, 0.2, 0, 0, 1, BENCH_TOO_SLOW, 0, "" },
	{ "half are 5 times as high", 1.00, 0.01, 0.5, 5, 0, 0, 1, BENCH_CANNOT_TELL, 80, "vary" },
	/* A load that lasts: all samples agree, and are wrong by the same factor. */
	{ "load, looks too slow", 1.08, 0.01, 0, 0, 1, 1.14, 1, BENCH_CANNOT_TELL, 80, "programs" },
	{ "load, looks allowed", 1.20, 0.01, 0, 0, 1, 0.9, 1, BENCH_CANNOT_TELL, 80, "programs" },
	{ "load, but far below", 0.5, 0.01, 0, 0, 1, 1.14, 1, BENCH_OK, 20, "" },
	{ "load, but far above", 3, 0.01, 0, 0, 1, 0.9, 1, BENCH_TOO_SLOW, 20, "" },
	{ "load most of the time", 1.08, 0.01, 0, 0, 0.7, 1.14, 1, BENCH_OK, 0, "" },
	{ "load most of the time", 1.20, 0.01, 0, 0, 0.7, 0.9, 1, BENCH_TOO_SLOW, 0, "" },
	/* Time is up after 80 seconds. */
	{ "slow samples", 1.00, 0.01, 0, 0, 0, 0, 20, BENCH_CANNOT_TELL, 4, "too few" },
	{ "one sample takes all", 1.00, 0.01, 0, 0, 0, 0, 100, BENCH_CANNOT_TELL, 1, "too few" },
	{ "slow, but enough", 1.00, 0.01, 0, 0, 0, 0, 6, BENCH_OK, 14, "" },
};

/* Each source 200 times, with other random numbers. */
static void test_sources(void)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct source *source = &sources[i];
		int wrong = 0, other = 0, unexplained = 0;

		for (int n = 0; n < 200; n++) {
			size_t samples;
			struct bench_comparison one = measure(source, &samples);

			wrong += one.verdict != source->right;
			other += source->samples && samples != source->samples;
			unexplained += one.verdict == BENCH_CANNOT_TELL &&
				       !strstr(bench_why(&one.interval), source->why);
		}
		/* Chance may lead to another verdict now and then. */
		expect(wrong <= 4, source->name, "another verdict is right");
		expect(other <= 4, source->name, "another number of samples is right");
		expect(unexplained <= 4, source->name, "the reason is another");
	}
}

/*
 * The true ratio stands exactly at the limit, so each verdict but "cannot tell" is a
 * chance that the risk allows. One ratio in 2 * BENCH_LOOKS * RISK may be wrong.
 */
static void test_risk(void)
{
	struct source source = { .ratio = LIMIT, .noise = 0.3, .seconds = 1 };
	int runs = 20000, wrong = 0;
	char what[80];

	for (int n = 0; n < runs; n++) {
		size_t samples;

		wrong += measure(&source, &samples).verdict != BENCH_CANNOT_TELL;
	}
	snprintf(what, sizeof(what), "%d of %d verdicts are wrong, allowed are %.0f", wrong, runs,
		 2 * BENCH_LOOKS * RISK * runs);
	expect(wrong <= 2 * BENCH_LOOKS * RISK * runs, "risk", what);
	/* If none were wrong, the intervals would be wider than they need to be. */
	expect(wrong > 0, "risk", "the intervals are too wide");
}

/* A group whose comparisons have verdicts is left alone, while the other is measured on. */
static void test_groups(void)
{
	struct source clear = { .ratio = 1, .noise = 0.01, .seconds = 0.5 };
	struct source close = { .ratio = LIMIT, .noise = 0.01, .seconds = 0.5 };
	struct bench_comparison ones[2] = { { .at_most = LIMIT }, { .at_most = LIMIT } };
	struct bench_group groups[3] = {
		{ .all = &ones[0], .nr = 1, .sample = take, .arg = &clear, .busy = 1.25 },
		{ .all = &ones[1], .nr = 1, .sample = take, .arg = &close, .busy = 1.25 },
		{ .nr = 0 },
	};

	clock_reads = 0;
	bench_repeat(groups, 3, 20, RISK, NULL);
	expect(groups[0].count == BENCH_LOOK, "groups", "the clear one needs one look only");
	expect(groups[1].count == BENCH_SAMPLES, "groups", "the other one needs all samples");
	expect(groups[2].count == 0, "groups", "the empty one needs none");
	expect(ones[0].verdict == BENCH_OK, "groups", "the clear one is ok");
}

int main(void)
{
	state = 88172645463325252;
	test_ranks();
	test_sources();
	test_risk();
	test_groups();
	if (faults)
		return 1;
	printf("%zu kinds of samples, each with the right verdict\n",
	       sizeof(sources) / sizeof(sources[0]));
	return 0;
}
