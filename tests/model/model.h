/* SPDX-License-Identifier: MIT */
/*
 * model.h - what the allocators should have done, in the plainest form
 *
 *	struct model
 *	+---------------------+
 *	| pages, heaps, pools |   the allocators under test
 *	| live, slots         |   the model: a list of live ranges,
 *	| owner, has          |   the owner of each page of the arena,
 *	| claims              |   which bytes of the arena are taken
 *	| before              |   copies of the allocators and of the arena
 *	| arena               |   the memory that the allocators hand out
 *	+---------------------+
 *
 * The model shares no algorithm with mm/: it has arrays and searches them from the
 * first entry to the last. A program (program.h) is run (run.h) on both, and after
 * each operation they must agree.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

#define MODEL_PAGES 128 /* of the arena */
#define MODEL_BYTES (MODEL_PAGES * MM_PAGE_SIZE)
#define MODEL_ALLOCATORS 3
#define MODEL_HEAPS 3
#define MODEL_POOLS 12
#define MODEL_SLOTS 256
#define MODEL_LIVE 1024
#define MODEL_HANDLES 32       /* cleanup handlers that a program can name, and marks */
#define MODEL_NONE MODEL_POOLS /* the number of no pool */

/* Sizes and alignments above this are absurd: whether they count as failed is open. */
#define MODEL_ABSURD ((size_t)1 << 40)

enum live_kind {
	LIVE_NONE,  /* an unused entry */
	LIVE_PAGES, /* pages of page_alloc(); the owner is a page allocator */
	LIVE_BLOCK, /* a block of heap_alloc(); the owner is a heap */
	/* The owner of this and of all that follow is a pool. */
	LIVE_POOL,    /* the block of a pool and its first node */
	LIVE_NODE,    /* the block of another node */
	LIVE_LARGE,   /* the block of a large block */
	LIVE_CLEANUP, /* the block of a cleanup handler */
	LIVE_MARK,    /* the block of a mark */
	LIVE_SMALL,   /* a small object in a node */
};

struct live;
struct model_op;
struct model_frame;
struct model_program;

/**
 * struct model_window - the nodes in which a pool looks for room
 * @current: here first
 * @older: then here; NULL: there is none
 * @failed: how many requests each of them did not serve; in a mark only
 * @low: the bytes taken at the low end of each; in a mark only
 * @high: the bytes taken at the high end of each; in a mark only
 */
struct model_window {
	struct live *current;
	struct live *older;
	size_t failed[2];
	size_t low[2];
	size_t high[2];
};

/**
 * struct live - a range of memory that is in use
 * @kind: who uses it
 * @owner: the number of the allocator, heap or pool
 * @at: its first byte
 * @bytes: its size
 * @data: the bytes that hold a pattern; NULL if there are none
 * @size: how many bytes hold the pattern
 * @number: the number of the pattern
 * @heap: the number of the heap that its block came from
 * @order: what was made later has a larger number
 * @capacity: of a node: its bytes for objects and their red zones
 * @low: of a node: the bytes that are taken at its low end
 * @high: of a node: the bytes that are taken at its high end
 * @failed: of a node: the requests that it did not serve
 * @node: of a small object: where it lies
 * @room: of a small object: the bytes that it takes there
 * @packed: of a small object: it is at the high end
 * @op: of a cleanup handler: what registered it; NULL: no handler was set
 * @arg: of a cleanup handler: what is passed to it
 * @running: of a cleanup handler: it is off the list, and its block is not free yet
 * @let_go: of a cleanup handler that was run by itself: its block does not count as held
 * @window: of a mark: what the pool's window was
 */
struct live {
	enum live_kind kind;
	unsigned int owner;
	unsigned char *at;
	size_t bytes;
	unsigned char *data;
	size_t size;
	size_t number;
	unsigned int heap;
	size_t order;
	size_t capacity;
	size_t low;
	size_t high;
	size_t failed;
	struct live *node;
	size_t room;
	bool packed;
	const struct model_op *op;
	void *arg;
	bool running;
	bool let_go;
	struct model_window window;
};

/* A range of a page allocator, in pages of the arena. */
struct model_range {
	size_t first;
	size_t pages;
};

struct model_allocator {
	struct model_range ranges[PAGE_MAX_RANGES];
	size_t nr_ranges;
	size_t peak;
	size_t failed;
};

/**
 * struct model_pool - what the model knows of a pool
 * @pool: the pool; NULL: there is none of this number
 * @heap: the number of its heap
 * @capacity: bytes for objects in its first node
 * @max_capacity: each new node has twice the bytes of the current one, but at most so many
 * @most: bytes that none of its nodes may pass, with headers; 0: they may have any
 * @limit: bytes that it and all pools below may hold; 0: any
 * @first: its own block, with its first node
 * @window: the nodes in which it looks for room
 * @parent: the number of the pool that it ends with, or MODEL_NONE
 * @entered: its parent is being undone, and it is the child that ends now
 * @frame: the call that undoes it; NULL: none
 * @stale: the large block that was freed last, or NULL
 * @dead: the pool of this number that ended last, or NULL
 * @peak: the most bytes that it ever held
 * @refused: requests that got NULL, because memory was out or a limit was near
 */
