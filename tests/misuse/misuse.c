// SPDX-License-Identifier: MIT
/*
 * misuse.c - all tables of misuses, and how to run a row
 */
#include <mm/env.h>
#include <tests/misuse/misuse.h>

const struct misuse_table misuse_tables[] = {
	{ "free", misuse_free },
	{ "header", misuse_header },
	{ "partial", misuse_partial },
	{ "edge", misuse_edge },
	{ "freed", misuse_freed },
	{ "dead", misuse_dead },
	{ "pool", misuse_pool },
	{ "large", misuse_large },
	{ "node", misuse_node },
	{ "span", misuse_span },
	{ "page", misuse_page },
	{ "heap", misuse_heap },
	{ "no pool", undo_dead },
	{ "cleanup", undo_cleanup },
	{ "child", undo_child },
	{ "mark", undo_mark },
	{ "word", undo_words },
	{ "newest", undo_newest },
	{ "beside", undo_beside },
	{ "handler", undo_handler },
	{ "recurse", undo_recurse },
	{ "wreck", undo_wreck },
	{ "no pool, new calls", grow_dead },
	{ "resize", grow_heap },
	{ "object", grow_object },
	{ "words, new calls", grow_words },
	{ "limit", grow_limit },
	{ "handler, new calls", grow_handler },
	{},
};

static void do_damage(const struct misuse_damage *damage)
{
	unsigned char *at;

	if (!damage->base)
		return;
	at = *damage->base + damage->offset;
	if (damage->put)
		memcpy(at, damage->put, sizeof(*damage->put));
	else if (damage->fill >= FLIP(0))
		for (size_t i = 0; i < damage->bytes; i++)
			at[i] ^= (unsigned char)damage->fill;
	else
		memset(at, damage->fill, damage->bytes);
}

/**
 * misuse_prepare() - run the scene of a row, and do its damage
 * @row: the row; misuse_start() was called
 */
void misuse_prepare(const struct misuse_row *row)
{
	row->scene();
	do_damage(&row->damage);
}
