import Basics
import Faker
import Glibc

/// Seconds of processor time this process has used, on all cores together.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
var faker = Faker(seed: 42)
for _ in 0..<5 {
let t = processorSeconds()
var n = 0
for _ in 0..<1_000_000 { n &+= faker.profile().email.utf8.count }
print(n, Int(1e6 / (processorSeconds() - t)), "profiles/s")
}
