import CausewayAPI
import CausewayJSON
import CausewayModel
import Foundation
import HTTPTypes

/// The values of a form, and their errors, by field.
struct FormState: Sendable {
    /// Values by field; a list has several.
    var values: FormValues
    var errors: [String: String] = [:]
    /// Errors of the form as a whole.
    var problem: String?
    /// The entity tag. With it, the API detects that someone else has changed the object in between.
    var tag: String?
    /// The values that the form showed first; nil for a new object.
    var base: FormValues?
    /// When ``base`` was read, as the API writes times.
    var shown: String?
    /// What someone else saved while the form was filled in.
    var conflict: FormConflict?
    /// The words that were searched for in pickers, by field.
    var searches: [String: String] = [:]
    /// Whether the form is only shown again: after a search in a picker, or a choice between two values.
    var isShownAgain = false

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

    /// The values of an object, which are also what the form shows first: objects that are entered by name have their names.
    init(editing answer: APIAnswer, _ definition: FormDefinition, _ api: APIClient) async throws {
        self.init(try answer.expected(), definition, tag: answer.tag)
        for field in definition.fields {
            guard case .named(let source) = field.kind, let key = values[field.name]?.last else { continue }
            values[field.name] = [try await source.name(of: key, api)]
        }
        base = values
        shown = try await api.now.text
    }

    /// The values as they were sent.
    init(sent form: FormFields, _ definition: FormDefinition) {
        values = [:]
        tag = form["_tag"]
        base = form["_base"].flatMap(FormValues.init(json:))
        for field in definition.fields {
            let sent = form.all(field.name)
            // A form that was kept lacks what may contain a secret; without it, the stored value stays.
            values[field.name] = sent.isEmpty && field.isSealed ? base?[field.name] ?? [] : sent
        }
        shown = form["_shown"].flatMap { ShownTime($0) == nil ? nil : $0 }
        conflict = FormConflict(sent: form, theirs: base)
        resolve(form)
        readSearches(form, definition)
    }

    /// Selects the objects that a link to the form names, in addition to those that are selected.
    mutating func choose(_ query: FormFields, _ definition: FormDefinition) {
        for field in definition.fields {
            guard case .objects(_, isMultiple: true) = field.kind else { continue }
            let chosen = values[field.name] ?? []
            values[field.name] = chosen + query.all(field.name).filter { !chosen.contains($0) }
        }
    }

    func text(_ name: String) -> String { values[name]?.last ?? "" }

    var hasProblems: Bool { !errors.isEmpty || problem != nil }

    /// Applies the choice between what someone else saved and what was entered.
    private mutating func resolve(_ form: FormFields) {
        guard let conflict else { return }
        if form["_resolve"] == "mine" { values.merge(conflict.mine) { $1 } }
        if let name = form["_take"] { (values[name], isShownAgain) = (conflict.theirs[name] ?? [], true) }
        if let name = form["_keep"] { (values[name], isShownAgain) = (conflict.mine[name] ?? [], true) }
    }

    /// Without a script, a search in a picker is a submit of the form, by its button or by the Enter key.
    private mutating func readSearches(_ form: FormFields, _ definition: FormDefinition) {
        for field in definition.fields {
            guard let words = form["_search-\(field.name)"] else { continue }
            searches[field.name] = words
            if words != form["_sought-\(field.name)"] ?? "" { isShownAgain = true }
        }
        if form["_find"] != nil { isShownAgain = true }
    }
}

extension FormState {
    enum Saving: Sendable {
        case saved(APIAnswer)
        /// Someone else has changed what the form shows. The form has the values of both, and the new tag, so that it can be sent.
        case met(FormState)
        case refused(APIAnswer)
    }

    /// Saves the values, unless someone else has changed one of the form's fields since it was shown.
    ///
    /// - Parameter path: the API's address of the object.
    func save(_ body: JSONValue, at path: String, _ definition: FormDefinition, _ api: APIClient) async throws -> Saving
    {
        let answer = await api.send(.patch, path, body, ifMatch: tag)
        if answer.status == 200 { return .saved(answer) }
        guard answer.status == 412, let both = try await meeting(path, definition, api) else { return .refused(answer) }
        if both.conflict?.isHarmless(definition) == true {
            let again = await api.send(.patch, path, body, ifMatch: both.tag)
            return again.status == 200 ? .saved(again) : .refused(again)
        }
        return .met(both)
    }

    /// - Returns: nil if the object is gone.
    private func meeting(_ path: String, _ definition: FormDefinition, _ api: APIClient) async throws -> FormState? {
        let present = await api.send(.get, path)
        guard present.status == 200 else { return nil }
        var both = try await FormState(editing: present, definition, api)
        var (mine, hadSecret) = (values, false)
        for field in definition.fields where field.isSecret {
            // A sealed value is shown in part, and can be entered with its secret.
            let kept = field.isSealed ? base?[field.name] ?? [] : []
            let entered = values[field.name] ?? []
            if entered != kept, entered.contains(where: { !$0.isEmpty }) { hadSecret = true }
            mine[field.name] = kept
        }
        var conflict = FormConflict(was: base, mine: mine, theirs: both.values, since: shown)
        conflict.hadSecret = hadSecret
        both.values = conflict.merged(definition)
        both.conflict = conflict
        return both
    }

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
