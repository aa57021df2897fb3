import CausewayJSON
import CausewayModel
import CausewayStore

/// A plan as CSV (RFC 4180): a line for each attribute that changes, and one for the members that an action carries; an action
/// with neither is one line. Pure.
enum PlanCSV {
    static let header = CSVText.line([
        "sequence", "action", "kind", "name", "object", "entra_id", "reason", "detail", "destructive", "outcome",
        "message",
        "remedy", "failed_attribute", "attribute", "old", "new",
    ])

    /// The cells that differ between the lines of one action.
    private struct Value {
        var attribute = ""
        var old = ""
        var new = ""
    }

    static func lines(for stored: StoredAction) -> String {
        let (action, outcome) = (stored.action, stored.outcome)
        let fields = [
            "\(action.sequence)", action.verb.rawValue, action.kind.rawValue, action.name, action.object?.id ?? "",
            action.entraID?.rawValue ?? "", action.reason.rawValue, action.detail,
            action.isDestructive ? "true" : "false",
            outcome.status.rawValue, outcome.message, outcome.remedy, outcome.attribute ?? "",
        ]
        return values(of: action).map { CSVText.line(fields + [$0.attribute, $0.old, $0.new]) }.joined()
    }

    private static func values(of action: Action) -> [Value] {
        var values = action.changes.map { change in
            Value(attribute: change.attribute, old: change.old?.plainText ?? "", new: change.new.plainText)
        }
        if !action.members.isEmpty {
            let members = action.members.map(\.exported).joined(separator: "; ")
            let leaves = action.verb == .removeMember
            values.append(Value(attribute: "members", old: leaves ? members : "", new: leaves ? "" : members))
        }
        return values.isEmpty ? [Value()] : values
    }
}

extension JSONValue {
    /// A string as it is, nothing for null, and JSON for everything else.
    fileprivate var plainText: String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: text
        }
    }
}
