import CausewayImport
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation

/// A store and a folder, and the import of texts as files.
struct ImportFixture: Sendable {
    let folder: URL
    let store: Store

    static func with(_ body: (ImportFixture) async throws -> Void) async throws {
        try await StoreFixture.with { fixture in
            try await body(ImportFixture(folder: fixture.folder, store: fixture.store))
        }
    }

    @discardableResult
    func users(_ text: String, map: [String] = [], key: ImportKey = .userName, exact: Bool = false) async throws
        -> ImportReport
    {
        try await users(Data(text.utf8), map: map, key: key, exact: exact)
    }

    @discardableResult
    func users(_ data: Data, map: [String] = [], key: ImportKey = .userName, exact: Bool = false) async throws
        -> ImportReport
    {
        let file = folder.appending(path: "users.csv")
        try data.write(to: file)
        let work = DirectoryImport(users: file.path, groups: nil, overrides: map, key: key, isExact: exact)
        return try await work.run(in: store, progress: { _ in })
    }

    func preview(_ text: String, map: [String] = [], key: ImportKey = .userName, listsChanges: Bool = false)
        async throws -> ImportReport
    {
        let file = folder.appending(path: "users.csv")
        try Data(text.utf8).write(to: file)
        let work = DirectoryImport(
            users: file.path,
            groups: nil,
            overrides: map,
            key: key,
            listsChanges: listsChanges
        )
        return try await work.preview(in: store, progress: { _ in })
    }

    func groups(_ text: String) async throws -> ImportReport {
        let file = folder.appending(path: "groups.csv")
        try Data(text.utf8).write(to: file)
        return try await DirectoryImport(users: nil, groups: file.path).run(in: store, progress: { _ in })
    }

    func user(_ name: String) async throws -> UserProfile? {
        try await store.read { try $0.user(named: name)?.profile }
    }

    func names() async throws -> Set<String> {
        try await store.read { Set(try $0.users(after: nil, limit: 1000).map(\.username)) }
    }

    func members(_ group: String) async throws -> Set<String> {
        try await store.read { transaction in
            guard let group = try transaction.group(named: group) else { return [] }
            return Set(try transaction.members(of: group.id).compactMap { try transaction.user($0)?.username })
        }
    }
}

extension ImportReport {
    /// The number of lines with a warning of that kind.
    func count(_ kind: ImportWarning.Kind) -> Int { warnings.first { $0.kind == kind }?.count ?? 0 }

    /// The numbers of those lines.
    func lines(_ kind: ImportWarning.Kind) -> [Int] {
        warnings.first { $0.kind == kind }?.lines.map(\.number) ?? []
    }

    /// The meaning of a column.
    func target(_ header: String) -> String? {
        files.first?.columns.first { $0.header == header }?.target
    }
}
