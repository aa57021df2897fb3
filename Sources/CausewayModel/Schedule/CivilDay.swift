/// A day of the Gregorian calendar. Pure arithmetic: a search through four centuries would be slow with Foundation's calendar.
struct CivilDay: Hashable, Sendable {
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int
    /// 0 for Sunday to 6.
    let weekday: Int

    /// The calendar repeats itself after 400 years, weekdays included.
    static let daysOfCycle = 146_097

    init(daysSince1970 days: Int) {
        // Counted in years that begin in March, leap days come last and need no rule of their own.
        let dayOfCycle = (days + 719_468).floorRemainder(Self.daysOfCycle)
        let year = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * year + year / 4 - year / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        weekday = (days + 4).floorRemainder(7)
    }
}

extension BinaryInteger {
    /// The quotient rounded towards negative infinity.
    func floorQuotient(_ divisor: Self) -> Self { (self - floorRemainder(divisor)) / divisor }

    /// What ``floorQuotient(_:)`` leaves over, from 0 on.
    func floorRemainder(_ divisor: Self) -> Self {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
