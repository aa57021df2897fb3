import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What the template `form-fields` shows of a form.
struct FormView: Sendable {
    let definition: FormDefinition
    let texts: Texts
    /// Where the API has the object that is changed; it is not offered to itself.
    var own: String?

    private var section: String { "forms.\(definition.key)" }

    func values(_ state: FormState, isNew: Bool, _ api: APIClient) async throws -> [String: JSONValue] {
        var groups: [JSONValue] = []
        for group in definition.groups {
            var fields: [JSONValue] = []
            for field in group.fields {
                fields.append(try await json(field, state, isNew: isNew, api))
            }
            let hasErrors = group.fields.contains { state.errors[$0.name] != nil }
            groups.append([
                "title": JSONValue(group.key.isEmpty ? nil : texts("\(section).groups.\(group.key)")),
                "about": JSONValue(texts.find("\(section).about.\(group.key)")), "fields": .array(fields),
                "is_folded": .bool(group.isFolded), "is_open": .bool(!group.isFolded || hasErrors),
            ])
        }
        var values: [String: JSONValue] = ["groups": .array(groups), "tag": JSONValue(state.tag)]
        let errors = definition.fields.compactMap { field in
            state.errors[field.name].map { (field.name, $0) }
        }
        if !errors.isEmpty || state.problem != nil {
            values["problems"] = [
                "whole": JSONValue(state.problem),
                "fields": .array(
                    errors.map { name, message in
                        [
                            "address": .string("#\(name)"),
                            "message": .string("\(texts("\(section).fields.\(name).label")): \(message)"),
                        ]
                    }
                ),
            ]
        }
        return values
    }

    private func json(_ field: FormField, _ state: FormState, isNew: Bool, _ api: APIClient) async throws -> JSONValue {
        let key = "\(section).fields.\(field.name)"
        let error = state.errors[field.name]
        var hint = texts.find("\(key).hint")
        if case .secret = field.kind, !isNew { hint = texts("forms.secret_kept") }
        var described: [String] = []
        if hint != nil { described.append("\(field.name)-hint") }
        if error != nil { described.append("\(field.name)-error") }
        var json: [String: JSONValue] = [
            "name": .string(field.name), "label": .string(texts("\(key).label")), "hint": JSONValue(hint),
            "error": JSONValue(error), "is_optional": .bool(field.isOptional), "value": .string(state.text(field.name)),
            "described_by": JSONValue(described.isEmpty ? nil : described.joined(separator: " ")),
            "derived_from": JSONValue(field.derivedFrom),
        ]
        switch field.kind {
        case .text: json["is_text"] = true
        case .email: json["is_email"] = true
        case .number: json["is_number"] = true
        case .flag: (json["is_flag"], json["is_chosen"]) = (true, .bool(state.text(field.name) == "true"))
        case .longText: json["is_long"] = true
        case .attributes: (json["is_long"], json["is_attributes"]) = (true, true)
        case .code: json["is_code"] = true
        case .secret: (json["is_secret"], json["value"]) = (true, "")
        case .choice(let words):
            json["options"] = .array(
                words.map { word in
                    [
                        "value": .string(word), "id": .string("\(field.name)-\(word)"),
                        "label": .string(texts("\(key).choices.\(word).label")),
                        "hint": JSONValue(texts.find("\(key).choices.\(word).hint")),
                        "is_chosen": .bool(state.text(field.name) == word),
                    ]
                }
            )
            json["is_choice"] = true
        case .objects(let source, let isMultiple):
            json["options"] = .array(try await options(source, state.values[field.name] ?? [], field.name, api))
            json[isMultiple ? "is_several" : "is_one"] = true
        case .named(let source):
            json["is_named"] = true
            json["value"] = .string(try await name(state.text(field.name), source, api))
            json["options"] = .array(try await options(source, [], field.name, api))
        }
        return .object(json)
    }

    /// What is chosen, in its order and wherever it is in the list, so that nothing is lost by saving a form; then others by name.
    private func options(_ source: ObjectSource, _ chosen: [String], _ name: String, _ api: APIClient) async throws
        -> [JSONValue]
    {
        let rows =
            try await api.send(.get, source.list.adding([("page_size", "100")])).expected()["results"]?.array ?? []
        var labels: [String: String] = [:]
        for row in rows { labels[row[source.id].map(ListView.plain) ?? ""] = row[source.label]?.string }
        for id in chosen where labels[id] == nil && !id.isEmpty { labels[id] = try await self.name(id, source, api) }
        let others = rows.map { $0[source.id].map(ListView.plain) ?? "" }.filter { id in
            !chosen.contains(id) && "\(source.object)\(id)/" != own
        }
        return (chosen.filter { !$0.isEmpty } + others).map { id in
            [
                "value": .string(id), "id": .string("\(name)-\(id)"), "label": .string(labels[id] ?? id),
                "is_chosen": .bool(chosen.contains(id)),
            ]
        }
    }

    /// The name of an object by its key; what is no key is the name that was typed.
    private func name(_ text: String, _ source: ObjectSource, _ api: APIClient) async throws -> String {
        guard text.wholeMatch(of: /[0-9a-fA-F-]{36}|[0-9]+/) != nil else { return text }
        let answer = await api.send(.get, "\(source.object)\(text.urlPathPart)/")
        return answer.status == 200 ? answer.body[source.label]?.string ?? text : text
    }
}
