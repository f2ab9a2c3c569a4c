/* Stands between a process and its files (LD_PRELOAD): writes down everything it does to files below one folder, in order, with what was
   synced when, so that the disk as a power cut would leave it can be made for any moment. It can also play a full or a failing disk.

   RAPPORT_DISK_ROOT     the folder; what is outside it is not touched
   RAPPORT_DISK_RECORD   where it is written down (format: record.rs)
   RAPPORT_DISK_CONTROL  a file of one page; its first byte says what goes wrong (enum mode)

   SQLite's shared memory (-shm) is left out: it is made anew from the log at the next start. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum op { CREATE = 1, WRITE, TRUNCATE, SYNC_BEGIN, SYNC_END, RENAME, UNLINK, MKDIR, MAPPED, LINK };
enum mode { GOOD = 0, FULL, SYNC_FAILS, LOG_SYNC_LIES, FOLDER_SYNC_LIES };

struct head {
  uint8_t op, is_folder, unused[2];
  uint32_t path_len;
  uint64_t inode, at, data_len;
};

#define FDS 65536
static struct { char *path; uint64_t inode; int is_folder; } files[FDS];
static char root[PATH_MAX];
static size_t root_len;
static int record = -1;
static volatile unsigned char *control;
static uint64_t syncs;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name, type, ...) \
  static type (*real_##name)(__VA_ARGS__)
REAL(open64, int, const char *, int, ...);
REAL(openat64, int, int, const char *, int, ...);
REAL(close, int, int);
REAL(write, ssize_t, int, const void *, size_t);
REAL(pwrite64, ssize_t, int, const void *, size_t, off64_t);
REAL(writev, ssize_t, int, const struct iovec *, int);
REAL(ftruncate64, int, int, off64_t);
REAL(fallocate64, int, int, int, off64_t, off64_t);
REAL(rename, int, const char *, const char *);
REAL(unlink, int, const char *);
REAL(linkat, int, int, const char *, int, const char *, int);
REAL(mkdir, int, const char *, mode_t);
REAL(mmap64, void *, void *, size_t, int, int, int, off64_t);
REAL(fsync, int, int);
REAL(fdatasync, int, int);

static void find_all(void) {
#define FIND(name) *(void **)&real_##name = dlsym(RTLD_NEXT, #name)
  FIND(open64); FIND(openat64); FIND(close); FIND(write); FIND(pwrite64); FIND(writev); FIND(ftruncate64); FIND(fallocate64);
  FIND(rename); FIND(unlink); FIND(linkat); FIND(mkdir); FIND(mmap64); FIND(fsync); FIND(fdatasync);
}

__attribute__((constructor)) static void begin(void) {
  find_all();
  const char *folder = getenv("RAPPORT_DISK_ROOT"), *to = getenv("RAPPORT_DISK_RECORD"), *page = getenv("RAPPORT_DISK_CONTROL");
  if (!folder || !realpath(folder, root)) return;
  root_len = strlen(root);
  if (to) record = real_open64(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int fd = page ? real_open64(page, O_RDONLY | O_CLOEXEC) : -1;
  if (fd >= 0) {
    void *mapped = real_mmap64(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) control = mapped;
    real_close(fd);
  }
}

static enum mode mode(void) { return control ? (enum mode)control[0] : GOOD; }

static int ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

/* The absolute path, if it is below the folder and written down. */
static const char *below(const char *path, char *buffer) {
  if (!root_len) return NULL;
  if (path[0] != '/') {
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here) || snprintf(buffer, PATH_MAX, "%s/%s", here, path) >= PATH_MAX) return NULL;
  } else if (snprintf(buffer, PATH_MAX, "%s", path) >= PATH_MAX) {
    return NULL;
  }
  if (strncmp(buffer, root, root_len) != 0 || (buffer[root_len] && buffer[root_len] != '/') || ends_with(buffer, "-shm")) return NULL;
  return buffer;
}

