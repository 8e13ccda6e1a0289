// SPDX-License-Identifier: MIT
/*
 * contents.c - every live range holds a pattern of its own, as long as it lives
 */
#include <tests/kunit/pattern.h>
#include <tests/model/model.h>

/**
 * model_fill() - fill a part of a range with a pattern of its own
 * @m: the model
 * @live: the range
 * @data: the part's first byte
 * @size: the part's size
 */
void model_fill(struct model *m, struct live *live, void *data, size_t size)
{
	live->data = data;
	live->size = size;
	live->number = m->next_number++;
	pattern_fill(data, size, live->number);
}

/**
 * model_intact() - does a range hold its pattern?
 * @m: the model
 * @live: the range
 *
 * Return: false, with an error noted, if it does not.
 */
bool model_intact(struct model *m, const struct live *live)
{
	size_t good;

	if (!live->data)
		return true;
	good = pattern_check(live->data, live->size, live->number);
	if (good == live->size)
		return true;
	return model_fail(m, "%s of %zu bytes at arena + 0x%zx was overwritten at its byte %zu",
			  model_name(live), live->size, (size_t)(live->data - m->arena), good);
}

/**
 * model_all_intact() - do all ranges hold their patterns?
 * @m: the model
 *
 * Return: false, with an error noted, if one does not.
 */
bool model_all_intact(struct model *m)
{
	for (const struct live *live = m->live; live < m->live + m->nr_live; live++)
		if (live->kind && !model_intact(m, live))
			return false;
	return true;
}

/**
 * model_neighbours_intact() - do the ranges around an address hold their patterns?
 * @m: the model
 * @at: the address
 *
 * Return: false, with an error noted, if the next one below or above does not.
 */
bool model_neighbours_intact(struct model *m, const unsigned char *at)
{
	const struct live *below = NULL, *above = NULL;

	for (const struct live *live = m->live; live < m->live + m->nr_live; live++) {
		if (!live->kind || !live->data)
			continue;
		if (live->data < at && (!below || live->data > below->data))
			below = live;
		if (live->data > at && (!above || live->data < above->data))
			above = live;
	}
	return (!below || model_intact(m, below)) && (!above || model_intact(m, above));
}
