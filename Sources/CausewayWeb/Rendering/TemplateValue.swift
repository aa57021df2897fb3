import CausewayJSON
import Mustache

/// A value that templates can show: a text, a number, a Boolean value, a list or an optional of these, or a struct of them.
///
/// A struct needs only the conformance. Templates read its properties by their names in snake case: `isFinal` as `is_final`.
protocol TemplateValue: Sendable {
    /// The value for Mustache.
    var templateValue: any Sendable { get }
}

/// A struct that is a property of another struct. Templates read its properties as properties of the other.
protocol TemplatePart: TemplateValue {}

extension TemplateValue {
    /// The properties by their names in templates. A property of the struct takes precedence over one of its parts.
    var templateMembers: [String: any Sendable] {
        var (members, parts) = ([String: any Sendable](), [String: any Sendable]())
        for child in Mirror(reflecting: self).children {
            guard let label = child.label else { continue }
            switch child.value {
            case let part as any TemplatePart: parts.merge(part.templateMembers) { $1 }
            case let value as any TemplateValue: members[SnakeCase.name(of: label)] = value.templateValue
            default: assertionFailure("\(Self.self).\(label) is not a value that a template can show")
            }
        }
        return members.merging(parts) { own, _ in own }
    }

    /// The properties that are neither nil nor empty.
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

/// Nil, or the empty text. The name exists, so that Mustache does not look for it in an outer context, and its value counts as
/// false.
private struct AbsentValue: MustacheCustomRenderable {
    let renderText = ""
    let isNull = true
}

/// Converts names of Swift to the names in templates and in the API.
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
