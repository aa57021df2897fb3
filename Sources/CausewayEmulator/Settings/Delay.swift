package import CausewayJSON
import Foundation

/// How long something takes: nothing, always the same, or spread as waiting times are (exponentially), so that a few take
/// far longer than most.
package struct Delay: Sendable, Equatable {
    enum Shape: String, SettingChoice { case fixed, exponential }

    var shape = Shape.fixed
    /// Of all delays, in seconds.
    package var mean = 0.0

    package static let none = Delay()

    /// A day.
    private static let longest = 86_400.0

    /// Always the same.
    package static func fixed(_ seconds: Double) -> Delay { Delay(shape: .fixed, mean: seconds) }

    /// Spread around a mean.
    package static func exponential(mean: Double) -> Delay { Delay(shape: .exponential, mean: mean) }

    /// Seconds.
    func sample(_ random: inout SeededRandom) -> Double {
        switch shape {
        case .fixed: mean
        case .exponential: mean > 0 ? -mean * log(1 - Double.random(in: 0..<1, using: &random)) : 0
        }
    }
}

extension Delay: SettingValue {
    /// A number of seconds, or `{"mean": 2, "shape": "exponential"}`.
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let seconds = json.double ?? json["mean"]?.double, (0...Self.longest).contains(seconds) else {
            throw SettingError(
                "'\(name)' must be a number of seconds up to \(Int(Self.longest)), or {\"mean\": SECONDS, \"shape\": \"exponential\"}."
            )
        }
        mean = seconds
        if let shape = json["shape"] { self.shape = try Shape(setting: shape, named: "\(name).shape") }
    }

    package var settingJSON: JSONValue { ["mean": .number(mean), "shape": shape.settingJSON] }
}
