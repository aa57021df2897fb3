import Foundation

/// What a setting's value must be beyond its type.
struct SettingCheck<Value: Sendable>: Sendable {
    /// As it follows "must be".
    let wanted: String
    let admits: @Sendable (Value) -> Bool

    static var anything: SettingCheck { SettingCheck(wanted: "") { _ in true } }
}

extension SettingCheck where Value: Comparable {
    static func within(_ range: ClosedRange<Value>) -> SettingCheck {
        SettingCheck(wanted: "from \(range.lowerBound) to \(range.upperBound)") { range.contains($0) }
    }
}

extension SettingCheck where Value: Equatable {
    static func one(of values: Value...) -> SettingCheck {
        SettingCheck(wanted: "one of: \(values.map { "\($0)" }.joined(separator: ", "))") { values.contains($0) }
    }
}

extension SettingCheck<String> {
    /// Part of file names, so it may be nothing else.
    static var uuid: SettingCheck {
        SettingCheck(wanted: "a UUID, such as 11111111-2222-4333-8444-555555555555") { UUID(uuidString: $0) != nil }
    }
}

extension SettingCheck<String?> {
    static var time: SettingCheck {
        SettingCheck(wanted: "a time in ISO 8601, from 1970 to 9999") { text in
            text.map { Date(graphText: $0)?.isPlausible ?? false } ?? true
        }
    }
}

extension Date {
    /// Whether a clock may show it: a year of four digits.
    var isPlausible: Bool { (0...253_402_300_799).contains(timeIntervalSince1970) }
}
