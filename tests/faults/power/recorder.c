/* What a process does to the files of one database, and every request and reply, written down in one order.

   Preloaded (LD_PRELOAD) into the server and whatever it starts. $POWER_FILES is the path of the database; files whose
   path begins with it belong to it (-wal, -journal), except -shm, which a power cut empties anyway, and .lock, which
   holds nothing. $POWER_LOG takes the records; each is appended by one system call, so all processes share one order.

   The order errs on the side that makes a loss visible: a write is noted after it was done, a sync twice, before and
   after (it covers what was noted before its first note), and a reply before it is sent. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define DESCRIPTORS 4096
#define LOG_DESCRIPTOR 4000 /* out of the way of the program's own */
#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define OURS(fd) (fd >= 0 && fd < DESCRIPTORS && inode_of[fd])

static const char *files;
static char folder[PATH_MAX];
static int out = -1;
static uint64_t inode_of[DESCRIPTORS]; /* of the descriptors that are open on our files or their folder */

static void note(char what, uint64_t inode, int64_t place, const char *name, const void *data, size_t size) {
    struct __attribute__((packed)) { char what; uint32_t thread; uint64_t inode; int64_t place; uint16_t name; uint32_t data; }
        head = {what, (uint32_t)syscall(SYS_gettid), inode, place, (uint16_t)strlen(name), (uint32_t)size};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name}, {(void *)data, size}};
    size_t whole = sizeof head + head.name + size;
    if (out >= 0 && syscall(SYS_writev, out, parts, 3) != (ssize_t)whole) abort(); /* a gap would prove nothing */
}

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("POWER_LOG"), *named = getenv("POWER_FILES");
    if (!log || !named) return;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || (out = fcntl(fd, F_DUPFD_CLOEXEC, LOG_DESCRIPTOR)) < 0) abort();
    close(fd);
    files = named;
    strncpy(folder, files, sizeof folder - 1);
    *strrchr(folder, '/') = 0;
}

static int ends(const char *text, const char *with) {
    size_t a = strlen(text), b = strlen(with);
    return a >= b && !strcmp(text + a - b, with);
}

static int ours(const char *path) {
    return files && path && !strncmp(path, files, strlen(files)) && !ends(path, "-shm") && !ends(path, ".lock");
}

static int opened(int fd, const char *path, int existed) {
    struct stat found;
    if (fd < 0 || fd >= DESCRIPTORS) return fd;
    inode_of[fd] = 0;
    if (files && path && (ours(path) || !strcmp(path, folder)) && !fstat(fd, &found)) {
        inode_of[fd] = found.st_ino;
        if (ours(path)) note(existed ? 'O' : 'C', found.st_ino, found.st_size, strrchr(path, '/') + 1, "", 0);
    }
    return fd;
}

#define OPEN(name)                                                                         \
    int name(const char *path, int flags, ...) {                                           \
        REAL(name);                                                                        \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        int existed = !ours(path) || !access(path, F_OK);                                  \
        return opened(real(path, flags, mode), path, existed);                             \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    REAL(close);
    if (OURS(fd)) inode_of[fd] = 0;
    return real(fd);
}

#define PWRITE(name, offset)                                             \
    ssize_t name(int fd, const void *data, size_t size, offset at) {     \
        REAL(name);                                                      \
        ssize_t done = real(fd, data, size, at);                         \
        if (done > 0 && OURS(fd)) note('W', inode_of[fd], at, "", data, done); \
        return done;                                                     \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name)                                       \
    int name(int fd) {                                   \
        REAL(name);                                      \
        if (!OURS(fd)) return real(fd);                  \
        note('s', inode_of[fd], 0, "", "", 0);           \
        int failed = real(fd);                           \
        if (!failed) note('S', inode_of[fd], 0, "", "", 0); \
        return failed;                                   \
    }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, offset)                                       \
    int name(int fd, offset size) {                                  \
        REAL(name);                                                  \
        int failed = real(fd, size);                                 \
        if (!failed && OURS(fd)) note('T', inode_of[fd], size, "", "", 0); \
        return failed;                                               \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path) {
    REAL(unlink);
    struct stat found;
    int known = ours(path) && !stat(path, &found);
    int failed = real(path);
    if (!failed && known) note('U', found.st_ino, 0, strrchr(path, '/') + 1, "", 0);
    return failed;
}

/* Requests and replies: bytes of an internet socket. `place` is the port at the other end. */
static int port_of(int fd) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (out < 0 || getpeername(fd, (struct sockaddr *)&peer, &size)) return 0;
    return peer.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&peer)->sin_port) : 0;
}

ssize_t recv(int fd, void *data, size_t size, int flags) {
    REAL(recv);
    ssize_t got = real(fd, data, size, flags);
    int port = got > 0 ? port_of(fd) : 0;
    if (port) note('R', 0, port, "", data, got);
    return got;
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    REAL(send);
    int port = port_of(fd);
    if (port) note('A', 0, port, "", data, size);
    return real(fd, data, size, flags);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    int port = OURS(fd) ? 0 : port_of(fd);
    off_t at = OURS(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    if (port) note('A', 0, port, "", data, size);
    ssize_t done = real(fd, data, size);
    if (done > 0 && OURS(fd)) note('W', inode_of[fd], at, "", data, done);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    int port = port_of(fd);
    size_t size = 0;
    char reply[1 << 16];
    for (int i = 0; port && i < count && size + parts[i].iov_len <= sizeof reply; size += parts[i++].iov_len)
        memcpy(reply + size, parts[i].iov_base, parts[i].iov_len);
    if (port) note('A', 0, port, "", reply, size);
    return real(fd, parts, count);
}
