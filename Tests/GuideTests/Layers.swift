import Podium

// The layers of the guide's project; a gym has its own, with many more tables.
enum Bronze { static let tables: [Table] = [classFeedback] }
enum Silver { static let tables: [Table] = [classFeedback] }
enum Gold { static let tables: [Table] = [classRatings] }
