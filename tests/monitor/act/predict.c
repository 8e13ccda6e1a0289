// SPDX-License-Identifier: MIT
/*
 * predict.c - asks where an object will go before it is allocated, and keeps the score
 *
 *	mp> alloc p0 100
 *	Where will it go: current, older, new, large, or null?
 *	mp> new
 *	a3: 100 bytes ... in node 2 of p0 ...
 *	Right: new. Right so far: 3 of 4.
 *
 * A command in place of an answer drops the question.
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <tests/monitor/monitor.h>

static const char *const places[] = { "current", "older", "new", "large", "null" };

enum { CURRENT, OLDER, NEW, LARGE, NOWHERE, PLACES };

/* Where the newest object went, from what was told. */
static unsigned int place_of(const struct session *session)
{
	unsigned int place = CURRENT;

	if (!session->world.outcome.at)
		return NOWHERE;
	for (size_t i = 0; i < session->tale.nr && i < TALE_MAX; i++) {
		switch (session->tale.told[i].what) {
		case TOLD_NO_ROOM:
			place = OLDER;
			break;
		case TOLD_NEW_NODE:
			place = NEW;
			break;
		case TOLD_LARGE:
			return LARGE;
		default:
			break;
		}
	}
	return place;
}

/**
 * predict_ask() - ask where objects will go; the next line is the answer
 * @monitor: the monitor
 * @op: the request
 * @times: how often it is to be done
 *
 * Return: ANSWER_DONE.
 */
enum answer predict_ask(struct monitor *monitor, const struct op *op, uint32_t times)
{
	monitor->waiting = *op;
	if (op->text) { /* it lies in the line, which the answer overwrites */
		snprintf(monitor->waiting_text, sizeof(monitor->waiting_text), "%s", op->text);
		monitor->waiting.text = monitor->waiting_text;
	}
	monitor->times = times;
	say(monitor, "Where will %s go: current, older, new, large, or null?\n",
	    times > 1 ? "the last one" : "it");
	return ANSWER_DONE;
}

/* The place that a line names; PLACES: none. */
static unsigned int read_place(const char *line)
{
	unsigned int place = 0;

	while (place < PLACES && strcmp(line, places[place]))
		place++;
	return place;
}

/**
 * predict_answer() - do the request that waits, and compare
 * @monitor: the monitor, where a request waits
 * @line: the answer
 * @rest: the word behind it, or ""
 *
 * Return: ANSWER_FAILED if the answer is none; then the request waits on.
 */
enum answer predict_answer(struct monitor *monitor, const char *line, const char *rest)
{
	unsigned int guess = read_place(line), place;
	enum answer answer;

	if (guess == PLACES || *rest)
		return fail(monitor, "current, older, new, large or null? not \"%.40s%s%.40s\"",
			    line, *rest ? " " : "", rest);
	answer = act_op(monitor, monitor->waiting, monitor->times);
	monitor->waiting.kind = OP_KINDS;
	if (answer != ANSWER_DONE)
		return answer;
	place = place_of(&monitor->session);
	monitor->score.asked++;
	monitor->score.right += place == guess;
	say(monitor, "%s: %s. Right so far: %u of %u. \"why\" explains it.\n",
	    place == guess ? "Right" : "No", places[place], monitor->score.right,
	    monitor->score.asked);
	return ANSWER_DONE;
}

/**
 * cmd_predict() - ask from now on, or no more
 * @monitor: the monitor
 * @args: "on" or "off"
 *
 * Return: ANSWER_FAILED for another word.
 */
enum answer cmd_predict(struct monitor *monitor, const struct args *args)
{
	bool on = !strcmp(args->text, "on");

	if (!on && strcmp(args->text, "off"))
		return fail(monitor, "predict: it is on or off, not \"%.40s\"", args->text);
	monitor->predicts = on;
	monitor->score.asked = 0;
	monitor->score.right = 0;
	say(monitor, on ? "Each request for an object asks first where it will go.\n" :
			  "No more questions.\n");
	return ANSWER_DONE;
}
