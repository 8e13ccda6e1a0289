// SPDX-License-Identifier: MIT
/*
 * shrink.c - makes a program that fails as short as it can be
 *
 *	cut behind the failing operation
 *	delete halves, quarters, ... single operations, while the rest still fails
 *	make numbers smaller: 0, half, one less
 *
 * Any failure counts, not only the first one: the shortest program is the aim.
 */
#include <tests/model/shrink.h>

#define MAX_TRIES 4000

/* A search for a shorter program. */
struct search {
	struct model_program *program;
	bool (*fails)(const struct model_program *program, void *arg);
	void *arg;
	size_t tries;
};

static bool still_fails(struct search *search)
{
	return search->tries++ < MAX_TRIES && search->fails(search->program, search->arg);
}

static void delete_ops(struct model_program *program, size_t at, size_t count)
{
	program->nr_ops -= count;
	for (size_t i = at; i < program->nr_ops; i++)
		program->ops[i] = program->ops[i + count];
}

/* Undoes delete_ops(). */
static void insert_ops(struct model_program *program, size_t at, size_t count,
		       const struct model_op *ops)
{
	for (size_t i = program->nr_ops; i-- > at;)
		program->ops[i + count] = program->ops[i];
	for (size_t i = 0; i < count; i++)
		program->ops[at + i] = ops[i];
	program->nr_ops += count;
}

/* Deletes pieces of @count operations that are not needed, from the end on. */
static bool delete_pieces(struct search *search, size_t count)
{
	static struct model_op removed[MODEL_OPS];
	struct model_program *program = search->program;
	bool shorter = false;

	for (size_t end = program->nr_ops; end >= count; end -= count) {
		for (size_t i = 0; i < count; i++)
			removed[i] = program->ops[end - count + i];
		delete_ops(program, end - count, count);
		if (still_fails(search))
			shorter = true;
		else
			insert_ops(program, end - count, count, removed);
	}
	return shorter;
}

/* Makes a number smaller for as long as the program fails. */
static bool lower(struct search *search, size_t *number)
{
	size_t old = *number, good = old, step = old;

	while (step) {
		*number = good - step;
		if (still_fails(search))
			good = *number;
		step = step > good ? good : step / 2;
	}
	*number = good;
	return good < old;
}

static bool lower_numbers(struct search *search)
{
	bool lowered = false;

	for (size_t i = 0; i < search->program->nr_ops; i++) {
		struct model_op *op = &search->program->ops[i];

		lowered |= lower(search, &op->size);
		lowered |= lower(search, &op->align);
		lowered |= lower(search, &op->offset);
	}
	return lowered;
}

/**
 * model_shrink() - make a program that fails as short as it can be
 * @program: the program; it fails, and so does what it is on return
 * @at: the operation that failed
 * @fails: runs a program; returns whether it fails
 * @arg: for @fails
 *
 * Return: how many programs were tried.
 */
size_t model_shrink(struct model_program *program, size_t at,
		    bool (*fails)(const struct model_program *program, void *arg), void *arg)
{
	struct search search = { .program = program, .fails = fails, .arg = arg };
	size_t nr_ops = program->nr_ops;
	bool better;

	if (at < nr_ops) {
		program->nr_ops = at + 1;
		if (!still_fails(&search))
			program->nr_ops = nr_ops;
	}
	do {
		better = false;
		for (size_t count = program->nr_ops / 2; count; count /= 2)
			better |= delete_pieces(&search, count);
		better |= lower_numbers(&search);
	} while (better && search.tries < MAX_TRIES);
	return search.tries;
}