/* One record at once, whoever else is writing: the order of records is the order of what happened. */
static void tell(enum op op, int is_folder, const char *path, uint64_t inode, uint64_t at, const void *data, size_t len) {
  if (record < 0) return;
  struct head head = {.op = (uint8_t)op, .is_folder = (uint8_t)is_folder, .path_len = (uint32_t)strlen(path), .inode = inode, .at = at, .data_len = len};
  size_t total = sizeof head + head.path_len + len, done = 0;
  pthread_mutex_lock(&lock);
  while (done < total) {
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.path_len}, {(void *)data, len}}, *part = parts;
    size_t skip = done;
    int left = 3;
    while (left && skip >= part->iov_len) { skip -= part->iov_len; part++; left--; }
    if (left) { part->iov_base = (char *)part->iov_base + skip; part->iov_len -= skip; }
    ssize_t n = real_writev(record, part, left);
    if (n < 0 && errno != EINTR) abort();
    if (n > 0) done += (size_t)n;
  }
  pthread_mutex_unlock(&lock);
}

static int opened(int fd, const char *path, int was_there) {
  struct stat64 st;
  char buffer[PATH_MAX];
  if (fd < 0 || fd >= FDS || !(path = below(path, buffer)) || fstat64(fd, &st) != 0) return fd;
  files[fd].path = strdup(path);
  files[fd].inode = st.st_ino;
  files[fd].is_folder = S_ISDIR(st.st_mode);
  if (!was_there) tell(CREATE, 0, path, st.st_ino, 0, NULL, 0);
  return fd;
}

static int is_there(const char *path) {
  struct stat64 st;
  return stat64(path, &st) == 0;
}

static int open_any(const char *path, int flags, mode_t bits) {
  int was_there = !(flags & O_CREAT) || is_there(path);
  if (!was_there && mode() == FULL) {
    char buffer[PATH_MAX];
    if (below(path, buffer)) { errno = ENOSPC; return -1; }
  }
  int fd = opened(real_open64(path, flags, bits), path, was_there);
  if (fd >= 0 && fd < FDS && files[fd].path && (flags & O_TRUNC) && was_there) tell(TRUNCATE, 0, files[fd].path, files[fd].inode, 0, NULL, 0);
  return fd;
}

#define BITS(flags) mode_t bits = 0; if ((flags) & O_CREAT) { va_list more; va_start(more, flags); bits = (mode_t)va_arg(more, int); va_end(more); }
int open(const char *path, int flags, ...) { BITS(flags) return open_any(path, flags, bits); }
int open64(const char *path, int flags, ...) { BITS(flags) return open_any(path, flags, bits); }
int openat64(int folder, const char *path, int flags, ...) {
  BITS(flags)
  return folder == AT_FDCWD || path[0] == '/' ? open_any(path, flags, bits) : real_openat64(folder, path, flags, bits);
}
int openat(int folder, const char *path, int flags, ...) {
  BITS(flags)
  return folder == AT_FDCWD || path[0] == '/' ? open_any(path, flags, bits) : real_openat64(folder, path, flags, bits);
}

static int known(int fd) { return root_len && fd >= 0 && fd < FDS && files[fd].path; }

int close(int fd) {
  if (known(fd)) { free(files[fd].path); files[fd].path = NULL; }
  return real_close ? real_close(fd) : (find_all(), real_close(fd));
}

/* A full disk takes what overwrites and nothing that grows. */
static int refused(int fd, off64_t end) {
  struct stat64 st;
  if (mode() != FULL || fstat64(fd, &st) != 0 || end <= st.st_size) return 0;
  errno = ENOSPC;
  return 1;
}

ssize_t write(int fd, const void *data, size_t len) {
  if (!real_write) find_all();
  if (!known(fd) || files[fd].is_folder) return real_write(fd, data, len);
  off64_t at = fcntl(fd, F_GETFL) & O_APPEND ? lseek64(fd, 0, SEEK_END) : lseek64(fd, 0, SEEK_CUR);
  if (refused(fd, at + (off64_t)len)) return -1;
  ssize_t n = real_write(fd, data, len);
  if (n > 0) tell(WRITE, 0, files[fd].path, files[fd].inode, (uint64_t)at, data, (size_t)n);
  return n;
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at) {
  if (!known(fd)) return real_pwrite64(fd, data, len, at);
  if (refused(fd, at + (off64_t)len)) return -1;
  ssize_t n = real_pwrite64(fd, data, len, at);
  if (n > 0) tell(WRITE, 0, files[fd].path, files[fd].inode, (uint64_t)at, data, (size_t)n);
  return n;
}
ssize_t pwrite(int fd, const void *data, size_t len, off_t at) { return pwrite64(fd, data, len, at); }

