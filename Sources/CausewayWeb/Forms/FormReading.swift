import CausewayAPI
import CausewayJSON
import CausewayModel
import Foundation
import HTTPTypes

/// Converts the values to the API's JSON.
struct FormReading: Sendable {
    let definition: FormDefinition
    let texts: Texts

    /// - Returns: the body; errors of unreadable fields are stored in the state.
    func body(_ state: inout FormState, _ api: APIClient) async throws -> [String: JSONValue] {
        var body: [String: JSONValue] = [:]
        for field in definition.fields {
            let text = state.text(field.name)
            switch field.kind {
            case .text, .email: body[field.name] = .string(Self.trimmed(text))
            case .longText: body[field.name] = .string(text)
            case .code: body[field.name] = .string(text.replacing("\r\n", with: "\n"))
            case .secret: if !text.isEmpty { body[field.name] = .string(text) }
            case .secretText(let name):
                if !Self.trimmed(text).isEmpty { body[name] = .string(text.replacing("\r\n", with: "\n")) }
            case .flag: body[field.name] = .bool(text == "true")
            case .choice: if !text.isEmpty { body[field.name] = .string(text) }
            case .lifetime(let days): body.merge(Self.lifetime(text, days, field, from: try await api.now)) { $1 }
            case .number:
                guard !text.isEmpty else { continue }
                guard let number = Int64(Self.trimmed(text)) else {
                    state.errors[field.name] = texts("forms.not_a_number")
                    continue
                }
                body[field.name] = .integer(number)
            case .attributes:
                guard let json = try? JSONValue(parsing: Array(text.utf8)), json.object != nil else {
                    state.errors[field.name] = texts("forms.not_json")
                    continue
                }
                body[field.name] = json
            case .objects(let source, isMultiple: true):
                body[field.name] = .array((state.values[field.name] ?? []).compactMap { Self.key($0, source) })
            case .objects(let source, isMultiple: false):
                body[field.name] = text.isEmpty ? .null : Self.key(text, source) ?? .null
            case .named(let source): body[field.name] = try await named(text, field, source, &state, api)
            }
        }
        return body
    }

    /// Nothing if the end stays as it is.
    private static func lifetime(_ text: String, _ days: [Int], _ field: FormField, from now: Timestamp)
        -> [String: JSONValue]
    {
        if text == FormField.never { return ["expiring": false] }
        guard let number = Int(text), days.contains(number) else { return [:] }
        let end = now + .seconds(number * 86_400)
        return ["expiring": true, field.name: .string(end.text)]
    }

    private static func key(_ text: String, _ source: ObjectSource) -> JSONValue? {
        source.isNumeric ? Int64(text).map(JSONValue.integer) : .string(text)
    }

    private func named(
        _ text: String,
        _ field: FormField,
        _ source: ObjectSource,
        _ state: inout FormState,
        _ api: APIClient
    ) async throws -> JSONValue {
        let name = Self.trimmed(text)
        guard !name.isEmpty else { return .null }
        let found =
            try await api.send(.get, source.list.adding([(source.label, name)])).expected()["results"]?.array ?? []
        guard found.count == 1, let id = found.first?[source.id] else {
            state.errors[field.name] = texts("forms.no_such_object", ["name": name])
            return .null
        }
        return id
    }

    static func trimmed(_ text: String) -> String {
        String(text.trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace).reversed())
    }
}
