/* clock.h - seconds of a clock that nobody sets. */
#ifndef CANCELINT_WORKER_CLOCK_H
#define CANCELINT_WORKER_CLOCK_H

double clock_now(void);

#endif
