import CausewayJSON
import CausewayModel
import Foundation

/// Values from the path and from behind the question mark, each in the type that the document gives it.
struct APIValues: Sendable {
    private var values: [String: JSONValue] = [:]

    /// Reads texts as the parameters' types.
    ///
    /// - Throws: ``APIError`` that names every one that is no such thing.
    init(_ texts: [(name: String, value: String)], _ parameters: [APIParameter], _ check: SchemaCheck) throws {
        var faults: [String: JSONValue] = [:]
        let byName = Dictionary(grouping: texts, by: \.name)
        for parameter in parameters {
            guard let given = byName[parameter.name], let last = given.last else {
                if parameter.isRequired { faults[parameter.name] = ["This field is required."] }
                continue
            }
            // Whole numbers that say where in a list one is are judged there.
            if ["page", "page_size"].contains(parameter.name) {
                values[parameter.name] = .string(last.value)
                continue
            }
            do throws(SchemaFault) {
                values[parameter.name] = try Self.value(given.map(\.value), parameter.schema, check)
            } catch { faults[parameter.name] = error.json }
        }
        guard faults.isEmpty else { throw APIError.invalid(faults) }
    }

    private static func value(_ texts: [String], _ schema: JSONSchema, _ check: SchemaCheck) throws(SchemaFault)
        -> JSONValue?
    {
        var resolved = schema
        while case .nullable(let inner) = resolved { resolved = inner }
        if case .reference(let name) = resolved { resolved = check.schemas[name] ?? .anything }
        if case .array(let items) = resolved {
            var elements: [JSONValue] = []
            for text in texts { if let element = try value([text], items, check) { elements.append(element) } }
            return .array(elements)
        }
        guard let text = texts.last else { return nil }
        switch resolved {
        // An empty filter filters nothing.
        case .boolean, .integer, .number, .choice: if text.isEmpty { return nil }
        case .string(let rule): if text.isEmpty, rule.format != nil { return nil }
        default: break
        }
        return try check.checked(read(text, resolved), resolved)
    }

    private static func read(_ text: String, _ schema: JSONSchema) -> JSONValue {
        switch schema {
        case .boolean:
            switch text.lowercased() {
            case "true", "1": true
            case "false", "0": false
            default: .string(text)
            }
        case .integer: Int64(text).map(JSONValue.integer) ?? .string(text)
        case .number: Double(text).map(JSONValue.number) ?? .string(text)
        default: .string(text)
        }
    }

    func text(_ name: String) -> String? { values[name]?.string }
    func bool(_ name: String) -> Bool? { values[name]?.bool }
    func integer(_ name: String) -> Int64? { values[name]?.integer }
    func texts(_ name: String) -> [String] { (values[name]?.array ?? []).compactMap(\.string) }
    func integers(_ name: String) -> [Int64] { (values[name]?.array ?? []).compactMap(\.integer) }
    func uuid(_ name: String) -> UUID? { text(name).flatMap(UUID.init(uuidString:)) }
    func uuids(_ name: String) -> [UUID] { texts(name).compactMap(UUID.init(uuidString:)) }
    func time(_ name: String) -> Timestamp? { text(name).flatMap(APITime.timestamp) }
}
