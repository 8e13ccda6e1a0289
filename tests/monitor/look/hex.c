// SPDX-License-Identifier: MIT
/*
 * hex.c - "hex": bytes, with the names of the fields beside them
 *
 *	10203040  20040000 00000000 00040000 00000000 max = 1056, size = 1024
 *	10203050  41414141 41414141 41414141 41414141 AAAAAAAAAAAAAAAA
 *
 * Bytes are printed in the order of their addresses: of a number, the lowest comes first.
 */
#include <kernel/lib/string.h>
#include <mm/mp_record.h>
#include <tests/monitor/look/draw.h>

#define BYTES_DEFAULT 64
#define BYTES_MAX 4096

/*
 * The words of what begins with the header of a heap block, each of 8 bytes. The character in
 * front of a name says how to read it:
 *
 *	#  a number
 *	@  an address: what lies there is said
 *	*  bits
 *	$  the tag of a heap block: its size, its state, its stamp
 *	%  the tag of a record: 4 bytes; behind it, a node has its counts, others nothing
 */
#define BLOCK_WORDS "#prev $tag "
#define NODE_WORDS "@next %tag @last @end "
#define POOL_WORDS "#max #size @current @older @records @heap @undoing @parent "
#define OTHER_WORDS "#max_size @mark @bounded @name #left #held "
#define HEAD_WORDS "@head->next %head->tag @head->last @head->end #peak #refused "
#define ENTRY_WORDS "@next %tag @prev *cookie "

static const char *const block_words = BLOCK_WORDS;
static const char *const large_words = BLOCK_WORDS ENTRY_WORDS;
static const char *const pool_words = BLOCK_WORDS ENTRY_WORDS POOL_WORDS OTHER_WORDS HEAD_WORDS;

static const char *const kinds[1 << MP_KIND_BITS] = { "none",  "node", "large block", "cleanup",
						      "child", "mark", "no kind",     "no kind" };

static struct words block_tag_words(const struct heap *heap, uint64_t tag)
{
	return WORDS("tag = %zu bytes, %s, stamp %04lx", (tag ^ heap->stamp) & BLOCK_SIZE_MASK,
		     (tag ^ heap->stamp) & BLOCK_FREE ? "free" : "used", tag >> BLOCK_SIZE_BITS);
}

static struct words record_tag_words(uint32_t tag, uint32_t counts)
{
	const char *kind = kinds[tag % (1 << MP_KIND_BITS)];

	if (tag % (1 << MP_KIND_BITS) != MP_NODE)
		return WORDS("tag = %s", kind);
	return WORDS("tag = %s, doublings = %u, failed = %u", kind, counts & 63, counts >> 6);
}

/* What the word at @at holds. @name: of it; its first character says how to read it. */
static mm_trusted struct words word_words(const struct monitor *monitor, const uint64_t *at,
					  const char *name)
{
	int length = (int)(strchr(name, ' ') - name) - 1;
	struct words there;

	switch (*name) {
	case '$':
		return block_tag_words(&monitor->session.world.heap, *at);
	case '%':
		return record_tag_words((uint32_t)*at, *at >> 32);
	case '@':
		there = address_words(monitor, *at);
		if (there.text[0] || !*at)
			return WORDS("%.*s = %.120s", length, name + 1, *at ? there.text : "NULL");
		break;
	case '#':
		return WORDS("%.*s = %lu", length, name + 1, *at);
	}
	return WORDS("%.*s = %#lx", length, name + 1, *at);
}

/* Writes 16 bytes, or the @n that are left, to @text: in hex, by fours, and as ASCII. */
static mm_trusted void write_bytes(char *text, char *ascii, const unsigned char *at, size_t n)
{
	for (size_t i = 0; i < 16; i++) {
		snprintf(text, 3, i < n ? "%02x" : "  ", at[i < n ? i : 0]);
		text += 2;
		if (i % 4 == 3)
			*text++ = ' ';
		ascii[i] = i >= n ? '\0' : at[i] >= ' ' && at[i] <= '~' ? (char)at[i] : '.';
	}
	*text = ascii[16] = '\0';
}

