/* Lets the n-th writing call on one file and its companions fail, as a broken disk would.
 *
 * Built and preloaded by tests/support/failing_calls.py. FAIL_ON is how the file's path begins;
 * fail_at(n) arms it and gives how many calls there were since the last time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls, failing = -1;

long fail_at(long n) {
    long before = calls;
    calls = 0;
    failing = n;
    return before;
}

static int path_fails(const char *path) {
    const char *begins = getenv("FAIL_ON");
    if (!begins || !path || strncmp(path, begins, strlen(begins)) || strstr(path, ".lock"))
        return 0;
    return ++calls == failing;
}

static int file_fails(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return path_fails(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define OR_FAIL(fails, real) \
    if (fails) { errno = EIO; return -1; } \
    return real

ssize_t write(int fd, const void *data, size_t size) { OR_FAIL(file_fails(fd), REAL(write)(fd, data, size)); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { OR_FAIL(file_fails(fd), REAL(pwrite64)(fd, data, size, at)); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { OR_FAIL(file_fails(fd), REAL(pwrite)(fd, data, size, at)); }
int fsync(int fd) { OR_FAIL(file_fails(fd), REAL(fsync)(fd)); }
int fdatasync(int fd) { OR_FAIL(file_fails(fd), REAL(fdatasync)(fd)); }
int ftruncate64(int fd, off64_t size) { OR_FAIL(file_fails(fd), REAL(ftruncate64)(fd, size)); }
int ftruncate(int fd, off_t size) { OR_FAIL(file_fails(fd), REAL(ftruncate)(fd, size)); }
int unlink(const char *path) { OR_FAIL(path_fails(path), REAL(unlink)(path)); }
