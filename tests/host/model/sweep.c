// SPDX-License-Identifier: MIT
/*
 * sweep.c - what happens when memory is out: the n-th growth fails, for each n
 *
 *	page_alloc(), page_extend()      1 2 3 4 5 6 7 8 ...     until none is left to fail
 *	run 1                            x
 *	run 2                              x
 *	run 3                                x
 *
 * A heap that cannot extend its newest span asks for a new span. So each n is tried in
 * two ways: this one call fails; or, if it was page_extend(), the page_alloc() behind it,
 * too. Then the heap cannot grow at all.
 *
 * The linker leads calls of these two to the functions below (--wrap). Each run is a
 * child process. It runs a case of a suite, or replays a trace.
 *
 * A case may fail, because it counts on memory. It may not crash, panic, damage
 * kernel_heap, or make a sanitizer complain. A replay must end with its own words for
 * a NULL. Then all of its pools are destroyed and every page must be back.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/lib/printk.h>
#include <kernel/report/panic.h>
#include <mm/heap.h>
#include <mm/page.h>
#include <tests/host/model/sweep.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/replay.h>

#define TRACE_BYTES ((size_t)64 << 20) /* of memory for a trace */
#define CASE_BYTES ((size_t)4 << 20)
#define SECONDS 20 /* that a run may take */

/* What parent and children share. */
struct shared {
	unsigned long growths; /* how many there were */
	bool failed;	       /* the n-th came */
	bool ended;	       /* a replay ended with its words for a NULL */
	char words[300];       /* what was wrong */
};

static struct shared *shared;
static unsigned long fail_at;
static bool fail_both; /* page_extend(), and the page_alloc() behind it */
static bool fail_next;
static unsigned long runs, faults, ended;

void (*panic_notifier)(const char *reason);
void (*printk_taker)(const char *text, size_t size);

/* Does this growth fail? */
static bool is_out(void)
{
	if (++shared->growths != fail_at)
		return false;
	shared->failed = true;
	return true;
}

void *__wrap_page_alloc(struct page_allocator *pa, size_t count)
{
	bool out = fail_next;

	fail_next = false;
	if (!is_out() && !out)
		return __real_page_alloc(pa, count);
	pa->failed++;
	return NULL;
}

bool __wrap_page_extend(struct page_allocator *pa, void *end, size_t count)
{
	if (!is_out())
		return __real_page_extend(pa, end, count);
	fail_next = fail_both;
	return false;
}

/* Prints nothing: failures of cases are not faults here. But cases may expect a message. */
int printk(const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(text, sizeof(text), fmt, args);
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
	snprintf(shared->words, sizeof(shared->words), "panic: %s", reason);
	_exit(1);
}

/* A trace, or a case of a suite. */
struct subject {
	char name[120];
	const struct kunit_suite *suite;
	const struct kunit_case *one;
	const void *trace;
	size_t size;
};

static void run_case(const struct subject *subject)
{
	struct kunit test = { .name = "" };

	kunit_run_case(subject->suite, subject->one, &test);
	if (heap_check(&kernel_heap))
		snprintf(shared->words, sizeof(shared->words), "kernel_heap is damaged");
}

static void run_trace(const struct subject *subject)
{
	struct replay replay = { .clock = NULL };
	size_t used = kernel_pages.used;
	bool good = replay_run(&replay, subject->trace, subject->size);

	if (!good && !strstr(replay.error, " bytes failed; ") &&
	    !strstr(replay.error, "for the replay's own tables"))
		snprintf(shared->words, sizeof(shared->words), "the replay says: %s", replay.error);
	else if (!good && !shared->failed)
		snprintf(shared->words, sizeof(shared->words), "memory is out by itself");
	shared->ended = !good;
	if (!shared->words[0] &&
	    (heap_check(&kernel_heap) || kernel_pages.used != used || kernel_heap.spans))
		snprintf(shared->words, sizeof(shared->words), "%zu pages are not back",
			 kernel_pages.used - used);
}

