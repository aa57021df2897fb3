/// Which column says what: found out from the header, with `--map` on top.
package struct ColumnMap: Sendable {
    /// The targets in the order of the columns.
    let targets: [ColumnTarget]
    /// Columns that are not kept because they hold secrets.
    package let secrets: [String]
    /// Headers and what they were taken for, for people.
    package let description: [(header: String, target: ColumnTarget)]

    /// - Parameters:
    ///   - header: the column names.
    ///   - overrides: the texts of `--map`, each `HEADER=TARGET`.
    /// - Throws: ``ImportFileError`` where an override makes no sense, two columns say the same, or nothing says who it is.
    init(header: [String], overrides: [String]) throws {
        var targets = header.map(KnownHeaders.target)
        for text in overrides {
            let (place, target) = try Self.override(text, header)
            targets[place] = target
        }
        self.targets = targets
        description = Array(zip(header, targets)).map { (header: $0, target: $1) }
        secrets = description.filter { $0.target == .secret }.map(\.header)
        try checkUnique(header)
        guard targets.contains(.username) || targets.contains(.email) else {
            throw ImportFileError(
                "No column names the user: found are \(Self.list(header)). Say which with --map 'HEADER=username'."
            )
        }
    }

    private static func override(_ text: String, _ header: [String]) throws -> (Int, ColumnTarget) {
        guard let sign = text.lastIndex(of: "=") else {
            throw ImportFileError("--map '\(text)' is not of the form HEADER=TARGET.")
        }
        let name = String(text[..<sign])
        let wanted = String(text[text.index(after: sign)...])
        guard let place = header.firstIndex(where: { KnownHeaders.folded($0) == KnownHeaders.folded(name) }) else {
            throw ImportFileError("--map '\(text)': there is no column '\(name)'; there are \(list(header)).")
        }
        guard let target = ColumnTarget(wanted) else {
            throw ImportFileError("--map '\(text)': '\(wanted)' is unknown; a column may be \(ColumnTarget.forms).")
        }
        return (place, target)
    }

    private func checkUnique(_ header: [String]) throws {
        var seen: [ColumnTarget: String] = [:]
        for (name, target) in description where target != .ignored && target != .secret {
            if let other = seen.updateValue(name, forKey: target) {
                throw ImportFileError(
                    "The columns '\(other)' and '\(name)' say the same; leave one out with --map '\(name)=ignore', or give it "
                        + "another meaning."
                )
            }
        }
    }

    private static func list(_ header: [String]) -> String { header.map { "'\($0)'" }.joined(separator: ", ") }
}
