import Landing
import Storage
import Testing

@Suite("The words of errors and notes")
struct WordsTests {
  @Test("An error says where, what and what to do next")
  func errors() {
    let cases: [(LandingError.Reason, String)] = [
      (
        .unreadable(StorageError(.notFound, .read, "/x/in.csv")),
        "in.csv: could not read /x/in.csv: there is no such file; upload it again, or remove the "
          + "link that leads nowhere"
      ),
      (
        .unknownFormat(known: [".csv", ".json"]),
        "in.csv: the name does not tell a format that Podium reads; name it with one of .csv, .json"
      ),
      (
        .badCompression(CompressionError(.truncated, .lz4, offset: 10)),
        "in.csv: the lz4 stream ends inside a frame, near byte 10; upload the file again, whole"
      ),
      (.empty, "in.csv: the file holds no record and no array; upload the file again, whole"),
      (
        .cut(place(3, 4)),
        "in.csv, line 3, byte 4: the file ends inside a record; upload the file again, whole"
      ),
      (
        .ragged(line: 7, expected: 1, found: 2),
        "in.csv, line 7: the header has 1 field, this record has 2; quote fields that hold "
          + "separators; a last record that is too short may be a cut upload"
      ),
      (
        .recordTooLong(line: 7, limit: 64 << 20),
        "in.csv, line 7: a record of more than 64 MB; look for a quote that is not closed or a "
          + "missing newline"
      ),
      (
        .invalidJSON(.notAnObject, place(1, 1)),
        "in.csv, line 1, byte 1: a record that is not an object; a file that is one array is named "
          + ".json"
      ),
      (
        .invalidJSON(.invalidNumber, place(1, 1)),
        "in.csv, line 1, byte 1: a number that JSON does not allow"
      ),
      (
        .headerMismatch(expected: ["id"], found: ["member_id", "x"], columns: 2),
        "in.csv: no column of the header is one of 'id'; found 'member_id', 'x'; declare the file's "
          + "own names as sources, or move it to the folder of its table"
      ),
      (
        .memberMismatch(expected: ["id"], found: ["member_id", "x"], members: 2),
        "in.csv: no record has a member of 'id'; found 'member_id', 'x'; declare the file's own "
          + "names as sources, or move it to the folder of its table"
      ),
      (
        .memberMismatch(expected: ["id"], found: [], members: 3),
        "in.csv: no record has a member of 'id', but of 3 other names; declare the file's own names "
          + "as sources, or move it to the folder of its table"
      ),
      (
        .memberMismatch(expected: ["id"], found: [], members: 0),
        "in.csv: no record has a member of 'id', nor any other; upload the file again, whole"
      ),
      (
        .headerMismatch(expected: ["id"], found: [], columns: 3),
        "in.csv: no column of the header is one of 'id'; its 3 fields do not look like names; add a "
          + "header line"
      ),
      (
        .duplicateHeader(name: "id", columns: [1, 3]),
        "in.csv: the header names 'id' twice, in columns 1 and 3; give every column a name of its own"
      ),
      (
        .duplicateHeader(name: nil, columns: [1, 3]),
        "in.csv: columns 1 and 3 of the first line have the same text, which is not shown since the "
          + "line may be a record; give every column a name of its own, or add a header line"
      ),
    ]
    for (reason, words) in cases {
      #expect(LandingError("in.csv", reason).description == words)
    }
  }

  @Test("Notes say what may have been meant")
  func notes() {
    let cases: [(LandingNote, String)] = [
      (.delimiter(";"), "fields are separated by ';'"),
      (.delimiter("\t"), "fields are separated by a tab"),
      (.missingColumn("email", meant: "e_mail"), "there is no column 'email'; is it 'e_mail'?"),
      (.missingColumn("email", meant: nil), "there is no column 'email'"),
      (
        .unknownColumn("emial", records: 2, meant: "email"),
        "column 'emial' is not declared, 2 values rescued. Did you mean 'email'?"
      ),
      (.unknownColumn("x", records: 1, meant: nil), "column 'x' is not declared, 1 value rescued"),
      (.moreUnknownColumns(3), "3 further columns not declared"),
      (.looseMatch(declared: "id", header: " ID"), "column ' ID' was read as 'id'"),
      (.ambiguousColumn("id"), "several columns could be 'id', so none was taken"),
      (.noFinalNewline, "the last line has no newline at its end"),
      (
        .missingColumn(String(repeating: "n", count: 100), meant: nil),
        "there is no column '" + String(repeating: "n", count: 63) + "…'"
      ),
    ]
    for (note, words) in cases { #expect(note.description == words) }
  }

  @Test("Each reason has a code, and only a store's failure can pass by itself")
  func codes() {
    let cases: [(LandingError.Reason, LandingError.Code, Bool)] = [
      (.unreadable(StorageError(.failed, .read, "x")), .unreadable, true),
      (.unreadable(StorageError(.notFound, .read, "x")), .unreadable, false),
      (.unknownFormat(known: []), .unknownFormat, false),
      (.badCompression(CompressionError(.truncated, .gzip)), .torn, false),
      (.badCompression(CompressionError(.empty, .gzip)), .torn, false),
      (.badCompression(CompressionError(.corrupt, .gzip)), .corrupt, false),
      (.empty, .torn, false), (.cut(place(1, 1)), .torn, false),
      (.unterminatedQuote(place(1, 1)), .torn, false),
      (.invalidUTF8(place(1, 1)), .malformed, false),
      (.nulCharacter(place(1, 1)), .malformed, false),
      (.strayAfterQuote(place(1, 1)), .malformed, false),
      (.ragged(line: 1, expected: 1, found: 2), .malformed, false),
      (.duplicateHeader(name: "x", columns: [1, 2]), .headerMismatch, false),
      (.tooManyColumns(limit: 1), .headerMismatch, false),
    ]
    for (reason, code, retryable) in cases {
      #expect(LandingError("x", reason).code == code)
      #expect(LandingError("x", reason).retryable == retryable)
    }
    #expect(LandingError("x", .cut(place(3, 4))).place?.line == 3)
    #expect(LandingError("x", .cut(place(3, 4))).place?.column == 4)
    #expect(LandingError("x", .ragged(line: 5, expected: 1, found: 2)).place?.line == 5)
    #expect(LandingError("x", .empty).place == nil)
  }
}
