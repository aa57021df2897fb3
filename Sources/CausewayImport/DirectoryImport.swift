import CausewayJSON
package import CausewayModel
package import CausewayStore

/// Imports CSV files into the directory: all valid lines in one transaction, or none if a file cannot be read.
///
/// Users are identified by user name or by another key, groups by name, so importing again updates them. Memberships are added. Those
/// that a file does not list are removed only on request, and only in groups that it names.
package struct DirectoryImport: Sendable {
    package let users: String?
    package let groups: String?
    /// The texts of `--map`.
    package let overrides: [String]
    /// What identifies users.
    package let key: ImportKey
    /// Whether groups that the files name keep no other members than those listed.
    package let isExact: Bool
    /// Whether the report lists every user that changes, not only the first ones.
    package let listsChanges: Bool
    /// Who imports, for the log of events.
    package let origin: EventOrigin

    package init(
        users: String?,
        groups: String?,
        overrides: [String] = [],
        key: ImportKey = .userName,
        isExact: Bool = false,
        listsChanges: Bool = false,
        origin: EventOrigin = .engine
    ) {
        self.users = users
        self.groups = groups
        self.overrides = overrides
        self.key = key
        self.isExact = isExact
        self.listsChanges = listsChanges
        self.origin = origin
    }

    /// Runs the import.
    ///
    /// - Parameter progress: called now and then with the number of lines read.
    /// - Throws: ``ImportFileError`` or a `StoreError`; nothing is changed then.
    package func run(in store: Store, progress: @escaping @Sendable (Int) -> Void) async throws -> ImportReport {
        try await store.write { transaction in
            let report = try work(in: transaction, progress)
            try transaction.record(.imported, nil, details: ["import": report.inEvent(self)], by: origin)
            return report
        }
    }

    /// Reports what ``run(in:progress:)`` would do, by doing it and rolling it back.
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
        var work = ImportSession(transaction: transaction, listsChanges: listsChanges, progress: progress)
        if let users { try work.importUsers(users, overrides, by: key) }
        if let groups { try work.importGroups(groups) }
        if isExact { try work.removeUnlisted() }
        return work.report
    }
}
