// SPDX-License-Identifier: MIT
/*
 * misuse_node.c - headers of further nodes overwritten
 *
 *	pool->records --> node --> node2 --> NULL	node is the newest, and current
 *	|pool ...|hdr|next tag failed last end|##node2##|hdr|next tag failed last end|##node##|
 */
#include <mm/env.h>
#include <tests/misuse/misuse.h>

#define FIELD(name) offsetof(struct mp_node_s, name)
#define OVERWRITTEN "overwritten"

/* A large block, older than both further nodes. */
static void nodes_and_large(void)
{
	struct mp_pool_s *made = mp_create_pool_on(mem.heap, NODE);

	mem.pool = (unsigned char *)made;
	mem.p = mp_alloc(made, LARGE);
	for (int i = 0; i < 3; i++)
		mem.small = mp_alloc(made, NODE - 64);
	mem.node = (unsigned char *)made->records;
	mem.node2 = (unsigned char *)made->records->next;
	mem.guard = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
}

/* The current node is full, and the older node2 has 64 bytes left. */
static void nodes_full(void)
{
	nodes();
	mp_alloc((struct mp_pool_s *)mem.pool, 64 - MP_REDZONE);
}

/* The same bit of last and end is flipped, so their difference stays. */
static void nodes_both(void)
{
	nodes_full();
	mem.node2[FIELD(last) + 3] ^= 0x40;
	mem.node2[FIELD(end) + 3] ^= 0x40;
}

/* last and end of the first node. */
static void nodes_copied(void)
{
	nodes_full();
	memcpy(mem.node2 + FIELD(last), &((struct mp_pool_s *)mem.pool)->head->last, 16);
}

/* A used block that could be the oldest node, if no tag vouched for it: its next is NULL. */
static void nodes_and_zeros(void)
{
	nodes();
	mem.other = heap_alloc(mem.heap, HEAP_ALIGN, SIZE);
	memset(mem.other, 0, SIZE);
}

/* Another pool with a further node. */
static void nodes_and_pool(void)
{
	struct mp_pool_s *second;

	nodes();
	second = mp_create_pool_on(mem.heap, NODE);
	mp_alloc(second, NODE - 64);
	mp_alloc(second, NODE - 64);
	mem.other = (unsigned char *)second->records;
}

static void node_freed(void)
{
	nodes();
	heap_free(mem.heap, mem.node2);
}

static void nodes_reset(void)
{
	nodes();
	mp_reset_pool((struct mp_pool_s *)mem.pool);
}

