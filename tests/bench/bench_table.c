// SPDX-License-Identifier: MIT
/*
 * bench_table.c - the tables: what was allowed, what it took, what is left
 */
#include <stdarg.h>

#include <kernel/lib/printk.h>
#include <tests/bench/bench.h>

/* A mean as text: "24.31", or "24" for a count of one call. */
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
 * @title: what it is about
 */
void bench_head(const char *title)
{
	printk("#\n# %-58s %8s %8s %8s\n", title, "budget", "measured", "headroom");
}

/* @total instructions of @count calls must be at most @budget each. */
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
 * bench_row() - a line of the table: one count and its budget
 * @test: the case, which fails if the count is too large
 * @what: was measured
 * @budget: instructions, at most
 * @measured: instructions
 */
void bench_row(struct kunit *test, const char *what, uint64_t budget, uint64_t measured)
{
	judge(test, what, budget, measured, 1);
}

/**
 * bench_row_mean() - a line of the table: a mean and its budget
 * @test: the case, which fails if the mean is too large
 * @what: was measured
 * @budget: instructions, at most
 * @sum: of the calls
 */
void bench_row_mean(struct kunit *test, const char *what, uint64_t budget, struct bench_sum sum)
{
	judge(test, what, budget, sum.total, sum.count);
}

/**
 * bench_text() - text for a title or a line
 * @fmt: as in printf
 *
 * Return: it; good until the next call.
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
 * bench_row_text() - a line of the table without figures
 * @text: what it says of those that follow
 */
void bench_row_text(const char *text)
{
	printk("#  %s\n", text);
}

/**
 * bench_row_info() - a line of the table that judges nothing
 * @what: was measured
 * @sum: of the calls
 */
void bench_row_info(const char *what, struct bench_sum sum)
{
	printk("#   %-56s %8s %8s\n", what, "", mean_text(sum.total, sum.count).text);
}

/**
 * bench_versus_head() - begin a table of two contenders
 * @title: what it is about
 */
void bench_versus_head(const char *title)
{
	printk("#   %-47s %8s %8s %8s %8s %8s\n", title, "calls", "ours", "worst", "ref.", "worst");
}

/**
 * bench_versus() - a line of it
 * @what: was measured
 * @ours: of our calls
 * @other: of the reference's
 */
void bench_versus(const char *what, struct bench_sum ours, struct bench_sum other)
{
	printk("#   %-47s %8lu %8s", what, ours.count, mean_text(ours.total, ours.count).text);
	printk(" %8lu %8s", ours.worst, mean_text(other.total, other.count).text);
	printk(" %8lu\n", other.worst);
}
