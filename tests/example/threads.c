// SPDX-License-Identifier: MIT
/*
 * threads.c - four threads, each with a heap of its own, over one source of memory under a lock
 *
 *	thread	heap --> pages --- no range has room ---.
 *	thread	heap --> pages --------------------------+--> lock --> mmap()
 *	thread	heap --> pages --------------------------'
 *
 * Nothing of mm/ is shared, so nothing of mm/ is locked. Only the source is.
 */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <mm/heap.h>
#include <mm/mp_pool.h>
#include <mm/page.h>

#define THREADS 4
#define CHUNK ((size_t)1 << 20) /* bytes that a thread gets at once, at least */

/* The one thing that the threads share. */
static struct {
	pthread_mutex_t lock;
	size_t bytes; /* that were given out */
} source = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool more(struct page_allocator *pa, size_t pages, void *arg)
{
	size_t bytes = pages << MM_PAGE_SHIFT;
	void *p;

	(void)arg;
	if (bytes < CHUNK)
		bytes = CHUNK;
	pthread_mutex_lock(&source.lock);
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED)
		source.bytes += bytes;
	pthread_mutex_unlock(&source.lock);
	return p != MAP_FAILED && !page_add_range(pa, p, bytes);
}

/* A thread's own allocators. */
struct worker {
	pthread_t thread;
	struct page_allocator pages;
	struct heap heap;
	size_t served;
};

static void *work(void *arg)
{
	struct worker *worker = (struct worker *)arg;

	page_set_source(&worker->pages, more, NULL, NULL);
	heap_init(&worker->heap, &worker->pages);
	for (int request = 0; request < 1000; request++) {
		struct mp_pool_s *pool = mp_create_pool_on(&worker->heap, 4096);

		for (size_t size = 1; pool && size < 20000; size *= 2)
			worker->served += !!mp_calloc(pool, size);
		mp_destroy_pool(pool);
	}
	if (heap_check(&worker->heap))
		worker->served = 0;
	return NULL;
}

int main(void)
{
	static struct worker workers[THREADS];
	size_t served = 0;

	for (int i = 0; i < THREADS; i++)
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		served += workers[i].served;
	}
	printf("%zu objects, %zu MiB\n", served, source.bytes >> 20);
	return 0;
}
