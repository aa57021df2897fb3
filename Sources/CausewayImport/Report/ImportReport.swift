package import CausewayModel

/// What an import did, or would do.
package struct ImportReport: Sendable {
    /// Lines with a user or group.
    package var lines = 0
    package var created = 0
    package var updated = 0
    package var unchanged = 0
    /// Of those updated, how many have another user name now.
    package var renamed = 0
    /// Users of the file who are inactive after it.
    package var inactive = 0
    /// Rows that are not users: examples, totals, second headers.
    package var leftOut = 0
    package var groupsCreated = 0
    package var membershipsAdded = 0
    package var membershipsRemoved = 0
    /// The first lines that were not imported; see ``problemCount``.
    package var problems: [(file: String, problem: LineProblem)] = []
    package var problemCount = 0
    /// Columns that were not read because they contain secrets.
    package var secretColumns: [String] = []
    /// The files, and the meaning of their columns.
    package var files: [ImportedFile] = []
    /// The first users, as they are stored.
    package var samples: [ImportSample] = []
    package var warnings: [ImportWarning] = []
    /// The first changes of each kind, or all of them, in the order of the lines.
    package var changes: [ImportChange] = []

    private static let problemLimit = 1000
    static let mostSamples = 5

    mutating func note(_ problem: LineProblem, in file: String) {
        problemCount += 1
        if problems.count < Self.problemLimit { problems.append((file, problem)) }
    }
}

/// A file that was read.
package struct ImportedFile: Sendable {
    package let path: String
    /// The kind of file; empty if its columns are read one by one.
    package let format: String
    /// A note about how that kind is read; empty for none.
    package let note: String
    package let columns: [ImportColumn]

    init(path: String, format: FileFormat?, columns: [ImportColumn]) {
        (self.path, self.columns) = (path, columns)
        (self.format, note) = (format?.name ?? "", format?.note ?? "")
    }
}

/// A user of a file, as stored.
package struct ImportSample: Sendable {
    /// What changed.
    package enum Change: String, Sendable { case created, updated, renamed, unchanged }

    package let line: Int
    package let change: Change
    package let profile: UserProfile
    /// The groups that the line names.
    package let groups: [String]
}
