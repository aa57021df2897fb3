import CausewayAPI

/// The content of the template `conflict`: each field that two people left with different values.
struct ConflictModel: TemplateValue {
    let title: String
    let explanation: String
    let rows: [Row]
    /// The page with what the other saved, and nothing of what was entered.
    let restart: String

    struct Row: TemplateValue {
        let field: String
        let label: String
        /// Who changed it, in words.
        let side: String
        let was: String
        let theirs: String
        let mine: String
        let isTheirs: Bool
        let isMine: Bool
    }

    init(
        _ conflict: FormConflict,
        _ state: FormState,
        _ definition: FormDefinition,
        _ texts: Texts,
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
            rows.append(
                Row(
                    field: field.name,
                    label: texts("\(definition.section(of: field)).label"),
                    side: texts("conflict.sides.\(side.rawValue)"),
                    was: conflict.was == nil ? "–" : try await shown(conflict.was, field),
                    theirs: try await shown(conflict.theirs, field),
                    mine: try await shown(conflict.mine, field),
                    isTheirs: field.isSame(state.values[field.name], conflict.theirs[field.name]),
                    isMine: field.isSame(state.values[field.name], conflict.mine[field.name])
                )
            )
        }
        self.rows = rows
        self.restart = restart
        title = texts("conflict.title")
        explanation = texts(conflict.overlaps(definition) ? "conflict.overlapping" : "conflict.merged")
    }
}
