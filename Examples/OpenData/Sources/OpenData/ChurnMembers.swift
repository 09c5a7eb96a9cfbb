import Podium

extension OpenData.Bronze {
  /// One row per member, with whether the member left.
  public static let churnMembers = Table(
    "bronze.churn_members",
    about: "One row per member with whether the member left, as the gym exported it.",
    landing: "churn_members",
    columns: [
      .string("gender", "1 or 0; which is which is not told."),
      .string("Near_Location", "1 if the member lives or works nearby."),
      .string("Partner", "1 for an employee of a partner."),
      .string("Promo_friends", "1 if a friend brought the member."),
      .string("has_phone", "1 if the gym has a phone number.", source: "Phone"),
      .string("Contract_period", "Months of the contract."),
      .string("Group_visits", "1 if the member takes part in group sessions."),
      .string("Age", "Years."),
      .string("Avg_additional_charges_total", "Spent on other services of the gym."),
      .string("Month_to_end_contract", "Months until the contract ends."),
      .string("Lifetime", "Months since the member first came."),
      .string("Avg_class_frequency_total", "Visits a week over the lifetime."),
      .string("Avg_class_frequency_current_month", "Visits a week over the last month."),
      .string("Churn", "1 if the member left in the month."),
    ])
}

extension OpenData.Silver {
  /// One row per member, with whether the member left; members have no id, so rows that are equal in
  /// every field are one.
  public static let churnMembers = Table(
    "silver.churn_members",
    about: "One row per member with whether the member left.",
    columns: [
      .string("row_id", "Hash of all fields as they were sent."),
      .int("contract_months", "Months of the contract."),
      .int("lifetime_months", "Months since the member first came."),
      .double("weekly_visits", "Visits a week over the last month."),
      .bool("churned", "True if the member left in the month."),
    ],
    key: ["row_id"],
    write: .upsert(newestBy: "row_id"),
    expect: [.range("contract_months", from: 1, to: 60, else: .quarantine)],
    query: """
      SELECT
        CAST(md5(
          coalesce(gender, '') || '|' || coalesce(Near_Location, '')
          || '|' || coalesce(Partner, '') || '|' || coalesce(Promo_friends, '')
          || '|' || coalesce(has_phone, '') || '|' || coalesce(Contract_period, '')
          || '|' || coalesce(Group_visits, '') || '|' || coalesce(Age, '')
          || '|' || coalesce(Avg_additional_charges_total, '') || '|' || coalesce(Month_to_end_contract, '')
          || '|' || coalesce(Lifetime, '') || '|' || coalesce(Avg_class_frequency_total, '')
          || '|' || coalesce(Avg_class_frequency_current_month, '') || '|' || coalesce(Churn, '')) AS STRING) AS row_id,
        \(.integer("Contract_period")) AS contract_months,
        \(.integer("Lifetime")) AS lifetime_months,
        \(.double("Avg_class_frequency_current_month")) AS weekly_visits,
        CASE trim(Churn) WHEN '1' THEN true WHEN '0' THEN false END AS churned,
        _file, _line
      FROM \(new: OpenData.Bronze.churnMembers)
      """)
}

extension OpenData.Gold {
  /// Who leaves, by length of the contract.
  public static let churnByContract = Table(
    "gold.churn_by_contract",
    about: "One row per length of contract: members and those who left.",
    columns: [
      .int("contract_months", "Months of the contract."),
      .int("members", "Members."),
      .int("churned", "Members who left."),
    ],
    key: ["contract_months"],
    write: .derived(by: .key("contract_months")),
    query: """
      SELECT
        contract_months, COUNT(*) AS members, COUNT(*) FILTER (WHERE churned) AS churned
      FROM \(OpenData.Silver.churnMembers)
      GROUP BY contract_months
      """)
}
