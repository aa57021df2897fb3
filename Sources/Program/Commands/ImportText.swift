import CausewayImport
import CausewayJSON
import CausewayModel

extension Output {
    /// Prints what an import did, or would do.
    func print(_ report: ImportReport, isPreview: Bool = false) {
        if isJSON { return print(report.json(isPreview: isPreview)) }
        for file in report.files { print(file, isWhole: isPreview) }
        if isPreview { for sample in report.samples { print(sample.sentence) } }
        for warning in report.warnings { print(warning) }
        print(
            "\(report.lines) lines: \(report.created) users created, \(report.updated) updated, \(report.unchanged) unchanged"
                + "\(report.furtherCounts); \(report.groupsCreated) groups created, \(report.membershipsAdded) memberships added, "
                + "\(report.membershipsRemoved) removed."
        )
        if isPreview { print("This is a preview; nothing is changed.") }
        if !report.secretColumns.isEmpty {
            print("Not read, because they contain secrets: \(report.secretColumns.joined(separator: ", ")).")
        }
        for (file, problem) in report.problems { print("\(file), line \(problem.line): \(problem.reason)") }
        if report.problemCount > report.problems.count {
            print("and \(report.problemCount - report.problems.count) more")
        }
    }

    /// - Parameter isWhole: whether every column is listed, or only the kind of file.
    private func print(_ file: ImportedFile, isWhole: Bool) {
        if !file.format.isEmpty { print("\(file.path): \(file.format).") }
        if !file.note.isEmpty { print(file.note) }
        guard isWhole else { return }
        for column in file.columns {
            print("  \(column.header) -> \(column.target)\(column.note.isEmpty ? "" : " \(column.note)")")
        }
    }

    private func print(_ warning: ImportWarning) {
        print("Warning: \(warning.kind.sentence)")
        for line in warning.lines { print("  line \(line.number): \(line.detail)") }
        if warning.count > warning.lines.count { print("  and \(warning.count - warning.lines.count) more") }
    }
}

extension ImportSample {
    /// `line 2: ada@company.com is created: Ada Lovelace, ada@company.com, active, department=Maths; groups Staff`
    fileprivate var sentence: String {
        let attributes = profile.attributes.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.string ?? $0.value.text)" }
        let facts = [profile.name, profile.email, profile.isActive ? "active" : "inactive"] + attributes
        let groups = groups.isEmpty ? "" : "; groups \(groups.joined(separator: ", "))"
        let listed = facts.filter { !$0.isEmpty }.joined(separator: ", ")
        return "line \(line): \(profile.username) (\(change.rawValue)): \(listed)\(groups)"
    }
}

extension ImportReport {
    fileprivate var furtherCounts: String {
        let counts = [(renamed, "renamed"), (inactive, "inactive"), (leftOut, "rows left out")]
        return counts.filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    }

    fileprivate func json(isPreview: Bool) -> JSONValue {
        [
            "dry_run": .bool(isPreview), "lines": .integer(Int64(lines)), "created": .integer(Int64(created)),
            "updated": .integer(Int64(updated)), "renamed": .integer(Int64(renamed)),
            "unchanged": .integer(Int64(unchanged)), "inactive": .integer(Int64(inactive)),
            "left_out": .integer(Int64(leftOut)), "groups_created": .integer(Int64(groupsCreated)),
            "memberships_added": .integer(Int64(membershipsAdded)),
            "memberships_removed": .integer(Int64(membershipsRemoved)),
            "ignored_columns": JSONValue(secretColumns), "problem_count": .integer(Int64(problemCount)),
            "problems": .array(
                problems.map { file, problem in
                    ["file": .string(file), "line": .integer(Int64(problem.line)), "reason": .string(problem.reason)]
                }
            ),
            "files": .array(files.map { $0.json(named: $0.path) }), "samples": .array(samples.map(\.json)),
            "warnings": .array(warnings.map(\.json)),
            "changes": .array(changes.map { $0.json(isPreview: isPreview) }),
        ]
    }
}
