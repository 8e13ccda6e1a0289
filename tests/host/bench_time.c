// SPDX-License-Identifier: MIT
/* bench_time.c - the clock, and the median of many readings */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tests/host/bench.h>

/* The time in seconds. */
double bench_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * Sorts @values and returns their median. If @spread is not NULL, sets it to the
 * relative error of the median. Two of the sorted values enclose the true median with
 * a probability of 95 %, whatever the distribution: the rank of the median is
 * binomial, count/2 +- 1.96 sqrt(count)/2.
 */
double bench_median(double *values, size_t count, double *spread)
{
	size_t off = sqrt((double)count) * 0.98 + 1;
	double median;

	qsort(values, count, sizeof(*values), compare);
	median = (values[(count - 1) / 2] + values[count / 2]) / 2;
	if (spread)
		*spread = count / 2 <= off ? 1 :
					     (values[count / 2 + off] - values[count / 2 - off]) /
						     (2 * median);
	return median;
}
