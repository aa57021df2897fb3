import CausewayJSON
import Mustache

/// What templates can show: texts, numbers, truth values, lists and optionals of these, and structs of them.
///
/// A struct needs nothing but the conformance. Templates read its properties by their names in snake case: `isFinal` as `is_final`.
protocol TemplateValue: Sendable {
    /// As Mustache reads it.
    var templateValue: any Sendable { get }
}

/// A struct that is a property of another, and whose properties templates read as the other's own.
protocol TemplatePart: TemplateValue {}

extension TemplateValue {
    /// The properties by the names that templates have for them. A property of the struct itself comes before one of its parts.
    var templateMembers: [String: any Sendable] {
        var (members, parts) = ([String: any Sendable](), [String: any Sendable]())
        for child in Mirror(reflecting: self).children {
            guard let label = child.label else { continue }
            switch child.value {
            case let part as any TemplatePart: parts.merge(part.templateMembers) { $1 }
            case let value as any TemplateValue: members[SnakeCase.name(of: label)] = value.templateValue
            default: assertionFailure("\(Self.self).\(label) is no value that a template can show")
            }
        }
        return members.merging(parts) { own, _ in own }
    }

    /// The same without what is nil or empty.
    var presentMembers: [String: any Sendable] { templateMembers.filter { !($0.value is AbsentValue) } }

    var templateValue: any Sendable { templateMembers }
}

extension String: TemplateValue {
    var templateValue: any Sendable { isEmpty ? AbsentValue() : self }
}

extension Bool: TemplateValue {
    var templateValue: any Sendable { self }
}

extension Int: TemplateValue {
    var templateValue: any Sendable { self }
}

extension Int64: TemplateValue {
    var templateValue: any Sendable { self }
}

extension Double: TemplateValue {
    var templateValue: any Sendable { self }
}

extension Optional: TemplateValue where Wrapped: TemplateValue {
    var templateValue: any Sendable { map(\.templateValue) ?? AbsentValue() }
}

extension Array: TemplateValue where Element: TemplateValue {
    var templateValue: any Sendable { map(\.templateValue) }
}

extension JSONValue: TemplateValue {
    var templateValue: any Sendable {
        switch self {
        case .null: AbsentValue()
        case .bool(let value): value
        case .integer(let value): value
        case .number(let value): value
        case .string(let value): value.templateValue
        case .array(let values): values.map(\.templateValue)
        case .object(let members): members.mapValues(\.templateValue)
        }
    }
}

/// Stands for nil and for the empty text. The name is there, so that Mustache looks for none of the same name further out, and counts
/// as nothing.
private struct AbsentValue: MustacheCustomRenderable {
    let renderText = ""
    let isNull = true
}

/// Names of Swift as templates and the API write them.
enum SnakeCase {
    /// `isFinal` as `is_final`, `entraID` as `entra_id`.
    static func name(of property: String) -> String {
        var name = ""
        var isAfterCapital = true
        for letter in property {
            if letter.isUppercase, !isAfterCapital { name.append("_") }
            name.append(contentsOf: letter.lowercased())
            isAfterCapital = letter.isUppercase
        }
        return name
    }
}