/* Prints @bytes from @start on; the first of them are the words that @names has. */
static void dump(struct monitor *monitor, uintptr_t start, size_t bytes, const char *names)
{
	for (uintptr_t at = start; at < start + bytes; at += 16) {
		char hex[40], beside[340];
		size_t used = 0;

		write_bytes(hex, beside, (const void *)at, start + bytes - at);
		for (size_t i = 0; i < 16 && *names; i += 8, names = strchr(names, ' ') + 1) {
			struct words words = word_words(monitor, (const void *)(at + i), names);

			used += (size_t)snprintf(beside + used, sizeof(beside) - used, "%s%s",
						 used ? ", " : "", words.text);
		}
		say_line(monitor, "%lx %s%s", at, hex, beside);
	}
}

/* Can all of this memory be read? */
static bool can_read(const struct monitor *monitor, uintptr_t at, size_t bytes)
{
	const struct world *world = &monitor->session.world;
	uintptr_t offset = at - (uintptr_t)world->arena;

	if (offset < world->arena_bytes && bytes <= world->arena_bytes - offset)
		return true;
	return monitor->machine && monitor->machine->is_readable((const void *)at, bytes);
}

static enum answer dump_address(struct monitor *monitor, uintptr_t at, size_t bytes)
{
	struct words words = address_words(monitor, at);

	if (!can_read(monitor, at, bytes))
		return fail(monitor, "hex: %zu bytes at %#lx cannot be read", bytes, at);
	if (words.text[0])
		say_line(monitor, "%#lx: %s", at, words.text);
	dump(monitor, at, bytes, "");
	return ANSWER_DONE;
}

/* Prints a block of the heap: its header, @header bytes with the words @names, and @bytes. */
static enum answer dump_block(struct monitor *monitor, const void *payload, size_t header,
			      size_t bytes, const char *names)
{
	size_t room = mp_block_bytes(payload) - BLOCK_HEADER - header;

	if (bytes > room)
		bytes = room;
	dump(monitor, (uintptr_t)block_of(payload), BLOCK_HEADER + header + bytes, names);
	return ANSWER_DONE;
}

/* A small object: the header of its node, then its own bytes. */
static enum answer dump_small(struct monitor *monitor, const struct thing *object, size_t bytes)
{
	const struct mp_node_s *node = find_node(&monitor->session.world, object).node;

	dump(monitor, (uintptr_t)node, sizeof(*node), NODE_WORDS);
	return dump_address(monitor, (uintptr_t)object->at, bytes);
}

/* Prints bytes. */
enum answer cmd_hex(struct monitor *monitor, const struct args *args)
{
	bool is_named = args->kind != THING_KINDS;
	const struct world *world = &monitor->session.world;
	const struct thing *thing = is_named ? &world->of[args->kind][args->name] : NULL;
	unsigned int nr = is_named ? 0 : 1; /* numbers in front of the count */
	size_t bytes = args->nr > nr ? args->number[nr] : BYTES_DEFAULT;

	if (thing && args->nr == nr && args->kind != POOL && thing->size < bytes)
		bytes = thing->size;
	if (bytes > BYTES_MAX)
		return fail(monitor, "hex: at most %u bytes", BYTES_MAX);
	if (!thing)
		return dump_address(monitor, args->number[0], bytes);
	if (thing->ended)
		return fail(monitor, "%c%u has ended", THING_LETTERS[args->kind], args->name);
	if (args->kind == BLOCK)
		return dump_block(monitor, thing->at, 0, bytes, block_words);
	if (args->kind == POOL)
		return dump_block(monitor, thing->at, POOL_HEADER, bytes, pool_words);
	if (!mp_is_large(world->of[POOL][thing->pool].at, thing->at))
		return dump_small(monitor, thing, bytes);
	return dump_block(monitor, (const struct mp_large_s *)thing->at - 1,
			  sizeof(struct mp_large_s), bytes, large_words);
}
