extension Places {
  /// A state's code and its towns, separated by `|`.
  private static let towns = lines(
    """
    AL|Birmingham|Huntsville|Mobile|Montgomery|Tuscaloosa|Auburn
    AK|Anchorage|Fairbanks|Juneau|Wasilla
    AZ|Phoenix|Tucson|Mesa|Chandler|Scottsdale|Tempe|Gilbert|Flagstaff
    AR|Little Rock|Fayetteville|Fort Smith|Jonesboro
    CA|Los Angeles|San Diego|San Jose|San Francisco|Fresno|Sacramento|Long Beach|Oakland|Pasadena|Glendale
    CA|Burbank|Santa Monica|Torrance|Irvine|Anaheim|Inglewood|Riverside|Ventura|Santa Clara|Berkeley
    CO|Denver|Colorado Springs|Aurora|Boulder|Fort Collins|Lakewood|Arvada|Golden
    CT|Hartford|New Haven|Stamford|Bridgeport|Norwalk
    DE|Wilmington|Dover|Newark
    DC|Washington
    FL|Miami|Tampa|Orlando|Jacksonville|Hialeah|Coral Gables|Fort Lauderdale|Naples|Tallahassee|Sarasota
    GA|Atlanta|Savannah|Augusta|Athens|Macon|Decatur|Marietta|Roswell
    HI|Honolulu|Hilo|Kailua|Pearl City
    ID|Boise|Meridian|Nampa|Idaho Falls
    IL|Chicago|Evanston|Oak Park|Naperville|Aurora|Rockford|Springfield|Peoria|Cicero|Skokie|Elgin|Joliet
    IN|Indianapolis|Fort Wayne|Carmel|South Bend|Bloomington|Fishers
    IA|Des Moines|Cedar Rapids|Davenport|Ames|Iowa City
    KS|Wichita|Overland Park|Topeka|Lawrence
    KY|Louisville|Lexington|Bowling Green|Covington
    LA|New Orleans|Baton Rouge|Lafayette|Metairie|Shreveport
    ME|Portland|Bangor|Augusta|Lewiston
    MD|Baltimore|Annapolis|Rockville|Frederick|Bethesda
    MA|Boston|Cambridge|Somerville|Worcester|Quincy|Newton|Brookline|Lowell
    MI|Detroit|Ann Arbor|Grand Rapids|Lansing|Dearborn|Warren|Flint
    MN|Minneapolis|Saint Paul|Bloomington|Edina|Duluth|Rochester
    MS|Jackson|Gulfport|Biloxi|Hattiesburg
    MO|Kansas City|Saint Louis|Springfield|Columbia|Independence
    MT|Billings|Missoula|Bozeman|Helena
    NE|Omaha|Lincoln|Bellevue|Grand Island
    NV|Las Vegas|Henderson|Reno|Sparks
    NH|Manchester|Nashua|Concord|Portsmouth
    NJ|Newark|Jersey City|Hoboken|Paterson|Trenton|Princeton
    NM|Albuquerque|Santa Fe|Las Cruces|Rio Rancho
    NY|New York|Brooklyn|Queens|Bronx|Staten Island|Yonkers|White Plains|Buffalo|Albany|Rochester|Syracuse
    NY|New Rochelle|Mount Vernon|Hempstead|Ithaca|Long Beach
    NC|Charlotte|Raleigh|Durham|Greensboro|Asheville|Wilmington
    ND|Fargo|Bismarck|Grand Forks|Minot
    OH|Columbus|Cleveland|Cincinnati|Toledo|Akron|Dayton
    OK|Oklahoma City|Tulsa|Norman|Edmond
    OR|Portland|Eugene|Salem|Beaverton|Bend|Hillsboro
    PA|Philadelphia|Pittsburgh|Allentown|Lancaster|Scranton|Bethlehem
    RI|Providence|Warwick|Cranston|Newport
    SC|Charleston|Columbia|Greenville|Spartanburg
    SD|Sioux Falls|Rapid City|Aberdeen|Brookings
    TN|Nashville|Memphis|Knoxville|Chattanooga|Franklin
    TX|Houston|Dallas|Austin|San Antonio|Fort Worth|Plano|Arlington|Irving|Sugar Land|Katy|Round Rock|Waco
    UT|Salt Lake City|Provo|Ogden|Sandy|Park City
    VT|Burlington|Montpelier|Rutland|Stowe
    VA|Richmond|Norfolk|Arlington|Alexandria|Roanoke|Fairfax
    WA|Seattle|Tacoma|Bellevue|Spokane|Everett|Redmond|Kirkland
    WV|Charleston|Huntington|Morgantown|Wheeling
    WI|Milwaukee|Madison|Green Bay|Kenosha|Racine
    WY|Cheyenne|Casper|Laramie|Jackson
    """)

  static let cities: [City] = towns.flatMap { line in
    let parts = line.split(separator: "|").map(String.init)
    return parts.dropFirst().map { City(name: $0, state: parts[0]) }
  }
}
