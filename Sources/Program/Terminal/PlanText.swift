import CausewayJSON
import CausewayModel
import CausewayStore

/// A plan as text for the terminal: one line per action, one per changed attribute.
struct PlanText {
    let terminal: Terminal

    /// The action on one object, with old and new values.
    ///
    /// - Parameters:
    ///   - common: changes that are shown elsewhere.
    ///   - hasReason: whether the reason is shown.
    func lines(for stored: StoredAction, without common: Set<AttributeChange> = [], hasReason: Bool = true) -> [String]
    {
        let action = stored.action
        let head =
            "\(mark(action.verb)) \(action.verb.words) \(action.kind.rawValue) \(terminal.paint(action.name, .bold))"
        let reason = hasReason ? "  " + terminal.paint("(\(reason(of: action)))", .gray) : ""
        var lines = ["\(head)\(membersText(action))\(reason)"]
        lines += action.changes.filter { !common.contains($0) }.map { "    " + line(for: $0) }
        if stored.outcome.status.isUnfinished {
            lines.append("    " + terminal.paint(Self.sentence(for: stored.outcome), .red))
        }
        if stored.outcome.status == .held {
            lines.append("    " + terminal.paint("held until a person approves", .yellow))
        }
        return lines
    }

    /// Why an action is done.
    func reason(of action: Action) -> String {
        action.detail.isEmpty ? action.reason.sentence : "\(action.reason.sentence): \(action.detail)"
    }

    /// An outcome with its remedy, on one line.
    static func sentence(for outcome: Outcome) -> String {
        // Most messages begin with their attribute.
        let attribute = outcome.attribute.flatMap { outcome.message.hasPrefix($0) ? nil : "\($0): " } ?? ""
        return [attribute + outcome.message, outcome.remedy].filter { !$0.isEmpty }.joined(separator: " ")
    }

    func line(for change: AttributeChange) -> String {
        guard let old = change.old, !old.isNull else {
            return terminal.paint("+ \(change.attribute): \(change.new.text)", .green)
        }
        guard !change.new.isNull else { return terminal.paint("- \(change.attribute): \(old.text)", .red) }
        let values = "\(terminal.paint(old.text, .red)) → \(terminal.paint(change.new.text, .green))"
        return "\(terminal.paint("~", .yellow)) \(change.attribute): \(values)"
    }

    private func membersText(_ action: Action) -> String {
        switch action.verb {
        case .create where !action.members.isEmpty: " with \(action.members.count.counted("member"))"
        case .addMembers: ": \(action.members.count.counted("member"))"
        case .removeMember: ": \(action.members.map(\.text).joined(separator: ", "))"
        default: ""
        }
    }

    private func mark(_ verb: ActionVerb) -> String {
        switch verb {
        case .create, .restore, .addMembers, .reactivate: terminal.paint("+", .green)
        case .update, .setManager: terminal.paint("~", .yellow)
        case .suspend, .delete, .removeMember, .removeManager: terminal.paint("-", .red)
        case .link: terminal.paint("=", .cyan)
        case .unlink, .skip: terminal.paint("·", .gray)
        }
    }
}

extension MemberReference {
    fileprivate var text: String {
        switch self {
        case .local(let object): "\(object.kind.rawValue) \(object.id)"
        case .remote(let id): id.rawValue
        }
    }
}

extension Int {
    /// `1 member`, `2 members`.
    func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
