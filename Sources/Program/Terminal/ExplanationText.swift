import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// An explanation as lines of text.
struct ExplanationText {
    let terminal: Terminal

    func lines(for explanation: Explanation, of name: String) -> [String] {
        var lines = [terminal.paint("\(name) at \(explanation.provider.name)", .bold)]
        let scope = explanation.scope
        lines.append("  Scope      \(scope.isIncluded ? "in" : "out"): \(scope.reason)")
        lines.append("  Entra      \(link(explanation.link))")
        if case .nothing(let reason, let remedy) = explanation.desired {
            lines.append("  Desired    nothing:  \(reason) \(remedy)".trimmingTrailingSpaces)
        }
        lines += explanation.attributes.map(line)
        if let members = explanation.members { lines += self.lines(for: members) }
        for past in explanation.history { lines.append(line(for: past)) }
        for sentence in explanation.next { lines.append("  Next       \(sentence)") }
        return lines + [""]
    }

    private func link(_ link: Explanation.Link?) -> String {
        guard let link else { return "not linked" }
        let place =
            switch link.presence {
            case .present: ""
            case .deleted: ", now in the recycle bin"
            case .purged: ", purged"
            }
        let state = link.isSuspended ? ", suspended because its user left" : ""
        return "\(link.entraID) since \(link.since.text) (\(link.origin))\(place)\(state)"
    }

    private func line(for attribute: Explanation.Attribute) -> String {
        let isSame = !attribute.isWritten && attribute.drift == nil
        let values =
            isSame
            ? attribute.desired.text : "\(attribute.known.text) → \(attribute.desired.text)"
        let drift = attribute.drift.map { " (changed in Entra by someone else:  \($0.status.rawValue))" } ?? ""
        return "  \(isSame ? "=" : "≠") \(attribute.name): \(values)\(drift)"
    }

    private func lines(for members: Explanation.Members) -> [String] {
        var lines = ["  Members    \(members.known) in Entra"]
        if !members.missing.isEmpty { lines.append("  ≠ missing: \(members.missing.joined(separator: ", "))") }
        if !members.waiting.isEmpty { lines.append("  … waiting: \(members.waiting.joined(separator: ", "))") }
        if !members.extra.isEmpty { lines.append("  ≠ extra: \(members.extra.joined(separator: ", "))") }
        return lines
    }

    private func line(for past: PastAction) -> String {
        let (action, outcome) = (past.stored.action, past.stored.outcome)
        let what = "\(action.verb.words): \(action.reason.sentence)"
        let message = outcome.message.isEmpty ? "" : " \(outcome.message)"
        return "  \(past.updated.text)  \(what) (\(outcome.status.rawValue))\(message)  run \(past.run.short)"
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
