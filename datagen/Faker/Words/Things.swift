/// Words for companies, products, jobs and running text.
enum Things {
  static let companyStems = words(
    """
    Acme Alder Alpine Amber Anchor Apex Arbor Arrow Atlas Aurora Beacon Birch Blue Bolt Boreal Bridge
    Bright Canyon Cascade Cedar Cirrus Clear Cobalt Comet Compass Copper Coral Crest Delta Dynamo Eagle
    Echo Elm Ember Evergreen Falcon Field Flint Forge Frontier Garnet Glacier Golden Granite Harbor Helix
    Heron Horizon Iron Juniper Keystone Lantern Laurel Level Lighthouse Lumen Lunar Maple Meridian Mesa
    Metro Nimbus North Nova Oak Onyx Orbit Orchard Osprey Pacific Peak Pepper Pine Pioneer Polar Prairie
    Prism Quarry Quartz Quill Rapid Raven Redwood Ridge River Rocket Sable Saffron Sage Sierra Silver
    Solar Spruce Sterling Stone Summit Sunrise Swift Talon Terra Thunder Timber Topaz Trident Umber Union
    Valley Vector Velvet Vertex Vista Walnut Wave Willow Zenith Zephyr
    """)

  static let companyFields = words(
    """
    Analytics Apparel Bakery Books Brewing Builders Catering Ceramics Coffee Consulting Creative Dental
    Design Digital Dynamics Electric Energy Engineering Farms Financial Fitness Foods Freight Furniture
    Games Goods Health Holdings Imports Industries Insurance Interiors Labs Law Logistics Marine Media
    Medical Metals Mobility Motors Music Networks Nutrition Optics Outfitters Partners Pharmacy Plumbing
    Press Properties Recycling Research Robotics Roofing Security Software Solutions Sports Staffing
    Studios Supply Systems Textiles Tools Toys Trading Travel Ventures Veterinary Works
    """)

  static let companyForms = ["Inc.", "LLC", "Ltd.", "Group", "& Sons", "Co."]

  static let jobs = lines(
    """
    Accountant
    Actuary
    Aircraft mechanic
    Architect
    Art teacher
    Baker
    Barista
    Biologist
    Bookkeeper
    Bus driver
    Carpenter
    Cartographer
    Chef
    Chemist
    Civil engineer
    Claims adjuster
    Copywriter
    Court reporter
    Data analyst
    Dental hygienist
    Dietitian
    Electrician
    Event planner
    Farm manager
    Film editor
    Firefighter
    Florist
    Forester
    Graphic designer
    Hair stylist
    Hotel manager
    Interpreter
    Journalist
    Laboratory technician
    Landscape gardener
    Lawyer
    Librarian
    Machinist
    Marine biologist
    Market researcher
    Midwife
    Museum curator
    Music teacher
    Network administrator
    Nurse
    Optician
    Paramedic
    Pharmacist
    Photographer
    Physical therapist
    Pilot
    Plumber
    Postal worker
    Product manager
    Psychologist
    Radio host
    Real estate agent
    Roofer
    School counselor
    Social worker
    Software developer
    Statistician
    Surveyor
    Tailor
    Tax adviser
    Train dispatcher
    Translator
    Truck driver
    Veterinarian
    Web designer
    Welder
    Zookeeper
    """)

  static let productAdjectives = words(
    """
    Adjustable Airy Basic Bold Bright Classic Compact Cozy Crisp Deluxe Durable Everyday Fine Firm
    Folding Fresh Gentle Handy Heavy Insulated Light Mellow Modern Organic Padded Plain Portable Practical
    Premium Quick Quiet Refined Rugged Simple Sleek Slim Smooth Soft Sturdy Tough Trusty Warm Wide
    """)

  static let productMaterials = words(
    """
    Bamboo Bronze Canvas Ceramic Cork Cotton Denim Felt Fleece Glass Granite Hemp Leather Linen Marble
    Mesh Nylon Oak Paper Pine Rubber Silicone Silk Steel Suede Walnut Wicker Wool
    """)

  static let productNouns = words(
    """
    Backpack Ball Basket Belt Bench Blanket Bottle Bowl Box Bracelet Cap Chair Clock Coat Cup Desk Glove
    Hat Jacket Jar Keyboard Kettle Lamp Mat Mirror Mug Notebook Pan Pants Pen Pillow Plate Rope Rug
    Scarf Shelf Shirt Shoes Shorts Socks Spoon Stool Sweater Table Tent Towel Tray Vase Vest Wallet Watch
    """)

  static let text = words(
    """
    a about above across after again against all almost along already also although always among an and
    another any around as ask at away back be because before begin behind below best better between big
    both bring build busy but by call calm can carry catch change choose city class clean clear climb
    close coach cold come common cool could count course cover cross cup daily day deep did different do
    door down draw drink drive drop during each early easy eat eight end energy enough even evening every
    far fast feel few field fill find first fit five floor follow food foot for four free fresh friend
    from front full game gentle get give go goal good great green ground group grow gym habit half hand
    hard have he head hear heart heavy help her here high him his hold home hour house how idea if in
    inside into is it join jump just keep kind know large last late laugh lead learn leave left less let
    level life lift light like line listen little long look low made make many mat may me mean member
    might mind minute month more morning most move much music must my name near need never new next nice
    night nine no north not note now of off often old on once one only open or order other our out over
    own pace part pass pay people place plan play point pool press pull push put quick quiet quite rain
    reach read ready real rest ride right road room round row run same say second see seem set seven she
    shoe short should show side simple sing sit six sleep slow small smile so some song soon south speak
    speed spend stand start stay steady step still stop street stretch strong such summer sun sure swim
    table take talk teach team tell ten than that the their them then there these they thing think this
    those though three through time to today together too top towel train travel tree try turn two under
    until up us use very voice wait walk wall want warm was watch water way we week weight well were west
    what when where which while white who why wide wind window winter with without word work world would
    write year yes yet yoga you young your
    """)
}
