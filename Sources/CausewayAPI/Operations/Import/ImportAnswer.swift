import CausewayImport
import CausewayJSON

/// What an import did, or would do, as JSON.
enum ImportAnswer {
    static func json(_ report: ImportReport, isPreview: Bool) -> JSONValue {
        let counts: [String: Int] = [
            "lines": report.lines, "created": report.created, "updated": report.updated, "renamed": report.renamed,
            "unchanged": report.unchanged, "inactive": report.inactive, "left_out": report.leftOut,
            "groups_created": report.groupsCreated, "memberships_added": report.membershipsAdded,
            "memberships_removed": report.membershipsRemoved, "problem_count": report.problemCount,
        ]
        var json = counts.mapValues { JSONValue.integer(Int64($0)) }
        json["problems"] = .array(
            report.problems.map { file, problem in
                [
                    "file": .string(name(file)), "line": .integer(Int64(problem.line)),
                    "message": .string(problem.reason),
                ]
            }
        )
        json["files"] = .array(report.files.map { $0.json(named: name($0.path)) })
        json["samples"] = .array(report.samples.map(\.json))
        json["warnings"] = .array(report.warnings.map(\.json))
        json["changes"] = .array(report.changes.map { $0.json(isPreview: isPreview) })
        return .object(json)
    }

    static func json(_ columns: RecognizedColumns) -> JSONValue {
        [
            "format": .string(columns.format), "columns": .array(columns.columns.map(\.json)),
            "targets": JSONValue(ColumnTarget.choices),
        ]
    }

    /// The texts of a request are stored as files while they are read; their names are those in the request.
    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }
}
