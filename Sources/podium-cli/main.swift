import Bronze
import GymCommand
import Gold
import PodiumCLI
import Silver

Project(
  name: "podium", version: "0.1.0", about: "A medallion lakehouse for gyms and fitness studios.",
  tables: Bronze.tables + Silver.tables + Gold.tables, generator: .gym
).main()
