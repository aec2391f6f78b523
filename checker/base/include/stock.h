/*
 * stock.h - memory for blocks that come and go often, and in few sizes: one that is given back is the next
 * one of its size. Nothing goes back to the system before the stock is freed, large blocks aside.
 */
#ifndef CANCELINT_BASE_STOCK_H
#define CANCELINT_BASE_STOCK_H

#include <stddef.h>

struct stock;

struct stock *stock_new(void);
void stock_free(struct stock *p); /* NULL is accepted; all blocks were given back */

/* At least *size bytes, not zeroed; *size becomes how many there are. */
void *stock_take(struct stock *p, size_t *size);
/* `size`: any number from what was asked for up to what there was. NULL is accepted. */
void stock_give(struct stock *p, void *block, size_t size);

#endif
