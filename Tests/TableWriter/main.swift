import Glibc

// Does to the Delta table in the folder that the first argument names what the others say, one after
// the other, and tells of each when it is committed:
//
//   append:B       adds batch B
//   merge:A:B      adds one to the values of batch A and adds batch B
//   update:A       adds one to the values of batch A
//   delete:A       deletes batch A
//   optimize  zorder  checkpoint  vacuum
//
// The second argument names the writer; its commits say `writer: NAME/NUMBER`. The third says how
// often a write is tried that others' commits refuse.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

do {
  let arguments = CommandLine.arguments
  let writer = try TableWriter(arguments[1], tries: Int(arguments[3]) ?? 1)
  say("ready")
  for (index, words) in arguments.dropFirst(4).enumerated() {
    say("done \(index) \(try writer.carryOut(words, as: "\(arguments[2])/\(index)"))")
  }
} catch {
  say("failed: \(error)")
  exit(1)
}
