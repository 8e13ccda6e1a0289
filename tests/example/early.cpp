// SPDX-License-Identifier: MIT
/*
 * early.cpp - the library is ready before the constructors of C++ objects run
 */
#include <cstdio>
#include <mm/heap.h>
#include <mm/mp_pool.h>

struct early {
	struct mp_pool_s *pool;

	early() : pool(mp_create_pool(100))
	{
	}
};

static early first;

int main()
{
	void *p = first.pool ? mp_alloc(first.pool, 100000) : NULL;

	std::puts(p && !mp_free(first.pool, p) && !heap_check(&kernel_heap) ? "ready" :
									      "not ready");
	mp_destroy_pool(first.pool);
	return 0;
}
