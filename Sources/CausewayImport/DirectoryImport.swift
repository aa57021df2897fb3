import CausewayModel
package import CausewayStore

/// What an import did.
package struct ImportReport: Sendable {
    /// Lines with a user or group on them.
    package var lines = 0
    package var created = 0
    package var updated = 0
    package var unchanged = 0
    package var groupsCreated = 0
    package var membershipsAdded = 0
    package var membershipsRemoved = 0
    /// Lines that were not imported, the first of them; see ``problemCount``.
    package var problems: [(file: String, problem: LineProblem)] = []
    package var problemCount = 0
    /// Columns that were not kept because they hold secrets.
    package var secretColumns: [String] = []

    private static let problemLimit = 1000

    mutating func note(_ problem: LineProblem, in file: String) {
        problemCount += 1
        if problems.count < Self.problemLimit { problems.append((file, problem)) }
    }
}

/// Brings CSV files into the directory: all good lines in one transaction, or none where a file cannot be read.
///
/// Users are told apart by user name, groups by name, so importing again updates. Memberships are added; those that a file does
/// not list are ended only where asked for, and only in groups that it names.
package struct DirectoryImport: Sendable {
    package let users: String?
    package let groups: String?
    /// The texts of `--map`.
    package let overrides: [String]
    /// Whether groups that the files name keep no other members than those listed.
    package let isExact: Bool

    package init(users: String?, groups: String?, overrides: [String] = [], isExact: Bool = false) {
        self.users = users
        self.groups = groups
        self.overrides = overrides
        self.isExact = isExact
    }

    /// Does the import.
    ///
    /// - Parameter progress: called now and then with the number of lines read.
    /// - Throws: ``ImportFileError`` or a `StoreError`; nothing is changed then.
    package func run(in store: Store, progress: @escaping @Sendable (Int) -> Void) async throws -> ImportReport {
        try await store.write { try work(in: $0, progress) }
    }

    /// Tells what ``run(in:progress:)`` would do, by doing it and taking all of it back.
    package func preview(in store: Store, progress: @escaping @Sendable (Int) -> Void) async throws -> ImportReport {
        do {
            return try await store.write { throw Preview(report: try work(in: $0, progress)) }
        } catch let preview as Preview {
            return preview.report
        }
    }

    private struct Preview: Error {
        let report: ImportReport
    }

    private func work(in transaction: Transaction, _ progress: @escaping @Sendable (Int) -> Void) throws -> ImportReport
    {
        var work = ImportWork(transaction: transaction, progress: progress)
        if let users { try work.importUsers(users, overrides) }
        if let groups { try work.importGroups(groups) }
        if isExact { try work.removeUnlisted() }
        return work.report
    }
}
