import ArgumentParsing

enum Format: String, CaseIterable {
  case table, csv, json
}

/// A tool with a command of every shape; its actions are words that tests compare.
let sample = Tool<String>(
  name: "shop", version: "1.2.3", "Keeps the tables of a shop.",
  discussion: """
    Everything {tool} knows lies in one folder, the lake. Commands that change tables say first \
    what they would do.

      SHOP_LAKE   the lake where '--lake' is left out
      NO_COLOR    no colours

    Exit codes are 0, 1 and 2.
    """,
  globals: [
    .option("lake", "DIR", "The folder of the tables.", .folder, .default("./lake")),
    .flag("json", "Print JSON."),
    .flag("verbose", "Say more.", letter: "v"),
  ],
  examples: [Example("run", "Bring everything up to date.")],
  commands: [
    Command(
      "run", "Brings tables up to date.",
      arguments: [
        .repeating(
          "table", "What to run; everything where none is named.",
          .text(suggestions: ["gold.sales", "silver.orders"]))
      ],
      options: [
        .option(
          "as-of", "DATE", "The business date.", .date, .otherwise("today in the lake's zone")),
        .option("width", "N", "Tables at the same time.", .int(1...64), .default("2")),
        .option("skip", "TABLE", "A table to leave out.", .text(), .repeating),
        .flag("full-refresh", "Forget what was done before and compute every table from bronze."),
      ],
      examples: [
        Example("run gold.sales --as-of 2024-01-31", "One table, as of a day."),
        Example("run --skip gold.sales | tail -1", "All but one; only the last line."),
      ],
      action: "run"),
    Command(
      "generate", "Writes sample files.",
      arguments: [.required("folder", "Where they go.", .folder)],
      options: [
        .option(
          "orders", "N", "How many orders.", .int(1...10_000_000), .default("500"), letter: "n"),
        .option("share", "SHARE", "Share of bad rows.", .number(0...1), .default("0.05")),
        .option("offset", "N", "Added to every id.", .int()),
        .option("seed", "N", "Where chance begins.", .int(0...Int.max), .required),
      ],
      action: "generate"),
    Command(
      group: "table", "Looks into one table.",
      subcommands: [
        Command(
          "cat", "Prints rows.",
          arguments: [.required("table", "Which one.")],
          options: [
            .option("format", "FORMAT", "How.", .choice(of: Format.self), .default("table")),
            .option("limit", "N", "At most so many rows.", .int(0...Int.max)),
          ],
          action: "table cat"),
        Command(
          "vacuum", "Deletes files that no version needs.",
          arguments: [.required("table", "Which one."), .optional("folder", "Where.", .folder)],
          options: [
            .option(
              "keep", "TIME", "How long versions are kept.", .duration(3600...Int.max),
              .default("7d"))
          ],
          action: "table vacuum"),
      ]),
    Command(
      "runs", "Lists runs.",
      options: [.option("limit", "N", "At most so many.", .int(1...1000), .default("20"))],
      subcommands: [
        Command(
          "show", "Shows one run.", arguments: [.required("run", "Its number.", .int(1...Int.max))],
          action: "runs show")
      ],
      action: "runs"),
    Command(
      "compare", "Compares files.",
      arguments: [.repeating("files", "The files.", .file, atLeast: 2)], action: "compare"),
  ])
