// SPDX-License-Identifier: MIT
/*
 * choose.c - which cases run: finds them by name, and lists all names
 *
 *	test=page test=heap.alloc_zero	each word chooses cases; all that are chosen run, once
 *	test=pgae			chooses none: the name is misspelt, so nothing runs
 *	test=list			prints the names
 */
#include <kernel/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/kunit/kunit.h>

#define LINE 80
#define INDENT 4 /* "#   " */
#define GAP 2
#define FULL_NAME_MAX 128

static bool is_wanted(const struct kunit_suite *suite)
{
	return !suite->wanted || suite->wanted();
}

/* Is @name that of the suite, or does it begin with that and a dot? */
static bool names_suite(const char *name, const struct kunit_suite *suite)
{
	size_t length = strlen(suite->name);

	return !strncmp(name, suite->name, length) && (!name[length] || name[length] == '.');
}

/* Does @name choose this case? It is "", "suite" or "suite.case". */
static bool is_called(const struct kunit_suite *suite, const struct kunit_case *one,
		      const char *name)
{
	const char *dot = strchr(name, '.');

	if (*name && !names_suite(name, suite))
		return false;
	return dot ? !strcmp(dot + 1, one->name) : !one->by_name_only;
}

/* Chooses cases of one suite; returns whether there are any. */
static bool choose_in(const struct kunit_suite *suite, const char *name)
{
	bool found = false;

	for (struct kunit_case *one = suite->test_cases; one->run_case; one++)
		if (is_called(suite, one, name)) {
			one->chosen = true;
			found = true;
		}
	return found;
}

/* Why does @name choose nothing? */
static void explain(const char *name)
{
	char known[FULL_NAME_MAX];
	struct nearest nearest = { .word = name };
	struct kunit_suite *const *suite;

	for (suite = __start_kunit_suites; suite < __stop_kunit_suites; suite++) {
		if (names_suite(name, *suite) && !is_wanted(*suite)) {
			printk("# the suite \"%s\" does not run here: it needs %s\n",
			       (*suite)->name, (*suite)->needs);
			return;
		}
		if (!strcmp(name, (*suite)->name)) {
			printk("# the cases of suite \"%s\" run by name only\n", name);
			return;
		}
		nearest_try(&nearest, (*suite)->name);
		for (const struct kunit_case *one = (*suite)->test_cases; one->run_case; one++) {
			snprintf(known, sizeof(known), "%s.%s", (*suite)->name, one->name);
			nearest_try(&nearest, known);
		}
	}
	printk("# no suite or case is called \"%s\"%s\n", name, nearest.text);
}

/**
 * kunit_choose() - choose cases for kunit_run()
 * @name: "suite" or "suite.case"; "" chooses everything except cases that run by name only;
 *	"list" chooses nothing
 *
 * May be called more than once: kunit_run() runs all that was chosen. If @name is unknown,
 * prints the nearest. If any call returns false, the caller shall call kunit_list() and run
 * nothing: a misspelt name must not pass.
 *
 * Return: whether there is anything of that name to run.
 */
bool kunit_choose(const char *name)
{
	struct kunit_suite *const *suite;
	char text[FULL_NAME_MAX];
	bool found = false;

	if (!strcmp(name, "list"))
		return false;
	for (suite = __start_kunit_suites; suite < __stop_kunit_suites; suite++)
		if (is_wanted(*suite) && choose_in(*suite, name))
			found = true;
	if (!found) {
		snprintf(text, sizeof(text), "%s", name);
		kunit_make_printable(text);
		explain(text);
	}
	return found;
}

/* Prints the cases of a suite in columns of equal width; returns how many there are. */
static unsigned int list_cases(const struct kunit_suite *suite)
{
	unsigned int count = 0;
	size_t width = 0, columns;

	for (const struct kunit_case *one = suite->test_cases; one->run_case; one++)
		if (strlen(one->name) + one->by_name_only > width)
			width = strlen(one->name) + one->by_name_only;
	columns = (LINE - INDENT + GAP) / (width + GAP);
	if (!columns)
		columns = 1;
	for (const struct kunit_case *one = suite->test_cases; one->run_case; one++, count++) {
		bool ends_line = count % columns == columns - 1 || !one[1].run_case;
		size_t padding = width + GAP - strlen(one->name) - one->by_name_only;

		printk("%s%s%s%*s%s", count % columns ? "" : "#   ", one->name,
		       one->by_name_only ? "*" : "", ends_line ? 0 : (int)padding, "",
		       ends_line ? "\n" : "");
	}
	return count;
}

/**
 * kunit_list() - print the names of all suites and cases
 */
void kunit_list(void)
{
	unsigned int suites = 0, cases = 0;
	struct kunit_suite *const *suite;

	printk("# Suites and their cases. A case with a * runs only if test=SUITE.CASE names it.\n");
	for (suite = __start_kunit_suites; suite < __stop_kunit_suites; suite++) {
		printk("# %s%s%s%s\n", (*suite)->name, is_wanted(*suite) ? "" : " (needs ",
		       is_wanted(*suite) ? "" : (*suite)->needs, is_wanted(*suite) ? "" : ")");
		cases += list_cases(*suite);
		suites++;
	}
	printk("# listed: %u suites, %u cases\n", suites, cases);
}
