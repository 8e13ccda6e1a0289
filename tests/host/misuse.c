// SPDX-License-Identifier: MIT
/*
 * misuse.c - runs each row of tests/misuse/ in a process of its own, and prints the outcomes
 *
 *	parent                     child
 *	fork() ------------------> misuse_run(): the result, or panic()
 *	  waits                      |
 *	  <------- pipe -------------+   "= -ENOENT", or the panic's message
 *	  <------- status -----------+   or a signal, or ASan's exit status
 *
 * Output: a line a row, "table: row|outcome|words|kind|open|objection|what was said",
 * which tests/misuse/table reads. An argument chooses the rows that begin with it.
 * Exit status: 0 if each row that is neither excused nor open has its words, and no other has.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/lib/printk.h>
#include <mm/mp_internal.h>
#include <tests/misuse/misuse.h>

#define SECONDS 5    /* a row that takes longer hangs */
#define SANITIZED 99 /* the exit status of a process that ASan ended */
#define MAX_EXCUSED 33

enum outcome { WORDS, REFUSED, SANITIZER, OTHER_WORDS, TOO_LATE, SILENT, FAULT, HANG };

static const char *const outcome_names[] = {
	"words", "refused", "ASan", "other words", "too late", "silent", "fault", "hang",
};

static int answer = -1; /* the end of the pipe to which a child writes */

/* What the call of the row must not change before it panics or refuses. */
struct snapshot {
	struct page_allocator pages;
	struct heap heap;
	unsigned char memory[MISUSE_PAGES * MM_PAGE_SIZE];
};

static struct snapshot before;
static bool must_change_nothing;

static void take_snapshot(void)
{
	before.pages = *mem.pages;
	before.heap = *mem.heap;
	memcpy(before.memory, mem.start, sizeof(before.memory));
}

/* A pool that refuses a request may count that, once. It lies in the row's memory, or is NULL. */
static void allow_refusal(const unsigned char *pool)
{
	size_t at, was, is;

	if (!pool || pool < mem.start)
		return;
	at = pool - mem.start + sizeof(struct mp_pool_s) + offsetof(struct mp_history_s, refused);
	if (at > sizeof(before.memory) - sizeof(was))
		return;
	memcpy(&was, before.memory + at, sizeof(was));
	memcpy(&is, mem.start + at, sizeof(is));
	if (is == was + 1)
		memcpy(before.memory + at, &is, sizeof(is));
}

/* A failure may be counted; a refusal, only if the call has returned. */
static bool has_changed(bool has_returned)
{
	before.pages.failed = mem.pages->failed;
	if (has_returned) {
		allow_refusal(mem.pool);
		allow_refusal(mem.child);
		allow_refusal(mem.grandchild);
	}
	return memcmp(&before.pages, mem.pages, sizeof(before.pages)) ||
	       memcmp(&before.heap, mem.heap, sizeof(before.heap)) ||
	       memcmp(before.memory, mem.start, sizeof(before.memory));
}

/* ASan's options: a fault stays a fault, so that the table can tell it from a report. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:detect_leaks=0:symbolize=0:exitcode=99";
}

void (*printk_taker)(const char *text, size_t size);

/* Prints nothing: stdout is a table. What a call says, its taker gets. */
int printk(const char *fmt, ...)
{
	char text[320];
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (printk_taker && length > 0)
		printk_taker(text, strlen(text));
	return length;
}

/*
 * Does not come back. The parent gets @text, behind two letters: "P" for a panic or "R" for a
 * result, then "c" if the call has changed what it must not change.
 */
static void tell(char kind, const char *text)
{
	bool too_late = must_change_nothing && has_changed(kind == 'R');
	char line[400];
	int length = snprintf(line, sizeof(line), "%c%c%s", kind, too_late ? 'c' : '-', text);

	_exit(write(answer, line, length) != length);
}

void panic(const char *fmt, ...)
{
	char text[320];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	tell('P', text);
	__builtin_unreachable();
}

/*
 * Does the call check everything before its first write? Calls that free many blocks check each
 * before they free it. With red zones, the snapshot would read poisoned memory.
 */
static bool is_one_step(const struct misuse_row *row)
{
	return !MP_REDZONE && !row->is_long && row->call.run != destroy && row->call.run != reset &&
	       row->call.run != trim;
}

/* Runs in the child. The heap is kernel_heap, because only that one has a quarantine. */
static void run_row(const struct misuse_row *row, unsigned char *start)
{
	memset(start, 0xa5, MISUSE_PAGES * MM_PAGE_SIZE);
	if (page_add_range(&kernel_pages, start, MISUSE_PAGES * MM_PAGE_SIZE))
		exit(1);
	heap_init(&kernel_heap, &kernel_pages);
	alarm(SECONDS);
	misuse_start(&kernel_pages, &kernel_heap, start);
	misuse_prepare(row);
	must_change_nothing = is_one_step(row);
	if (must_change_nothing)
		take_snapshot();
	tell('R', misuse_call(&row->call));
}

