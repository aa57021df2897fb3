extension Transaction {
    /// Looks at every foreign key: an engine does not find rows that came while its own rules were off.
    func referenceFindings() throws -> [DatabaseCheck.Finding] {
        var (bad, keys) = ([DatabaseCheck.Finding](), 0)
        for table in try connection.tables() {
            for reference in table.references {
                keys += 1
                let count = try connection.number(table.strayCount(reference))
                guard count > 0 else { continue }
                bad.append(
                    .init(
                        subject: "\(table.name) to \(reference.table)",
                        isGood: false,
                        sentence:
                            "Rows whose \(reference.columns.joined(separator: " and ")) is not in \(reference.table): \(count). "
                            + DatabaseCheck.repair(table.strayRepair(reference))
                    )
                )
            }
        }
        guard bad.isEmpty else { return bad }
        return [
            .init(
                subject: "references",
                isGood: true,
                sentence: "Every row refers to rows that exist (\(keys) foreign keys)."
            )
        ]
    }
}

extension TableShape {
    /// The number of rows that refer to rows that do not exist.
    fileprivate func strayCount(_ reference: Reference) -> String {
        "SELECT COUNT(*) AS count FROM \"\(name)\" WHERE \(strays(reference))"
    }

    /// Sets references to NULL where a row may lack them, and deletes the row where not.
    fileprivate func strayRepair(_ reference: Reference) -> String {
        let optional = reference.columns.filter(nullable.contains)
        guard !optional.isEmpty else { return "DELETE FROM \(name) WHERE \(strays(reference))" }
        let changes = optional.map { "\"\($0)\" = NULL" }.joined(separator: ", ")
        return "UPDATE \(name) SET \(changes) WHERE \(strays(reference))"
    }

    private func strays(_ reference: Reference) -> String {
        let present = reference.columns.map { "\"\(name)\".\"\($0)\" IS NOT NULL" }.joined(separator: " AND ")
        let equal = zip(reference.targets, reference.columns).map { "other.\"\($0)\" = \"\(name)\".\"\($1)\"" }
        let found = "SELECT 1 FROM \"\(reference.table)\" AS other WHERE \(equal.joined(separator: " AND "))"
        return "\(present) AND NOT EXISTS (\(found))"
    }
}
