// SPDX-License-Identifier: MIT
/*
 * plot_trace.c - the suite "plot": what a trace asks for, holds and costs, event by event
 *
 *	replay		through			what is noted
 *	1, 2		mp_pool, the reference	at which events most is asked for, and held
 *	3		mp_pool			where the bytes are
 *	4, 5		mp_pool, the reference	pages, instructions
 *
 * The bytes are counted in pools of mp_create_pool_with(), so the instructions have a replay of
 * their own. A sample is taken before the first event, then at up to 396 events, at the same
 * distance from each other, and at the events that the first two replays have found. So no peak
 * is missed.
 */
#include <kernel/lib/printk.h>
#include <mm/mp_pool.h>
#include <tests/bench/trace/bench_play.h>

#define REGULAR 396
#define PEAKS 3

/* What holds after @event events. Instructions are those of all events so far. */
struct sample {
	size_t event;
	bool is_regular; /* its distance from the regular one before is that of all others */
	size_t pages, other_pages;
	uint64_t instructions, other_instructions;
	struct bench_bytes bytes;
};

/* The most of something, and after how many events it was reached first. */
struct peak {
	size_t most, event;
};

/* They lie in pages of their own. */
static struct sample *samples;
static size_t nr_samples, next;
#define SAMPLES (1 + REGULAR + PEAKS)
#define SAMPLE_PAGES (SAMPLES * sizeof(struct sample) / MM_PAGE_SIZE + 1)

static struct peak asked, pages, other_pages;

static void note_peak(struct peak *peak, const struct bench_outcome *outcome, size_t now)
{
	if (peak->event && now <= peak->most)
		return;
	*peak = (struct peak){ now, outcome->all.count };
}

static void find_our_peaks(const struct bench_outcome *outcome, size_t now)
{
	note_peak(&pages, outcome, now);
	note_peak(&asked, outcome, bench_bytes_now()->asked);
}

static void find_other_peak(const struct bench_outcome *outcome, size_t now)
{
	note_peak(&other_pages, outcome, now);
}

/* The next sample, if it is to be taken after this event. */
static struct sample *sample_of(const struct bench_outcome *outcome)
{
	if (next >= nr_samples || samples[next].event != outcome->all.count)
		return NULL;
	return &samples[next++];
}

static void sample_ours(const struct bench_outcome *outcome, size_t now)
{
	struct sample *sample = sample_of(outcome);

	if (!sample)
		return;
	sample->pages = now;
	sample->instructions = outcome->all.total;
}

static void sample_bytes(const struct bench_outcome *outcome, size_t now)
{
	struct sample *sample = sample_of(outcome);

	(void)now;
	if (sample)
		sample->bytes = *bench_bytes_now();
}

static void sample_other(const struct bench_outcome *outcome, size_t now)
{
	struct sample *sample = sample_of(outcome);

	if (!sample)
		return;
	sample->other_pages = now;
	sample->other_instructions = outcome->all.total;
}

/* Puts a sample in its place, unless there is one of the same event. */
static void add_sample(size_t event, bool is_regular)
{
	size_t i = nr_samples;

	while (i && samples[i - 1].event > event)
		i--;
	if (i && samples[i - 1].event == event)
		return;
	for (size_t j = nr_samples++; j > i; j--)
		samples[j] = samples[j - 1];
	samples[i] = (struct sample){ .event = event, .is_regular = is_regular };
}

static void choose_samples(void)
{
	size_t events = bench_trace.nr_events, regular = events < REGULAR ? events : REGULAR;

	nr_samples = 0;
	for (size_t i = 0; i <= regular; i++)
		add_sample(regular ? i * events / regular : 0, true);
	add_sample(asked.event, false);
	add_sample(pages.event, false);
	add_sample(other_pages.event, false);
}

