// SPDX-License-Identifier: MIT
/*
 * catch.c - a panic ends an operation, not the run
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <kernel/report/panic.h>
#include <tests/model/run.h>

static struct model *running;

/* panic() calls it once, and forgets it. */
static void catch_panic(const char *reason)
{
	snprintf(running->panic, sizeof(running->panic), "%s", reason);
	__builtin_longjmp(running->caught, 1);
}

/**
 * model_running() - the model whose program is running, for handlers
 *
 * Return: the model.
 */
struct model *model_running(void)
{
	return running;
}

/**
 * model_abort() - end the operation that is running: something is wrong
 * @m: the model; an error is noted
 */
void model_abort(struct model *m)
{
	__builtin_longjmp(m->caught, 1);
}

/**
 * model_panics() - call what should panic
 * @m: the model
 * @call: what makes the call
 * @object: its first argument
 * @p: its second argument
 *
 * Return: whether it panicked.
 */
__attribute__((noinline)) bool model_panics(struct model *m, void (*call)(void *object, void *p),
					    void *object, void *p)
{
	void *outer[5];

	memcpy(outer, m->caught, sizeof(outer));
	m->panic[0] = '\0';
	if (!__builtin_setjmp(m->caught))
		call(object, p);
	__asm__ volatile("" ::: "memory");
	panic_notifier = catch_panic;
	memcpy(m->caught, outer, sizeof(outer));
	return m->panic[0];
}

/**
 * model_catch() - run an operation; a panic is an error
 * @m: the model
 * @run: what runs it
 * @op: the operation
 *
 * The caller restores panic_notifier.
 */
__attribute__((noinline)) void model_catch(struct model *m,
					   void (*run)(struct model *m, const struct model_op *op),
					   const struct model_op *op)
{
	running = m;
	panic_notifier = catch_panic;
	if (__builtin_setjmp(m->caught)) {
		model_fail(m, "panic: %s", m->panic);
		return;
	}
	run(m, op);
	__asm__ volatile("" ::: "memory");
}
