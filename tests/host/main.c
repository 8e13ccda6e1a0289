// SPDX-License-Identifier: MIT
/*
 * main.c - runs the suites as a Linux program, under sanitizers
 *
 *	malloc(arena)
 *	|..|------------- kernel_pages -------------|..|
 *	    the whole pages of the arena                ASan reports accesses beyond it
 *
 * This file provides all that mm/ and the suites need of the kernel: memory for
 * kernel_pages, printk() and panic(). libc provides the rest.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Before mm/env.h defines them. */
enum {
	HOST_ENOENT = ENOENT,
	HOST_EFAULT = EFAULT,
	HOST_EBUSY = EBUSY,
	HOST_EINVAL = EINVAL,
	HOST_ENOSPC = ENOSPC,
};

#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <mm/env.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/replay.h>

/* The numbers of mm/env.h are those of <errno.h>. */
_Static_assert(HOST_ENOENT == ENOENT, "ENOENT");
_Static_assert(HOST_EFAULT == EFAULT, "EFAULT");
_Static_assert(HOST_EBUSY == EBUSY, "EBUSY");
_Static_assert(HOST_EINVAL == EINVAL, "EINVAL");
_Static_assert(HOST_ENOSPC == ENOSPC, "ENOSPC");

enum { PASSED, FAILED, NOTHING_RAN };

void (*panic_notifier)(const char *reason);
void (*printk_taker)(const char *text, size_t size);

/* The taker gets the first 4095 bytes of longer text. */
int printk(const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int length;

	va_start(args, fmt);
	length = printk_taker ? vsnprintf(text, sizeof(text), fmt, args) : vprintf(fmt, args);
	va_end(args);
	if (printk_taker && length > 0)
		printk_taker(text, strlen(text));
	return length;
}

void panic(const char *fmt, ...)
{
	char reason[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	if (panic_notifier)
		panic_notifier(reason);
	printk_taker = NULL; /* a report is for the log */
	printf("\nBail out! %s\n", reason);
	exit(FAILED);
}

__attribute__((noreturn)) static void usage(const char *program)
{
	fprintf(stderr,
		"usage: %s [-m MiB] [-t SUITE[.CASE]]... [TRACE]\n"
		"  -m  memory for the page allocator (64 MiB)\n"
		"  -t  run this suite or case; \"-t list\" lists all\n"
		"  TRACE is for the suite \"replay\"\n",
		program);
	exit(NOTHING_RAN);
}

/* Reads a file into memory of exactly its size, so that ASan reports a read beyond its end. */
static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *data = NULL;
	long length = -1;

	if (file && !fseek(file, 0, SEEK_END))
		length = ftell(file);
	if (length >= 0 && !fseek(file, 0, SEEK_SET))
		data = malloc(length);
	if (!data || fread(data, 1, length, file) != (size_t)length) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(FAILED);
	}
	fclose(file);
	*size = length;
	return data;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Chooses what the names say, or everything if there is none; false: run nothing. */
static bool choose(char *const *names, int nr_names)
{
	bool known = true;

	if (!nr_names)
		return kunit_choose("");
	for (int i = 0; i < nr_names; i++)
		if (!kunit_choose(names[i]))
			known = false;
	if (!known)
		kunit_list();
	return known;
}

int main(int argc, char **argv)
{
	struct kunit_counts counts = { 0 };
	char *names[argc];
	int nr_names = 0;
	char again[256], *end;
	char *trace = NULL;
	size_t mib = 64, size;
	void *arena;
	int option;

	while ((option = getopt(argc, argv, "m:t:")) != -1) {
		if (option == 't') {
			names[nr_names++] = optarg;
		} else if (option == 'm') {
			mib = strtoul(optarg, &end, 10);
			if (*end || mib < 1 || mib > 1 << 20)
				usage(argv[0]);
		} else {
			usage(argv[0]);
		}
	}
	if (argc - optind > 1)
		usage(argv[0]);

	/* Flush each line, so that nothing is lost when a sanitizer ends the program. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(again, sizeof(again), "%s -t ", argv[0]);
	kunit_again = again;
	printk("\nKTAP version 1\n");

	arena = malloc(mib << 20);
	if (!arena || page_add_range(&kernel_pages, arena, mib << 20)) {
		fprintf(stderr, "%s: no %zu MiB of memory\n", argv[0], mib);
		return NOTHING_RAN;
	}
	heap_init(&kernel_heap, &kernel_pages);

	if (optind < argc) {
		trace = read_file(argv[optind], &size);
		replay_set_module(base_name(argv[optind]), trace, size, NULL);
	}
	if (choose(names, nr_names))
		counts = kunit_run();
	free(trace);
	free(arena);
	if (counts.failed)
		return FAILED;
	return counts.passed ? PASSED : NOTHING_RAN;
}
