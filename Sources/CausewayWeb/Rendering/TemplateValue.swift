import CausewayJSON
import Mustache

/// A value that templates can show: a text, a number, a Boolean value, a list or an optional of these, or a struct of them.
///
/// A struct needs only the conformance. Templates read its properties by their names in snake case: `isFinal` as `is_final`.
protocol TemplateValue: Sendable {
    /// The value for Mustache, in the viewer's language and time zone.
    func templateValue(for viewer: Viewer) -> any Sendable

    /// Whether templates read its properties as properties of the struct that it is a property of.
    static var isPart: Bool { get }
}

/// A struct that is a property of another struct. Templates read its properties as properties of the other.
protocol TemplatePart: TemplateValue {}

extension TemplatePart {
    static var isPart: Bool { true }
}

extension TemplateValue {
    static var isPart: Bool { false }

    /// The properties by their names in templates. A property of the struct takes precedence over one of its parts; two parts
    /// must not have the same name, since only one of them would be shown.
    func templateMembers(for viewer: Viewer) -> [String: any Sendable] {
        var (members, parts) = ([String: any Sendable](), [String: any Sendable]())
        for child in Mirror(reflecting: self).children {
            guard let label = child.label else { continue }
            guard let value = child.value as? any TemplateValue else {
                assertionFailure("\(Self.self).\(label) is not a value that a template can show")
                continue
            }
            guard type(of: value).isPart else {
                members[SnakeCase.name(of: label)] = value.templateValue(for: viewer)
                continue
            }
            for (name, value) in value.templateMembers(for: viewer) {
                assert(parts[name] == nil, "two parts of \(Self.self) have the name \(name)")
                parts[name] = value
            }
        }
        return members.merging(parts) { own, _ in own }
    }

    /// The properties that are neither nil nor empty.
    func presentMembers(for viewer: Viewer) -> [String: any Sendable] {
        templateMembers(for: viewer).filter { !($0.value is AbsentValue) }
    }

    func templateValue(for viewer: Viewer) -> any Sendable { templateMembers(for: viewer) }
}

extension String: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { isEmpty ? AbsentValue() : self }
}

extension Bool: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { self }
}

extension Int: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { self }
}

extension Int64: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { self }
}

extension Double: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { self }
}

extension Optional: TemplateValue where Wrapped: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { map { $0.templateValue(for: viewer) } ?? AbsentValue() }
}

extension Array: TemplateValue where Element: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable { map { $0.templateValue(for: viewer) } }
}

extension JSONValue: TemplateValue {
    func templateValue(for viewer: Viewer) -> any Sendable {
        switch self {
        case .null: AbsentValue()
        case .bool(let value): value
        case .integer(let value): value
        case .number(let value): value
        case .string(let value): value.templateValue(for: viewer)
        case .array(let values): values.map { $0.templateValue(for: viewer) }
        case .object(let members): members.mapValues { $0.templateValue(for: viewer) }
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
        var name: [UInt8] = []
        var isAfterCapital = true
        for letter in property.utf8 {
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter)
            if isCapital, !isAfterCapital { name.append(UInt8(ascii: "_")) }
            name.append(isCapital ? letter | 0x20 : letter)
            isAfterCapital = isCapital
        }
        return String(decoding: name, as: UTF8.self)
    }
}
