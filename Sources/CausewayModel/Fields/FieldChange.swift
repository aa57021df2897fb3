package import CausewayJSON

/// A change of one field of a record, as an event keeps it.
package struct FieldChange: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case value(before: JSONValue, after: JSONValue)
        /// The keys of what was added to a list, and of what was removed from it.
        case list(added: Keys, removed: Keys)
        /// A secret was replaced. Neither value is kept.
        case secret
    }

    /// Keys of a list, as many as an event keeps.
    package struct Keys: Hashable, Sendable {
        /// The first of them.
        package let kept: [JSONValue]
        /// How many there are.
        package let count: Int

        package static let limit = 200

        package init(_ keys: [JSONValue]) {
            self.init(kept: Array(keys.prefix(Self.limit)), count: keys.count)
        }

        fileprivate init(kept: [JSONValue], count: Int) { (self.kept, self.count) = (kept, count) }

        package var isEmpty: Bool { count == 0 }
    }

    /// Its name in the API; a member of a record's attributes as `attributes.NAME`.
    package let field: String
    package let content: Content

    package init(_ field: String, _ content: Content) { (self.field, self.content) = (field, content) }

    /// A change of a value; nil if it is the same. Very long texts are cut.
    package init?(_ field: String, from before: JSONValue, to after: JSONValue) {
        guard before != after else { return nil }
        self.init(field, .value(before: Self.cut(before), after: Self.cut(after)))
    }

    /// A change of a list whose order has no meaning; nil if it has the same elements.
    package init?(_ field: String, from before: [JSONValue], to after: [JSONValue]) {
        let (old, new) = (Set(before), Set(after))
        self.init(field, added: after.filter { !old.contains($0) }, removed: before.filter { !new.contains($0) })
    }

    /// - Returns: nil if nothing was added or removed.
    package init?(_ field: String, added: [JSONValue] = [], removed: [JSONValue] = []) {
        guard !added.isEmpty || !removed.isEmpty else { return nil }
        self.init(field, .list(added: Keys(added), removed: Keys(removed)))
    }

    /// The number of letters of a text that an event keeps.
    private static let longest = 50_000

    private static func cut(_ value: JSONValue) -> JSONValue {
        let text = value.string ?? (value.array == nil && value.object == nil ? "" : value.text)
        return text.utf8.count > longest ? .string(text.prefix(longest) + "…") : value
    }
}

extension Field {
    /// The changes of the field between two states of a record; one for each member of its attributes.
    package func changes(from before: Record, to after: Record) -> [FieldChange] {
        if let sealed {
            return before[keyPath: sealed] == after[keyPath: sealed] ? [] : [FieldChange(name, .secret)]
        }
        let (old, new) = (value(before), value(after))
        switch kind {
        case .references:
            return [FieldChange(name, from: old.array ?? [], to: new.array ?? [])].compactMap(\.self)
        case .attributes:
            let (old, new) = (old.object ?? [:], new.object ?? [:])
            return Set(old.keys).union(new.keys).sorted().compactMap { key in
                FieldChange("\(name).\(key)", from: old[key] ?? .null, to: new[key] ?? .null)
            }
        default:
            return [FieldChange(name, from: old, to: new)].compactMap(\.self)
        }
    }
}

extension FieldRecord {
    /// The fields that differ from an earlier state of the record, in the order of its table.
    package func changes(since before: Self) -> [FieldChange] {
        Self.fields.flatMap { $0.changes(from: before, to: self) }
    }

    /// The fields that a new record sets.
    package var initialChanges: [FieldChange] { changes(since: .blank) }

    /// The fields that a deleted record had.
    package var finalChanges: [FieldChange] { Self.blank.changes(since: self) }
}

// MARK: In the context of an event

extension FieldChange {
    /// What stands for a secret, as in authentik's events.
    private static let mask = JSONValue.string("\(Secret(""))")

    /// Changes by field in the form of authentik's audit events: `previous_value` and `new_value`, or `add` and `remove` for lists.
    package static func diff(_ changes: [FieldChange]) -> JSONValue {
        .object(Dictionary(changes.map { ($0.field, $0.json) }) { $1 })
    }

    private var json: JSONValue {
        switch content {
        case .value(let before, let after): ["previous_value": before, "new_value": after]
        case .list(let added, let removed): ["add": .array(added.kept), "remove": .array(removed.kept)]
        case .secret: ["previous_value": Self.mask, "new_value": Self.mask]
        }
    }

    /// How many keys lists have of which events keep only some, by field: `{"users": {"add": 4000, "remove": 0}}`.
    package static func counts(_ changes: [FieldChange]) -> JSONValue? {
        let all: [(String, JSONValue)] = changes.compactMap { change in
            guard case .list(let added, let removed) = change.content,
                max(added.count, removed.count) > Keys.limit
            else { return nil }
            return (
                change.field, ["add": .integer(Int64(added.count)), "remove": .integer(Int64(removed.count))]
            )
        }
        return all.isEmpty ? nil : .object(Dictionary(all) { $1 })
    }

    /// Reads the changes in the context of an event, in the order of their names.
    package static func changes(in context: [String: JSONValue]) -> [FieldChange] {
        let counts = context["causeway"]?["counts"]
        return (context["diff"]?.object ?? [:]).sorted { $0.key < $1.key }.map { field, json in
            FieldChange(field, content(json, counts?[field]))
        }
    }

    private static func content(_ json: JSONValue, _ counts: JSONValue?) -> Content {
        if json["add"] != nil || json["remove"] != nil {
            return .list(added: keys("add", json, counts), removed: keys("remove", json, counts))
        }
        let (before, after) = (json["previous_value"] ?? .null, json["new_value"] ?? .null)
        return before == mask && after == mask ? .secret : .value(before: before, after: after)
    }

    private static func keys(_ part: String, _ json: JSONValue, _ counts: JSONValue?) -> Keys {
        let kept = json[part]?.array ?? []
        return Keys(kept: kept, count: counts?[part]?.integer.flatMap { Int(exactly: $0) } ?? kept.count)
    }
}
