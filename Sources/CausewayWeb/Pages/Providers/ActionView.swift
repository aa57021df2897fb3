import CausewayJSON

/// An action of a run, as the API returns it.
struct ActionView: Decodable, Sendable {
    let action: String
    let kind: DirectoryKind
    let name: String
    let object: String?
    let reason: String
    let detail: Message
    let destructive: Bool
    let outcome: String
    let message: Message
    let remedy: Message
    let changes: [ChangeView]
}

/// The change of an attribute in an action, as the API returns it.
struct ChangeView: Decodable, Sendable {
    let attribute: String
    let old: JSONValue?
    let new: JSONValue?
}

extension ShownChange {
    init(_ change: ChangeView) {
        self.init(
            attribute: change.attribute,
            old: (change.old ?? .null).isNull ? nil : Formatting.value(change.old),
            new: (change.new ?? .null).isNull ? nil : Formatting.value(change.new)
        )
    }
}

/// A row for an action on the page of its run.
struct ActionRow: TemplateValue {
    let verb: String
    let isDestructive: Bool
    let name: String
    let address: Address?
    let reason: String
    let detail: Message
    let outcome: String
    let shape: String
    let message: Message
    let remedy: Message
    let changes: [ShownChange]
    let hasChanges: Bool

    private static let shapes = [
        "applied": "in_sync", "unchanged": "in_sync", "failed": "failing", "retry": "warning", "sent": "working",
        "held": "waiting", "planned": "dry_run",
    ]

    init(_ action: ActionView, _ texts: Texts) {
        verb = texts.verb(action.action, action.kind)
        isDestructive = action.destructive
        name = action.name
        address = action.object.map { .object($0, action.kind) }
        reason = texts.find("reasons.\(action.reason)") ?? action.reason
        detail = action.detail
        outcome = texts("outcomes.\(action.outcome)")
        shape = Self.shapes[action.outcome] ?? "none"
        message = action.message
        remedy = action.remedy
        changes = action.changes.map(ShownChange.init)
        hasChanges = !changes.isEmpty
    }
}

extension Texts {
    /// A sentence about what an action does.
    func verb(_ action: String, _ kind: DirectoryKind) -> String { self("actions.\(action).\(kind.rawValue)") }
}
