// SPDX-License-Identifier: MIT
/*
 * bench_string.c - compares libc's memset() and memcpy() with "rep stosb" and "rep movsb"
 *
 * On Linux, mm/ zeroes and copies with libc's functions. A reading times as many
 * calls as process 256 KiB, at least one. The two functions take turns, and the
 * ratio is taken pair by pair. The memory is the same each time. Small sizes stay in
 * the first-level cache, large ones in the second or third.
 */
#include <stdio.h>
#include <string.h>

#include <tests/host/bench.h>

#define LARGEST ((size_t)4 << 20)
#define AT_MOST 1.1
#define MAX_ROUNDS 4000

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

#ifdef __x86_64__
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
#endif

static double time_of(void (*function)(size_t size), size_t size)
{
	size_t calls = ((size_t)256 << 10) / size + 1;
	double start = bench_now();

	for (size_t i = 0; i < calls; i++)
		function(size);
	return (bench_now() - start) / calls;
}

/* The median time of ours divided by that of theirs. Sets *ns to the time of one call of ours. */
static double ratio_of(void (*ours)(size_t size), void (*theirs)(size_t size), size_t size,
		       double seconds, double *ns)
{
	static double ratios[MAX_ROUNDS], times[MAX_ROUNDS];
	double end = bench_now() + seconds;
	size_t rounds = 0;

	ours(size);
	theirs(size);
	while (rounds < MAX_ROUNDS && (rounds < 20 || bench_now() < end)) {
		double a, b;

		/* The functions take turns in going first. */
		if (rounds & 1) {
			a = time_of(ours, size);
			b = time_of(theirs, size);
		} else {
			b = time_of(theirs, size);
			a = time_of(ours, size);
		}
		times[rounds] = a * 1e9;
		ratios[rounds++] = a / b;
	}
	*ns = bench_median(times, rounds, NULL);
	return bench_median(ratios, rounds, NULL);
}

/* Runs for about @seconds. Returns false if libc is slower than allowed. */
bool bench_strings(double seconds)
{
	bool good = true;

	printf("\nZeroing and copying: libc's, at most %.2f of the processor's own\n\n", AT_MOST);
#ifdef __x86_64__
	to = bench_memory(LARGEST);
	from = bench_memory(LARGEST);
	memset(to, 1, LARGEST);
	memset(from, 2, LARGEST);
	printf("       size   memset   of rep stosb     memcpy   of rep movsb\n");
	for (size_t size = 1024; size <= LARGEST; size *= 4) {
		double set_ns, copy_ns;
		double set = ratio_of(libc_set, rep_stosb, size, seconds / 14, &set_ns);
		double copy = ratio_of(libc_copy, rep_movsb, size, seconds / 14, &copy_ns);

		printf("  %5zu KiB %5.0f ns   %4.2f %s   %6.0f ns   %4.2f %s\n", size >> 10, set_ns,
		       set, set <= AT_MOST ? "ok      " : "TOO SLOW", copy_ns, copy,
		       copy <= AT_MOST ? "ok" : "TOO SLOW");
		good &= set <= AT_MOST && copy <= AT_MOST;
	}
#else
	printf("  this processor has no string instructions to compare with\n");
	(void)seconds;
#endif
	return good;
}
