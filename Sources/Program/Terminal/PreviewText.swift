import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning

/// The result of a preview of mappings as text.
struct PreviewText {
    let terminal: Terminal

    func lines(for result: PreviewResult) -> [String] {
        var lines = [terminal.paint("\(result.object.kind.rawValue) \(result.name)", .bold)]
        if !result.scope.isIncluded { lines.append("Out of scope: \(result.scope.reason). A sync skips it.") }
        lines += outcome(result.outcome)
        lines += result.actions.flatMap(action)
        if result.actions.isEmpty, case .properties = result.outcome {
            lines.append("Nothing would be sent: Entra already has these values.")
        }
        lines += result.notes.warnings.map { terminal.paint("Note: \($0)", .yellow) }
        lines += result.notes.lines.map { "Log (\($0.level)): \($0.text)" }
        lines += result.notes.events.map { "Event: \($0.action) \($0.context.text)" }
        return lines + ["Evaluated and planned in \(ProgressText.clockText(result.duration.seconds))."]
    }

    private func outcome(_ outcome: PreviewResult.Outcome) -> [String] {
        switch outcome {
        case .properties(let properties, let manager):
            ["Sent to Graph:", JSONValue.object(properties).prettyText]
                + (manager.map { ["Manager: \(text($0))"] } ?? [])
        case .skipped: ["The mapping skips it: nothing is created, changed or deleted."]
        case .leftAlone(let message, let remedy, _, let given):
            (given.isEmpty ? [] : ["The mappings return:", JSONValue.object(given).prettyText])
                + [terminal.paint("Nothing can be sent: \(message)", .red), remedy]
        }
    }

    private func action(_ action: Action) -> [String] {
        ["A sync would \(action.phrase): \(action.reason.sentence)."]
            + action.changes.filter { $0.old != nil || action.verb != .create }.map { change in
                "  \(change.attribute): \(change.old?.text ?? "null") → \(change.new.text)"
            }
    }

    private func text(_ manager: ManagerReference) -> String {
        switch manager {
        case .nobody: "none"
        case .key(let key): "the user with the key \(key)"
        case .name(let name): name
        }
    }
}

extension MappingLint.Finding {
    func line(_ terminal: Terminal) -> String {
        let mark = isError ? terminal.paint("error", .red) : terminal.paint("note", .yellow)
        return "\(mark)  \([problem.sentence, problem.remedy].filter { !$0.isEmpty }.joined(separator: " "))"
    }

    var json: JSONValue {
        [
            "level": .string(isError ? "error" : "note"), "mapping": .string(problem.mapping),
            "line": problem.line.map { .integer(Int64($0)) } ?? .null,
            "column": problem.column.map { .integer(Int64($0)) } ?? .null, "message": .string(problem.message),
            "remedy": .string(problem.remedy),
        ]
    }
}
