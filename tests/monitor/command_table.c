// SPDX-License-Identifier: MIT
/*
 * command_table.c - all commands; "help" prints this table
 *
 * P is a pool such as p0, A an object such as a17, M a mark, H a block of the heap. A word in
 * brackets may be left out. Numbers are decimal or 0x..., may end with K or M, or are SIZE_MAX.
 */
#include <tests/monitor/monitor.h>

#define DOES(op, name, usage, does)         \
	{                                   \
		name, usage, op, NULL, does \
	}
#define RUNS(run, name, usage, does)                   \
	{                                              \
		name, usage, OP_KINDS, cmd_##run, does \
	}

const struct command commands[] = {
	DOES(OP_CREATE, "create", "[SIZE]", "a pool whose nodes hold SIZE bytes (1024)"),
	DOES(OP_CHILD, "child", "P [SIZE]", "a pool that ends with P"),
	DOES(OP_ALLOC, "alloc", "P SIZE [COUNT]", "aligned objects"),
	DOES(OP_NALLOC, "nalloc", "P SIZE [COUNT]", "packed objects"),
	DOES(OP_CALLOC, "calloc", "P SIZE [COUNT]", "aligned objects, zeroed"),
	DOES(OP_MEMALIGN, "memalign", "P SIZE ALIGN", "a large block of any alignment"),
	DOES(OP_PRINTF, "printf", "P TEXT", "a text, packed"),
	DOES(OP_CLEANUP, "cleanup", "P", "a handler that runs when P ends"),
	DOES(OP_REALLOC, "realloc", "A SIZE", "makes an object larger or smaller"),
	DOES(OP_FREE, "free", "A", "frees a large block; small objects are declined"),
	DOES(OP_MARK, "mark", "P", "a mark to release P to"),
	DOES(OP_RELEASE, "release", "M", "undoes what was made since the mark"),
	DOES(OP_RESET, "reset", "P", "undoes all that P holds, and keeps P"),
	DOES(OP_DESTROY, "destroy", "P", "undoes all that P holds, and P"),
	DOES(OP_LIMIT, "limit", "P BYTES", "P and the pools below hold no more; 0: no limit"),
	DOES(OP_HALLOC, "halloc", "SIZE [ALIGN]", "a block of the heap"),
	DOES(OP_HFREE, "hfree", "H", "frees it"),
	DOES(OP_PALLOC, "palloc", "COUNT", "pages"),
	DOES(OP_PBACK, "pback", "", "gives the newest pages back"),

	RUNS(pool, "pool", "P", "draws P: its nodes, and what there is to undo"),
	RUNS(heap, "heap", "", "draws the heap: its blocks, free lists, top"),
	RUNS(map, "map", "", "all of RAM, and who has it"),
	RUNS(tree, "tree", "", "the pools, with figures, as a tree"),
	RUNS(stats, "stats", "", "figures of pages, heap, pools"),
	RUNS(hex, "hex", "A|P|H|ADDRESS [COUNT]", "bytes, with the names of the fields"),
	RUNS(find, "find", "ADDRESS", "what lies there"),
	RUNS(where, "where", "A", "where an object lies"),

	RUNS(why, "why", "", "why the last command did what it did"),
	RUNS(cost, "cost", "", "how many instructions its call took"),
	RUNS(predict, "predict", "on|off", "asks where each object will go, and counts"),
	RUNS(play, "play", "[COUNT]", "does so many events of the trace; all, without a number"),
	RUNS(step, "step", "", "does one event of the trace, and draws its pool"),
	RUNS(back, "back", "[COUNT]", "all is as it was so many commands ago (1)"),
	RUNS(text, "text", "on|off", "the text's algorithm beside ours"),
	RUNS(break, "break", "[FAULT]", "one of the text's faults, in that copy"),
	RUNS(save, "save", "[trace]", "prints the commands so far, or a trace of them"),

	RUNS(test, "test", "SUITE[.CASE]", "runs tests; \"test list\" names them"),
	RUNS(crash, "crash", "NAME", "crashes the kernel; \"crash list\" names the ways"),
	RUNS(help, "help", "[COMMAND]", "this list, or one command"),
	RUNS(quit, "quit", "", "ends; so does Ctrl-D"),
	{ 0 },
};
