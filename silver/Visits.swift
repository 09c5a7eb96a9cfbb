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
      .int("login_minute", "Minute of that day at entry by the club's clock, 0 to 1439."),
      .timestamp("login_at", "Entry, UTC."),
      .timestamp("logout_at", "Exit, UTC; empty where it was not recorded.", nullable: true),
      .int("minutes", "Full minutes between entry and exit.", nullable: true),
      .bool("over_midnight", "True if the exit is on a later local day than the entry."),
    ],
    key: ["visit_id"],
    write: .upsert(newestBy: "login_at"),
    expect: [
      .row("exit is after entry", "logout_at IS NULL OR logout_at >= login_at", else: .quarantine),
      .readable("logout_at", else: .quarantine),
    ],
    query: """
      SELECT
        visit_id, member_id, location_id, visit_date, login_minute, login_at, logout_at,
        CAST(floor(
          CAST(unix_timestamp(logout_at) - unix_timestamp(login_at) AS DOUBLE) / 60
        ) AS BIGINT) AS minutes,
        coalesce(logout_at IS NOT NULL AND logout_date > visit_date, false) AS over_midnight,
        _logout_at, _file, _line
      FROM (
        SELECT
          \(.text("visit_id")) AS visit_id,
          \(.text("member_id")) AS member_id,
          \(.text("location_id")) AS location_id,
          \(.date("login_at")) AS visit_date,
          coalesce(
            \(.integer("substr(trim(login_at), 12, 2)")) * 60
              + \(.integer("substr(trim(login_at), 15, 2)")), 0) AS login_minute,
          \(.date("logout_at")) AS logout_date,
          \(.timestamp("login_at")) AS login_at,
          \(.timestamp("logout_at")) AS logout_at,
          \(.text("logout_at")) AS _logout_at,
          _file, _line
        FROM \(new: Bronze.gymVisits)
      ) AS visits
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
      .int("start_minute", "Minute of that day at the start by the club's clock, 0 to 1439."),
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
        \(.text("usage_id")) AS usage_id,
        \(.text("member_id")) AS member_id,
        \(.text("location_id")) AS location_id,
        lower(trim(facility)) AS facility,
        \(.date("started_at")) AS usage_date,
        coalesce(
          \(.integer("substr(trim(started_at), 12, 2)")) * 60
            + \(.integer("substr(trim(started_at), 15, 2)")), 0) AS start_minute,
        \(.timestamp("started_at")) AS started_at,
        \(.integer("duration_minutes")) AS duration_minutes,
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
      .row(
        "quantity is 1 to 10,000, or as many returned",
        "quantity <> 0 AND quantity BETWEEN -10000 AND 10000", else: .quarantine),
      amount("unit_price"),
      .pattern("sku", "[A-Z0-9]{3}-[A-Z0-9]+", else: .quarantine),
    ],
    query: """
      SELECT
        receipt_id, line, member_id, location_id, sku, product_name, category, quantity, unit_price,
        TRY_CAST(quantity * unit_price AS DECIMAL(18, 2)) AS amount,
        coalesce(quantity < 0, false) AS is_return,
        CAST(sold_at AS DATE) AS sale_date,
        sold_at, _file, _line
      FROM (
        SELECT
          \(.text("receipt_id")) AS receipt_id,
          \(.integer("line")) AS line,
          \(.text("member_id")) AS member_id,
          \(.text("location_id")) AS location_id,
          substr(regexp_replace(upper(sku), '[^A-Z0-9]', ''), 1, 3) || '-'
            || substr(regexp_replace(upper(sku), '[^A-Z0-9]', ''), 4) AS sku,
          trim(product_name) AS product_name,
          lower(trim(category)) AS category,
          \(.integer("quantity")) AS quantity,
          \(.decimal("unit_price")) AS unit_price,
          \(.timestamp("sold_at")) AS sold_at,
          _file, _line
        FROM \(new: Bronze.retail)
      ) AS sales
      """)
}
