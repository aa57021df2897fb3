import CausewayJSON
import Foundation

/// Events in words: what was done to what, and which field was what before.
struct EventWords: Sendable {
    let texts: Texts

    /// The forms whose fields objects have, by authentik's model.
    private static let forms = [
        "user": "user", "group": "group", "application": "application", "microsoftentraprovider": "provider",
        "microsoftentraprovidermapping": "mapping", "token": "token", "schedule": "schedule",
    ]

    /// authentik's model of the objects that a form changes.
    static func model(of form: FormDefinition) -> String? { forms.first { $0.value == form.key }?.key }

    // MARK: Sentences

    /// What happened, such as *Changed the provider Entra ID*.
    func sentence(_ event: EventEntry) -> String {
        let values = [
            "type": type(event.object?.modelName), "name": name(of: event), "provider": event.provider ?? "",
            "files": files(of: event), "mode": mode(of: event), "records": records(of: event),
        ]
        let key = "event_sentences.\(event.action)"
        if event.object == nil, texts.find("\(key)_alone") != nil { return texts("\(key)_alone", values) }
        if let sessions = event.details["sessions"]?.integer, texts.find("\(key)_sessions.one") != nil {
            return texts("\(key)_sessions", count: Int(sessions), values)
        }
        guard texts.find(key) != nil else { return [action(event.action), name(of: event)].words(" · ") }
        return texts(key, values)
    }

    /// The action alone.
    func action(_ action: String) -> String {
        let own = action.hasPrefix("custom_") && action.count > 7 ? String(action.dropFirst(7)) : action
        return texts.find("event_actions.\(action)") ?? own
    }

    func type(_ model: String?) -> String { model.map { texts.find("event_types.\($0)") ?? $0 } ?? "" }

    /// The type as a heading.
    func title(of model: String) -> String { texts.find("event_types_title.\(model)") ?? type(model) }

    private func name(of event: EventEntry) -> String {
        let linked = event.details["linked"]?.string ?? ""
        return [linked, event.object?.name, event.provider].compactMap(\.self).first { !$0.isEmpty } ?? ""
    }

    private func files(of event: EventEntry) -> String {
        let details = event.details["import"]
        return ["users", "groups"].compactMap { details?[$0]?.string }.words(", ")
    }

    /// How many old records were deleted, such as *12 runs, 300 actions*.
    private func records(of event: EventEntry) -> String {
        ["runs", "actions", "drifts", "events", "journal_entries"].compactMap { kind in
            guard let count = event.context[kind]?.integer, count > 0 else { return nil }
            return texts("event.records.\(kind)", count: Int(count))
        }.words(", ")
    }

    private func mode(of event: EventEntry) -> String {
        event.details["mode"]?.string.flatMap { texts.find("event.modes.\($0)") } ?? ""
    }

    /// Who did it, and in which way: *root*, *command line (ada)*, *root · token terraform*.
    func who(_ event: EventEntry) -> String {
        // Earlier events have no channel. A user may have any name.
        let name =
            switch (event.user, event.channel) {
            case ("", _): texts("event.nobody")
            case ("causeway", nil): texts("event.engine")
            case ("command line", nil), (_, "command_line"): texts("event.command_line")
            default: event.user
            }
        return [name, event.systemUser, event.token.map { texts("event.by_token", ["name": $0]) }]
            .compactMap(\.self).words(" · ")
    }

    // MARK: Changes

    /// - Parameter limit: the maximum number of changes of fields.
    func changes(_ event: EventEntry, limit: Int = .max) -> [ShownFieldChange] {
        event.changes.prefix(limit).map { one in
            var shown = change(one, of: event.object?.modelName)
            // A new object had no values, and a deleted one has none.
            if event.action == "model_created" { (shown.old, shown.wasNothing) = (nil, false) }
            if event.action == "model_deleted" { (shown.new, shown.isNothing) = (nil, false) }
            return shown
        } + counts(of: event)
    }

    private func change(_ change: EventEntry.Change, of model: String?) -> ShownFieldChange {
        var shown = ShownFieldChange(field: label(change.field, of: model))
        switch change.kind {
        case "secret": shown.isSecret = true
        case "list":
            shown.added = names(change.added, count: change.addedCount, of: change.field)
            shown.removed = names(change.removed, count: change.removedCount, of: change.field)
        default:
            if change.field == "expression" {
                shown.lines = LineDiff(from: change.old?.plainText ?? "", to: change.new?.plainText ?? "").lines.map {
                    ShownFieldChange.Line($0)
                }
                shown.hasLines = true
            } else {
                shown.old = change.oldName ?? value(change.old, of: change.field, model)
                shown.new = change.newName ?? value(change.new, of: change.field, model)
                (shown.wasNothing, shown.isNothing) = (shown.old == nil, shown.new == nil)
            }
        }
        return shown
    }

