package import CausewayJSON
import Foundation

/// A duration: zero, fixed, or exponentially distributed like waiting times, so that a few are
/// far longer than most.
package struct Delay: Sendable, Equatable {
    enum Shape: String, SettingChoice { case fixed, exponential }

    var shape = Shape.fixed
    /// Of all delays, in seconds.
    package var mean = 0.0

    package static let none = Delay()

    /// A day.
    private static let longest = 86_400.0

    /// Fixed.
    package static func fixed(_ seconds: Double) -> Delay { Delay(shape: .fixed, mean: seconds) }

    /// Distributed around a mean.
    package static func exponential(mean: Double) -> Delay { Delay(shape: .exponential, mean: mean) }

    /// Seconds.
    func sample(_ random: inout SeededRandom) -> Double {
        switch shape {
        case .fixed: mean
        case .exponential: mean > 0 ? -mean * log(1 - Double.random(in: 0..<1, using: &random)) : 0
        }
    }
}

extension Delay: SettingRecord {
    static let fields: [SettingField<Delay>] = [
        SettingField("mean", \.mean, check: .within(0...86_400), "of all delays, in seconds"),
        SettingField("shape", \.shape, "how delays spread around it: fixed or exponential"),
    ]

    /// A number of seconds, or `{"mean": 2, "shape": "exponential"}`.
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        self.init()
        let isNumber = json.double != nil
        guard isNumber || json["mean"] != nil else {
            throw SettingError(
                "'\(name)' must be a number of seconds up to \(Int(Self.longest)), or {\"mean\": SECONDS, \"shape\": \"exponential\"}."
            )
        }
        try apply(isNumber ? ["mean": json] : json, at: name)
    }
}
