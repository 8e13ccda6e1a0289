// SPDX-License-Identifier: MIT
/*
 * bench_table.c - prints the tables: budget, measured count, headroom
 */
#include <stdarg.h>

#include <kernel/lib/printk.h>
#include <tests/bench/bench.h>

/* A mean as text: "24.31", or "24" if it is the count of one call. */
struct number {
	char text[24];
};

static struct number mean_text(uint64_t total, uint64_t count)
{
	uint64_t hundredths = count ? (total * 100 + count / 2) / count : 0;
	struct number n;

	if (count == 1)
		snprintf(n.text, sizeof(n.text), "%lu", total);
	else
		snprintf(n.text, sizeof(n.text), "%lu.%02lu", hundredths / 100, hundredths % 100);
	return n;
}

/**
 * bench_head() - begin a table
 * @title: its title
 */
void bench_head(const char *title)
{
	printk("#\n# %-58s %8s %8s %8s\n", title, "budget", "measured", "headroom");
}

/* Prints a row; the case fails if @total is more than @count times @budget. */
static void judge(struct kunit *test, const char *what, uint64_t budget, uint64_t total,
		  uint64_t count)
{
	struct number measured = mean_text(total, count);
	struct number left;
	bool over = total > budget * count;

	left = mean_text(over ? total - budget * count : budget * count - total, count);
	printk("#   %-56s %8lu %8s %s%*s\n", what, budget, measured.text, over ? "-" : " ",
	       over ? 8 - 1 : 7, left.text);
	if (over)
		KUNIT_FAIL(test, "%s: expected at most %lu, measured %s", what, budget,
			   measured.text);
}

/**
 * bench_row() - print a row: one count and its budget
 * @test: the case, which fails if the count is above the budget
 * @what: name of the row
 * @budget: the most instructions that are allowed
 * @measured: the instructions that were counted
 */
void bench_row(struct kunit *test, const char *what, uint64_t budget, uint64_t measured)
{
	judge(test, what, budget, measured, 1);
}

/**
 * bench_row_mean() - print a row: a mean and its budget
 * @test: the case, which fails if the mean is above the budget
 * @what: name of the row
 * @budget: the most instructions that are allowed, for each call
 * @sum: counts of the calls
 */
void bench_row_mean(struct kunit *test, const char *what, uint64_t budget, struct bench_sum sum)
{
	judge(test, what, budget, sum.total, sum.count);
}

/**
 * bench_text() - make the text of a title or a row
 * @fmt: printf's format
 *
 * Return: the text. The next call overwrites it.
 */
const char *bench_text(const char *fmt, ...)
{
	static char text[80];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

/**
 * bench_row_text() - print a row without figures
 * @text: describes the rows that follow
 */
void bench_row_text(const char *text)
{
	printk("#  %s\n", text);
}

/**
 * bench_row_info() - print a row without a budget
 * @what: name of the row
 * @sum: counts of the calls
 */
void bench_row_info(const char *what, struct bench_sum sum)
{
	printk("#   %-56s %8s %8s\n", what, "", mean_text(sum.total, sum.count).text);
}

/**
 * bench_versus_head() - begin a table that compares mp_pool with the reference
 * @title: its title
 */
void bench_versus_head(const char *title)
{
	printk("#   %-47s %8s %8s %8s %8s %8s\n", title, "calls", "ours", "worst", "ref.", "worst");
}

/**
 * bench_versus() - print a row of such a table
 * @what: name of the row
 * @ours: counts of mp_pool's calls
 * @other: counts of the reference's calls
 */
void bench_versus(const char *what, struct bench_sum ours, struct bench_sum other)
{
	printk("#   %-47s %8lu %8s", what, ours.count, mean_text(ours.total, ours.count).text);
	printk(" %8lu %8s", ours.worst, mean_text(other.total, other.count).text);
	printk(" %8lu\n", other.worst);
}

/**
 * bench_nodes_head() - begin a table that compares sizes of nodes
 * @title: its title
 */
void bench_nodes_head(const char *title)
{
	printk("#   %-47s %17s %17s %8s\n", title, "instr. per event", "per allocation", "pages");
}

/**
 * bench_nodes_row() - print a row of such a table
 * @what: the nodes
 * @events: instructions of all events
 * @allocations: those of allocations
 * @pages: the most pages that the heap held
 */
void bench_nodes_row(const char *what, struct bench_sum events, struct bench_sum allocations,
		     size_t pages)
{
	printk("#   %-47s %17s", what, mean_text(events.total, events.count).text);
	printk(" %17s %8zu\n", mean_text(allocations.total, allocations.count).text, pages);
}