    /// The counts of an import, as if they were fields.
    private func counts(of event: EventEntry) -> [ShownFieldChange] {
        let counts = event.details["import"]?["counts"]?.object ?? [:]
        return counts.sorted { $0.key < $1.key }.compactMap { name, count in
            guard let number = count.integer, number > 0 else { return nil }
            var shown = ShownFieldChange(field: texts.find("event.counts.\(name)") ?? name)
            shown.new = texts.number(Int(number))
            return shown
        }
    }

    private func names(_ named: [EventEntry.Named]?, count: Int?, of field: String) -> [String] {
        let words = (named ?? []).map { (field == "roles" ? texts.find("roles.\($0.words)") : nil) ?? $0.words }
        let more = (count ?? 0) - words.count
        return more > 0 ? words + [texts("event.more", count: more)] : words
    }

    private func label(_ field: String, of model: String?) -> String {
        if field.hasPrefix("attributes.") {
            return texts("event.attribute", ["name": String(field.dropFirst("attributes.".count))])
        }
        // A label of a form can need its heading to be understood.
        let form = model.flatMap { Self.forms[$0] }.flatMap { texts.find("forms.\($0).fields.\(field).label") }
        return texts.find("event.fields.\(field)") ?? form ?? field
    }

    /// - Returns: nil for no value.
    private func value(_ value: JSONValue?, of field: String, _ model: String?) -> String? {
        switch value ?? .null {
        case .null, .string(""): return nil
        case .bool(let flag): return texts(flag ? "yes" : "no")
        case .array(let values): return values.isEmpty ? nil : values.map(\.plainText).words(", ")
        case .string(let text):
            if field == "expires", let time = ShownTime(text) {
                return Viewer(texts: texts, zone: .gmt).exact(time.date) + " UTC"
            }
            let form = model.flatMap { Self.forms[$0] } ?? ""
            let keys = [
                "forms.\(form).fields.\(field).choices.\(text).label", "forms.\(form).\(field)s.\(text)",
                "forms.\(form).roles.\(text)",
            ]
            return keys.lazy.compactMap { texts.find($0) }.first ?? text
        case let other: return other.plainText
        }
    }
}

extension [String] {
    /// Those that are not empty, in one text.
    fileprivate func words(_ separator: String) -> String { filter { !$0.isEmpty }.joined(separator: separator) }
}

/// A change of a field, in words.
struct ShownFieldChange: TemplateValue {
    let field: String
    var old: String?
    var new: String?
    /// Whether there was no value before, or is none after the change.
    var wasNothing = false
    var isNothing = false
    var isSecret = false
    var added: [String] = []
    var removed: [String] = []
    /// The lines of a text, if it has several.
    var lines: [Line] = []
    var hasLines = false

    init(field: String) { self.field = field }

    /// The change with the first of its lines.
    func shortened(to limit: Int) -> ShownFieldChange {
        guard lines.count > limit else { return self }
        var short = self
        short.lines = lines.prefix(limit) + [Line(LineDiff.Line(kind: .omitted, text: ""))]
        return short
    }

    struct Line: TemplateValue {
        let kind: String
        /// What a diff has before the line.
        let sign: String
        let text: String

        init(_ line: LineDiff.Line) {
            (kind, text) = (line.kind.rawValue, line.text)
            sign =
                switch line.kind {
                case .same: " "
                case .removed: "−"
                case .added: "+"
                case .omitted: "⋯"
                }
        }
    }
}

/// An event in a list.
struct ShownEvent: TemplateValue {
    let address: Address
    let created: ShownTime?
    let who: String
    let sentence: String
    /// What it says itself.
    let message: Message
    let changes: [ShownFieldChange]
    /// How many changes are not shown.
    let more: String?

    /// - Parameters:
    ///   - limit: the maximum number of changes that are shown.
    ///   - lines: the maximum number of lines of a change.
    init(_ event: EventEntry, _ words: EventWords, limit: Int, lines: Int = 2000) {
        let shown = words.changes(event, limit: limit)
        let count = event.changes.count + shown.count - min(event.changes.count, limit)
        address = .event(event.pk)
        created = ShownTime(event.created)
        who = words.who(event)
        sentence = words.sentence(event)
        message = event.message
        changes = shown.prefix(limit).map { $0.shortened(to: lines) }
        more = count > limit ? words.texts("event.more_changes", count: count - limit) : nil
    }
}