const struct misuse_row misuse_node[] = {
	{ "next: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), 8, 'A' },
	  { destroy, &mem.pool } },
	{ "next: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), 8, 'A' },
	  { reset, &mem.pool } },
	{ "1 byte of next: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), 1, 1 },
	  { destroy, &mem.pool } },
	{ "next is NULL: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), 8, 0 },
	  { destroy, &mem.pool } },
	{ "next is NULL: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), 8, 0 },
	  { reset, &mem.pool } },
	{ "next is itself: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), .put = &mem.node },
	  { destroy, &mem.pool } },
	{ "next is the pool: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), .put = &mem.pool },
	  { destroy, &mem.pool } },
	{ "next is a variable: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), .put = &mem.fake },
	  { destroy, &mem.pool } },
	{ "next is an object: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), .put = &mem.small },
	  { destroy, &mem.pool } },
	{ "next is another block: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), .put = &mem.guard },
	  { destroy, &mem.pool } },
	{ "next of the oldest: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(record.next), 8, 'A' },
	  { destroy, &mem.pool } },
	{ "next of the oldest: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(record.next), 8, 'A' },
	  { reset, &mem.pool } },
	{ "next of the oldest is the newest: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(record.next), .put = &mem.node },
	  { destroy, &mem.pool } },
	{ "next, a large block is older: destroy",
	  OVERWRITTEN,
	  nodes_and_large,
	  { &mem.node, FIELD(record.next), 8, 'A' },
	  { destroy, &mem.pool } },
	{ "next is NULL, a large block is older: destroy",
	  OVERWRITTEN,
	  nodes_and_large,
	  { &mem.node, FIELD(record.next), 8, 0 },
	  { destroy, &mem.pool } },
	{ "tag: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.tag), 4, 'A' },
	  { destroy, &mem.pool } },
	{ "tag is 0: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.tag), 4, 0 },
	  { reset, &mem.pool } },
	{ "tag says a large block: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.tag), 1, FLIP(3) },
	  { destroy, &mem.pool } },
	{ "a bit of the tag: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.tag) + 3, 1, FLIP(0x80) },
	  { reset, &mem.pool } },
	{ "tag of the oldest: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(record.tag), 4, 'A' },
	  { destroy, &mem.pool } },
	{ "tag of the newest: alloc, a new node",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.tag) + 1, 1, FLIP(1) },
	  { aligned, &mem.pool, 0, NODE } },
	{ "next of the newest: alloc, large",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), 8, 0 },
	  { aligned, &mem.pool, 0, LARGE } },
	{ "last of the newest: alloc",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(last), 8, 0 },
	  { aligned, &mem.pool, 0, 24 },
	  .kind = 1 },
	{ "last of the older, letters: alloc",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(last), 8, 'A' },
	  { aligned, &mem.pool, 0, 256 } },
	{ "last of the older is NULL: alloc",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(last), 8, 0 },
	  { aligned, &mem.pool, 0, 256 } },
	{ "end of the older, letters: nalloc",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(end), 8, 'A' },
	  { packed, &mem.pool, 0, 256 } },
	{ "16 bytes before a node: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, -16, 16, 'A' },
	  { destroy, &mem.pool } },
	{ "8 bytes before a node: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, -8, 8, 'A' },
	  { reset, &mem.pool } },
	{ "32 bytes before a node: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, -32, 32, 'A' },
	  { destroy, &mem.pool } },
	{ "16 bytes behind a node: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.guard, -16, 16, 'A' },
	  { destroy, &mem.pool } },
	{ "8 bytes behind a node: reset",
	  OVERWRITTEN,
	  nodes,
	  { &mem.guard, -16, 8, 'A' },
	  { reset, &mem.pool } },
	{ "16 bytes before the oldest: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, -16, 16, 'A' },
	  { destroy, &mem.pool } },
	{ "a node freed by heap_free(): destroy",
	  OVERWRITTEN,
	  node_freed,
	  {},
	  { destroy, &mem.pool } },
	{ "a node freed by heap_free(): reset", OVERWRITTEN, node_freed, {}, { reset, &mem.pool } },
	{ "gone by reset, freed by heap_free()",
	  "freed already",
	  nodes_reset,
	  {},
	  { free_block, &mem.node } },
	{ "released by mp_free()", "= -ENOENT", nodes, {}, { release, &mem.node } },
	{ "past an object into the next object: destroy",
	  OVERWRITTEN,
	  pool,
	  { &mem.small, 64, 32, 'A' },
	  { destroy, &mem.pool },
	  .kind = 4 },
	{ "next is the first byte of the pages: destroy",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node, FIELD(record.next), .put = &mem.start },
	  { destroy, &mem.pool } },
	{ "1 byte of last of the older: alloc",
	  OVERWRITTEN,
	  nodes_full,
	  { &mem.node2, FIELD(last) + 1, 1, FLIP(0x80) },
	  { aligned, &mem.pool, 0, 32 } },
	{ "a bit of last of the older: alloc",
	  OVERWRITTEN,
	  nodes_full,
	  { &mem.node2, FIELD(last), 1, FLIP(1) },
	  { packed, &mem.pool, 0, 17 } },
	{ "last and end of the older, the same bit: nalloc",
	  OVERWRITTEN,
	  nodes_both,
	  {},
	  { packed, &mem.pool, 0, 17 } },
	{ "last and end of the older are those of the first: nalloc",
	  OVERWRITTEN,
	  nodes_copied,
	  {},
	  { packed, &mem.pool, 0, 17 } },
	{ "16 bytes of 0 over the older: alloc",
	  OVERWRITTEN,
	  nodes,
	  { &mem.node2, FIELD(last), 16, 0 },
	  { aligned, &mem.pool, 0, 256 } },
	{ "next is a block of zeros: reset",
	  OVERWRITTEN,
	  nodes_and_zeros,
	  { &mem.node, FIELD(record.next), .put = &mem.other },
	  { reset, &mem.pool } },
	{ "next is the node of another pool: reset",
	  OVERWRITTEN,
	  nodes_and_pool,
	  { &mem.node, FIELD(record.next), .put = &mem.other },
	  { reset, &mem.pool } },
	{},
};
