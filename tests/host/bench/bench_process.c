// SPDX-License-Identifier: MIT
/*
 * bench_process.c - measures in processes of their own, and sees whether other programs run
 *
 * Other programs share the caches with a measurement, even if they run on other
 * processors. So it looks how much time they had meanwhile.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tests/host/bench/bench.h>

#define QUIET 0.1 /* other programs use less than this share of all processors */
#define TICKS 2	  /* /proc/stat may be wrong by so many ticks */

static pid_t first; /* the process that prints */

static void say_and_end(int number)
{
	static const char words[] =
		"\nbench: stopped before it was finished, so there is no verdict\n";

	if (getpid() == first && write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
		_exit(128 + number);
	/* The caller must see that a signal ended this process. */
	signal(number, SIG_DFL);
	raise(number);
}

/* Ctrl-C, or the end of a terminal, shall not end this in silence. */
void bench_say_when_stopped(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	first = getpid();
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (signal(numbers[i], SIG_IGN) != SIG_IGN)
			signal(numbers[i], say_and_end);
}

static void read_all(int from, char *to, size_t size)
{
	while (size) {
		ssize_t got = read(from, to, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return; /* the status of the process says why */
		to += got;
		size -= got;
	}
}

static double seconds_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Seconds that other programs have had on all processors; 0 if the system does not say. */
static double others(void)
{
	unsigned long long user = 0, nice = 0, system = 0, irq = 0, softirq = 0, steal = 0;
	FILE *file = fopen("/proc/stat", "r");

	if (!file)
		return 0;
	if (fscanf(file, "cpu %llu %llu %llu %*u %*u %llu %llu %llu", &user, &nice, &system, &irq,
		   &softirq, &steal) < 3)
		user = 0;
	fclose(file);
	if (!user)
		return 0;
	return (double)(user + nice + system + irq + softirq + steal) / sysconf(_SC_CLK_TCK) -
	       seconds_of(RUSAGE_SELF) - seconds_of(RUSAGE_CHILDREN);
}

static bool is_quiet(double others, double seconds)
{
	return others < QUIET * seconds * sysconf(_SC_NPROCESSORS_ONLN) +
				(double)TICKS / sysconf(_SC_CLK_TCK);
}

/**
 * bench_apart() - call a function in a child process, which has memory of its own
 * @name: what it measures, for messages
 * @function: sets the result
 * @arg: for @function
 * @result: set; at most 4096 bytes
 * @size: bytes of the result
 *
 * Return: whether the machine was quiet meanwhile, except for this.
 */
bool bench_apart(const char *name, void (*function)(void *arg, void *result), void *arg,
		 void *result, size_t size)
{
	double start = bench_now(), before = others();
	int ends[2], status;
	pid_t child;

	if (pipe(ends))
		bench_fail("%s: no pipe: %s", name, strerror(errno));
	fflush(stdout);
	child = fork();
	if (child < 0)
		bench_fail("%s: no process: %s", name, strerror(errno));
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		function(arg, result);
		_exit(write(ends[1], result, size) != (ssize_t)size);
	}
	close(ends[1]);
	read_all(ends[0], result, size);
	close(ends[0]);
	if (waitpid(child, &status, 0) != child)
		bench_fail("%s: lost the process that measures it", name);
	if (WIFSIGNALED(status))
		bench_fail("%s: the process that measures it was ended by signal %d (%s)", name,
			   WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (status)
		exit(WEXITSTATUS(status)); /* it has said why */
	return is_quiet(others() - before, bench_now() - start);
}