struct model_pool {
	struct mp_pool_s *pool;
	unsigned int heap;
	size_t capacity;
	size_t max_capacity;
	size_t most;
	size_t limit;
	struct live *first;
	struct model_window window;
	unsigned int parent;
	bool entered;
	struct model_frame *frame;
	unsigned char *stale;
	struct mp_pool_s *dead;
	size_t peak;
	size_t refused;
};

/* The token of a mark, dead or alive, and the order of its entry. */
struct model_token {
	struct mp_mark_s mark;
	size_t order;
};

/* Owners of pages. A heap's number is added to OWNER_HEAP. */
enum { OWNER_NONE, OWNER_DIRECT, OWNER_HEAP };

/**
 * struct model - the allocators under test, and the model of them
 * @pages: page allocators
 * @heaps: heaps; the last one is all zeros, without heap_init()
 * @heap_pages: the number of each heap's page allocator
 * @pools: pools
 * @allocators: what the model knows of page allocators
 * @owner: who holds each page
 * @has: which page allocator has each page in a range: its number + 1
 * @live: all live ranges
 * @nr_live: no entry from here on is used
 * @slots: the numbers by which a program names live ranges
 * @handlers: cleanup handlers, dead or alive, that a program names
 * @tokens: tokens of marks, dead or alive; the last one is no program's
 * @starts: the entry in @live + 1 of the block that begins at each 32 bytes
 * @claims: CLAIM_ bits for each byte of the arena
 * @biggest: bytes of the biggest free block of each heap
 * @stale: the block that was freed last
 * @next_number: of the next pattern
 * @next_order: of the next range
 * @got: the object that was allocated last; NULL: there was no memory
 * @program: what is being run
 * @run_body: runs the body of the operation that registered a handler, or that is a scope
 * @frame: the innermost call that may run handlers, or NULL
 * @depth: how many bodies of handlers and scopes run, one inside the other
 * @error: what was wrong; empty: nothing
 * @panic: the message of the last panic
 * @caught: where panics jump to
 * @pages_before: copy of @pages
 * @heaps_before: copy of @heaps
 * @before: copy of the arena
 * @arena: the memory that is handed out
 * @arena_pages: how many pages of it can be in ranges
 */
struct model {
	/* Both are copied: their sizes are multiples of 32 bytes, with what fills them up. */
	struct page_allocator pages[MODEL_ALLOCATORS] __attribute__((aligned(32)));
	struct heap heaps[MODEL_HEAPS + 1] __attribute__((aligned(32)));
	unsigned int heap_pages[MODEL_HEAPS + 1];
	struct model_pool pools[MODEL_POOLS];
	struct model_allocator allocators[MODEL_ALLOCATORS];
	unsigned char owner[MODEL_PAGES];
	unsigned char has[MODEL_PAGES];
	struct live live[MODEL_LIVE];
	size_t nr_live;
	struct live *slots[MODEL_SLOTS];
	struct mp_cleanup_s *handlers[MODEL_HANDLES];
	struct model_token tokens[MODEL_HANDLES + 1];
	unsigned short starts[MODEL_BYTES / HEAP_ALIGN];
	unsigned char claims[MODEL_BYTES];
	size_t biggest[MODEL_HEAPS + 1];
	unsigned char *stale;
	size_t next_number;
	size_t next_order;
	unsigned char *got;
	const struct model_program *program;
	void (*run_body)(struct model *m, const struct model_op *op);
	struct model_frame *frame;
	unsigned int depth;
	char error[240];
	char panic[160];
	void *caught[5];
	unsigned char *arena;
	size_t arena_pages;
	/* The rest is not cleared when a run begins. */
	struct page_allocator pages_before[MODEL_ALLOCATORS] __attribute__((aligned(32)));
	struct heap heaps_before[MODEL_HEAPS + 1] __attribute__((aligned(32)));
	unsigned char before[MODEL_BYTES];
};

bool model_fail(struct model *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *model_name(const struct live *live);
bool model_in_arena(const struct model *m, const void *p, size_t bytes);
bool model_claim(struct model *m, const struct live *live, const unsigned char *at, size_t bytes);
struct live *model_add(struct model *m, enum live_kind kind, unsigned int owner, void *at,
		       size_t bytes);
void model_remove(struct model *m, struct live *live);
struct live *model_at(struct model *m, const void *p);
void model_fill(struct model *m, struct live *live, void *data, size_t size);
bool model_intact(struct model *m, const struct live *live);
bool model_all_intact(struct model *m);
bool model_neighbours_intact(struct model *m, const unsigned char *at);

size_t model_frontier(const struct model *m, const struct model_range *range);
size_t model_room(const struct model *m, unsigned int allocator);
bool model_sync(struct model *m, unsigned int allocator, unsigned int who);
bool model_check_heap(struct model *m, unsigned int heap);
unsigned int model_heap_of(const struct live *live);
size_t model_held(const struct model *m, unsigned int pool);

void model_remember(struct model *m);
void model_forgive(struct model *m, const void *p, size_t bytes);
bool model_unchanged(struct model *m, const char *after);
void model_arena_fill(struct model *m, unsigned int how, uint64_t seed);

#endif /* TESTS_MODEL_H */
