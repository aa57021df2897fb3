import CausewayJSON
import Foundation

/// Formats values for people, the same in every language.
enum Formatting {
    /// A value of an attribute; a dash for none.
    static func value(_ value: JSONValue?) -> String {
        switch value ?? .null {
        case .null: "–"
        case .string(let text): text
        case let other: other.text
        }
    }
}

extension JSONValue {
    /// A value of an answer as text; empty for null.
    var plainText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: text
        }
    }
}
