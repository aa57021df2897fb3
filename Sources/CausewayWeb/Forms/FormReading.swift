import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The values of a form, and their errors, by field.
struct FormState: Sendable {
    /// Values by field; a list has several.
    var values: [String: [String]]
    var errors: [String: String] = [:]
    /// Errors of the form as a whole.
    var problem: String?
    /// The entity tag. With it, the API detects that someone else has changed the object in between.
    var tag: String?

    /// An empty form with defaults.
    init(new definition: FormDefinition, _ api: APIClient) async throws {
        values = Dictionary(definition.fields.map { ($0.name, $0.standard.isEmpty ? [] : [$0.standard]) }) { $1 }
        for field in definition.fields {
            guard let managed = field.preselected, case .objects(let source, _) = field.kind else { continue }
            let found =
                try await api.send(.get, source.list.adding([("managed", managed)])).expected()["results"]?.array ?? []
            values[field.name] = found.compactMap { $0[source.id].map(\.plainText) }
        }
    }

    /// The values of an object.
    init(_ object: JSONValue, _ definition: FormDefinition, tag: String?) {
        values = [:]
        self.tag = tag
        for field in definition.fields {
            let value = object[field.name] ?? .null
            switch field.kind {
            case .secret, .secretText: values[field.name] = []
            case .flag: values[field.name] = value.bool == true ? ["true"] : []
            case .attributes: values[field.name] = [value.object.map { JSONValue.object($0).prettyText } ?? "{}"]
            case .objects(_, isMultiple: true): values[field.name] = (value.array ?? []).map(\.plainText)
            default: values[field.name] = value.isNull ? [] : [value.plainText]
            }
        }
    }

    /// The values as they were sent.
    init(sent form: FormFields, _ definition: FormDefinition) {
        values = [:]
        for field in definition.fields { values[field.name] = form.all(field.name) }
        tag = form["_tag"]
    }

    func text(_ name: String) -> String { values[name]?.last ?? "" }

    var hasProblems: Bool { !errors.isEmpty || problem != nil }
}

extension FormState {
    /// Adds the API's errors about the entered values.
    ///
    /// - Parameter member: the member of the body that has the fields; nil if the body itself has them.
    /// - Throws: ``PageError`` for everything that does not concern the form.
    mutating func note(_ answer: APIAnswer, _ definition: FormDefinition, below member: String? = nil) throws {
        guard [400, 409, 412].contains(answer.status) else {
            _ = try answer.expected()
            return
        }
        let names = Set(definition.fields.map(\.name))
        var whole = answer.body["detail"]?.string.map { [$0] } ?? []
        let messages = member.flatMap { answer.body[$0]?.object } ?? answer.body.object ?? [:]
        for (name, messages) in messages where name != "detail" {
            let words = (messages.array ?? [messages]).map(\.plainText).joined(separator: " ")
            if names.contains(name) { errors[name] = words } else { whole.append(words) }
        }
        problem = whole.isEmpty ? nil : whole.joined(separator: " ")
    }
}

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
