import ArgumentParsing
import Testing

@Suite("Declarations")
struct DeclarationTests {
  @Test("The sample tool has no mistake")
  func good() {
    #expect(sample.problems == [])
  }

  @Test("Each mistake of a declaration is found")
  func bad() {
    let tool = Tool<String>(
      name: "t", version: "1", "A tool.",
      globals: [.flag("json", "Print JSON."), .flag("loud", "Shout", letter: "h")],
      commands: [
        Command(
          "one", "Does one thing.",
          arguments: [
            .optional("a", "First."), .required("b", "Second."), .repeating("c", "Rest."),
            .optional("d", "Never."),
          ],
          options: [
            .flag("json", "Again."), .flag("Big", "Bad name."),
          ],
          examples: [
            Example("one --json x 'y z' > file", "Fine."), Example("oen 'x'", "Misspelt."),
          ],
          action: "one"),
        Command("one", "Does it again.", action: "one"),
        Command(
          "two", "Does two things.",
          options: [.option("n", "N", "A number.", .int(1...9), .default("10"))], action: "two"),
      ])
    #expect(
      tool.problems == [
        .doubleName("-h", command: "t"),
        .doubleName("one", command: "t"),
        .noSentence("Shout", command: "t"),
        .doubleName("json", command: "t one"),
        .badName("Big", command: "t one"),
        .argumentOrder("b", command: "t one"),
        .argumentOrder("d", command: "t one"),
        .badExample(
          "oen 'x'", .unknownCommand("oen", parent: "t", near: "t one")),
        .badDefault(option: "--n", command: "t two"),
      ])
  }
}
