/// Parts of street addresses.
enum Streets {
  static let names = words(
    """
    Acorn Adams Alder Amber Anchor Apple Arbor Arch Ash Aspen Aster Autumn Avalon Bank Bay Beach Beacon
    Bear Beech Bell Belmont Birch Bishop Blossom Bluff Bonita Boulder Bramble Branch Briar Brick Bridge
    Broad Brook Buckeye Butler Cactus Camden Canal Canyon Cardinal Carriage Castle Cedar Center Chapel
    Cherry Chestnut Church Circle Clay Clearview Clifton Clinton Clover College Colonial Commerce Concord
    Coral Cottage Country Court Creek Crescent Crest Cross Crystal Cypress Daisy Dale Deer Dogwood Dove
    Eagle East Edgewood Elm Evergreen Fairview Falcon Farm Fern Field First Flint Forest Fountain Fox
    Franklin Front Garden Garnet Gate Glen Gold Grand Granite Grant Green Grove Harbor Harvest Hawthorn
    Hazel Heather Heron Hickory High Hill Hollow Holly Iris Ivy Jackson Jade Jasper Jefferson Juniper
    Kings Lake Lakeview Lantern Larch Laurel Lavender Liberty Lilac Lincoln Linden Locust Lotus Lower
    Madison Magnolia Main Maple Market Marsh Meadow Mesa Mill Mission Monroe Moss Mulberry Myrtle Nectar
    North Oak Ocean Olive Orange Orchard Orchid Osage Palm Park Peach Pearl Pebble Pecan Pine Plum Plymouth
    Pond Poplar Prairie Primrose Prospect Quail Quarry Quartz Railroad Ranch Raven Redwood Ridge River Rose
    Rosewood Ruby Sage Sandy School Second Sequoia Shady Shore Sierra Silver Sky South Spring Spruce State
    Station Stone Summit Sunrise Sunset Sycamore Tanglewood Taylor Temple Terrace Third Thistle Timber
    Trail Tulip Union Upper Valley View Village Vine Vista Walnut Washington Water West Wheat Willow
    Winding Windsor Wood Woodland Yarrow Yew
    """)

  static let kinds = words(
    """
    Street Street Street Street Avenue Avenue Avenue Road Road Drive Drive Lane Lane Court Place Way
    Boulevard Terrace Circle Parkway Trail Square
    """)

  static let units = ["Apt.", "Suite", "Unit", "Floor"]
}
