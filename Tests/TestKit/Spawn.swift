import Glibc

/// Starts a program, named by its path, with these variables (`NAME=value`) and no others.
///
/// Whoever runs the tests may ignore or hold back Ctrl-C; the program gets every signal as usual.
/// - Parameter files: says where its input and output lead.
public func spawn(
  _ words: [String], _ variables: [String],
  _ files: (inout posix_spawn_file_actions_t) -> Void
) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  files(&actions)
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var signals = sigset_t()
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  var arguments = words.map { strdup($0) } + [nil]
  var environment = variables.map { strdup($0) } + [nil]
  defer { for text in arguments + environment { free(text) } }
  var process = pid_t()
  let failed = posix_spawn(&process, words[0], &actions, &attributes, &arguments, &environment)
  guard failed == 0 else {
    errno = failed
    throw TestKitError(call: "start \(words[0])")
  }
  return process
}

/// How a process ended that was waited for: its exit status, or the number of the signal that ended
/// it, negative.
public func exitStatus(_ status: Int32) -> Int32 {
  let signal = status & 0x7F
  return signal == 0 ? status >> 8 & 0xFF : -signal
}
