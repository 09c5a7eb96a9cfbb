import OpenData
import PodiumCLI

Project(
  name: "opendata", version: "0.1.0", about: "Public data of trackers and gyms on Podium.",
  tables: OpenData.tables
).main()
