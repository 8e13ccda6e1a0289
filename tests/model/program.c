// SPDX-License-Identifier: MIT
/*
 * program.c - the names of operations, and programs as text
 */
#include <mm/env.h>
#include <tests/model/program.h>

static const char *const names[OP_COUNT] = {
	[OP_PAGE_ADD] = "page_add",
	[OP_PAGE_ALLOC] = "page_alloc",
	[OP_PAGE_EXTEND] = "page_extend",
	[OP_PAGE_PUT_BACK] = "page_put_back",
	[OP_PAGE_PUT_BAD] = "page_put_bad",
	[OP_PAGE_ASK] = "page_ask",
	[OP_HEAP_ALLOC] = "heap_alloc",
	[OP_HEAP_ALLOC_AT] = "heap_alloc_at",
	[OP_HEAP_FREE] = "heap_free",
	[OP_HEAP_FREE_BAD] = "heap_free_bad",
	[OP_HEAP_REALLOC] = "heap_realloc",
	[OP_HEAP_JOIN] = "heap_join",
	[OP_HEAP_TRIM] = "heap_trim",
	[OP_HEAP_ASK] = "heap_ask",
	[OP_POOL_CREATE] = "pool_create",
	[OP_MP_ALLOC] = "mp_alloc",
	[OP_MP_NALLOC] = "mp_nalloc",
	[OP_MP_CALLOC] = "mp_calloc",
	[OP_MP_MEMALIGN] = "mp_memalign",
	[OP_MP_ALIGNED] = "mp_alloc_aligned",
	[OP_MP_TEXT] = "mp_text",
	[OP_MP_REALLOC] = "mp_realloc",
	[OP_MP_GIVE_BACK] = "mp_give_back",
	[OP_MP_FREE] = "mp_free",
	[OP_MP_FREE_BAD] = "mp_free_bad",
	[OP_MP_RESET] = "mp_reset",
	[OP_MP_DESTROY] = "mp_destroy",
	[OP_CHILD_CREATE] = "child_create",
	[OP_TREE_ASK] = "tree_ask",
	[OP_CLEANUP_ADD] = "cleanup_add",
	[OP_CLEANUP_OR_RUN] = "cleanup_or_run",
	[OP_CLEANUP_REMOVE] = "cleanup_remove",
	[OP_CLEANUP_RUN] = "cleanup_run",
	[OP_CLEANUP_BAD] = "cleanup_bad",
	[OP_MARK] = "mark",
	[OP_RELEASE] = "release",
	[OP_RELEASE_BAD] = "release_bad",
	[OP_SCOPE] = "scope",
	[OP_AGAIN] = "again",
	[OP_SET_LIMIT] = "set_limit",
	[OP_POOL_WITH] = "pool_with",
	[OP_DRAINED] = "drained",
};

/**
 * model_code_name() - the name of an operation
 * @code: the operation
 *
 * Return: one word.
 */
const char *model_code_name(enum model_code code)
{
	return names[code];
}

/**
 * model_print() - print a program, a line for each operation
 * @program: the program
 */
void model_print(const struct model_program *program)
{
	printk("# model: seed %lu\n", (unsigned long)program->seed);
	for (size_t i = 0; i < program->nr_ops; i++) {
		const struct model_op *op = &program->ops[i];

		printk("# model: %s %u %u %zu %zu %zu\n", names[op->code], op->owner, op->slot,
		       op->size, op->align, op->offset);
	}
}
