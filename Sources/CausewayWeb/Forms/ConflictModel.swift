import CausewayAPI

/// The content of the template `conflict`: each field that two people left with different values.
struct ConflictModel: TemplateValue {
    let title: String
    let explanation: String
    /// Who saved in the meantime, the newest first.
    let saves: [OtherSaves.Save]
    let hasSaves: Bool
    let moreSaves: String?
    let rows: [Row]
    /// The page with what the other saved, and nothing of what was entered.
    let restart: String

    struct Row: TemplateValue {
        let field: String
        let label: String
        /// Who changed it, in words.
        let side: String
        /// The last save of the field by someone else.
        let save: OtherSaves.Save?
        let was: String
        let theirs: String
        let mine: String
        let isTheirs: Bool
        let isMine: Bool
        /// What each of the two changed, line by line, instead of the values; none for a short value.
        let diffs: [Diff]
        let hasDiffs: Bool
    }

    struct Diff: TemplateValue {
        let title: String
        let lines: [ShownFieldChange.Line]
    }

    /// How many saves are shown.
    private static let mostSaves = 3

    init(
        _ conflict: FormConflict,
        _ state: FormState,
        _ definition: FormDefinition,
        _ texts: Texts,
        saves: OtherSaves,
        restart: String,
        _ api: APIClient
    ) async throws {
        let summary = SettingsSummary(definition: definition, texts: texts)
        func shown(_ values: FormValues?, _ field: FormField) async throws -> String {
            try await summary.value(of: field, values ?? [:], api) ?? ""
        }
        var rows: [Row] = []
        for field in definition.fields {
            guard let side = conflict.side(field) else { continue }
            let diffs = Self.diffs(of: field, conflict, texts)
            rows.append(
                Row(
                    field: field.name,
                    label: texts("\(definition.section(of: field)).label"),
                    side: texts("conflict.sides.\(side.rawValue)"),
                    save: side == .mine ? nil : saves.last(of: field),
                    was: conflict.was == nil ? "–" : try await shown(conflict.was, field),
                    theirs: try await shown(conflict.theirs, field),
                    mine: try await shown(conflict.mine, field),
                    isTheirs: field.isSame(state.values[field.name], conflict.theirs[field.name]),
                    isMine: field.isSame(state.values[field.name], conflict.mine[field.name]),
                    diffs: diffs,
                    hasDiffs: !diffs.isEmpty
                )
            )
        }
        self.rows = rows
        self.saves = Array(saves.all.prefix(Self.mostSaves))
        hasSaves = !saves.all.isEmpty
        let more = saves.all.count - Self.mostSaves
        moreSaves = more > 0 ? texts("conflict.more_saves", count: more) : nil
        self.restart = restart
        title = texts("conflict.title")
        let outcome = texts(conflict.overlaps(definition) ? "conflict.overlapping" : "conflict.merged")
        explanation = conflict.hadSecret ? "\(outcome) \(texts("conflict.secrets"))" : outcome
    }

    /// The changes of both, if the field's text has several lines in one of its versions.
    private static func diffs(of field: FormField, _ conflict: FormConflict, _ texts: Texts) -> [Diff] {
        func text(_ values: FormValues) -> String {
            (values[field.name]?.last ?? "").replacing("\r\n", with: "\n")
        }
        guard field.mayHaveLines else { return [] }
        let (theirs, mine) = (text(conflict.theirs), text(conflict.mine))
        guard ([theirs, mine] + (conflict.was.map { [text($0)] } ?? [])).contains(where: { $0.contains("\n") }) else {
            return []
        }
        func diff(_ key: String, _ from: String, _ to: String) -> Diff {
            let lines = LineDiff(from: from, to: to).lines.map { ShownFieldChange.Line($0) }
            return Diff(title: texts("conflict.\(key)"), lines: lines)
        }
        guard let was = conflict.was.map(text) else { return [diff("difference", theirs, mine)] }
        return [("their_changes", theirs), ("my_changes", mine)].filter { $0.1 != was }.map { diff($0.0, was, $0.1) }
    }
}

extension FormField {
    fileprivate var mayHaveLines: Bool {
        switch kind {
        case .code, .longText, .attributes: true
        default: false
        }
    }
}
