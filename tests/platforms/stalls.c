// Stalls the threads of a program at random system calls, as a machine under heavy load does. Used by stalls.sh.
// STALLS is the seed; without it, nothing is stalled.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// At most four stalls in each process, of 40 ms to 4 s, with 1 to 400 calls before each.
enum { STALLS = 4, SHORTEST = 40, LONGEST = 4000, CALLS = 400 };

static volatile long calls, stalled_call;
static uint64_t random_state;
static int left;

static double random_below_one(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) / 9007199254740992.0;
}

static double random_between(double least, double most) {
    return exp(log(least) + random_below_one() * (log(most) - log(least)));
}

static long system_call(long number, long a, long b, long c, long d, long e, long f) {
    static long (*real)(long, ...);
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return real(number, a, b, c, d, e, f);
}

static void stall(void) {
    if (left <= 0 || __sync_add_and_fetch(&calls, 1) != stalled_call) return;
    left--;
    long millis = (long)random_between(SHORTEST, LONGEST);
    stalled_call = calls + (long)random_between(1, CALLS);
    struct timespec time = {millis / 1000, millis % 1000 * 1000000};
    int before = errno;
    system_call(SYS_nanosleep, (long)&time, 0, 0, 0, 0, 0);
    errno = before;
}

__attribute__((constructor)) static void start(void) {
    const char *seed = getenv("STALLS");
    if (!seed) return;
    random_state = strtoull(seed, 0, 10) * 1000003 ^ (uint64_t)getpid() * 7919 ^ 1;
    for (int i = 0; i < 9; i++) random_below_one();
    stalled_call = (long)random_between(1, CALLS);
    left = STALLS;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    stall();
    return (int)system_call(SYS_clock_gettime, clock, (long)time, 0, 0, 0, 0);
}

// The standard library waits for locks and events with it.
long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long of[6];
    for (int i = 0; i < 6; i++) of[i] = va_arg(list, long);
    va_end(list);
    stall();
    return system_call(number, of[0], of[1], of[2], of[3], of[4], of[5]);
}

#define STALLED(type, name, parameters, arguments)              \
    type name parameters {                                      \
        static type(*real) parameters;                          \
        if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        stall();                                                \
        return real arguments;                                  \
    }

STALLED(ssize_t, recv, (int a, void *b, size_t c, int d), (a, b, c, d))
STALLED(ssize_t, send, (int a, const void *b, size_t c, int d), (a, b, c, d))
STALLED(ssize_t, read, (int a, void *b, size_t c), (a, b, c))
STALLED(ssize_t, write, (int a, const void *b, size_t c), (a, b, c))
STALLED(ssize_t, writev, (int a, const struct iovec *b, int c), (a, b, c))
STALLED(int, connect, (int a, const struct sockaddr *b, socklen_t c), (a, b, c))
STALLED(int, accept4, (int a, struct sockaddr *b, socklen_t *c, int d), (a, b, c, d))
STALLED(int, poll, (struct pollfd * a, nfds_t b, int c), (a, b, c))
STALLED(int, shutdown, (int a, int b), (a, b))
STALLED(int, rename, (const char *a, const char *b), (a, b))
STALLED(int, flock, (int a, int b), (a, b))
