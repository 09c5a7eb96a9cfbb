// The binary interfaces that Podium speaks to an engine: the Arrow C data and stream interfaces
// (arrow.apache.org/docs/format/CDataInterface) and ADBC 1.1 (arrow.apache.org/adbc). Only layouts
// are declared here. Slots that Podium does not call keep their place under the name `unused`.
#ifndef PODIUM_CADBC_H
#define PODIUM_CADBC_H

#include <stddef.h>
#include <stdint.h>

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

typedef uint8_t AdbcStatusCode;
typedef void (*AdbcUnused)(void);

struct AdbcDriver;

struct AdbcError {
  char *message;
  int32_t vendor_code;
  char sqlstate[5];
  void (*release)(struct AdbcError *);
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcDatabase {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcConnection {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcStatement {
  void *private_data;
  struct AdbcDriver *private_driver;
};

struct AdbcDriver {
  void *private_data;
  void *private_manager;
  AdbcStatusCode (*release)(struct AdbcDriver *, struct AdbcError *);

  AdbcStatusCode (*DatabaseInit)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseNew)(struct AdbcDatabase *, struct AdbcError *);
  AdbcStatusCode (*DatabaseSetOption)(struct AdbcDatabase *, const char *, const char *,
                                      struct AdbcError *);
  AdbcStatusCode (*DatabaseRelease)(struct AdbcDatabase *, struct AdbcError *);

  AdbcUnused unusedConnection1[5];  // Commit, GetInfo, GetObjects, GetTableSchema, GetTableTypes
  AdbcStatusCode (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *,
                                   struct AdbcError *);
  AdbcStatusCode (*ConnectionNew)(struct AdbcConnection *, struct AdbcError *);
  AdbcStatusCode (*ConnectionSetOption)(struct AdbcConnection *, const char *, const char *,
                                        struct AdbcError *);
  AdbcUnused unusedConnection2[1];  // ReadPartition
  AdbcStatusCode (*ConnectionRelease)(struct AdbcConnection *, struct AdbcError *);
  AdbcUnused unusedConnection3[1];  // Rollback

  AdbcUnused unusedStatement1[1];  // Bind
  AdbcStatusCode (*StatementBindStream)(struct AdbcStatement *, struct ArrowArrayStream *,
                                        struct AdbcError *);
  AdbcStatusCode (*StatementExecuteQuery)(struct AdbcStatement *, struct ArrowArrayStream *,
                                          int64_t *, struct AdbcError *);
  AdbcUnused unusedStatement2[2];  // ExecutePartitions, GetParameterSchema
  AdbcStatusCode (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *,
                                 struct AdbcError *);
  AdbcStatusCode (*StatementPrepare)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementRelease)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementSetOption)(struct AdbcStatement *, const char *, const char *,
                                       struct AdbcError *);
  AdbcStatusCode (*StatementSetSqlQuery)(struct AdbcStatement *, const char *,
                                         struct AdbcError *);
  AdbcUnused unusedStatement3[1];  // SetSubstraitPlan

  // From here on ADBC 1.1.
  AdbcUnused unusedError[3];      // ErrorGetDetailCount, ErrorGetDetail, ErrorFromArrayStream
  AdbcUnused unusedDatabase[7];   // Get and SetOption in bytes, doubles, integers
  AdbcStatusCode (*ConnectionCancel)(struct AdbcConnection *, struct AdbcError *);
  AdbcUnused unusedConnection4[9];  // GetOption …, GetStatistics, GetStatisticNames, SetOption …
  AdbcStatusCode (*StatementCancel)(struct AdbcStatement *, struct AdbcError *);
  AdbcStatusCode (*StatementExecuteSchema)(struct AdbcStatement *, struct ArrowSchema *,
                                           struct AdbcError *);
  AdbcUnused unusedStatement4[7];  // GetOption …, SetOption …
};

/// A driver's entry: fills `driver` (an AdbcDriver) for the version asked.
typedef AdbcStatusCode (*AdbcDriverInit)(int version, void *driver, struct AdbcError *error);

enum { PODIUM_ADBC_VERSION_1_0 = 1000000, PODIUM_ADBC_VERSION_1_1 = 1001000 };

/// Calls a driver's entry by the address that `dlsym` gave for it.
static inline AdbcStatusCode podium_adbc_init(void *entry, int version, struct AdbcDriver *driver,
                                              struct AdbcError *error) {
  return ((AdbcDriverInit)entry)(version, driver, error);
}

#endif
