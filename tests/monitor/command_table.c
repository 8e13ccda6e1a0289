// SPDX-License-Identifier: MIT
/*
 * command_table.c - all commands; "help" prints this table
 *
 * P is a pool such as p0, A an object such as a17, M a mark, H a block of the heap. A word in
 * brackets may be left out. Numbers are decimal or 0x..., may end with K or M, or are SIZE_MAX.
 *
 * The columns: name, arguments, operation; else the function, and whether it only looks; then
 * what it does, and more about it.
 */
#include <tests/monitor/monitor.h>

/* The operations come first, in the order of enum op_kind. */
const struct command commands[] = {
	{ "create", "[SIZE]", OP_CREATE, NULL, false, "a pool whose nodes hold SIZE bytes (1024)",
	  "SIZE is rounded up to the alignment, 32. Larger requests get blocks of their "
	  "own." },
	{ "child", "P [SIZE]", OP_CHILD, NULL, false, "a pool that ends with P",
	  "It ends in its place in P's list of things to undo." },
	{ "alloc", "P SIZE [COUNT]", OP_ALLOC, NULL, false, "aligned objects",
	  "They grow up from last, rounded up to 32 bytes. The current node is tried, "
	  "then the older one, then there is a new one." },
	{ "nalloc", "P SIZE [COUNT]", OP_NALLOC, NULL, false, "packed objects",
	  "They grow down from end, without padding: for text." },
	{ "calloc", "P SIZE [COUNT]", OP_CALLOC, NULL, false, "aligned objects, zeroed",
	  "The others are filled with a letter, to be seen in hex." },
	{ "memalign", "P SIZE ALIGN", OP_MEMALIGN, NULL, false, "a large block of any alignment",
	  "Always a block of its own, so that free can give it back." },
	{ "printf", "P TEXT", OP_PRINTF, NULL, false, "a text, packed",
	  "It is formatted straight into the free bytes of the node." },
	{ "cleanup", "P", OP_CLEANUP, NULL, false, "a handler that runs when P ends",
	  "Handlers run newest first, between the other things that P holds. destroy and "
	  "release say in which order." },
	{ "realloc", "A SIZE", OP_REALLOC, NULL, false, "makes an object larger or smaller",
	  "The newest object of a node is resized in place, others are copied. 0 gives it"
	  " up." },
	{ "free", "A", OP_FREE, NULL, false, "frees a large block; small objects are declined",
	  "Small objects live until their pool ends, or is reset or released." },
	{ "mark", "P", OP_MARK, NULL, false, "a mark to release P to", "" },
	{ "release", "M", OP_RELEASE, NULL, false, "undoes what was made since the mark",
	  "P's nodes and window are as they were then." },
	{ "reset", "P", OP_RESET, NULL, false, "undoes all that P holds, and keeps P",
	  "The same requests then get the same addresses." },
	{ "destroy", "P", OP_DESTROY, NULL, false, "undoes all that P holds, and P", "" },
	{ "limit", "P BYTES", OP_LIMIT, NULL, false,
	  "P and the pools below hold no more; 0: no limit",
	  "Bytes of the heap count, not bytes of objects." },
	{ "halloc", "SIZE [ALIGN]", OP_HALLOC, NULL, false, "a block of the heap",
	  "From the free list for its size, or from top, the free memory at the end." },
	{ "hfree", "H", OP_HFREE, NULL, false, "frees it", "It joins its free neighbours." },
	{ "palloc", "COUNT", OP_PALLOC, NULL, false, "pages",
	  "The frontier of the pages moves up." },
	{ "pback", "", OP_PBACK, NULL, false, "gives the newest pages back",
	  "Only what ends at the frontier can go back." },
	{ "pool", "[P]", OP_KINDS, cmd_pool, true, "draws P, or the newest: nodes, things to undo",
	  "Capitals are aligned objects, small letters packed ones; - is padding, . free,"
	  " ~ lost: no request looks there any more." },
	{ "heap", "", OP_KINDS, cmd_heap, true, "draws the heap: its blocks, free lists, top",
	  "A free list has two numbers: which power of two its sizes have, and which "
	  "sixteenth of that." },
	{ "map", "", OP_KINDS, cmd_map, true, "all of RAM, and who has it", "" },
	{ "tree", "", OP_KINDS, cmd_tree, true, "the pools, with figures, as a tree", "" },
	{ "stats", "", OP_KINDS, cmd_stats, true, "figures of pages, heap, pools", "" },
	{ "hex", "A|P|H|ADDRESS [COUNT]", OP_KINDS, cmd_hex, true,
	  "bytes, with the names of the fields",
	  "The bytes in front of an object are shown, too: its header or record." },
	{ "find", "ADDRESS", OP_KINDS, cmd_find, true, "what lies there", "" },
	{ "where", "A", OP_KINDS, cmd_where, true, "where an object lies", "" },
	{ "why", "", OP_KINDS, cmd_why, true, "why the last command did what it did",
	  "What the allocators decided, in that order. Of many requests, the last." },
	{ "cost", "", OP_KINDS, cmd_cost, true, "how many instructions its call took",
	  "All is done again with a copy of mm/ that nobody watches." },
	{ "predict", "on|off", OP_KINDS, cmd_predict, false,
	  "asks where each object will go, and counts",
	  "Commands that look are allowed before the answer." },
	{ "play", "[COUNT]", OP_KINDS, cmd_play, false, "does so many events of the trace, or all",
	  "TRACE=FILE names the trace. Its pools and objects get names, too." },
	{ "step", "", OP_KINDS, cmd_step, false, "does one event of the trace, and draws its pool",
	  "" },
	{ "back", "[COUNT]", OP_KINDS, cmd_back, false, "all is as it was so many commands ago (1)",
	  "" },
	{ "text", "on|off", OP_KINDS, cmd_text, false, "the original text's pool beside ours",
	  "The text is the tutorial that this project starts from. README.md tells of it." },
	{ "break", "[FAULT]", OP_KINDS, cmd_break, false, "one of the text's faults, in that copy",
	  "Without a word, it lists them. It says what to type to see the fault." },
	{ "save", "[trace]", OP_KINDS, cmd_save, false,
	  "prints the commands so far, or a trace of them",
	  "make monitor <FILE does them again; make replay TRACE=FILE the trace." },
	{ "test", "SUITE[.CASE]", OP_KINDS, cmd_test, false, "runs tests; \"test list\" names them",
	  "" },
	{ "crash", "NAME", OP_KINDS, cmd_crash, false,
	  "crashes the kernel; \"crash list\" names the ways", "" },
	{ "help", "[WORD]", OP_KINDS, cmd_help, true,
	  "this list, or more about a command or a word", "" },
	{ "quit", "", OP_KINDS, cmd_quit, false, "ends; so does Ctrl-D", "" },
	{ 0 },
};
