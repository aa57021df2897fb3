import CausewayJSON

/// The columns of a file, each by itself, and what a column may be, as the API returns them.
struct ImportColumnsView: Decodable, Sendable {
    let format: Message
    let columns: [ImportReportView.Column]
    let targets: [String]
}

extension ImportModel {
    /// The columns of a file of users, with a choice for each.
    struct Columns: TemplateValue {
        let title: String
        let note: Message
        let rows: [Row]

        struct Row: TemplateValue {
            let header: String
            let options: [ChoiceOption]
            let note: Message
        }

        /// - Parameters:
        ///   - read: how the file was read; nil if it could not be imported.
        ///   - chosen: the texts of `--map` that were chosen.
        init(_ columns: ImportColumnsView, _ read: ImportReportView.File?, chosen: [String], _ texts: Texts) {
            let format = columns.format.isEmpty ? texts("import.no_format") : texts.message(columns.format)
            title = texts("import.columns_of", ["format": format])
            note = read?.note ?? Message("")
            rows = columns.columns.enumerated().map { number, column in
                let found = read?.columns[number]
                let target = found.flatMap { $0.isChosen ? $0.target : nil }
                return Row(
                    header: column.header,
                    options: Self.options(column, found, target, columns.targets, chosen, texts),
                    note: found?.note ?? Message("")
                )
            }
        }

        /// The recognized meaning, then all others; values are texts of `--map`.
        private static func options(
            _ column: ImportReportView.Column,
            _ found: ImportReportView.Column?,
            _ target: String?,
            _ targets: [String],
            _ chosen: [String],
            _ texts: Texts
        ) -> [ChoiceOption] {
            let selected = target ?? targets.first { chosen.contains("\(column.header)=\($0)") }
            let others = targets + [selected].compactMap(\.self).filter { !targets.contains($0) }
            let automatic = found.map { $0.isChosen ? column.target : $0.target } ?? column.target
            let words = texts("import.automatic", ["target": words(automatic, texts)])
            return [ChoiceOption(value: "", label: words, isChosen: selected == nil)]
                + others.map {
                    ChoiceOption(
                        value: "\(column.header)=\($0)",
                        label: Self.words($0, texts),
                        isChosen: $0 == selected
                    )
                }
        }

        /// A column may have two meanings, separated by a comma.
        private static func words(_ target: String, _ texts: Texts) -> String {
            let parts = target.split(separator: ",").map { FormReading.trimmed(String($0)) }
            return parts.map { part in
                if let found = texts.find("import.targets.\(part)") { return found }
                guard part.hasPrefix("attributes.") else { return part }
                return texts("import.attribute", ["name": String(part.dropFirst("attributes.".count))])
            }.joined(separator: ", ")
        }
    }
}
