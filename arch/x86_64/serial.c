// SPDX-License-Identifier: MIT
/*
 * serial.c - the console: a 16550 UART on COM1
 *
 * The first write looks for the UART and sets it up, so that a panic can print at
 * any time. Every wait is bounded: without a UART, or with one that is stuck, text
 * is dropped and the kernel goes on.
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
#define FCR_ENABLE_CLEAR 0x07
#define MCR_DTR_RTS 0x03
#define MCR_LOOP 0x10
#define LSR_RECEIVED 0x01
#define LSR_ROOM 0x20 /* the send FIFO is empty */

#define FIFO_SIZE 16
#define WAIT_POLLS 1000000 /* about a second; 16 characters take 1.4 ms */

static bool uart_wait(uint8_t what)
{
	for (int i = 0; i < WAIT_POLLS; i++)
		if (inb(UART_LSR) & what)
			return true;
	return false;
}

/* 115200 bits a second. In loopback mode, a byte that comes back shows that a UART is there. */
static bool uart_init(void)
{
	const uint8_t probe = 0xa5;

	outb(UART_IER, 0);
	outb(UART_LCR, LCR_DLAB);
	outb(UART_DIVISOR_LOW, 1);
	outb(UART_DIVISOR_HIGH, 0);
	outb(UART_LCR, LCR_8N1);
	outb(UART_FCR, FCR_ENABLE_CLEAR);
	outb(UART_MCR, MCR_LOOP);
	outb(UART_DATA, probe);
	if (!uart_wait(LSR_RECEIVED) || inb(UART_DATA) != probe)
		return false;
	outb(UART_MCR, MCR_DTR_RTS);
	return true;
}

void arch_console_write(const char *text, size_t length)
{
	static enum { UART_UNKNOWN, UART_WORKS, UART_ABSENT } state;

	if (state == UART_UNKNOWN)
		state = uart_init() ? UART_WORKS : UART_ABSENT;

	for (size_t i = 0; i < length && state == UART_WORKS; i++) {
		if (i % FIFO_SIZE == 0 && !uart_wait(LSR_ROOM))
			state = UART_ABSENT;
		else
			outb(UART_DATA, text[i]);
	}
}
