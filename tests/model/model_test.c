// SPDX-License-Identifier: MIT
/*
 * model_test.c - the suite "model": random programs, run on the allocators and the model
 *
 *	kernel_pages:  |.. struct work ..|.. the arena ..|....
 *
 * A round with a fault prints the seed, and the shortest program that fails.
 */
#include <kernel/lib/printk.h>
#include <tests/kunit/kunit.h>
#include <tests/model/model_test.h>
#include <tests/model/run.h>
#include <tests/model/shrink.h>

#define ROUNDS 40
#define OPERATIONS 200

struct work {
	struct model model;
	struct model_program program;
};

#define WORK_PAGES ((sizeof(struct work) + MM_PAGE_SIZE - 1) / MM_PAGE_SIZE)

static unsigned long first_seed = 1, rounds = ROUNDS;

/* A decimal number, or @other if @text is none. */
static unsigned long number_or(const char *text, unsigned long other)
{
	unsigned long n = 0;

	if (!*text)
		return other;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return other;
		n = n * 10 + (unsigned long)(*text - '0');
	}
	return n;
}

/**
 * model_set() - choose the rounds of the suite
 * @seed: of the first round; each further round adds 1; decimal, "": 1
 * @rounds_text: how many; decimal, "": as many as take about a second
 */
void model_set(const char *seed, const char *rounds_text)
{
	first_seed = number_or(seed, first_seed);
	rounds = number_or(rounds_text, rounds);
}

static bool fails(const struct model_program *program, void *arg)
{
	return !model_run(arg, program, NULL);
}

/* Prints the shortest program that fails, and how to run the round again. */
static void report(struct work *work, size_t at)
{
	struct model_program *program = &work->program;
	size_t tries;

	printk("# model: seed %lu: %s\n", (unsigned long)program->seed, work->model.error);
	tries = model_shrink(program, at, fails, &work->model);
	fails(program, &work->model);
	printk("# model: shrunk in %zu tries to %zu operations: %s\n", tries, program->nr_ops,
	       work->model.error);
	model_print(program);
	printk("# model: again with: make run APPEND='test=model seed=%lu rounds=1'\n",
	       (unsigned long)program->seed);
	printk("# model: or as a Linux program: build/model/gcc-32-0 -s %lu -r 1\n",
	       (unsigned long)program->seed);
}

static void run_rounds(struct kunit *test, struct work *work)
{
	size_t at;

	printk("# model: seed=%lu rounds=%lu, %d operations each\n", first_seed, rounds,
	       OPERATIONS);
	for (unsigned long i = 0; i < rounds; i++) {
		model_generate(&work->program, first_seed + i, OPERATIONS);
		if (model_run(&work->model, &work->program, &at))
			continue;
		report(work, at);
		KUNIT_FAIL(test, "seed %lu: %s", first_seed + i, work->model.error);
		return;
	}
}

/*
 * Before and after: nothing in kernel_pages.
 *
 *	|.. struct work ..|== arena: page allocators, heaps, pools ==|....
 */
static void random_programs(struct kunit *test)
{
	struct work *work = page_alloc(&kernel_pages, WORK_PAGES + MODEL_PAGES);

	if (!work)
		kunit_skip(test, "less than 2 MiB of memory");
	work->model.arena = (unsigned char *)work + WORK_PAGES * MM_PAGE_SIZE;
	run_rounds(test, work);
	mm_unpoison(work->model.arena, MODEL_BYTES);
	KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, work, WORK_PAGES + MODEL_PAGES), 0);
}

static struct kunit_case model_cases[] = {
	KUNIT_CASE(random_programs),
	{},
};

static struct kunit_suite model_suite = {
	.name = "model",
	.test_cases = model_cases,
};

kunit_test_suite(model_suite);