/* In a child: one run. */
__attribute__((noreturn)) static void run(const struct subject *subject)
{
	size_t bytes = subject->trace ? TRACE_BYTES : CASE_BYTES;
	static char *arena;

	alarm(SECONDS);
	arena = malloc(bytes);
	if (!arena || page_add_range(&kernel_pages, arena, bytes)) {
		snprintf(shared->words, sizeof(shared->words), "no arena");
		_exit(1);
	}
	heap_init(&kernel_heap, &kernel_pages);
	heap_set_secret(&kernel_heap, 0x5eed5eed5eed5eed);
	if (subject->trace)
		run_trace(subject);
	else
		run_case(subject);
	_exit(shared->words[0] != '\0');
}

/* Runs with the n-th growth failing. Returns whether it came. */
static bool try(const struct subject *subject, unsigned long n)
{
	int status;
	pid_t child;

	memset(shared, 0, sizeof(*shared));
	fail_at = n;
	fflush(stdout);
	child = fork();
	if (!child)
		run(subject);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fork");
		exit(2);
	}
	runs++;
	ended += shared->ended;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return shared->failed;
	faults++;
	if (WIFSIGNALED(status))
		snprintf(shared->words, sizeof(shared->words), "signal: %s",
			 strsignal(WTERMSIG(status)));
	printf("%s: growth %lu fails%s: %s\n", subject->name, n,
	       fail_both ? ", and its fallback" : "",
	       shared->words[0] ? shared->words : "a sanitizer complains");
	return shared->failed;
}

/* Fails the first growth, ..., in about @most runs spread over all of them. */
static void sweep(const struct subject *subject, unsigned long most)
{
	unsigned long growths, step, n = 1;

	ended = 0;
	try(subject, 0);
	growths = shared->growths;
	step = growths / most + 1;
	for (fail_both = false; try(subject, n); n += step)
		;
	n = 1;
	for (fail_both = true; try(subject, n); n += step)
		;
	fail_both = false;
	if (subject->trace)
		printf("%s: %lu growths, in steps of %lu: %lu replays said that memory is out\n",
		       subject->name, growths, step, ended);
}

/*
 * Not the model, which knows exactly when memory may be out; not the misuses, which need
 * all of their scene; nor the suite that has no trace.
 */
static bool is_wanted(const struct kunit_suite *suite)
{
	return strcmp(suite->name, "model") && strcmp(suite->name, "misuse") &&
	       strcmp(suite->name, "replay");
}

static void sweep_suites(const char *only, unsigned long most)
{
	for (struct kunit_suite *const *suite = __start_kunit_suites; suite < __stop_kunit_suites;
	     suite++) {
		if (!is_wanted(*suite) || (only && strcmp(only, (*suite)->name)))
			continue;
		for (const struct kunit_case *one = (*suite)->test_cases; one->run_case; one++) {
			struct subject subject = { .suite = *suite, .one = one };

			snprintf(subject.name, sizeof(subject.name), "%s.%s", (*suite)->name,
				 one->name);
			if (!one->by_name_only)
				sweep(&subject, most);
		}
	}
}

static void sweep_trace(const char *path, unsigned long most)
{
	struct subject subject = { .trace = NULL };
	FILE *file = fopen(path, "rb");
	long length = -1;
	char *data;

	if (file && !fseek(file, 0, SEEK_END))
		length = ftell(file);
	data = length > 0 ? malloc((size_t)length) : NULL;
	rewind(file);
	if (!data || fread(data, 1, (size_t)length, file) != (size_t)length) {
		perror(path);
		exit(2);
	}
	fclose(file);
	snprintf(subject.name, sizeof(subject.name), "%s", path);
	subject.trace = data;
	subject.size = (size_t)length;
	sweep(&subject, most);
	free(data);
}

int main(int argc, char **argv)
{
	unsigned long most = 10;
	const char *only = NULL;
	int option;

	while ((option = getopt(argc, argv, "n:t:")) != -1) {
		if (option == 'n') {
			most = strtoul(optarg, NULL, 10);
		} else if (option == 't') {
			only = optarg;
		} else {
			fprintf(stderr,
				"usage: %s [-n RUNS] [-t SUITE] [TRACE...]\n"
				"  -n  at most about so many runs for each case and each trace (10)\n",
				argv[0]);
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || !most) {
		perror("mmap");
		return 2;
	}
	for (int i = optind; i < argc; i++)
		sweep_trace(argv[i], most);
	sweep_suites(only, most);
	printf("%lu runs, %lu faults\n", runs, faults);
	return faults != 0;
}
