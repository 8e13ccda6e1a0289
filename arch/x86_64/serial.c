// SPDX-License-Identifier: MIT
/*
 * serial.c - the console: a 16550 UART on COM1
 *
 * The first use looks for the UART and sets it up, so that a panic can print at
 * any time. Every wait is bounded: without a UART, or with one that is stuck, text
 * is dropped and the kernel goes on.
 *
 * Nothing interrupts the kernel, so a byte that has come is noticed when the line status
 * is read. Whoever reads it for any reason puts that byte into a ring:
 *
 *	uart_poll() ---> received[] ---> arch_console_read()
 *
 * While the ring is full, bytes stay in the UART, and QEMU sends no more.
 */
#include <arch/x86_64/cpu.h>
#include <kernel/arch.h>

enum uart_register {
	UART_DATA = 0x3f8,
	UART_DIVISOR_LOW = 0x3f8, /* these two only while LCR_DLAB is set */
	UART_DIVISOR_HIGH = 0x3f9,
	UART_IER = 0x3f9, /* interrupts */
	UART_FCR = 0x3fa, /* FIFOs */
	UART_LCR = 0x3fb, /* line control */
	UART_MCR = 0x3fc, /* modem control */
	UART_LSR = 0x3fd, /* line status */
};

#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define FCR_ENABLE_CLEAR 0xc7 /* 14 bytes are many: up to there QEMU fills the FIFO at once */
#define MCR_DTR 0x01
#define MCR_RTS 0x02
#define MCR_LOOP 0x10
#define LSR_RECEIVED 0x01
#define LSR_OVERRUN 0x02 /* a byte came and there was no room for it */
#define LSR_ROOM 0x20	 /* the send FIFO is empty */
#define LSR_NOTHING_THERE 0xff

#define PROBE 0xc1 /* in no text: UTF-8 does not use it */
#define FIFO_SIZE 16
#define WAIT_POLLS 1000000 /* about a second; 16 characters take 1.4 ms */
#define RING_SIZE 4096u
#define RING_FULL (RING_SIZE - 256) /* so full that the sender is told to wait */

static uint8_t received[RING_SIZE];
static unsigned int nr_received, nr_read; /* since the start; they may wrap */
static unsigned int nr_lost;
static size_t send_size = 1; /* bytes that may be sent at once */
static bool is_held;	     /* the sender was told to wait: RTS is off */

/* Reads the line status. Puts a byte that has come into the ring, and sets RTS. */
static uint8_t uart_poll(void)
{
	uint8_t status = inb(UART_LSR);
	unsigned int filled = nr_received - nr_read;
	bool hold = filled > RING_FULL;

	if (status & LSR_OVERRUN)
		nr_lost++;
	if (status & LSR_RECEIVED && filled < RING_SIZE)
		received[nr_received++ % RING_SIZE] = inb(UART_DATA);
	if (is_held != hold) {
		is_held = hold;
		outb(UART_MCR, hold ? MCR_DTR : MCR_DTR | MCR_RTS);
	}
	return status;
}

static bool uart_wait_for_room(void)
{
	for (int i = 0; i < WAIT_POLLS; i++)
		if (uart_poll() & LSR_ROOM)
			return true;
	return false;
}

/* Takes the probe out of the ring when it comes. Bytes of a pipe may come before it. */
static bool uart_wait_for_probe(void)
{
	for (int i = 0; i < WAIT_POLLS; i++) {
		uart_poll();
		if (nr_received && received[nr_received - 1] == PROBE) {
			nr_received--;
			return true;
		}
	}
	return false;
}

/*
 * 115200 bits a second. In loopback mode, a byte that comes back shows that a UART is there.
 * Another byte also shows it. Then the sender does not wait for the kernel, and switching
 * the FIFOs on would throw away what comes just now: they stay off.
 */
static bool uart_init(void)
{
	if (inb(UART_LSR) == LSR_NOTHING_THERE)
		return false;
	outb(UART_IER, 0);
	outb(UART_LCR, LCR_DLAB);
	outb(UART_DIVISOR_LOW, 1);
	outb(UART_DIVISOR_HIGH, 0);
	outb(UART_LCR, LCR_8N1);
	if (!(inb(UART_LSR) & LSR_RECEIVED)) {
		outb(UART_FCR, FCR_ENABLE_CLEAR);
		outb(UART_MCR, MCR_LOOP);
		outb(UART_DATA, PROBE);
		if (!uart_wait_for_probe())
			return false;
		send_size = FIFO_SIZE;
	}
	outb(UART_MCR, MCR_DTR | MCR_RTS);
	return true;
}

static enum { UART_UNKNOWN, UART_WORKS, UART_ABSENT } state;

static bool uart_works(void)
{
	if (state == UART_UNKNOWN)
		state = uart_init() ? UART_WORKS : UART_ABSENT;
	return state == UART_WORKS;
}

void arch_console_write(const char *text, size_t length)
{
	for (size_t i = 0; i < length && uart_works(); i++) {
		if (i % send_size == 0 && !uart_wait_for_room())
			state = UART_ABSENT;
		else
			outb(UART_DATA, text[i]);
	}
}

int arch_console_read(void)
{
	if (!uart_works())
		return -1;
	uart_poll();
	return nr_read == nr_received ? -1 : received[nr_read++ % RING_SIZE];
}

unsigned int arch_console_lost(void)
{
	return nr_lost;
}
