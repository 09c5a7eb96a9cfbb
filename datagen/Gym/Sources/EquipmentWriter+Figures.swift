import Basics

extension EquipmentWriter {
  var expected: [JSON.Member] {
    let types = MachineType.allCases.map { type in
      var total = (uses: 0, seconds: 0, used: 0, due: 0)
      for machine in machines(of: type) where machine.uses > 0 {
        total.uses += machine.uses
        total.seconds += machine.seconds
        total.used += 1
        if machine.seconds >= type.serviceHours * 3600 { total.due += 1 }
      }
      return JSON.Member(
        type.name.description,
        .object([
          .init("uses", .int(total.uses)), .init("seconds", .int(total.seconds)),
          .init("machines_used", .int(total.used)),
          .init("service_hours", .int(type.serviceHours)), .init("machines_due", .int(total.due)),
        ]))
    }
    let most = MachineType.allCases.flatMap(machines).filter { $0.uses > 0 }
      .sorted { ($1.uses, $0.id) < ($0.uses, $1.id) }.prefix(10)
    return [
      .init("equipment_by_type", .object(types)),
      .init(
        "equipment_most_used",
        .array(
          most.map {
            .object([
              .init("machine_id", .string($0.id)), .init("uses", .int($0.uses)),
              .init("seconds", .int($0.seconds)),
            ])
          })),
    ]
  }

  private func machines(of type: MachineType) -> [(id: String, uses: Int, seconds: Int)] {
    clubs.indices.flatMap { club in
      let index = club * MachineType.allCases.count + Int(type.rawValue)
      let first = parks[index].first
      let end = index + 1 < parks.count ? parks[index + 1].first : sums.count
      return (first..<end).map {
        (id(club: club, type, $0 - first + 1), sums[$0].uses, sums[$0].seconds)
      }
    }
  }
}