/* What a child with this exit status and this answer did. */
static enum outcome judge(const struct misuse_row *row, int status, const char *said)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGALRM ? HANG : FAULT;
	if (WEXITSTATUS(status) == SANITIZED)
		return SANITIZER;
	if (said[0] == 'P' && (row->words[0] == '=' || !strstr(said, row->words)))
		return OTHER_WORDS;
	if (said[0] == 'P')
		return said[1] == 'c' ? TOO_LATE : WORDS;
	/* With red zones, heap_join() declines all. */
	if (MP_REDZONE && row->call.run == join && !strcmp(said + 2, "= false"))
		return REFUSED;
	if (strcmp(said + 2, row->words))
		return SILENT;
	return said[1] == 'c' ? TOO_LATE : REFUSED;
}

__attribute__((noreturn)) static void give_up(void)
{
	perror("misuse");
	exit(1);
}

/* Keeps of ASan's report and ours only our line: tests/host/asan_report.c prints it. */
static void keep_ours(char *said)
{
	const char *ours = strstr(said, "mp_pool: ");
	size_t length = ours ? strcspn(ours, "\n") : 0;

	memmove(said, ours ? ours : said, length);
	said[length] = '\0';
}

/* Runs @row in a process of its own. @said gets its answer. */
static enum outcome outcome_of(const struct misuse_row *row, unsigned char *start, char *said,
			       size_t size)
{
	enum outcome outcome;
	int ends[2], status;
	size_t got = 0;
	ssize_t length;
	pid_t child;

	if (pipe(ends))
		give_up();
	child = fork();
	if (child < 0)
		give_up();
	if (!child) {
		answer = ends[1];
		dup2(answer, 2); /* ASan's report, and ours behind it */
		run_row(row, start);
	}
	close(ends[1]);
	while (got < size - 1 && (length = read(ends[0], said + got, size - 1 - got)) > 0)
		got += length;
	said[got] = '\0';
	close(ends[0]);
	waitpid(child, &status, 0);
	outcome = judge(row, status, said);
	if (outcome == SANITIZER)
		keep_ours(said);
	else if (got >= 2)
		memmove(said, said + 2, got - 1);
	return outcome;
}

/* What is wrong with this outcome; NULL: nothing. */
static const char *objection(const struct misuse_row *row, enum outcome outcome, const char *said)
{
	/* With red zones, blocks lie elsewhere, so other words may be right. */
	bool is_good = outcome <= (MP_REDZONE ? OTHER_WORDS : SANITIZER);

	if (!MP_REDZONE && (row->kind || row->open) && is_good)
		return row->open ? "has its words: no longer open" : "has its words: no excuse";
	if (MP_REDZONE && row->kind == 4 && !is_good)
		return "kind 4 must be caught here";
	if (!row->kind && !row->open && !is_good)
		return "must have its words";
	if (outcome == SANITIZER && !row->kind && !*said)
		return "ASan's report is not followed by ours";
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned char *memory = aligned_alloc(MM_PAGE_SIZE, (MISUSE_PAGES + 2) * MM_PAGE_SIZE);
	unsigned int excused = 0, bad = 0;
	const char *only = argc > 1 ? argv[1] : "";

	if (!memory)
		return 1;
	/* Who reads past the pages of a row gets a fault. */
	if (mprotect(memory + (MISUSE_PAGES + 1) * MM_PAGE_SIZE, MM_PAGE_SIZE, PROT_NONE))
		give_up();
	for (const struct misuse_table *table = misuse_tables; table->name; table++)
		for (const struct misuse_row *row = table->rows; row->name; row++) {
			static char said[32768];
			char name[160];
			enum outcome outcome;
			const char *why;

			snprintf(name, sizeof(name), "%s: %s", table->name, row->name);
			if (strncmp(name, only, strlen(only)))
				continue;
			outcome = outcome_of(row, memory + MM_PAGE_SIZE, said, sizeof(said));
			why = objection(row, outcome, said);
			bad += !!why;
			excused += !!row->kind;
			printf("%s|%s|%s|%u|%s|%s|%s\n", name, outcome_names[outcome], row->words,
			       row->kind, row->open ? row->open : "", why ? why : "", said);
			fflush(stdout);
		}
	if (excused > MAX_EXCUSED)
		fprintf(stderr, "%u rows are excused, at most %d may be\n", excused, MAX_EXCUSED);
	return bad || excused > MAX_EXCUSED;
}
