import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Builds the content of a form's template.
struct FormView: Sendable {
    let definition: FormDefinition
    let texts: Texts
    /// The form's address.
    var address = ""
    /// The API's address of the object that is changed; it is not offered as its own parent.
    var own: String?
    /// The folded group that is open.
    var opened: String?

    func model(_ state: FormState, isNew: Bool, _ api: APIClient) async throws -> FormModel {
        var groups: [FormModel.Group] = []
        for group in definition.groups { groups.append(try await model(group, state, isNew: isNew, api)) }
        return FormModel(
            groups: groups,
            tag: state.tag,
            shownFirst: state.base?.json,
            shown: state.shown,
            was: state.conflict?.was?.json,
            since: state.conflict?.since,
            mine: state.conflict?.mine.json,
            conflict: try await conflict(state, api),
            problems: problems(state)
        )
    }

    private func conflict(_ state: FormState, _ api: APIClient) async throws -> ConflictModel? {
        guard let conflict = state.conflict else { return nil }
        let saves = try await OtherSaves(of: definition, at: own, since: conflict.since, texts, api)
        return try await ConflictModel(conflict, state, definition, texts, saves: saves, restart: address, api)
    }

    private func model(_ group: FormGroup, _ state: FormState, isNew: Bool, _ api: APIClient) async throws
        -> FormModel.Group
    {
        var fields: [FormModel.Field] = []
        for field in group.fields { fields.append(try await model(field, state, isNew: isNew, api)) }
        let isUsed = group.use.map { state.text($0.field) == $0.value } ?? false
        let hasErrors = group.fields.contains { state.errors[$0.name] != nil }
        return FormModel.Group(
            title: group.key.isEmpty ? nil : texts("\(definition.section).groups.\(group.key)"),
            about: texts.find("\(definition.section).about.\(group.key)"),
            fields: fields,
            isFolded: group.isFolded,
            isOpen: !group.isFolded || hasErrors || group.key == opened || isUsed,
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
                    message: "\(texts("\(definition.section(of: field)).label")): \(texts.message(message))"
                )
            }
        }
        return FormModel.Problems(whole: state.problem.map(texts.message), fields: messages)
    }

    private func model(_ field: FormField, _ state: FormState, isNew: Bool, _ api: APIClient) async throws
        -> FormModel.Field
    {
        let key = definition.section(of: field)
        let error = state.errors[field.name].map(texts.message)
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
        case .lifetime(let days):
            (shown.isChoice, shown.options) = (true, lifetimes(days, field, shown.value, isNew: isNew))
        case .objects(let source, let isMultiple):
            let search = state.searches[field.name] ?? ""
            let keys = state.values[field.name] ?? []
            let options = try await PickerOptions(source, of: field.name, chosen: keys, search: search, own: own, api)
            (shown.isSeveral, shown.isOne) = (isMultiple, !isMultiple)
            if isMultiple {
                shown.picker = PickerModel(options, source, search: search, own: own)
            } else {
                shown.options = options.chosen + options.others
            }
        case .named(let source):
            shown.isNamed = true
            shown.value = try await source.name(of: shown.value, api)
            let options = try await PickerOptions(source, of: field.name, chosen: [], search: "", own: own, api)
            shown.options = options.others
            shown.suggestions = SuggestionSource(source)
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

    /// An existing object keeps its end unless another is chosen.
    private func lifetimes(_ days: [Int], _ field: FormField, _ chosen: String, isNew: Bool) -> [ChoiceOption] {
        let key = definition.section(of: field)
        let words = days.map { (value: "\($0)", label: texts("\(key).days", count: $0)) }
        let all = words + [(value: FormField.never, label: texts("\(key).never"))]
        let isKept = !all.contains { $0.value == chosen }
        let kept = isNew ? [] : [(value: "", label: texts("\(key).keep"))]
        return (kept + all).map { value, label in
            ChoiceOption(
                value: value,
                label: label,
                isChosen: value == chosen || (value.isEmpty && isKept),
                id: "\(field.name)-\(value.isEmpty ? "keep" : value)"
            )
        }
    }
}
