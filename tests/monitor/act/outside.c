// SPDX-License-Identifier: MIT
/*
 * outside.c - commands about what is outside of the session: tests, crashes, RAM
 */
#include <tests/monitor/monitor.h>

/* Is there a kernel around? Says so if not. */
static bool is_kernel(struct monitor *monitor, const char *name)
{
	if (monitor->machine)
		return true;
	fail(monitor, "%s: only the kernel can do that", name);
	return false;
}

/**
 * cmd_test() - run tests
 * @monitor: the monitor
 * @args: the name of a suite or a case
 *
 * Return: ANSWER_FAILED if one failed, or there is none of that name.
 */
enum answer cmd_test(struct monitor *monitor, const struct args *args)
{
	return is_kernel(monitor, "test") && monitor->machine->run_test(args->text) ? ANSWER_DONE :
										      ANSWER_FAILED;
}

/**
 * cmd_crash() - crash the kernel
 * @monitor: the monitor
 * @args: how: a name, or "list"
 *
 * Return: only if there is no such crash: ANSWER_FAILED, or ANSWER_DONE for the list.
 */
enum answer cmd_crash(struct monitor *monitor, const struct args *args)
{
	if (!is_kernel(monitor, "crash"))
		return ANSWER_FAILED;
	return monitor->machine->crash(args->text) ?
		       ANSWER_DONE :
		       fail(monitor, "crash: there is no \"%.40s\"; it can be one of these",
			    args->text);
}

/**
 * cmd_map() - print who has which part of RAM
 * @monitor: the monitor
 * @args: none
 *
 * Return: ANSWER_FAILED if this is no kernel.
 */
enum answer cmd_map(struct monitor *monitor, const struct args *args)
{
	(void)args;
	if (!is_kernel(monitor, "map"))
		return ANSWER_FAILED;
	monitor->machine->print_map(monitor);
	return ANSWER_DONE;
}

/**
 * cmd_quit() - end
 * @monitor: the monitor
 * @args: none
 *
 * Return: ANSWER_QUIT.
 */
enum answer cmd_quit(struct monitor *monitor, const struct args *args)
{
	(void)monitor;
	(void)args;
	return ANSWER_QUIT;
}
