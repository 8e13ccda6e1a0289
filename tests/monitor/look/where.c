// SPDX-License-Identifier: MIT
/*
 * where.c - "find" and "where": what lies at an address, and where an object lies
 */
#include <mm/mp_record.h>
#include <tests/monitor/look/draw.h>

/* Says what lies at an address. */
enum answer cmd_find(struct monitor *monitor, const struct args *args)
{
	struct words words = address_words(monitor, args->number[0]);

	if (words.text[0])
		say_line(monitor, "%#lx: %s", args->number[0], words.text);
	else if (monitor->machine)
		monitor->machine->find(monitor, args->number[0]);
	else
		say_line(monitor, "%#lx: outside of the arena", args->number[0]);
	return ANSWER_DONE;
}

/* Says where the large block @object is. */
static void say_large(struct monitor *monitor, uint32_t number, const struct thing *object)
{
	const struct mp_large_s *record = (const struct mp_large_s *)object->at - 1;
	size_t bytes = mp_block_bytes(record);

	say_line(monitor, "a%u: %zu bytes at %#lx, a large block of p%u.", number, object->size,
		 (uintptr_t)object->at, object->pool);
	say_line(monitor, "Its heap block: %zu bytes: header %zu, record %zu, a%u %zu, unused %zu.",
		 bytes, BLOCK_HEADER, sizeof(*record), number, object->size,
		 bytes - BLOCK_HEADER - sizeof(*record) - object->size);
}

/* Says where the small @object is. */
static void say_small(struct monitor *monitor, uint32_t number, const struct thing *object)
{
	const struct world *world = &monitor->session.world;
	uintptr_t at = (uintptr_t)object->at;
	struct pool_place owner = find_node(world, object);
	bool is_aligned = at < (uintptr_t)owner.node->last;
	size_t room = is_aligned ? MP_ROOM(object->size) : MP_PACKED(object->size);
	size_t from = at - mp_node_start(owner.pool, owner.node);

	say_line(monitor, "a%u: %zu bytes at %#lx, in node %u of p%u: bytes %zu to %zu of %zu, %s.",
		 number, object->size, at, node_number(owner.pool, owner.node), object->pool, from,
		 from + room, mp_node_size(owner.pool, owner.node),
		 is_aligned ? "aligned" : "packed");
	say_line(monitor, "Before it: %s.", address_words(monitor, at - 1).text);
	say_line(monitor, "Behind it: %s.", address_words(monitor, at + room).text);
}

/* Says where an object lies. */
enum answer cmd_where(struct monitor *monitor, const struct args *args)
{
	const struct thing *object = &monitor->session.world.of[OBJECT][args->name];

	if (object->ended)
		return fail(monitor, "a%u has ended", args->name);
	if (mp_is_large(monitor->session.world.of[POOL][object->pool].at, object->at))
		say_large(monitor, args->name, object);
	else
		say_small(monitor, args->name, object);
	return ANSWER_DONE;
}
