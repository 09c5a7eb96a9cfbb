import ArgumentParsing
import Basics
import Engines
import LakeCare
import Lakehouse
import Rendering

extension Project {
  /// `backup`: copies a lake.
  var backupCommand: Command<CommandAction> {
    Command(
      "backup", "Copies the whole lake as it is at one moment into a folder.",
      discussion: """
        It waits for a run that is at work to end (--wait), and runs wait for it only while the \
        versions are fixed, not while files are copied. A second backup into the same folder copies what is new and adds a point; each point can be brought back with \
        restore-lake. It holds what the lake holds, personal data too: keep it as safe.
        """,
      arguments: [.required("folder", "The backup: a new folder, or one with earlier points.")],
      options: [
        .dryRun,
        .flag("no-history", "Take only the newest version of each table."),
        .flag("list", "List the points that there are."),
        .flag("verify", "Read all files of the newest point and compare them."), .wait,
      ],
      examples: [
        Example("backup /mnt/safe/gym", "A new point."),
        Example("backup /mnt/safe/gym --verify", "Reads the newest point and compares it."),
      ]
    ) { session in
      try session.values.refuseTogether(["list", "verify", "dry-run"])
      try session.refuseEnvironment("backups hold production, and no environment")
      let folder = try session.folder()
      if try session.values.flag("list") {
        let (points, damaged) = try LakeRestore.points(of: folder)
        for point in damaged { session.warn(point.error.description) }
        return try session.list(points, damaged: damaged.map(\.id))
      }
      if try session.values.flag("verify") {
        let restore = try LakeRestore(from: folder)
        try restore.verify()
        return try session.tell(
          "point \(restore.point.id):\n\(counted(restore.point.fileCount, "file")) "
            + "(\(bytesText(restore.point.bytes))), all as they were put there",
          ["point": .string(restore.point.id), "files": .int(restore.point.fileCount)])
      }
      let care = try session.lakeCare()
      let report = try care.backUp(
        to: folder, history: !session.values.flag("no-history"),
        dryRun: session.values.flag("dry-run")
      ) { try session.lock(care.lake, "backup") }
      for warning in report.warnings { session.warn(warning) }
      return try session.tell(report)
    }
  }

  /// `restore-lake`: brings a lake back.
  var restoreLakeCommand: Command<CommandAction> {
    Command(
      "restore-lake", "Brings a lake back from a backup, into a folder where none is.",
      discussion: """
        Every file is compared with what was put into the backup. The lake is there at once, or \
        not at all.
        """, arguments: [.required("folder", "The backup.")],
      options: [
        .option("point", "ID", "The point, or the beginning of its id; else the newest."), .dryRun,
      ],
      examples: [
        Example("restore-lake /mnt/safe/gym --lake ./again", "The newest point, elsewhere.")
      ]
    ) { session in
      try session.refuseEnvironment("backups hold production, and no environment")
      let restore = try LakeRestore(
        from: session.folder(), point: session.values.stringIfGiven("point"))
      let lake = try session.namedLake()
      let dryRun = try session.values.flag("dry-run")
      if dryRun { try restore.check(lake) } else { try restore.restore(to: lake) }
      let point = restore.point
      return try session.tell(
        "\(lake.root) \(dryRun ? "would be" : "is") the lake of "
          + "\(point.time.text(decimals: 0)):\n"
          + "\(counted(point.fileCount, "file")), \(bytesText(point.bytes))",
        [
          "lake": .string(lake.root), "point": .string(point.id),
          "time": .string(point.time.text(decimals: 0)), "files": .int(point.fileCount),
          "bytes": .int(point.bytes), "restored": .bool(!dryRun),
        ])
    }
  }
}

extension Session {
  fileprivate func folder() throws -> String {
    let folder = try values.string("folder")
    guard !folder.isEmpty else {
      throw WrongUsage(description: "the folder of the backup has no name; write its path.")
    }
    return folder
  }

  /// - Parameter damaged: the points of which nothing is known but their ids.
  fileprivate func list(_ points: [BackupPoint], damaged: [String]) throws -> ExitStatus {
    let status = damaged.isEmpty ? ExitStatus.done : .failed
    if json {
      let whole = points.map { point -> (id: String, json: JSON) in
        (
          point.id,
          [
            "point": .string(point.id), "time": .string(point.time.text(decimals: 0)),
            "files": .int(point.fileCount), "bytes": .int(point.bytes),
            "history": .bool(point.hasHistory), "damaged": false,
          ]
        )
      }
      let others = damaged.map { (id: $0, json: ["point": .string($0), "damaged": true] as JSON) }
      try print(.array((whole + others).sorted { $0.id < $1.id }.map(\.json)))
      return status
    }
    guard !points.isEmpty else {
      try print(sentence: "There is no point that can be brought back.")
      try out.flush()
      return status
    }
    try print(
      [
        ResultColumn("point", .fixed), ResultColumn("time (UTC)", .fixed),
        ResultColumn("files", .number), ResultColumn("size", .number),
      ],
      points.map {
        [
          .text($0.id), .text($0.time.text(decimals: 0)), .text(grouped($0.fileCount)),
          .text(bytesText($0.bytes)),
        ]
      })
    return status
  }

  fileprivate func tell(_ report: BackupReport) throws -> ExitStatus {
    let copied =
      "\(counted(report.copiedFiles, "file")) (\(bytesText(report.copiedBytes))) "
      + (report.point == nil ? "to copy" : "copied")
    let all = "\(counted(report.files, "file")) (\(bytesText(report.bytes)))"
    let facts: JSON = [
      "point": .optional(report.point), "files": .int(report.files), "bytes": .int(report.bytes),
      "copiedFiles": .int(report.copiedFiles), "copiedBytes": .int(report.copiedBytes),
      "warnings": .array(report.warnings.map(JSON.string)),
    ]
    guard let point = report.point else { return try tell("\(copied) of \(all)", facts) }
    return try tell(
      "point \(point): \(all)\n\(copied) in \(durationText(seconds: report.seconds)); "
        + "runs had to wait \(durationText(seconds: report.locked))", facts)
  }
}
