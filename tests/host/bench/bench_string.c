// SPDX-License-Identifier: MIT
/*
 * bench_string.c - compares libc's memset() and memcpy() with "rep stosb" and "rep movsb"
 *
 * On Linux, mm/ zeroes and copies with libc's functions. A reading times as many calls
 * as process 8 MiB. The two functions take turns, and the ratio is taken pair by pair.
 * The memory of a process is the same each time. Small sizes stay in the first-level
 * cache, large ones in the second or third. As in bench_rounds.c, a process is a sample.
 */
#include <stdio.h>
#include <string.h>

#include <tests/host/bench/bench.h>

#define LARGEST ((size_t)4 << 20)
#define AT_MOST 1.1
#define BUSY 1.05		  /* other programs disturb both functions nearly alike */
#define AT_ONCE ((size_t)8 << 20) /* bytes: a reading takes longer than reading the clock */
#define MIN_ROUNDS 5
#define MAX_ROUNDS 1000

#ifdef __x86_64__
static unsigned char *to, *from;

static void libc_set(size_t size)
{
	memset(to, 0, size);
	__asm__ volatile("" ::: "memory");
}

static void libc_copy(size_t size)
{
	memcpy(to, from, size);
	__asm__ volatile("" ::: "memory");
}

static void rep_stosb(size_t size)
{
	void *at = to;

	__asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(0) : "memory");
}

static void rep_movsb(size_t size)
{
	void *at = to, *source = from;

	__asm__ volatile("rep movsb" : "+D"(at), "+S"(source), "+c"(size) : : "memory");
}

static const struct way {
	const char *name, *against;
	void (*ours)(size_t size);
	void (*theirs)(size_t size);
} ways[] = {
	{ "memset", "rep stosb", libc_set, rep_stosb },
	{ "memcpy", "rep movsb", libc_copy, rep_movsb },
};

/* What one process finds for each size and way. */
struct sample {
	struct {
		double ns, ratio;
	} of[BENCH_STRINGS];
};

struct task {
	double seconds;
	struct sample samples[BENCH_SAMPLES];
};

static struct task task;

static size_t size_of(size_t i)
{
	return (size_t)1024 << (i / 2 * 2);
}

static double time_of(void (*function)(size_t size), size_t size)
{
	double start;

	function(size);
	start = bench_cpu();
	for (size_t done = 0; done < AT_ONCE; done += size)
		function(size);
	return (bench_cpu() - start) / (AT_ONCE / size);
}

static void compare(const struct way *way, size_t size, double seconds, double *ns, double *ratio)
{
	static double ratios[MAX_ROUNDS], times[MAX_ROUNDS];
	double end = bench_now() + seconds;
	size_t rounds = 0;

	while (rounds < MAX_ROUNDS && (rounds < MIN_ROUNDS || bench_now() < end)) {
		double a, b;

		/* The functions take turns in going first. */
		if (rounds & 1) {
			a = time_of(way->ours, size);
			b = time_of(way->theirs, size);
		} else {
			b = time_of(way->theirs, size);
			a = time_of(way->ours, size);
		}
		times[rounds] = a * 1e9;
		ratios[rounds++] = a / b;
	}
	*ns = bench_median(times, rounds);
	*ratio = bench_median(ratios, rounds);
}

static void measure(void *arg, void *result)
{
	const struct task *task = arg;
	struct sample *sample = result;

	to = memset(bench_memory(LARGEST), 1, LARGEST);
	from = memset(bench_memory(LARGEST), 2, LARGEST);
	for (size_t i = 0; i < BENCH_STRINGS; i++)
		compare(&ways[i % 2], size_of(i), task->seconds / BENCH_STRINGS, &sample->of[i].ns,
			&sample->of[i].ratio);
}

/* Takes sample @k: see struct bench_group. */
static bool measure_apart(struct bench_group *group, size_t k)
{
	struct sample *sample = &task.samples[k];
	bool quiet = bench_apart(group->name, measure, &task, sample, sizeof(*sample));

	for (size_t i = 0; i < BENCH_STRINGS; i++)
		group->all[i].values[k] = sample->of[i].ratio;
	return quiet;
}

/* The median time of a call of libc's function in comparison @i. */
double bench_string_ns(const struct bench_group *group, size_t i)
{
	double ns[BENCH_SAMPLES];

	for (size_t k = 0; k < group->count; k++)
		ns[k] = task.samples[k].of[i].ns;
	return bench_median(ns, group->count);
}

/**
 * bench_strings() - prepare to compare libc's functions with the processor's instructions
 * @group: set; it is empty if the processor has no such instructions
 * @seconds: about how long a sample takes
 */
void bench_strings(struct bench_group *group, double seconds)
{
	static struct bench_comparison all[BENCH_STRINGS];

	*group = (struct bench_group){
		.all = all, .nr = BENCH_STRINGS, .sample = measure_apart, .busy = BUSY
	};
	group->name = "zeroing and copying";
	task.seconds = seconds;
	for (size_t i = 0; i < BENCH_STRINGS; i++) {
		all[i].at_most = AT_MOST;
		snprintf(all[i].what, sizeof(all[i].what), "%s of %zu KiB against %s",
			 ways[i % 2].name, size_of(i) >> 10, ways[i % 2].against);
	}
}
#else
void bench_strings(struct bench_group *group, double seconds)
{
	(void)seconds;
	*group = (struct bench_group){ .nr = 0 };
}

double bench_string_ns(const struct bench_group *group, size_t i)
{
	(void)group;
	(void)i;
	return 0;
}
#endif