/* One replay; @after notes what it is for. */
static void replay(struct kunit *test, const struct bench_contender *contender,
		   const struct bench_nodes *nodes,
		   void (*after)(const struct bench_outcome *outcome, size_t now),
		   struct bench_outcome *outcome)
{
	next = 1;
	bench_after_event = after;
	bench_play(test, contender, nodes, outcome);
	bench_after_event = NULL;
	if (outcome->is_cut)
		printk("# plot: cut=1\n");
	KUNIT_ASSERT_FALSE(test, outcome->is_cut);
}

static void print_sample(struct kunit *test, const struct sample *sample)
{
	const struct bench_bytes *bytes = &sample->bytes;
	size_t held = sample->pages * MM_PAGE_SIZE;

	KUNIT_EXPECT_LE(test, bytes->held, held);
	printk("# plot: event=%zu regular=%d asked=%zu pages=%zu other_pages=%zu", sample->event,
	       sample->is_regular, bytes->asked, sample->pages, sample->other_pages);
	printk(" padding=%zu tails=%zu headers=%zu heap=%zu instructions=%lu other=%lu\n",
	       bytes->padding, bytes->tails, bytes->headers, held - bytes->held,
	       sample->instructions, sample->other_instructions);
}

static void plot_replay(struct kunit *test)
{
	static const struct bench_nodes as_recorded = { 0 };
	static struct bench_outcome ours, other;

	asked = (struct peak){ 0 };
	pages = asked;
	other_pages = asked;
	replay(test, &bench_ours, &as_recorded, find_our_peaks, &ours);
	replay(test, &bench_reference, NULL, find_other_peak, &other);
	choose_samples();
	replay(test, &bench_ours, &as_recorded, sample_bytes, &ours);
	replay(test, &bench_ours, NULL, sample_ours, &ours);
	replay(test, &bench_reference, NULL, sample_other, &other);
	/* mp_create_pool() takes what mp_create_pool_with() takes. */
	KUNIT_EXPECT_EQ(test, pages.most, ours.peak_pages);
	KUNIT_EXPECT_EQ(test, other_pages.most, other.peak_pages);
	KUNIT_EXPECT_EQ(test, next, nr_samples);

	printk("# plot: trace=%s align=%d events=%zu", bench_module_name(), MP_ALIGNMENT,
	       bench_trace.nr_events);
	printk(" asked=%zu asked_at=%zu pages=%zu pages_at=%zu other_pages=%zu other_pages_at=%zu",
	       asked.most, asked.event, pages.most, pages.event, other_pages.most,
	       other_pages.event);
	printk(" instructions=%lu other=%lu samples=%zu\n", ours.all.total, other.all.total,
	       nr_samples);
	if (other.fault)
		printk("# plot: fault=%s\n", other.fault);
	for (size_t i = 0; i < nr_samples; i++)
		print_sample(test, &samples[i]);
}

static int plot_init(struct kunit *test)
{
	samples = page_alloc(&kernel_pages, SAMPLE_PAGES);
	KUNIT_ASSERT_NOT_NULL(test, samples);
	if (bench_init_huge(test))
		return 1;
	bench_open_trace(test);
	return 0;
}

static void plot_exit(struct kunit *test)
{
	bench_after_event = NULL;
	bench_close_trace(test);
	bench_exit(test);
	if (samples)
		KUNIT_EXPECT_EQ(test, page_put_back(&kernel_pages, samples, SAMPLE_PAGES), 0);
	samples = NULL;
}

static bool plot_is_wanted(void)
{
	size_t size;

	return bench_is_plotting() && bench_module(&size);
}

static struct kunit_case plot_cases[] = {
	KUNIT_CASE(plot_replay),
	{},
};

static struct kunit_suite plot_suite = {
	.name = "plot",
	.test_cases = plot_cases,
	.init = plot_init,
	.exit = plot_exit,
	.wanted = plot_is_wanted,
	.needs = "the word \"plot\" and a trace",
};

kunit_test_suite(plot_suite);
