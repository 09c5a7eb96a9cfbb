import Glibc
import Lakehouse

// Takes the lock of the lake that the first argument names, says so, and keeps it until its
// standard input ends.
do {
  let lake = try Lake(at: CommandLine.arguments[1])
  let lock = try LakeLock(lake, command: CommandLine.arguments[2], patience: 0)
  print("locked")
  fflush(nil)
  while readLine() != nil {}
  withExtendedLifetime(lock) {}
} catch {
  print("\(error)")
  exit(1)
}
