/* SPDX-License-Identifier: MIT */
/*
 * memory.S - memset, memcpy, memmove: eight bytes an instruction
 *
 * From 8 bytes on, a rep instruction writes all whole words, and one store writes the
 * last 8 bytes, which may overlap the words. Fewer than 8 bytes take a few stores that
 * may overlap. So memset and memcpy take at most 12 + n / 8 instructions. QEMU's -icount
 * counts each round of a rep as one instruction, and one more to find that it is done.
 */
	.text
	.globl	memset, memcpy, memmove

memset:					/* (%rdi, %esi, %rdx) */
	cmpq	$8, %rdx
	jb	1f
	movq	%rdi, %r8
	movzbl	%sil, %eax
	movabsq	$0x0101010101010101, %rcx
	imulq	%rcx, %rax
	movq	%rax, -8(%rdi, %rdx)
	movq	%rdx, %rcx
	shrq	$3, %rcx
	rep stosq
	movq	%r8, %rax
	ret
1:	movq	%rdi, %rax
	cmpl	$4, %edx
	jae	2f
	testl	%edx, %edx
	jz	3f
	movb	%sil, (%rdi)
	movb	%sil, -1(%rdi, %rdx)
	shrl	$1, %edx
	movb	%sil, (%rdi, %rdx)	/* the middle one of three */
	ret
2:	movzbl	%sil, %ecx
	imull	$0x01010101, %ecx, %ecx
	movl	%ecx, (%rdi)
	movl	%ecx, -4(%rdi, %rdx)
3:	ret

memcpy:					/* (%rdi, %rsi, %rdx) */
	movq	%rdi, %rax
forward:
	cmpq	$8, %rdx
	jb	1f
	movq	-8(%rsi, %rdx), %r8	/* loaded before a store can overwrite it */
	leaq	-8(%rdi, %rdx), %r9
	movq	%rdx, %rcx
	shrq	$3, %rcx
	rep movsq
	movq	%r8, (%r9)
	ret
1:	cmpl	$4, %edx
	jae	four_to_seven
	movl	%edx, %ecx
	rep movsb
	ret
four_to_seven:				/* both loads come before the stores */
	movl	(%rsi), %ecx
	movl	-4(%rsi, %rdx), %r8d
	movl	%ecx, (%rdi)
	movl	%r8d, -4(%rdi, %rdx)
	ret

memmove:
	movq	%rdi, %rax
	movq	%rdi, %rcx
	subq	%rsi, %rcx
	cmpq	%rdx, %rcx
	jae	forward			/* dest does not begin inside the source */
	movq	%rdx, %rcx
	cmpq	$4, %rdx
	jb	1f
	cmpq	$8, %rdx
	jb	four_to_seven
	movq	(%rsi), %r8
	leaq	-8(%rsi, %rdx), %rsi
	leaq	-8(%rdi, %rdx), %rdi
	shrq	$3, %rcx
	std				/* from the last word down */
	rep movsq
	cld
	movq	%r8, (%rax)
	ret
1:	leaq	-1(%rsi, %rdx), %rsi
	leaq	-1(%rdi, %rdx), %rdi
	std
	rep movsb
	cld
	ret

	.section .note.GNU-stack, "", @progbits
