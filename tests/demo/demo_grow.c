// SPDX-License-Identifier: MIT
/*
 * demo_grow.c - the demonstration's third part: text, objects that grow, a limit, figures
 *
 *	server, limit 8,192
 *	  request, nodes of 256 bytes that double
 */
#include <kernel/lib/printk.h>
#include <kernel/lib/string.h>
#include <mm/env.h>
#include <tests/demo/demo.h>

/* Text is packed: the next one ends where the one before begins. */
static void show_text(struct mp_pool_s *pool)
{
	char *host = mp_strdup(pool, "example.org");
	char *line = mp_printf(pool, "GET %s/%d", host, 7);

	claim(host && line && !strcmp(line, "GET example.org/7"), "the text is formatted");
	claim(line + strlen(line) + 1 == host, "the text is packed");
	printk("# host = mp_strdup(request, \"example.org\"), and then mp_printf(request, \"GET %%s/%%d\",\n");
	printk("# host, 7) gives \"%s\". Text is packed: it ends where host begins.\n", line);
}

/* An array of ten numbers, made longer one by one. */
static void show_append(struct mp_pool_s *pool)
{
	int *numbers = NULL, *before = NULL, *number;
	size_t n = 0, moves = 0;

	while (n < 10) {
		number = mp_append(pool, &numbers, &n, sizeof(*number));
		claim(number, "a number is appended");
		if (!number)
			return;
		*number = (int)n;
		moves += numbers != before;
		before = numbers;
	}
	claim(moves == 1 && numbers[9] == 10, "the array grows in place");
	printk("# mp_append() makes an array of %zu numbers, one by one. It is the newest object, so it\n",
	       n);
	printk("# grows in place; else it would move, each time to room for twice as many.\n");
}

/* Pools with a limit and names, and the tree that they are. */
void show_growing(struct heap *heap)
{
	struct mp_options_s options = {
		.heap = heap, .size = 1024, .limit = 8192, .name = "server"
	};
	struct mp_pool_s *server = mp_create_pool_with(&options);
	struct mp_pool_s *request;

	printk("# A pool can have a name, nodes that double, and a limit over itself and all pools\n");
	printk("# below: here 8192 bytes for \"server\". Its child \"request\" begins with 256 bytes.\n");
	options = (struct mp_options_s){
		.parent = server, .size = 256, .max_size = 4096, .name = "request"
	};
	request = mp_create_pool_with(&options);
	claim(server && request, "two pools are created");
	if (!server || !request)
		return;
	show_text(request);
	show_append(request);
	claim(mp_alloc(request, 3000), "3000 bytes are within the limit");
	claim(!mp_alloc(request, 4000), "a request that would pass the limit gets NULL");
	printk("# mp_alloc(request, 3000) gets a node of 4096 bytes; mp_alloc(request, 4000) would pass\n");
	printk("# the limit, so it gets NULL. mp_print_tree(server) has figures in bytes and percent:\n");
	mp_print_tree(server);
	mp_destroy_pool(server);
	blank();
}
