/// A duration as authentik writes it: `minutes=30`, `hours=1;minutes=30`.
///
/// Units are microseconds to weeks in any letter case; numbers may have a fraction; unknown units are ignored as long as
/// there is a known one.
package struct DurationText: Hashable, Sendable {
    /// The text as the administrator wrote it.
    package let text: String
    /// Its value.
    package let duration: Duration

    private static let secondsPerUnit: [String: Double] = [
        "microseconds": 1e-6, "milliseconds": 1e-3, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400,
        "weeks": 604_800,
    ]

    /// Reads the text; nil if it contains no pair of a known unit and a number from 0 on.
    package init?(_ text: String) {
        var seconds = 0.0
        var known = false
        for pair in text.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2, let amount = Double(parts[1]), amount.isFinite, amount >= 0 else { return nil }
            guard let unit = Self.secondsPerUnit[parts[0].lowercased()] else { continue }
            seconds += amount * unit
            known = true
        }
        guard known, seconds < 1e9 else { return nil }
        self.text = text
        duration = .seconds(seconds)
    }
}