int ftruncate64(int fd, off64_t len) {
  if (!known(fd)) return real_ftruncate64(fd, len);
  if (refused(fd, len)) return -1;
  int rc = real_ftruncate64(fd, len);
  if (rc == 0) tell(TRUNCATE, 0, files[fd].path, files[fd].inode, (uint64_t)len, NULL, 0);
  return rc;
}
int ftruncate(int fd, off_t len) { return ftruncate64(fd, len); }

int fallocate64(int fd, int how, off64_t at, off64_t len) {
  if (!known(fd)) return real_fallocate64(fd, how, at, len);
  if (refused(fd, at + len)) return -1;
  struct stat64 st;
  int rc = real_fallocate64(fd, how, at, len);
  if (rc == 0 && fstat64(fd, &st) == 0) tell(TRUNCATE, 0, files[fd].path, files[fd].inode, (uint64_t)st.st_size, NULL, 0);
  return rc;
}
int fallocate(int fd, int how, off_t at, off_t len) { return fallocate64(fd, how, at, len); }
int posix_fallocate64(int fd, off64_t at, off64_t len) { return fallocate64(fd, 0, at, len) == 0 ? 0 : errno; }
int posix_fallocate(int fd, off_t at, off_t len) { return posix_fallocate64(fd, at, len); }

/* Not passed on: the record alone says what would be on the disk. */
static int sync_any(int fd, int (*real)(int)) {
  if (!known(fd)) return real(fd);
  enum mode now = mode();
  if (now == SYNC_FAILS) { errno = EIO; return -1; }
  if (now == LOG_SYNC_LIES && ends_with(files[fd].path, "-wal")) return 0;
  if (now == FOLDER_SYNC_LIES && files[fd].is_folder) return 0;
  uint64_t number = __atomic_add_fetch(&syncs, 1, __ATOMIC_SEQ_CST);
  tell(SYNC_BEGIN, files[fd].is_folder, files[fd].path, files[fd].inode, number, NULL, 0);
  tell(SYNC_END, files[fd].is_folder, files[fd].path, files[fd].inode, number, NULL, 0);
  return 0;
}
int fsync(int fd) { return sync_any(fd, real_fsync); }
int fdatasync(int fd) { return sync_any(fd, real_fdatasync); }

int rename(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  struct stat64 st;
  int tracked = below(from, a) && below(to, b) && stat64(from, &st) == 0;
  int rc = real_rename(from, to);
  if (rc == 0 && tracked) tell(RENAME, 0, a, st.st_ino, 0, b, strlen(b));
  return rc;
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  char a[PATH_MAX], b[PATH_MAX];
  struct stat64 st;
  int rc = real_linkat(from_folder, from, to_folder, to, flags);
  if (rc == 0 && from_folder == AT_FDCWD && to_folder == AT_FDCWD && below(from, a) && below(to, b) && stat64(b, &st) == 0)
    tell(LINK, 0, b, st.st_ino, 0, NULL, 0);
  return rc;
}

int unlink(const char *path) {
  char buffer[PATH_MAX];
  int tracked = below(path, buffer) != NULL, rc = real_unlink(path);
  if (rc == 0 && tracked) tell(UNLINK, 0, buffer, 0, 0, NULL, 0);
  return rc;
}

int mkdir(const char *path, mode_t bits) {
  char buffer[PATH_MAX];
  struct stat64 st;
  int rc = real_mkdir(path, bits);
  if (rc == 0 && below(path, buffer) && stat64(path, &st) == 0) tell(MKDIR, 1, buffer, st.st_ino, 0, NULL, 0);
  return rc;
}

/* Writing through a shared map would go past this record: the tests fail when it happens. */
void *mmap64(void *address, size_t len, int protection, int flags, int fd, off64_t at) {
  if (!real_mmap64) find_all();
  if (known(fd) && (flags & MAP_SHARED) && (protection & PROT_WRITE)) tell(MAPPED, 0, files[fd].path, files[fd].inode, 0, NULL, 0);
  return real_mmap64(address, len, protection, flags, fd, at);
}
void *mmap(void *address, size_t len, int protection, int flags, int fd, off_t at) { return mmap64(address, len, protection, flags, fd, at); }
