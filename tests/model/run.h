/* SPDX-License-Identifier: MIT */
/*
 * run.h - runs a program on the allocators and on the model
 *
 * Each function run_...() runs one operation: the call, then the checks of its result.
 * The first fault is in m->error.
 */
#ifndef TESTS_MODEL_RUN_H
#define TESTS_MODEL_RUN_H

#include <tests/model/model.h>
#include <tests/model/program.h>

bool model_run(struct model *m, const struct model_program *program, size_t *at);

/* catch.c */
void model_catch(struct model *m, void (*run)(struct model *m, const struct model_op *op),
		 const struct model_op *op);
struct model *model_running(void);
void model_abort(struct model *m) __attribute__((noreturn));
bool model_panics(struct model *m, void (*call)(void *object, void *p), void *object, void *p);

/* run_page.c */
bool model_add_range(struct model *m, unsigned int owner, void *start, size_t bytes);
void run_page_add(struct model *m, const struct model_op *op);
void run_page_alloc(struct model *m, const struct model_op *op);
void run_page_extend(struct model *m, const struct model_op *op);
void run_page_put_back(struct model *m, const struct model_op *op);
void run_page_put_bad(struct model *m, const struct model_op *op);
void run_page_ask(struct model *m, const struct model_op *op);

/* run_heap.c */
bool model_is_power(size_t n);
unsigned char *model_bad_address(struct model *m, const struct model_op *op);
bool model_is_frontier(const struct model *m, unsigned int heap, size_t page);
bool model_can_fail(const struct model *m, unsigned int heap, size_t align, size_t size);
bool model_after(struct model *m, unsigned int heap, bool failed, bool absurd);
void run_heap_alloc(struct model *m, const struct model_op *op);
void run_heap_free(struct model *m, const struct model_op *op);
void run_heap_free_bad(struct model *m, const struct model_op *op);

/* run_resize.c */
size_t model_room_behind(const struct model *m, const struct live *live);
void run_heap_realloc(struct model *m, const struct model_op *op);

/* run_trim.c */
void run_heap_join(struct model *m, const struct model_op *op);
void run_heap_trim(struct model *m, const struct model_op *op);
void run_heap_ask(struct model *m, const struct model_op *op);

/* A block's alignment, which is at least the heap's. */
#define MODEL_ALIGN (MP_ALIGNMENT > 32 ? (size_t)MP_ALIGNMENT : (size_t)32)
/* What rounding a red zone up to the alignment of objects makes of it. */
#define MODEL_REDZONE mp_align(MP_REDZONE, MP_ALIGNMENT)

#endif /* TESTS_MODEL_RUN_H */
