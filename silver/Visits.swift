import Bronze
import Podium

extension Silver {
  /// One row per visit to a club.
  public static let gymVisits = Table(
    "silver.gym_visits",
    about: "One row per visit to a club.",
    columns: [
      .string("visit_id", "The visit."),
      .string("member_id", "The member."),
      .string("location_id", "The club."),
      .date("visit_date", "Day of entry, in the club's time zone."),
      .timestamp("login_at", "Entry, UTC."),
      .timestamp("logout_at", "Exit, UTC; empty where it was not recorded.", nullable: true),
      .int("minutes", "Full minutes between entry and exit.", nullable: true),
      .bool("over_midnight", "True if the exit is on a later local day than the entry."),
    ],
    key: ["visit_id"],
    write: .upsert(newestBy: "login_at"),
    expect: [
      .row("exit is after entry", "logout_at IS NULL OR logout_at >= login_at", else: .quarantine)
    ],
    query: """
      SELECT
        visit_id,
        member_id,
        location_id,
        TRY_CAST(substr(login_at, 1, 10) AS DATE) AS visit_date,
        try_to_timestamp(login_at) AS login_at,
        try_to_timestamp(nullif(logout_at, '')) AS logout_at,
        CAST(floor(
          (unix_timestamp(try_to_timestamp(nullif(logout_at, '')))
            - unix_timestamp(try_to_timestamp(login_at))) / 60) AS BIGINT) AS minutes,
        coalesce(substr(logout_at, 1, 10) > substr(login_at, 1, 10), false) AS over_midnight,
        _file, _line
      FROM \(new: Bronze.gymVisits)
      """)

  /// One row per use of a facility.
  public static let facilityUsage = Table(
    "silver.facility_usage",
    about: "One row per use of a sauna, pool, steam bath or court.",
    columns: [
      .string("usage_id", "The use."),
      .string("member_id", "The member."),
      .string("location_id", "The club."),
      .string("facility", "sauna, pool, steam or court."),
      .date("usage_date", "Day it began, in the club's time zone."),
      .timestamp("started_at", "Start, UTC."),
      .int("duration_minutes", "Minutes."),
    ],
    key: ["usage_id"],
    write: .upsert(newestBy: "started_at"),
    expect: [
      .oneOf("facility", ["sauna", "pool", "steam", "court"], else: .quarantine),
      .row(
        "duration is 1 minute to 24 hours", "duration_minutes BETWEEN 1 AND 1440",
        else: .quarantine),
    ],
    // The clocks at the doors are known to be bad: one row in ten may fail.
    share: ShareRule(atLeast: 0.9),
    query: """
      SELECT
        usage_id,
        member_id,
        location_id,
        lower(trim(facility)) AS facility,
        TRY_CAST(substr(started_at, 1, 10) AS DATE) AS usage_date,
        try_to_timestamp(started_at) AS started_at,
        TRY_CAST(duration_minutes AS BIGINT) AS duration_minutes,
        _file, _line
      FROM \(new: Bronze.facilityUsage)
      """)

  /// One row per line of a receipt.
  public static let retailSales = Table(
    "silver.retail_sales",
    about: "One row per line of a receipt; returns have negative quantities.",
    columns: [
      .string("receipt_id", "The receipt."),
      .int("line", "Line of the receipt."),
      .string("member_id", "The buyer; empty for a guest.", nullable: true),
      .string("location_id", "The club."),
      .string("sku", "Article number in the form ABC-123, whatever the till wrote."),
      .string("product_name", "The article."),
      .string("category", "juice bar, supplements, snacks or apparel."),
      .int("quantity", "Pieces; negative for a return."),
      .decimal("unit_price", "Price of a piece, USD."),
      .decimal("amount", "Quantity times price, USD; negative for a return."),
      .bool("is_return", "True if goods came back."),
      .date("sale_date", "Day of the sale, UTC."),
      .timestamp("sold_at", "When, UTC."),
    ],
    key: ["receipt_id", "line"],
    write: .upsert(newestBy: "sold_at"),
    expect: [
      .row("quantity is not zero", "quantity <> 0", else: .quarantine),
      .row("price is not negative", "unit_price >= 0", else: .quarantine),
      .row("article number is well formed", "length(sku) >= 5", else: .quarantine),
    ],
    query: """
      SELECT
        receipt_id,
        TRY_CAST(line AS BIGINT) AS line,
        nullif(member_id, '') AS member_id,
        location_id,
        substr(regexp_replace(upper(sku), '[^A-Z0-9]', ''), 1, 3) || '-'
          || substr(regexp_replace(upper(sku), '[^A-Z0-9]', ''), 4) AS sku,
        trim(product_name) AS product_name,
        lower(trim(category)) AS category,
        TRY_CAST(quantity AS BIGINT) AS quantity,
        TRY_CAST(unit_price AS DECIMAL(18, 2)) AS unit_price,
        CAST(
          TRY_CAST(quantity AS BIGINT) * TRY_CAST(unit_price AS DECIMAL(18, 2))
          AS DECIMAL(18, 2)) AS amount,
        coalesce(TRY_CAST(quantity AS BIGINT) < 0, false) AS is_return,
        CAST(try_to_timestamp(sold_at) AS DATE) AS sale_date,
        try_to_timestamp(sold_at) AS sold_at,
        _file, _line
      FROM \(new: Bronze.retail)
      """)
}
