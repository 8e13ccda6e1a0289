// SPDX-License-Identifier: MIT
/*
 * demo_say.c - what the parts of the demonstration say in the same way
 */
#include <kernel/lib/printk.h>
#include <tests/demo/demo.h>

bool all_true;
unsigned int nr_claims;

void blank(void)
{
	printk("# %s\n", "");
}

void claim(bool is_so, const char *what)
{
	nr_claims++;
	if (is_so)
		return;
	printk("# WRONG: this does not hold: %s\n", what);
	all_true = false;
}
