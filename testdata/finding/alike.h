/* alike.h - random texts of one essence. */
#ifndef CANCELINT_FINDING_ALIKE_H
#define CANCELINT_FINDING_ALIKE_H

int run_alike(unsigned seed, unsigned rounds);

#endif
