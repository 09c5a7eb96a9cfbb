import PodiumCLI
import Shop

Project(
  name: "shop", version: "0.1.0", about: "An online shop on Podium.", tables: Shop.tables
).main()
