/* SPDX-License-Identifier: MIT */
/*
 * pools.h - what the model says of pools: a pool is a list of things, in order of creation
 *
 *	pool 3:   first node 7   cleanup 9   node 12   pool 4 15   mark 20        oldest first
 *	                                               |
 *	                                               pool 4:   large block 16   cleanup 17
 *
 * Each thing is a struct live, and its order is a number. Undoing takes the thing with the
 * largest number away, again and again, and goes down into a child to do so there first. Small
 * objects are no things: they end with their node, or with the mark that is older.
 *
 * A call that may run handlers has a frame. When mm/ calls a handler, the model undoes things
 * of the frame up to a handler. It must be the same one.
 *
 *	run_mp_destroy()           frame: pool 3
 *	  mp_destroy_pool()
 *	    handle()               undoes mark 20, comes to cleanup 17: is it the one that runs?
 *	      run_release()        an operation of the handler's body, with a frame of its own
 */
#ifndef TESTS_MODEL_POOLS_H
#define TESTS_MODEL_POOLS_H

#include <tests/model/run.h>

#define MODEL_DEPTH 10 /* bodies that run one inside the other; others are left out */

/**
 * struct model_frame - a call that is running, and may run handlers
 * @outer: the one whose handler made this call, or NULL
 * @root: the pool that is undone; MODEL_NONE: the call runs one handler
 * @at: the pool whose things are undone now: @root, or one below
 * @stop: the thing of @root to stop at, or NULL
 * @began: the order of the newest thing when the call began
 * @saved: what undid @root before
 * @running: the handler that runs or has run; its block is not free yet
 * @next: the one handler that must run, or NULL
 * @at_once: what must run since there is no memory: the operation that would register it
 * @may_be_out: may there be no memory?
 * @is_over: there is memory, but a limit would be passed
 * @heap: the number of the heap
 */
struct model_frame {
	struct model_frame *outer;
	unsigned int root;
	unsigned int at;
	struct live *stop;
	size_t began;
	struct model_frame *saved;
	struct live *running;
	struct live *next;
	const struct model_op *at_once;
	bool may_be_out;
	bool is_over;
	unsigned int heap;
};

/**
 * struct model_request - a request for an object, and what must come of it
 * @op: the request: mp_alloc(), or one of its kind
 * @large: it gets a block of its own
 * @possible: it need not be refused for what it asks
 * @is_over: it must be refused, because a limit would be passed
 * @can_fail: it may be refused
 * @node: of a small one: the node that must serve; NULL: a new one
 * @capacity: the bytes of that new one
 * @align: of a large one: its alignment
 */
struct model_request {
	const struct model_op *op;
	bool large;
	bool possible;
	bool is_over;
	bool can_fail;
	struct live *node;
	size_t capacity;
	size_t align;
};

/* The bytes of a mark's record. */
#define MODEL_MARK_BYTES 112

/* Headers, with what aligns what is behind them. The pool's: with the two words of its history. */
#define MODEL_POOL_HEADER mp_align(sizeof(struct mp_pool_s) + 2 * sizeof(size_t), MP_ALIGNMENT)
#define MODEL_NODE_HEADER mp_align(sizeof(struct mp_node_s), MP_ALIGNMENT)

/* undo.c */
struct live *model_newest(struct model *m, unsigned int pool, size_t below);
void model_forget_objects(struct model *m, unsigned int pool, const struct live *node,
			  size_t order);
bool model_would_panic(const struct model *m, unsigned int pool, size_t order);
unsigned int model_end_pool(struct model *m, unsigned int number);
void model_undo_begin(struct model *m, struct model_frame *frame, unsigned int pool,
		      struct live *stop);
struct live *model_undo_next(struct model *m, struct model_frame *frame);
void model_undo_end(struct model *m, struct model_frame *frame);

/* check_pools.c */
bool model_check_pools(struct model *m);

/* check_stats.c */
bool model_check_stats(struct model *m, unsigned int pool);

/* handler.c */
void model_handler(void *data);

/* find.c */
struct live *model_new_block(struct model *m, unsigned int pool, enum live_kind kind);
struct live *model_cleanup_at(struct model *m, unsigned int pool, const void *p);
struct live *model_mark_of(struct model *m, const struct model_token *token);
struct mp_pool_s *model_dead_pool(struct model *m, unsigned int pool);

/* limit.c */
bool model_is_over(const struct model *m, unsigned int pool, size_t size);
void run_set_limit(struct model *m, const struct model_op *op);

/* run_with.c */
void run_pool_with(struct model *m, const struct model_op *op);

/* run_object.c */
void model_request_begin(struct model *m, const struct model_op *op, struct model_request *request);
struct live *model_request_end(struct model *m, const struct model_request *request,
			       unsigned char *p);
uintptr_t model_node_start(const struct live *node);
size_t model_room_for(const struct model_op *op);
void run_mp_alloc(struct model *m, const struct model_op *op);

/* run_text.c */
void run_mp_text(struct model *m, const struct model_op *op);

/* run_realloc.c */
void run_mp_realloc(struct model *m, const struct model_op *op);
void run_mp_give_back(struct model *m, const struct model_op *op);

/* run_pool.c */
void model_add_pool(struct model *m, const struct model_op *op, struct mp_pool_s *p,
		    const struct model_pool *made);
size_t model_pool_bytes(size_t size);
bool model_pool_can_fail(const struct model *m, unsigned int heap, size_t size);
void run_pool_create(struct model *m, const struct model_op *op);
void run_mp_free(struct model *m, const struct model_op *op);
void run_mp_reset(struct model *m, const struct model_op *op);
void run_mp_destroy(struct model *m, const struct model_op *op);

/* run_tree.c */
void run_child_create(struct model *m, const struct model_op *op);
void run_tree_ask(struct model *m, const struct model_op *op);

/* run_cleanup.c */
void run_cleanup_add(struct model *m, const struct model_op *op);
void run_cleanup_or_run(struct model *m, const struct model_op *op);
void run_cleanup_drop(struct model *m, const struct model_op *op);

/* run_mark.c */
void model_note_mark(struct model *m, unsigned int pool, struct model_token *token);
void model_release_begin(struct model *m, struct model_frame *frame, struct live *mark);
void model_release_end(struct model *m, struct model_frame *frame);
void run_mark(struct model *m, const struct model_op *op);
void run_release(struct model *m, const struct model_op *op);
void run_release_bad(struct model *m, const struct model_op *op);

/* run_scope.c */
void run_scope(struct model *m, const struct model_op *op);
void run_again(struct model *m, const struct model_op *op);

/* run_drained.c */
void run_drained(struct model *m, const struct model_op *op);

#endif /* TESTS_MODEL_POOLS_H */
