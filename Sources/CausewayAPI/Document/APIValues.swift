import CausewayJSON
import CausewayModel
import Foundation

/// Values from the path and the query, each in the type that the document defines.
struct APIValues: Sendable {
    private var values: [String: JSONValue] = [:]

    /// Reads texts as the parameters' types.
    ///
    /// - Throws: ``APIError`` that names every invalid one.
    init(_ texts: [(name: String, value: String)], _ parameters: [APIParameter], _ check: SchemaCheck) throws {
        var faults: [String: JSONValue] = [:]
        let byName = Dictionary(grouping: texts, by: \.name)
        for parameter in parameters {
            guard let given = byName[parameter.name], let last = given.last else {
                if parameter.isRequired { faults[parameter.name] = ["This field is required."] }
                continue
            }
            // Whole numbers that select a page are checked later.
            if ["page", "page_size"].contains(parameter.name) {
                values[parameter.name] = .string(last.value)
                continue
            }
            do throws(SchemaFault) {
                values[parameter.name] = try Self.value(given.map(\.value), parameter, check)
            } catch { faults[parameter.name] = error.json }
        }
        guard faults.isEmpty else { throw APIError.invalid(faults) }
    }

    private static func value(_ texts: [String], _ parameter: APIParameter, _ check: SchemaCheck) throws(SchemaFault)
        -> JSONValue?
    {
        let schema = check.resolved(parameter.schema)
        if case .array(let items) = schema {
            let items = check.resolved(items)
            return .array(
                try texts.map { text throws(SchemaFault) in
                    if let message = FilterFault.message(for: text, items, isOneOfMany: true) {
                        throw SchemaFault(message)
                    }
                    return try check.checked(canonical(text, items), items)
                }
            )
        }
        guard let text = texts.last else { return nil }
        switch schema {
        case .boolean where parameter.isSwitch: return .bool(text.lowercased() == "true")
        // django-filter ignores a filter whose value is not a truth value.
        case .boolean: return ["true", "True"].contains(text) ? true : ["false", "False"].contains(text) ? false : nil
        // An empty filter filters nothing.
        default: if text.isEmpty { return nil }
        }
        if let message = FilterFault.message(for: text, schema, isOneOfMany: false) { throw SchemaFault(message) }
        return try check.checked(canonical(text, schema), schema)
    }

    /// A UUID is accepted in every form that Django's `UUIDField` accepts.
    private static func canonical(_ text: String, _ schema: JSONSchema) -> JSONValue {
        guard case .string(let rule) = schema, rule.format == .uuid, let uuid = UUID(pythonText: text) else {
            return .string(text)
        }
        return .string(uuid.uuidString.lowercased())
    }

    /// All values, by name.
    var json: JSONValue { .object(values) }

    func text(_ name: String) -> String? { values[name]?.string }
    func bool(_ name: String) -> Bool? { values[name]?.bool }
    func integer(_ name: String) -> Int64? { values[name]?.integer }
    func texts(_ name: String) -> [String] { (values[name]?.array ?? []).compactMap(\.string) }
    func integers(_ name: String) -> [Int64] { (values[name]?.array ?? []).compactMap(\.integer) }
    func uuid(_ name: String) -> UUID? { text(name).flatMap(UUID.init(uuidString:)) }
    func uuids(_ name: String) -> [UUID] { texts(name).compactMap(UUID.init(uuidString:)) }
    func time(_ name: String) -> Timestamp? { text(name).flatMap(APITime.timestamp) }
}

/// django-filter's messages for filters that it cannot read. Observed with django-filter 26.2 on Django 5.2.19.
private enum FilterFault {
    /// The objection to a filter's value.
    ///
    /// - Parameter isOneOfMany: whether the filter may be repeated; times never are.
    static func message(for text: String, _ schema: JSONSchema, isOneOfMany: Bool) -> String? {
        switch schema {
        case .integer where JSONValue.string(text).asInteger == nil:
            isOneOfMany ? "“\(text)” is not a valid value." : "Enter a number."
        case .choice(let words) where !words.contains(text): noChoice(text)
        case .string(let rule) where rule.format == .uuid && UUID(pythonText: text) == nil:
            isOneOfMany ? "“\(text)” is not a valid UUID." : "Enter a valid UUID."
        case .string(let rule) where rule.format == .dateTime && !isOneOfMany && APITime.timestamp(text) == nil:
            "Enter a valid date/time."
        default: nil
        }
    }

    static func noChoice(_ text: String) -> String {
        "Select a valid choice. \(text) is not one of the available choices."
    }
}

extension APIError {
    /// The refusal of a filter by an object that does not exist.
    static func noChoice(_ filter: String, _ text: String) -> APIError { .invalid(filter, FilterFault.noChoice(text)) }
}
