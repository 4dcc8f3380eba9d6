/* Counts the calls by which a process changes files below one folder, and strikes at a chosen one.
 *
 * Loaded with LD_PRELOAD into Python and, through it, into every git child. All of them share one page, mapped from the
 * file named by FAULTS_PAGE, so call number k is the k-th of the whole publication, whoever makes it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, KILL_GROUP, KILL_CALLER, DISK_FULL, IO_ERROR };
enum { CREATE, WRITE, SYNC, RENAME, LINK, UNLINK, TRUNCATE, MKDIR, SEND, KINDS };

struct page {                 /* the same layout as `Page` in harness.py */
    volatile uint32_t armed;
    uint32_t mode;
    uint64_t target;          /* strike at this call, counted from 1 */
    volatile uint64_t count;
    volatile uint64_t kinds[KINDS];
    int32_t group;
    uint32_t sends;           /* also count what is sent to sockets (a database server) */
    char root[1024];          /* only calls below this folder count */
};

static struct page *page;

__attribute__((constructor)) static void attach(void)
{
    const char *name = getenv("FAULTS_PAGE");
    int fd = name ? (int)open(name, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *mapped = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped != MAP_FAILED)
        page = mapped;
}

static int below(const char *path)
{
    size_t length = strlen(page->root);
    return length && !strncmp(path, page->root, length) && (path[length] == '/' || !path[length]);
}

static int counts_path(int folder, const char *path)
{
    char base[PATH_MAX], link[64];
    if (!page || !page->armed || !path)
        return 0;
    if (path[0] == '/')
        return below(path);
    if (folder == AT_FDCWD)
        return getcwd(base, sizeof base) && below(base);
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t n = readlink(link, base, sizeof base - 1);
    if (n < 0)
        return 0;
    base[n] = 0;
    return below(base);
}

static int counts_fd(int fd)
{
    char link[64], path[PATH_MAX];
    if (!page || !page->armed)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0)
        return 0;
    path[n] = 0;
    return below(path);
}

/* Returns 1 when the call must fail; errno is set then. Does not return when it kills its own process. */
static int strike(int kind)
{
    uint64_t n = __sync_add_and_fetch(&page->count, 1);
    __sync_add_and_fetch(&page->kinds[kind], 1);
    if (page->mode == DISK_FULL && n >= page->target &&
        (kind == CREATE || kind == WRITE || kind == MKDIR || kind == LINK || kind == TRUNCATE)) {
        errno = ENOSPC;
        return 1;
    }
    if (n != page->target)
        return 0;
    if (page->mode == KILL_GROUP || page->mode == KILL_CALLER) {
        kill(page->mode == KILL_GROUP ? -page->group : getpid(), SIGKILL);
        for (;;)
            pause();
    }
    if (page->mode == IO_ERROR) {
        errno = EIO;
        return 1;
    }
    return 0;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define OPEN_LIKE(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(int, name, const char *, int, ...); \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        if ((flags & O_CREAT) && counts_path(AT_FDCWD, path) && strike(CREATE)) return -1; \
        return real(path, flags, mode); \
    }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPENAT_LIKE(name) \
    int name(int folder, const char *path, int flags, ...) \
    { \
        REAL(int, name, int, const char *, int, ...); \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        if ((flags & O_CREAT) && counts_path(folder, path) && strike(CREATE)) return -1; \
        return real(folder, path, flags, mode); \
    }
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)

FILE *fopen(const char *path, const char *mode)
{
    REAL(FILE *, fopen, const char *, const char *);
    if (mode && mode[0] != 'r' && counts_path(AT_FDCWD, path) && strike(CREATE)) return NULL;
    return real(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    REAL(FILE *, fopen64, const char *, const char *);
    if (mode && mode[0] != 'r' && counts_path(AT_FDCWD, path) && strike(CREATE)) return NULL;
    return real(path, mode);
}

#define FD_CALL(type, name, kind, arguments, types, values) \
    type name arguments \
    { \
        static type (*real) types; \
        if (!real) real = (type (*) types)dlsym(RTLD_NEXT, #name); \
        if (counts_fd(fd) && strike(kind)) return -1; \
        return real values; \
    }
FD_CALL(ssize_t, write, WRITE, (int fd, const void *b, size_t n), (int, const void *, size_t), (fd, b, n))
FD_CALL(ssize_t, pwrite, WRITE, (int fd, const void *b, size_t n, off_t o), (int, const void *, size_t, off_t), (fd, b, n, o))
FD_CALL(ssize_t, pwrite64, WRITE, (int fd, const void *b, size_t n, off64_t o), (int, const void *, size_t, off64_t), (fd, b, n, o))
FD_CALL(ssize_t, writev, WRITE, (int fd, const struct iovec *v, int n), (int, const struct iovec *, int), (fd, v, n))
FD_CALL(int, fsync, SYNC, (int fd), (int), (fd))
FD_CALL(int, fdatasync, SYNC, (int fd), (int), (fd))
FD_CALL(int, ftruncate, TRUNCATE, (int fd, off_t n), (int, off_t), (fd, n))
FD_CALL(int, ftruncate64, TRUNCATE, (int fd, off64_t n), (int, off64_t), (fd, n))

#define PATH_CALL(name, kind, folder, path, arguments, types, values) \
    int name arguments \
    { \
        static int (*real) types; \
        if (!real) real = (int (*) types)dlsym(RTLD_NEXT, #name); \
        if (counts_path(folder, path) && strike(kind)) return -1; \
        return real values; \
    }
PATH_CALL(rename, RENAME, AT_FDCWD, to, (const char *from, const char *to), (const char *, const char *), (from, to))
PATH_CALL(renameat, RENAME, d2, to, (int d1, const char *from, int d2, const char *to), (int, const char *, int, const char *), (d1, from, d2, to))
PATH_CALL(renameat2, RENAME, d2, to, (int d1, const char *from, int d2, const char *to, unsigned f), (int, const char *, int, const char *, unsigned), (d1, from, d2, to, f))
PATH_CALL(link, LINK, AT_FDCWD, to, (const char *from, const char *to), (const char *, const char *), (from, to))
PATH_CALL(linkat, LINK, d2, to, (int d1, const char *from, int d2, const char *to, int f), (int, const char *, int, const char *, int), (d1, from, d2, to, f))
PATH_CALL(unlink, UNLINK, AT_FDCWD, path, (const char *path), (const char *), (path))
PATH_CALL(unlinkat, UNLINK, d, path, (int d, const char *path, int f), (int, const char *, int), (d, path, f))
PATH_CALL(rmdir, UNLINK, AT_FDCWD, path, (const char *path), (const char *), (path))
PATH_CALL(mkdir, MKDIR, AT_FDCWD, path, (const char *path, mode_t m), (const char *, mode_t), (path, m))
PATH_CALL(mkdirat, MKDIR, d, path, (int d, const char *path, mode_t m), (int, const char *, mode_t), (d, path, m))

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    REAL(ssize_t, send, int, const void *, size_t, int);
    if (page && page->armed && page->sends && strike(SEND)) return -1;
    return real(fd, data, size, flags);
}
