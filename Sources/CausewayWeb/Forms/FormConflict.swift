import CausewayAPI
import CausewayJSON

/// Values of a form by field; a list has several.
typealias FormValues = [String: [String]]

extension FormValues {
    /// Reads what ``json`` writes; nil for other text.
    init?(json text: String) {
        guard let members = (try? JSONValue(parsing: Array(text.utf8)))?.object else { return nil }
        self = members.mapValues { ($0.array ?? []).compactMap(\.string) }
    }

    /// The values as the text of a hidden field.
    var json: String { JSONValue.object(mapValues { JSONValue($0) }).text }
}

/// Two people changed one object: what a form showed first, what its person entered, and what someone else has saved in between.
struct FormConflict: Sendable {
    /// Who changed a field.
    enum Side: String, Sendable {
        case mine, theirs
        /// Both, to different values.
        case both
    }

    /// Nil if the form did not say it; then every difference counts as a change of both.
    let was: FormValues?
    let mine: FormValues
    let theirs: FormValues
    /// When the form showed ``was``, as the API writes times; nil if it did not say it.
    let since: String?
    /// Whether a secret was entered, which is not kept.
    var hadSecret = false

    init(was: FormValues?, mine: FormValues, theirs: FormValues, since: String? = nil) {
        (self.was, self.mine, self.theirs, self.since) = (was, mine, theirs, since)
    }

    /// The conflict that a form was shown with.
    init?(sent form: FormFields, theirs: FormValues?) {
        guard let theirs, let mine = form["_mine"].flatMap(FormValues.init(json:)) else { return nil }
        let was = form["_was"].flatMap(FormValues.init(json:))
        self.init(
            was: was,
            mine: mine,
            theirs: theirs,
            since: form["_since"].flatMap { ShownTime($0) == nil ? nil : $0 }
        )
    }

    /// Who changed a field; nil if neither did, or both to the same value.
    func side(_ field: FormField) -> Side? {
        let name = field.name
        guard !field.isSame(mine[name], theirs[name]) else { return nil }
        guard let was else { return .both }
        if field.isSame(mine[name], was[name]) { return .theirs }
        return field.isSame(theirs[name], was[name]) ? .mine : .both
    }

    /// The values of both: of each field what its only editor entered, and the own value where both changed it.
    func merged(_ definition: FormDefinition) -> FormValues {
        definition.fields.reduce(into: mine) { values, field in
            if side(field) == .theirs { values[field.name] = theirs[field.name] }
        }
    }

    /// Whether nobody else has changed a field that the form has: another part of the object has changed.
    func isHarmless(_ definition: FormDefinition) -> Bool {
        definition.fields.allSatisfy { [nil, .mine].contains(side($0)) }
    }

    /// Whether both changed a field to different values.
    func overlaps(_ definition: FormDefinition) -> Bool { definition.fields.contains { side($0) == .both } }
}

extension FormField {
    /// Whether two values of the field mean the same. Browsers send other line ends than were shown, and scripts rewrite JSON.
    func isSame(_ left: [String]?, _ right: [String]?) -> Bool {
        let (left, right) = (left ?? [], right ?? [])
        switch kind {
        case .secret, .secretText: return true
        case .objects(_, isMultiple: true): return Set(left) == Set(right)
        case .attributes: return Self.json(left) == Self.json(right)
        default: return Self.plain(left) == Self.plain(right)
        }
    }

    private static func plain(_ values: [String]) -> String {
        FormReading.trimmed((values.last ?? "").replacing("\r\n", with: "\n"))
    }

    private static func json(_ values: [String]) -> JSONValue {
        (try? JSONValue(parsing: Array((values.last ?? "").utf8))) ?? .string(values.last ?? "")
    }
}
