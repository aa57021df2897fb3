import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Builds the content of a form's template.
struct FormView: Sendable {
    let definition: FormDefinition
    let texts: Texts
    /// The API's address of the object that is changed; it is not offered as its own parent.
    var own: String?
    /// The folded group that is open.
    var opened: String?

    func model(_ state: FormState, isNew: Bool, _ api: APIClient) async throws -> FormModel {
        var groups: [FormModel.Group] = []
        for group in definition.groups { groups.append(try await model(group, state, isNew: isNew, api)) }
        return FormModel(groups: groups, tag: state.tag, problems: problems(state))
    }

    private func model(_ group: FormGroup, _ state: FormState, isNew: Bool, _ api: APIClient) async throws
        -> FormModel.Group
    {
        var fields: [FormModel.Field] = []
        for field in group.fields { fields.append(try await model(field, state, isNew: isNew, api)) }
        let hasErrors = group.fields.contains { state.errors[$0.name] != nil }
        return FormModel.Group(
            title: group.key.isEmpty ? nil : texts("\(definition.section).groups.\(group.key)"),
            about: texts.find("\(definition.section).about.\(group.key)"),
            fields: fields,
            isFolded: group.isFolded,
            isOpen: !group.isFolded || hasErrors || group.key == opened,
            help: HelpLinks.group(group.key, of: definition.key),
            helpWords: texts.find("\(definition.section).help.\(group.key)")
        )
    }

    private func problems(_ state: FormState) -> FormModel.Problems? {
        guard state.hasProblems else { return nil }
        let messages = definition.fields.compactMap { field in
            state.errors[field.name].map { message in
                FormModel.Message(
                    address: "#\(field.name)",
                    message: "\(texts("\(definition.section(of: field)).label")): \(message)"
                )
            }
        }
        return FormModel.Problems(whole: state.problem, fields: messages)
    }

    private func model(_ field: FormField, _ state: FormState, isNew: Bool, _ api: APIClient) async throws
        -> FormModel.Field
    {
        let key = definition.section(of: field)
        let error = state.errors[field.name]
        var hint = texts.find("\(key).hint")
        if case .secret = field.kind, !isNew { hint = texts("forms.secret_kept") }
        var described: [String] = []
        if hint != nil { described.append("\(field.name)-hint") }
        if error != nil { described.append("\(field.name)-error") }
        var shown = FormModel.Field(
            name: field.name,
            label: texts("\(key).label"),
            hint: hint,
            error: error,
            isOptional: field.isOptional,
            value: state.text(field.name),
            describedBy: described.isEmpty ? nil : described.joined(separator: " "),
            derivedFrom: field.derivedFrom,
            help: HelpLinks.field(field.name, of: definition.key)
        )
        switch field.kind {
        case .text: shown.isText = true
        case .email: shown.isEmail = true
        case .number: shown.isNumber = true
        case .flag: (shown.isFlag, shown.isChosen) = (true, shown.value == "true")
        case .longText: shown.isLong = true
        case .attributes: (shown.isLong, shown.isAttributes) = (true, true)
        case .code: shown.isCode = true
        case .secret: (shown.isSecret, shown.value) = (true, "")
        case .secretText: (shown.isLong, shown.value) = (true, "")
        case .choice(let words): (shown.isChoice, shown.options) = (true, choices(words, field, shown.value))
        case .objects(let source, let isMultiple):
            shown.options = try await options(source, state.values[field.name] ?? [], field.name, api)
            (shown.isSeveral, shown.isOne) = (isMultiple, !isMultiple)
        case .named(let source):
            shown.isNamed = true
            shown.value = try await source.name(of: shown.value, api)
            shown.options = try await options(source, [], field.name, api)
        }
        return shown
    }

    private func choices(_ words: [String], _ field: FormField, _ chosen: String) -> [ChoiceOption] {
        words.map { word in
            let key = "\(definition.section(of: field)).choices.\(word)"
            return ChoiceOption(
                value: word,
                label: texts("\(key).label"),
                isChosen: word == chosen,
                id: "\(field.name)-\(word)",
                hint: texts.find("\(key).hint")
            )
        }
    }

    /// The selected objects in their order, then the others by name. All selected objects are there, so that saving loses none.
    private func options(_ source: ObjectSource, _ chosen: [String], _ name: String, _ api: APIClient) async throws
        -> [ChoiceOption]
    {
        let rows = try await api.rows(source.list.adding([("page_size", "100")]), as: JSONValue.self)
        var labels: [String: String] = [:]
        for row in rows { labels[row[source.id]?.plainText ?? ""] = row[source.label]?.string }
        for id in chosen where labels[id] == nil && !id.isEmpty { labels[id] = try await source.name(of: id, api) }
        let others = rows.map { $0[source.id]?.plainText ?? "" }.filter { id in
            !chosen.contains(id) && "\(source.object)\(id)/" != own
        }
        return (chosen.filter { !$0.isEmpty } + others).map { id in
            ChoiceOption(value: id, label: labels[id] ?? id, isChosen: chosen.contains(id), id: "\(name)-\(id)")
        }
    }
}
