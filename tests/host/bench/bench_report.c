// SPDX-License-Identifier: MIT
/* bench_report.c - what bench-host prints of its measurements */
#include <math.h>
#include <stdio.h>

#include <tests/host/bench/bench.h>

#define BAR 24

static const char *const words[] = {
	[BENCH_OK] = "ok",
	[BENCH_CANNOT_TELL] = "cannot tell",
	[BENCH_TOO_SLOW] = "TOO SLOW",
};

/* Says which comparisons have no verdict yet, before measuring goes on. */
void bench_progress(const struct bench_group *groups, size_t nr, int look)
{
	printf("Measuring on, part %d of at most %d. No verdict yet on:\n", look, BENCH_LOOKS);
	for (size_t g = 0; g < nr; g++) {
		for (size_t i = 0; i < groups[g].nr; i++) {
			const struct bench_comparison *one = &groups[g].all[i];

			if (one->verdict == BENCH_CANNOT_TELL)
				printf("  %s (%.3f .. %.3f around %.2f)\n", one->what,
				       one->interval.low, one->interval.high, one->at_most);
		}
	}
}

enum bench_verdict bench_worst(const struct bench_group *group)
{
	enum bench_verdict worst = BENCH_OK;

	for (size_t i = 0; i < group->nr; i++)
		if (group->all[i].verdict > worst)
			worst = group->all[i].verdict;
	return worst;
}

/* A sentence for each comparison that is not ok. */
void bench_explain(const struct bench_group *group)
{
	for (size_t i = 0; i < group->nr; i++) {
		const struct bench_comparison *one = &group->all[i];
		const struct bench_interval *interval = &one->interval;

		if (one->verdict == BENCH_TOO_SLOW)
			printf("too slow: %s: %.3f times as long (%.3f .. %.3f, allowed %.2f)\n",
			       one->what, interval->median, interval->low, interval->high,
			       one->at_most);
		if (one->verdict != BENCH_CANNOT_TELL)
			continue;
		if (interval->high == INFINITY) {
			/* The same holds for the whole group. */
			printf("cannot tell: %s: %s (%zu)\n", group->name, bench_why(interval),
			       interval->count);
			return;
		}
		printf("cannot tell: %s: %s (interval %.3f .. %.3f around the allowed %.2f)\n",
		       one->what, bench_why(interval), interval->low, interval->high, one->at_most);
	}
}

/* The median, its interval, what is allowed, and the verdict: 46 columns. */
static void print_comparison(const struct bench_comparison *one)
{
	const struct bench_interval *interval = &one->interval;

	printf("%6.3f  %5.3f .. %5.3f  %7.2f   %-11s", interval->median, interval->low,
	       interval->high, one->at_most, words[one->verdict]);
}

/* How many samples there are, and how many of them count. */
static void print_samples(const struct bench_group *group)
{
	size_t quiet = 0;

	for (size_t k = 0; k < group->count; k++)
		quiet += group->quiet[k];
	printf("%zu processes measured, ", group->count);
	if (quiet == group->count)
		printf("on a quiet machine\n\n");
	else if (group->all[0].interval.busy)
		printf("%zu of them while other programs ran: the intervals are wider for it\n\n",
		       group->count - quiet);
	else
		printf("of which %zu do not count, because other programs ran\n\n",
		       group->count - quiet);
}

static void print_bar(double ns, double most)
{
	for (int i = 0; i < BAR && i < ns / most * BAR; i++)
		putchar('#');
	putchar('\n');
}

/* The limit takes no heap blocks, so the time above it is the cost of mp_pool's heap blocks. */
static void explain_blocks(const struct bench_trace *trace, double more)
{
	double blocks;

	bench_use_tables(trace);
	blocks = bench_blocks(trace);
	printf("  mp_pool takes one heap block for %.1f events. ", trace->nr_events / blocks);
	printf("It takes %.2f ns an event more than the limit:\n"
	       "  %.1f ns for each block, to allocate and free it.\n",
	       more, more * trace->nr_events / blocks);
}

/* Prints the table of a trace. */
void bench_table(const struct bench_group *group, struct bench_contender **all,
		 const struct bench_trace *trace, const size_t *peaks)
{
	struct bench_result results[BENCH_MOST];
	double most = 0;

	for (size_t i = 0; i < group->nr; i++) {
		results[i] = bench_result(group, i);
		most = fmax(most, results[i].ns);
	}
	printf("\n%s: %zu events; the limit goes through %zu KiB, the most that is alive at once\n",
	       trace->name, trace->nr_events, trace->peak >> 10);
	print_samples(group);
	printf("               ns/event   x limit   peak KiB   mp_pool takes            at most\n");
	for (size_t i = 0; i < group->nr; i++) {
		printf("  %-11s  %8.2f  %8.2f  %9zu  ", all[i]->name, results[i].ns,
		       results[i].of_limit, peaks[i] >> 10);
		if (all[i]->is_peer)
			print_comparison(&group->all[i]);
		else if (i == BENCH_OURS)
			printf("%46s", "");
		else
			printf("%6.3f%40s", results[i].ours, "");
		printf(" ");
		print_bar(results[i].ns, most);
	}
	explain_blocks(trace, results[BENCH_OURS].ns - results[BENCH_LIMIT].ns);
}

/* Prints the table of zeroing and copying. */
void bench_string_table(const struct bench_group *group)
{
	printf("\nZeroing and copying: libc's, beside the processor's own instructions\n");
	if (!group->nr) {
		printf("  this processor has no string instructions to compare with\n");
		return;
	}
	print_samples(group);
	printf("                                             takes                    at most\n");
	for (size_t i = 0; i < group->nr; i++) {
		printf("  %-37s %8.0f ns ", group->all[i].what, bench_string_ns(group, i));
		print_comparison(&group->all[i]);
		printf("\n");
	}
}
