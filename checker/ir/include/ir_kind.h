/*
 * ir_kind.h - what kind of type the source has, as far as anybody asks.
 */
#ifndef CANCELINT_IR_KIND_H
#define CANCELINT_IR_KIND_H

enum ir_kind {
	IR_KIND_OTHER,
	IR_KIND_VOID,
	IR_KIND_CHAR,   /* plain: text */
	IR_KIND_NUMBER, /* enumerations, too */
	IR_KIND_POINTER, /* or a reference */
	IR_KIND_RECORD,
	IR_KIND_FUNCTION,
};

#endif
