import CausewayAPI
import CausewayJSON

/// The settings of an object in the words of its form, to read and not to change. The group without a heading is left out: it has the
/// object's name, which the page shows.
struct SettingsSummary: Sendable {
    let definition: FormDefinition
    let texts: Texts

    /// - Parameter object: as the API returns it.
    func groups(of object: JSONValue, _ api: APIClient) async throws -> [ShownSettings] {
        let state = FormState(object, definition, tag: nil)
        var groups: [ShownSettings] = []
        for group in definition.groups where !group.key.isEmpty {
            var settings: [ShownSettings.Setting] = []
            for field in group.fields {
                guard let value = try await value(of: field, state.values, api) else { continue }
                settings.append(.init(label: texts("\(definition.section(of: field)).label"), value: value))
            }
            let heading = texts("\(definition.section).groups.\(group.key)")
            groups.append(ShownSettings(heading: heading, settings: settings))
        }
        return groups
    }

    /// - Returns: nil for what is never shown.
    func value(of field: FormField, _ all: FormValues, _ api: APIClient) async throws -> String? {
        let values = (all[field.name] ?? []).filter { !$0.isEmpty }
        switch field.kind {
        case .secret, .secretText: return nil
        case .flag: return texts(values.isEmpty ? "no" : "yes")
        case .text, .email, .number, .longText, .attributes, .code, .lifetime: return values.first ?? "–"
        case .choice: return values.first.map { texts("\(definition.section(of: field)).choices.\($0).label") } ?? "–"
        case .objects(let source, _), .named(let source):
            var names: [String] = []
            for id in values { names.append(try await source.name(of: id, api)) }
            return names.isEmpty ? "–" : names.joined(separator: ", ")
        }
    }
}

/// The settings of one group of a form.
struct ShownSettings: TemplateValue {
    let heading: String
    let settings: [Setting]

    struct Setting: TemplateValue {
        let label: String
        let value: String
    }
}
