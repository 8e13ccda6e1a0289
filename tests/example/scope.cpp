// SPDX-License-Identifier: MIT
/*
 * scope.cpp - in C++, leaving a scope by an exception releases it, too
 *
 * Prints what its handlers say, the newest first.
 */
#include <cstdio>
#include <mm/mp_pool.h>

static void say(void *data)
{
	std::puts(static_cast<const char *>(data));
}

static void say_at_the_end(mp_pool_s *pool, const char *text)
{
	mp_cleanup_or_run(pool, say, const_cast<char *>(text));
}

static void fail_inside(mp_pool_s *pool)
{
	MP_SCOPE(pool) {
		say_at_the_end(pool, "released by an exception");
		MP_SCOPE(pool) {
			say_at_the_end(pool, "an inner scope");
			throw 1;
		}
	}
}

int main()
{
	mp_pool_s *pool = mp_create_pool(1024);

	say_at_the_end(pool, "the pool ends");
	try {
		fail_inside(pool);
	} catch (int) {
		std::puts("caught");
	}
	for (int i = 0; i < 2; i++)
		MP_SCOPE(pool) {
			say_at_the_end(pool, i ? "second round" : "first round");
			continue;
		}
	mp_destroy_pool(pool);
}
