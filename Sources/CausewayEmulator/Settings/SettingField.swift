package import CausewayJSON
package import Foundation

/// Why a setting is invalid, in one sentence that names it.
package struct SettingError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// A value of a setting, read from JSON and written as JSON.
package protocol SettingValue: Sendable {
    /// - Parameter name: the setting, for the error.
    /// - Throws: ``SettingError`` that says what would be accepted.
    init(setting json: JSONValue, named name: String) throws(SettingError)
    /// As it is shown: without secrets.
    var settingJSON: JSONValue { get }
    /// As it is stored: with secrets.
    var keptJSON: JSONValue { get }
}

extension SettingValue {
    /// As it is shown, if there are no secrets.
    package var keptJSON: JSONValue { settingJSON }
}

/// One setting of a record: its name, its meaning, and how it is read and written.
struct SettingField<Record: Sendable>: Sendable {
    let name: String
    let help: String
    /// Secrets are accepted and never shown.
    let isSecret: Bool
    let read: @Sendable (Record) -> JSONValue
    let readKept: @Sendable (Record) -> JSONValue
    let write: @Sendable (inout Record, JSONValue) throws(SettingError) -> Void

    init<Value: SettingValue>(
        _ name: String,
        _ path: any WritableKeyPath<Record, Value> & Sendable,
        isSecret: Bool = false,
        check: SettingCheck<Value> = .anything,
        _ help: String
    ) {
        self.name = name
        self.help = help
        self.isSecret = isSecret
        read = { $0[keyPath: path].settingJSON }
        readKept = { $0[keyPath: path].keptJSON }
        write = { (record, json) throws(SettingError) in
            let value = try Value(setting: json, named: name)
            guard check.admits(value) else { throw SettingError("'\(name)' must be \(check.wanted).") }
            record[keyPath: path] = value
        }
    }
}

/// A value made of named settings. Every name is checked, so that a misspelled one is an error.
protocol SettingRecord: SettingValue {
    static var fields: [SettingField<Self>] { get }
    init()
    /// Checks what a single field cannot check.
    func check() throws(SettingError)
}

extension SettingRecord {
    func check() throws(SettingError) {}

    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        self.init()
        try apply(json, at: name)
    }

    /// Applies the given settings and leaves the others.
    mutating func apply(_ json: JSONValue, at place: String) throws(SettingError) {
        guard let given = json.object else { throw SettingError("'\(place)' must be an object of settings.") }
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            guard let field = Self.fields.first(where: { $0.name == name }) else {
                let known = Self.fields.map(\.name).sorted().joined(separator: ", ")
                throw SettingError("There is no setting '\(name)' in '\(place)'; known are: \(known).")
            }
            try field.write(&self, value)
        }
        try check()
    }

    package var settingJSON: JSONValue {
        .object(
            Dictionary(
                Self.fields.filter { !$0.isSecret }.map { ($0.name, $0.read(self)) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}

extension SettingRecord {
    package var keptJSON: JSONValue {
        .object(Dictionary(Self.fields.map { ($0.name, $0.readKept(self)) }, uniquingKeysWith: { first, _ in first }))
    }
}

extension Bool: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let value = json.bool else { throw SettingError("'\(name)' must be true or false.") }
        self = value
    }

    package var settingJSON: JSONValue { .bool(self) }
}

extension Int: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let value = json.integer, value >= 0 else {
            throw SettingError("'\(name)' must be a whole number of at least 0.")
        }
        self = Int(value)
    }

    package var settingJSON: JSONValue { .integer(Int64(self)) }
}

extension UInt64: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        self = UInt64(try Int(setting: json, named: name))
    }

    package var settingJSON: JSONValue { .integer(Int64(clamping: self)) }
}

extension Double: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let value = json.double else { throw SettingError("'\(name)' must be a number.") }
        self = value
    }

    package var settingJSON: JSONValue { .number(self) }
}

extension Date: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let value = json.string.flatMap(Date.init(graphText:)), value.isPlausible else {
            throw SettingError("'\(name)' must be a time in ISO 8601, such as 2026-01-01T00:00:00Z.")
        }
        self = value
    }

    package var settingJSON: JSONValue { .string(graphText) }
}

extension String: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let value = json.string else { throw SettingError("'\(name)' must be a text.") }
        self = value
    }

    package var settingJSON: JSONValue { .string(self) }
}

extension Array: SettingValue where Element: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let values = json.array else { throw SettingError("'\(name)' must be a list.") }
        var read: [Element] = []
        for value in values { read.append(try Element(setting: value, named: name)) }
        self = read
    }

    package var settingJSON: JSONValue { .array(map(\.settingJSON)) }
    package var keptJSON: JSONValue { .array(map(\.keptJSON)) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        self = json.isNull ? nil : try Wrapped(setting: json, named: name)
    }

    package var settingJSON: JSONValue { self?.settingJSON ?? .null }
    package var keptJSON: JSONValue { self?.keptJSON ?? .null }
}

/// A setting that takes one of a few words.
protocol SettingChoice: SettingValue, RawRepresentable, CaseIterable where RawValue == String {}

extension SettingChoice {
    package init(setting json: JSONValue, named name: String) throws(SettingError) {
        guard let value = json.string.flatMap(Self.init(rawValue:)) else {
            let choices = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingError("'\(name)' must be one of: \(choices).")
        }
        self = value
    }

    package var settingJSON: JSONValue { .string(rawValue) }
}
