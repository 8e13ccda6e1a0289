// SPDX-License-Identifier: MIT
/*
 * bench_time.c - two clocks: the time of day, and the time that this process had
 *
 * Times are measured with the second. It stands still while another program runs on
 * the same processor, so a reading does not hold the time of that program.
 */
#include <time.h>

#include <tests/host/bench/bench.h>

#define FINE 0.00002 /* seconds: a clock with larger steps is of no use */

static double now(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* The time in seconds. */
double bench_now(void)
{
	return now(CLOCK_MONOTONIC);
}

/* Some systems count a process's time in ticks of several milliseconds. */
static bool is_fine(clockid_t id)
{
	for (int tries = 0; tries < 20; tries++) {
		double before = now(id), end = bench_now() + FINE;

		while (now(id) == before && bench_now() < end)
			;
		if (now(id) != before && bench_now() < end)
			return true;
	}
	return false;
}

/* The time in seconds that this process has had a processor, as far as the system knows it. */
double bench_cpu(void)
{
	static clockid_t id;
	static bool chosen;

	if (!chosen)
		id = is_fine(CLOCK_PROCESS_CPUTIME_ID) ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
	chosen = true;
	return now(id);
}
