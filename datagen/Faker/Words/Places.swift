/// States, their postal codes, telephone areas and time zones.
enum Places {
  /// One state a line.
  ///
  /// `code|name|time zone|first three digits of postal codes, from and to|telephone areas`
  private static let table = lines(
    """
    AL|Alabama|America/Chicago|350|369|205,251,256,334
    AK|Alaska|America/Anchorage|995|999|907
    AZ|Arizona|America/Phoenix|850|865|480,520,602,623
    AR|Arkansas|America/Chicago|716|729|479,501,870
    CA|California|America/Los_Angeles|900|961|209,213,310,408,415,510,619,714,818,916
    CO|Colorado|America/Denver|800|816|303,719,720,970
    CT|Connecticut|America/New_York|060|069|203,860
    DE|Delaware|America/New_York|197|199|302
    DC|District of Columbia|America/New_York|200|205|202
    FL|Florida|America/New_York|320|349|305,321,407,561,727,813,904,954
    GA|Georgia|America/New_York|300|319|229,404,478,706,770,912
    HI|Hawaii|Pacific/Honolulu|967|968|808
    ID|Idaho|America/Boise|832|838|208
    IL|Illinois|America/Chicago|600|629|217,309,312,618,630,708,773,815,847
    IN|Indiana|America/Indiana/Indianapolis|460|479|219,260,317,574,765,812
    IA|Iowa|America/Chicago|500|528|319,515,563,641,712
    KS|Kansas|America/Chicago|660|679|316,620,785,913
    KY|Kentucky|America/New_York|400|427|270,502,606,859
    LA|Louisiana|America/Chicago|700|714|225,318,337,504,985
    ME|Maine|America/New_York|039|049|207
    MD|Maryland|America/New_York|206|219|240,301,410,443
    MA|Massachusetts|America/New_York|010|027|413,508,617,781,978
    MI|Michigan|America/Detroit|480|499|231,248,313,517,616,734,810,906
    MN|Minnesota|America/Chicago|550|567|218,320,507,612,651,763,952
    MS|Mississippi|America/Chicago|386|397|228,601,662
    MO|Missouri|America/Chicago|630|658|314,417,573,636,660,816
    MT|Montana|America/Denver|590|599|406
    NE|Nebraska|America/Chicago|680|693|308,402
    NV|Nevada|America/Los_Angeles|889|898|702,775
    NH|New Hampshire|America/New_York|030|038|603
    NJ|New Jersey|America/New_York|070|089|201,609,732,856,908,973
    NM|New Mexico|America/Denver|870|884|505,575
    NY|New York|America/New_York|100|149|212,315,347,516,518,585,607,631,646,716,718,914
    NC|North Carolina|America/New_York|270|289|252,336,704,828,910,919
    ND|North Dakota|America/Chicago|580|588|701
    OH|Ohio|America/New_York|430|458|216,330,419,440,513,614,740,937
    OK|Oklahoma|America/Chicago|730|749|405,580,918
    OR|Oregon|America/Los_Angeles|970|979|503,541
    PA|Pennsylvania|America/New_York|150|196|215,412,570,610,717,724,814
    RI|Rhode Island|America/New_York|028|029|401
    SC|South Carolina|America/New_York|290|299|803,843,864
    SD|South Dakota|America/Chicago|570|577|605
    TN|Tennessee|America/Chicago|370|385|423,615,731,865,901,931
    TX|Texas|America/Chicago|750|799|210,214,254,281,361,409,512,713,806,817,903,915,956,972
    UT|Utah|America/Denver|840|847|435,801
    VT|Vermont|America/New_York|050|059|802
    VA|Virginia|America/New_York|220|246|276,434,540,703,757,804
    WA|Washington|America/Los_Angeles|980|994|206,253,360,425,509
    WV|West Virginia|America/New_York|247|268|304
    WI|Wisconsin|America/Chicago|530|549|262,414,608,715,920
    WY|Wyoming|America/Denver|820|831|307
    """)

  static let states: [USState] = table.compactMap { line in
    let parts = line.split(separator: "|").map(String.init)
    guard parts.count == 6, let from = Int(parts[3]), let to = Int(parts[4]), from <= to else {
      return nil
    }
    return USState(
      code: parts[0], name: parts[1], timeZone: parts[2], postalPrefixes: from...to,
      areaCodes: parts[5].split(separator: ",").compactMap { Int($0) })
  }

  static let stateByCode = [String: USState](
    states.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

  /// For each of `cities`, the index of its state in `states`.
  static let cityStates = cities.map { city in states.firstIndex { $0.code == city.state } ?? 0 }

  /// The towns of each state by its code.
  static let citiesByState = [String: [City]](grouping: cities) { $0.state }
}
