import Podium

extension Gold {
  /// Members, classes and marketing.
  public static let peopleTables: [Table] = [
    dimDate, weeklyActiveMembers, monthlyActiveMembers, activeMembersByLocation, classFillRates,
    classPopularity, topClasses, topClassesByLocation, memberEngagement, memberSegments,
    campaignAudiences, campaignSizes, retentionCurve, instructorRetention, feedbackByInstructor,
    feedbackByClassType, appFunnel, leadConversion, memberFeatures, memberChurnLabels,
  ]
}
